"""The graph of a bundle: no way round, every part reached, order kept, the longest way; and one form out of many."""

import random
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zhitong.lines.hall.rules import bundles as b
from zhitong.lines.hall.rules.bundles import Definition, Part, Same
from zhitong.lines.hall.rules.questions import Question, read

from .test_questions import DAY

COMPANY = (
    Part("登记", "A", gives="统一社会信用代码"), Part("刻章", "B", ("登记",)), Part("税务", "C", ("登记",)), Part("社保", "D", ("登记",)),
    Part("开户", "E", ("登记", "刻章")),
)  # fmt: skip


@st.composite
def graphs(draw: Any) -> tuple[Part, ...]:
    """Parts that only ever need some that were drawn before, in any order."""
    count = draw(st.integers(2, 9))
    parts = [
        Part(f"p{n}", f"I{n}", tuple(draw(st.lists(st.sampled_from([f"p{m}" for m in range(n)]), unique=True)) if n else ()))
        for n in range(count)
    ]  # fmt: skip
    random.Random(draw(st.integers(0, 999))).shuffle(parts)
    return tuple(parts)


@given(graphs())
def test_every_part_is_in_one_level_and_after_what_it_needs(parts: tuple[Part, ...]) -> None:
    assert b.cycle_of(parts) == []
    found = [[part.slug for part in level] for level in b.levels(parts)]
    assert sorted(slug for level in found for slug in level) == sorted(part.slug for part in parts)
    at = {slug: number for number, level in enumerate(found) for slug in level}
    for part in parts:
        assert all(at[slug] < at[part.slug] for slug in part.after)
        assert at[part.slug] == max((at[slug] + 1 for slug in part.after), default=0)


@given(graphs(), st.data())
def test_a_way_round_is_found_and_named(parts: tuple[Part, ...], data: Any) -> None:
    early = data.draw(st.sampled_from(parts))
    late = data.draw(st.sampled_from([p for p in parts if p.slug in b.dependants(parts, early.slug)] or [early]))
    back = tuple(Part(p.slug, p.item, (*p.after, late.slug)) if p == early else p for p in parts)
    way = b.cycle_of(back)
    assert way[0] == way[-1]
    after = {p.slug: p.after for p in back}
    assert all(first in after[second] for first, second in pairwise(way))
    assert any("绕成了圈" in str(p.message) for p in b.faults(Definition(back), [p.item for p in back]))


def every_way(parts: tuple[Part, ...], slug: str, days: dict[str, int]) -> int:
    """The longest way to the end of a part, by trying all."""
    part = next(p for p in parts if p.slug == slug)
    return days[slug] + max((every_way(parts, other, days) for other in part.after), default=0)


@given(graphs(), st.data())
def test_the_longest_way(parts: tuple[Part, ...], data: Any) -> None:
    days = {p.slug: data.draw(st.integers(0, 30)) for p in parts}
    total, way = b.longest(parts, days)
    assert total == max(every_way(parts, p.slug, days) for p in parts) == sum(days[slug] for slug in way)
    after = {p.slug: p.after for p in parts}
    assert all(first in after[second] for first, second in pairwise(way))


def test_of_ways_that_take_as_long_the_whole_one_is_shown() -> None:
    """Where everything is done at once, the way still goes from the first part to the last."""
    assert b.longest(COMPANY, dict.fromkeys(("登记", "刻章", "税务", "社保", "开户"), 0))[1][0] == "登记"
    parts = (
        Part("户口", "户口", ()),
        Part("登记", "登记", ()),
        Part("医保", "医保", ("户口",)),
        Part("社保卡", "社保卡", ("医保",)),
    )
    assert b.longest(parts, dict.fromkeys(("户口", "登记", "医保", "社保卡"), 0)) == (0, ["户口", "医保", "社保卡"])


@given(graphs(), st.data())
def test_whatever_fails_the_rest_comes_to_an_end(parts: tuple[Part, ...], data: Any) -> None:
    """Nothing starts before what it needs is done, nothing hangs, and what needs nothing of the failed part is done."""
    fails = set(data.draw(st.lists(st.sampled_from([p.slug for p in parts]), unique=True)))
    states = {p.slug: b.WAITING for p in parts}
    after = {p.slug: p.after for p in parts}
    while starting := b.startable(parts, states):
        for slug in starting:
            assert all(states[other] == b.DONE for other in after[slug])
        slug = data.draw(st.sampled_from(starting))
        states[slug] = b.FAILED if slug in fails else b.DONE
        states |= dict.fromkeys(b.stoppable(parts, states), b.STOPPED)
    assert set(states.values()) <= b.FINAL
    lost = {other for slug in fails if states[slug] == b.FAILED for other in b.dependants(parts, slug)}
    assert {slug for slug, state in states.items() if state == b.STOPPED} == lost
    assert b.stoppable(parts, states) == []


