"""The smart form's rules: right answers give documents that agree, wrong ones are found where they are."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.base.citizen import citizen_check, credit_check
from zhitong.base.money import amount
from zhitong.kernel.register.public import NewFirm, NewHolder, NewOfficer, NewPerson
from zhitong.lines.hall.rules import smart
from zhitong.lines.hall.rules.smart import KINDS, Ask, ChangeKind, Finding, World, check, chosen, documents_of, starting
from zhitong.lines.hall.rules.smart.documents import DOCUMENTS

TODAY = date(2026, 3, 2)


def citizen(number: int, born: str = "19800101") -> str:
    first = f"379999{born}{number:03d}"
    return first + citizen_check(first)


def code(number: int) -> str:
    first = f"91379999MA{number:07d}"
    return first + credit_check(first)


ZHANG, WANG, LI = citizen(1), citizen(3), citizen(5)
FIRM = NewFirm(
    code=code(1), name="示范云杉科技有限公司", kind="limited", legal=NewPerson("张一", "13800000001", "", ZHANG), address="示范区东风路街道示范路1号",
    established_on=date(2020, 1, 1), capital=Decimal(1_000_000), scope="软件开发", term_until=date(2040, 1, 1),
    liaison=NewPerson("李二", "13800000002"), registered_by="示范区行政审批服务局",
    holders=(NewHolder("张一", Decimal(600_000), number=ZHANG, due_on=date(2025, 1, 1)),
             NewHolder("王三", Decimal(400_000), number=WANG, due_on=date(2025, 1, 1))),
    officers=(NewOfficer("张一", "executive", ZHANG), NewOfficer("张一", "manager", ZHANG), NewOfficer("王三", "supervisor", WANG)),
)  # fmt: skip
WORLD = World(
    TODAY,
    lambda name: name == "示范青禾科技有限公司",
    lambda c: c == "990101001",
    lambda c: "东风路街道" if c == "990101001" else "",
)
ROW = {"kind": "person", "number": "", "way": "money"}
RIGHT: dict[str, dict[str, Any]] = {
    "name": {"new_name": "示范云帆科技有限公司"},
    "address": {"new_division": "990101001", "new_address": "示范区东风路街道示范路2号301室", "premises": "lease", "owner": "李二",
                "lease_until": "2030-01-01"},
    "legal": {"legal_name": "赵六", "legal_id": citizen(7), "legal_phone": "13800000007", "legal_post": "executive"},
    "legal_name": {"legal_new_name": "张一鸣"},
    "capital_up": {"capital_more": "200", "shares_more": [
        {**ROW, "name": "张一", "number": ZHANG, "amount": "120", "due_on": "2030-01-01"},
        {**ROW, "name": "王三", "number": WANG, "amount": "80", "due_on": "2030-01-01"}]},
    "capital_down": {"capital_less": "50", "notice_on": "2026-01-05", "debts": "paid", "shares_less": [
        {**ROW, "name": "张一", "number": ZHANG, "amount": "30", "due_on": "2025-01-01"},
        {**ROW, "name": "王三", "number": WANG, "amount": "20", "due_on": "2025-01-01"}]},
    "kind": {"new_kind": "shares"},
    "scope": {"new_scope": "软件开发；餐饮服务"},
    "term": {"new_term": "open"},
    "transfer": {"agreed_on": "2026-03-01", "transfers": [
        {"seller": "王三", "buyer": "示范明湖有限公司", "kind": "firm", "number": code(9), "amount": "40", "price": "45.5"}]},
    "holder_name": {"renames": [{"old": "王三", "new": "王三丰"}]},
    "officers": {"officers": [{"duty": "executive", "name": "张一", "citizen_id": ZHANG}, {"duty": "supervisor", "name": "钱七",
    "citizen_id": citizen(9)}]},
    "liaison": {"liaison_name": "孙八", "liaison_id": citizen(11), "liaison_phone": "13800000011"},
    "charter": {"charter_clause": "第二十条", "charter_old": "公司不设董事会。", "charter_new": "公司设董事会。"},
    "branch": {"branch_name": "示范云杉科技有限公司第一分公司", "branch_code": code(20), "branch_address": "示范路3号", "branch_head": "周九",
               "branch_on": "2026-02-01"},
}  # fmt: skip
COMMON = {
    "apply_on": "2026-03-02", "resolution_on": "2026-03-01", "agent_name": "李二", "agent_id": LI, "agent_phone": "13800000002",
}  # fmt: skip


def found(slugs, firm=FIRM, **answers):
    given: dict[str, Any] = dict(COMMON)
    for slug in slugs:
        given |= deepcopy(RIGHT[slug])
    case, findings = check(chosen(slugs), firm, {**given, **answers}, WORLD)
    return case, findings


def fields(slugs, firm=FIRM, **answers):
    return {one.field for one in found(slugs, firm, **answers)[1]}


def told(case):
    return [(made.name, made.facts) for made in documents_of(case)]


def alone(slug: str) -> list[str]:
    """What is applied for with it so that it is right: a kind goes with a name that fits."""
    return [slug, "name"] if slug == "kind" else [slug]


def answers_for(slug: str) -> dict[str, Any]:
    return {"new_name": "示范云帆科技股份有限公司"} if slug == "kind" else {}


def test_there_are_fifteen():
    assert len(KINDS) == 15
    assert set(KINDS) == set(RIGHT)


@pytest.mark.parametrize("slug", RIGHT)
def test_right_answers_find_nothing_and_give_a_whole_set(slug):
    case, findings = found(alone(slug), **answers_for(slug))
    assert findings == []
    made = documents_of(case)
    slugs = {one.slug for one in made}
    assert {"smart_application", "smart_commitment", "smart_mandate"} <= slugs
    assert set(KINDS[slug].documents) <= slugs
    assert ("smart_resolution" in slugs) == bool(KINDS[slug].resolved)
    assert ("smart_amendment" in slugs) == (slug == "kind" or KINDS[slug].in_charter)
    listed = next(one.facts["papers"] for one in made if one.slug == "smart_application")
    assert [row["name"] for row in listed] == [one.name for one in made]
    for one in made:
        own = {fact.slug for fact in DOCUMENTS[one.slug].facts}
        assert own <= set(one.facts)
        empty = [f for f in own if one.facts[f] in ("", []) and f != "resolution_on"]
        assert not empty, f"{one.slug} says nothing of {empty}"
    assert smart.disagreements(told(case)) == []


TOGETHER = [
    slug
    for slug in RIGHT
    if slug not in ("kind", "capital_down", "legal", "transfer", "holder_name", "legal_name", "branch")
]


@given(st.sets(st.sampled_from(TOGETHER), min_size=1))
@settings(max_examples=60, deadline=None)
def test_any_together_agree(slugs):
    case, findings = found(sorted(slugs))
    assert findings == []
    assert smart.disagreements(told(case)) == []


@given(
    shares=st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    moved=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 11), st.integers(1, 10**9)), max_size=6),
)
@settings(max_examples=80, deadline=None)
def test_no_share_is_lost_by_transfers(shares, moved):
    """Whatever changes hands, the shares add up to the capital, or it is found out."""
    holders = tuple(NewHolder(f"股东{n}", Decimal(cents) / 100) for n, cents in enumerate(shares))
    firm = replace(FIRM, holders=holders, capital=sum((h.amount for h in holders), Decimal(0)), officers=())
    rows = [
        {"seller": f"股东{a}", "buyer": f"股东{b}", "kind": "person", "number": "x", "amount": f"{Decimal(c) / 100}元", "price": "1"}
        for a, b, c in moved
    ]  # fmt: skip
    case, findings = check(chosen(["transfer"]), firm, {**COMMON, "agreed_on": "2026-03-01", "transfers": rows}, WORLD)
    impossible = {one.field.rpartition("-")[2] for one in findings} & {"amount", "seller", "buyer"}
    if not impossible:
        assert sum(h.amount for h in case.after.holders) == firm.capital
        assert smart.disagreements(told(case)) == []


@given(
    st.recursive(
        st.text(max_size=12),
        lambda inner: st.lists(st.dictionaries(st.text(max_size=8), inner, max_size=4), max_size=3),
    ),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_was_typed_is_read_or_found_wrong(anything, data):
    slug = data.draw(st.sampled_from(sorted(RIGHT)))
    answers = {ask.slug: anything for ask in smart.asks_of(chosen([slug]))}
    case, findings = check(chosen([slug]), FIRM, answers, WORLD)
    known = {ask.slug for ask in smart.asks_of(chosen([slug]))} | {"kinds"}
    assert findings
    assert {one.field.split("-")[0] for one in findings} <= known
    documents_of(case)


@given(st.sampled_from(sorted(RIGHT)), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_left_out_is_found(slug, data):
    answers = {**COMMON, **deepcopy(RIGHT[slug])}
    asked = [
        a for a in smart.asks_of(chosen([slug])) if a.is_needed and smart.is_asked(a, answers) and answers.get(a.slug)
    ]
    left_out = data.draw(st.sampled_from(asked))
    assert left_out.slug in fields([slug], **{left_out.slug: [] if left_out.columns else " "})


@pytest.mark.parametrize(
    ("slugs", "answers", "field"),
    [
        ("name", {"new_name": "示范青禾科技有限公司"}, "new_name"), ("name", {"new_name": FIRM.name}, "new_name"),
        ("name", {"new_name": "示范云帆科技股份有限公司"}, "new_name"), ("kind", {}, "new_kind"),
        ("address", {"new_division": "370202001"}, "new_division"), ("address", {"new_address": "示范区南山街道1号"}, "new_address"),
        ("address", {"lease_until": "2026-01-01"}, "lease_until"), ("legal", {"legal_id": citizen(7)[:-1] + "?"}, "legal_id"),
        ("legal", {"legal_id": citizen(7, "20150101")}, "legal_id"), ("legal", {"legal_id": ZHANG}, "legal_id"),
        ("legal", {"legal_name": "王三", "legal_id": WANG}, "legal_post"), ("legal legal_name", {}, "kinds"),
        ("capital_up capital_down", {}, "kinds"), ("capital_up", {"capital_more": "90"}, "capital_more"),
        ("capital_up", {"capital_more": "201"}, "shares_more"), ("capital_down", {"notice_on": "2026-02-20"}, "notice_on"),
        ("term", {"new_term": "until", "new_until": "2019-01-01"}, "new_until"), ("term", {"new_term": "until", "new_until": "2026-01-01"},
        "new_until"),
        ("transfer", {"agreed_on": "2026-03-03"}, "agreed_on"), ("officers legal", {}, "officers"),
        ("name", {"resolution_on": "2026-03-03"}, "resolution_on"), ("name", {"apply_on": "2026-03-03"}, "apply_on"),
        ("name", {"resolution_on": "2019-01-01"}, "resolution_on"), ("name", {"agent_id": ZHANG}, "agent_id"),
        ("liaison", {"liaison_id": LI}, "liaison_id"), ("liaison", {"liaison_phone": "12"}, "liaison_phone"),
        ("branch", {"branch_name": "另一家有限公司分公司"}, "branch_name"), ("branch", {"branch_code": FIRM.code}, "branch_code"),
        ("charter", {"charter_new": "公司不设董事会。"}, "charter_new"), ("scope", {"new_scope": FIRM.scope}, "new_scope"),
    ],
)  # fmt: skip
def test_each_wrong_thing_is_found_where_it_is(slugs, answers, field):
    assert field in fields(slugs.split(), **answers)


@pytest.mark.parametrize(
    ("slug", "table", "cell", "value"),
    [
        ("transfer", "transfers", "amount", "40.01"), ("transfer", "transfers", "seller", "陌生人"), ("transfer", "transfers", "buyer", "王三"),
        ("transfer", "transfers", "number", "123"), ("capital_up", "shares_more", "number", "123"), ("capital_up", "shares_more", "due_on",
        "2035-01-01"),
        ("officers", "officers", "citizen_id", citizen(1, "20150101")), ("holder_name", "renames", "old", "陌生人"), ("holder_name", "renames",
        "new", "王三"),
        ("capital_up", "shares_more", "amount", "0"), ("capital_up", "shares_more", "name", "王三"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_row_is_found_in_its_cell(slug, table, cell, value):
    rows = deepcopy(RIGHT[slug][table])
    rows[0][cell] = value
    assert f"{table}-0-{cell}" in fields([slug], **{table: rows})


def test_nothing_chosen_and_no_company():
    assert "kinds" in fields([])
    assert "kinds" in fields(["name"], replace(FIRM, kind="individual"))


def test_what_is_registered_stands_there_already():
    begun = starting(chosen(["capital_up", "officers", "scope"]), FIRM, TODAY)
    assert [row["amount"] for row in begun["shares_more"]] == ["60", "40"]
    assert begun["officers"][0] == {"duty": "executive", "name": "张一", "citizen_id": ZHANG}
    assert begun["new_scope"] == "软件开发"


def test_documents_that_disagree_are_found_out():
    case, _ = found(["capital_up"])
    documents = told(case)
    documents[0][1]["legal"] = "别人"
    documents[0][1]["capital_words"] = "壹佰万元整"
    holders = next(facts for _name, facts in documents if "holders" in facts)
    holders["holders"] = holders["holders"][:1]
    problems = " ".join(smart.disagreements(documents))
    assert "legal" in problems
    assert "capital_words" in problems
    assert "holders" in problems


def test_one_holder_decides_several_resolve():
    only = replace(FIRM, holders=(replace(FIRM.holders[0], amount=Decimal(1_000_000)),))
    slugs = {one.slug for one in documents_of(found(["name"], only)[0])}
    assert "smart_decision" in slugs
    assert "smart_resolution" not in slugs


def test_an_agreement_for_each_transfer():
    rows = [{**RIGHT["transfer"]["transfers"][0], "amount": "10"}, {**RIGHT["transfer"]["transfers"][0], "buyer": "张一", "kind": "person",
    "number": ZHANG, "amount": "30"}]  # fmt: skip
    case, findings = found(["transfer"], transfers=rows)
    assert findings == []
    agreements = [one for one in documents_of(case) if one.slug == "smart_transfer"]
    assert [one.name for one in agreements] == ["股权转让协议（1）", "股权转让协议（2）"]
    assert [one.facts["percent"] for one in agreements] == ["10%", "30%"]
    assert [amount(one.facts["share"]) for one in agreements] == [100_000, 300_000]


def test_a_sixteenth_is_a_declaration(monkeypatch):
    """A kind that nobody knows: its questions are asked, checked, resolved and written into the documents."""
    monkeypatch.setattr(smart.parts, "KINDS", dict(KINDS))
    monkeypatch.setattr(smart.reading, "KINDS", smart.parts.KINDS)
    smart.parts.declare_change(ChangeKind(
        "contribution", "出资方式备案", smart.FILING, (Ask("contribution_way", "出资方式"),),
        rows=lambda before, after, values: [("出资方式", "货币", values.get("contribution_way") or "")],
        resolved=lambda before, after, values: [f"股东出资方式变更为{values['contribution_way']}。"],
        check=lambda before, after, values, world: (
            [Finding("contribution_way", "与现登记相同")] if values.get("contribution_way") == "货币" else []
        ),
        in_charter=True, documents=("smart_holders",),
    ))  # fmt: skip
    wrong = check(chosen(["contribution"]), FIRM, {**COMMON, "contribution_way": "货币"}, WORLD)[1]
    assert [one.field for one in wrong] == ["contribution_way"]
    case, findings = check(chosen(["contribution"]), FIRM, {**COMMON, "contribution_way": "知识产权"}, WORLD)
    assert findings == []
    made = {one.slug: one.facts for one in documents_of(case)}
    assert made["smart_application"]["changes"] == [{"item": "出资方式", "before": "货币", "after": "知识产权"}]
    assert "知识产权" in made["smart_resolution"]["texts"][0]["text"]
    assert "smart_holders" in made


@pytest.mark.parametrize(
    ("kinds", "says", "not_"),
    [(["name", "kind"], "请修改名称", "名称变更"), (["kind"], "请同时选“名称变更”", "请修改名称")],
)
def test_a_name_with_the_wrong_ending_is_told_what_is_still_to_choose(kinds: list[str], says: str, not_: str) -> None:
    _case, findings = found(kinds, new_name="示范云帆科技有限公司")
    (message,) = [str(one.message) for one in findings if "结尾" in str(one.message)]
    assert says in message
    assert not_ not in message