def test_company_set_up() -> None:
    assert b.faults(Definition(COMPANY), "ABCDE") == []
    assert [[p.slug for p in level] for level in b.levels(COMPANY)] == [["登记"], ["刻章", "税务", "社保"], ["开户"]]
    days = {"登记": 1, "刻章": 1, "税务": 1, "社保": 0, "开户": 1}
    assert b.longest(COMPANY, days) == (3, ["登记", "刻章", "开户"])
    assert b.dependants(COMPANY, "刻章") == {"开户"}


def test_what_is_no_bundle_is_told() -> None:
    def told(*parts: Part, same: tuple[Same, ...] = ()) -> str:
        return "".join(str(problem.message) for problem in b.faults(Definition(parts, same), "AB"))

    assert "2至" in told(Part("a", "A"))
    assert "不在这件事里" in told(Part("a", "A"), Part("b", "B", ("c",)))
    assert "用了两次" in told(Part("a", "A"), Part("a", "B"))
    assert "写了两次" in told(Part("a", "A"), Part("b", "A"))
    assert "没有正在办理的事项" in told(Part("a", "A"), Part("b", "Z"))
    assert "绕成了圈" in told(Part("a", "A", ("a",)), Part("b", "B"))
    assert "只能用" in told(Part("1", "A"), Part("b", "B"))
    assert "没有环节" in told(Part("a", "A"), Part("b", "B"), same=(Same("x", "y", "z"),))


def test_where_a_part_stands() -> None:
    for stage, outcome, gives, state in [
        ("submitted", "", "", b.OPEN), ("decided", "approved", "", b.DONE), ("decided", "approved", "号", b.OPEN),
        ("issued", "approved", "号", b.DONE), ("issued", "refused", "", b.FAILED), ("withdrawn", "", "", b.FAILED),
        ("closed", "approved", "", b.DONE), ("lapsed", "", "", b.FAILED),
    ]:  # fmt: skip
        assert b.state_of(stage, outcome, gives) == state


def test_every_fact_is_asked_once() -> None:
    forms = {
        "登记": (Question("企业名称", "企业叫什么"), Question("场所", "场所从哪来", "choice", choices=("自有", "租赁"))),
        "刻章": (
            Question("单位名称", "刻哪个名称"), Question("统一社会信用代码", "代码", "credit_code"),
            Question("数量", "刻几枚", "number", when="单位名称!=无"),
        ),
        "税务": (Question("企业名称", "名称", help="同执照"), Question("场所", "场所", "choice", choices=("自有", "租赁"), required=False)),
    }  # fmt: skip
    definition = Definition(COMPANY[:3], (Same("刻章", "单位名称", "企业名称"),))
    form = b.one_form(definition, forms)
    assert [one.slug for one in form.questions] == ["企业名称", "场所", "数量"]
    assert form.questions[0].help == "同执照"
    assert form.questions[1].required
    assert form.questions[2].when == b.of_facts("单位名称!=无", form.asks["刻章"]) == "企业名称!=无"
    assert form.problems == ()
    facts = {"企业名称": "明湖", "场所": "自有", "数量": "3", "统一社会信用代码": "91"}
    assert form.of_part("刻章", facts) == {"单位名称": "明湖", "统一社会信用代码": "91", "数量": "3"}
    assert form.of_part("税务", facts) == {"企业名称": "明湖", "场所": "自有"}


def test_facts_that_do_not_fit_together_are_told() -> None:
    forms = {"登记": (Question("场所", "x"),), "刻章": (Question("场所", "x", "number"),)}
    assert b.one_form(Definition(COMPANY[:2]), forms).problems


def test_conditions_that_differ_ask_always_and_let_each_part_judge() -> None:
    forms = {
        "登记": (Question("有", "有吗", "yes_no"), Question("名", "名", when="有=是")),
        "刻章": (Question("别", "别", "yes_no"), Question("名", "名", when="别=是")),
    }
    form = b.one_form(Definition(COMPANY[:2]), forms)
    name = next(one for one in form.questions if one.slug == "名")
    assert (name.when, name.required) == ("", False)


@given(graphs(), st.data())
def test_what_is_asked_once_answers_every_part(parts: tuple[Part, ...], data: Any) -> None:
    """Whatever the parts share, answers that pass the one form pass the form of each part."""
    pool = [Question("甲", "甲", "yes_no"), Question("乙", "乙", "number"), Question("丙", "丙", when="甲=是")]
    forms = {p.slug: tuple(q for q in pool if q.slug == "甲" or data.draw(st.booleans())) for p in parts}
    form = b.one_form(Definition(parts), forms)
    assert len({one.slug for one in form.questions}) == len(form.questions)
    raw = {"甲": data.draw(st.booleans()), "乙": str(data.draw(st.integers(-9, 9))), "丙": "x"}
    found = read(form.questions, raw, today=DAY)
    assert found.errors == {}
    for part in parts:
        assert read(forms[part.slug], form.of_part(part.slug, found.values), today=DAY).errors == {}
