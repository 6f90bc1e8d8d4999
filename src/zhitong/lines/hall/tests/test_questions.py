"""Questions of an item's form: what is asked, what is an answer, and whether conditions can be met."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.citizen import born_on
from zhitong.lines.hall.rules.forms import faults, of_materials
from zhitong.lines.hall.rules.questions import Answers, Question, asked, load, masked, plain, read, said
from zhitong.lines.hall.rules.terms import BadTerm, canonical, holds, is_needed, parse

DAY = date(2026, 9, 7)
ID = "11010519491231002X"


def ask(slug: str = "事", kind: str = "text", **more: Any) -> Question:
    return Question(slug, f"{slug}是什么", kind, **more)


def answered(*questions: Question, born: date | None = None, **raw: Any) -> Answers:
    return read(questions, raw, today=DAY, born=born, is_division=lambda code: code == "370112")


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "  面馆  老王 ", "面馆 老王"), ("long_text", "一\r\n二", "一\n二"),
        ("number", "１，200.50", "1200.5"), ("number", "-3", "-3"),
        ("money", "12,000元", "12000.00"), ("date", "2026年9月7日", "2026-09-07"),
        ("date", "2024-2-29", "2024-02-29"), ("choice", "甲", "甲"),
        ("choices", ["乙", "甲"], ["甲", "乙"]), ("choices", "乙", ["乙"]),
        ("yes_no", "否", False), ("yes_no", True, True), ("yes_no", False, False),
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("citizen_id", "11010519491231002x", ID), ("phone", "138 0013 8000", "13800138000"),
        ("credit_code", "91350100M000100Y43", "91350100M000100Y43"),
        ("division", "370112", "370112"), ("address", "历山路1号", "历山路1号"),
    ],
)  # fmt: skip
def test_answers_of_every_kind(kind: str, raw: Any, value: Any) -> None:
    one = ask(kind=kind, choices=("甲", "乙") if kind.startswith("choice") else ())
    found = answered(one, 事=raw)
    assert (found.values, found.errors) == ({"事": value}, {})
    assert answered(one, 事=value).values == {"事": value}, "an answer read again stays what it is"
    assert str(said(one, value))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "长" * 201), ("number", "十二"), ("number", "1e400"),
        ("number", "NaN"), ("number", "1.23456"), ("money", "-1"), ("money", "1.234"),
        ("date", "2025-02-29"), ("date", "1800-01-01"), ("date", "昨天"), ("choice", "丙"), ("choices", ["甲", "丙"]), ("yes_no", "也许"),
        ("name", "张3"), ("name", "<b>"), ("citizen_id", "110105194912310021"), ("phone", "123"), ("credit_code", "91350100M000100Y44"),
        ("division", "999999"), ("text", ["甲"]),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_beside_its_question(kind: str, raw: Any) -> None:
    found = answered(ask(kind=kind, choices=("甲", "乙") if kind.startswith("choice") else ()), 事=raw)
    assert list(found.errors) == ["事"]
    assert found.values == {}


def test_what_is_required_and_what_is_not() -> None:
    assert list(answered(ask()).errors) == ["事"]
    assert answered(ask(required=False)) == Answers()
    assert list(answered(ask(), 事="  ").errors) == ["事"]


def test_what_is_not_asked_is_left_out_and_not_required() -> None:
    source = ask("来源", "choice", choices=("自有", "租赁"))
    until = ask("租期", "date", when="来源=租赁")
    assert answered(source, until, 来源="自有", 租期="2030-01-01").values == {"来源": "自有"}
    assert list(answered(source, until, 来源="租赁").errors) == ["租期"]
    assert [one.slug for one in asked((source, until), {"来源": "自有"})] == ["来源"]


@pytest.mark.parametrize(
    ("least", "most", "raw", "is_good"),
    [
        ("今天", "", "2026-09-06", False), ("今天", "", "2026-09-07", True),
        ("", "today", "2026-09-08", False), ("申请人出生日期", "", "1990-05-01", False),
        ("申请人出生日期", "", "1990-05-02", True), ("证件", "", "1949-12-30", False),
        ("证件", "", "1949-12-31", True), ("2020-01-01", "", "2019-12-31", False),
        ("起", "", "2026-01-01", False), ("起", "", "2026-02-01", True),
    ],
)  # fmt: skip
def test_days_within_their_limits(least: str, most: str, raw: str, is_good: bool) -> None:
    form = (ask("起", "date"), ask("证件", "citizen_id"), ask("日", "date", least=least, most=most))
    found = answered(*form, born=date(1990, 5, 2), 起="2026-02-01", 证件=ID, 日=raw)
    assert ("日" in found.values, "日" in found.errors) == (is_good, not is_good)


def test_sums_within_their_limits() -> None:
    form = (ask("认缴", "money"), ask("实缴", "money", most="认缴", least="1"))
    assert answered(*form, 认缴="100", 实缴="100").errors == {}
    assert "不能大于" in str(answered(*form, 认缴="100", 实缴="100.01").errors["实缴"])
    assert list(answered(*form, 认缴="100", 实缴="0").errors) == ["实缴"]
    assert answered(*form, 认缴="?", 实缴="5").values == {"实缴": "5.00"}, "a limit that is not known limits nothing"


def test_a_limit_by_the_applicants_birth_that_is_not_known_limits_nothing() -> None:
    assert answered(ask("日", "date", least="born"), 日="1900-01-01").errors == {}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("来源＝租赁｜借用；面积≥50", "来源=租赁|借用；面积>=50"), (" 来源 = 租赁 、借用 ", "来源=租赁|借用"),
        ("a≠否\nb<3", "a!=否；b<3"), ("", ""),
    ],
)  # fmt: skip
def test_conditions_have_one_spelling(text: str, stored: str) -> None:
    assert canonical(text) == stored
    assert canonical(stored) == stored


@pytest.mark.parametrize("text", ["来源", "=租赁", "来源=", "面积>=1|2", "a=|"])
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(BadTerm):
        parse(text)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("", {}, True), ("a=是", {"a": True}, True), ("a=是", {"a": False}, False),
        ("a=是", {}, False), ("a!=甲", {"a": "乙"}, True), ("a!=甲", {}, False),
        ("a=甲", {"a": ["甲", "乙"]}, True), ("a!=甲", {"a": ["甲", "乙"]}, False),
        ("a>=50", {"a": "50.0"}, True), ("a>9", {"a": "10"}, True),
        ("a<2026-09-07", {"a": "2026-09-06"}, True), ("a=50", {"a": "50.00"}, True), ("a=甲；b=乙", {"a": "甲"}, False),
    ],
)  # fmt: skip
def test_when_conditions_hold(text: str, answers: dict[str, Any], expected: bool) -> None:
    assert holds(text, answers) is expected


def test_whether_a_material_is_needed() -> None:
    assert is_needed("", "", {}) is True
    assert is_needed("租房的", "来源=租赁", {"来源": "租赁"}) is True
    assert is_needed("租房的", "来源=租赁", {"来源": "自有"}) is False
    assert is_needed("情况特殊的", "", {}) is None


@pytest.mark.parametrize(
    "questions",
    [
        (ask("1号"),), (ask("a"), ask("a")), (ask("a", "飞"),), (ask("a", "choice"),), (ask("a", choices=("x", "y")),), (ask("今天"),),
        (ask("a", when="b=1"), ask("b")), (ask("b", "choice", choices=("x", "y")),
        ask("a", when="b=z")), (ask("b", "yes_no"), ask("a", when="b=x")),
        (ask("b"), ask("a", when="b>3")), (ask("a", least="3"),),
        (ask("a", "number", most="明天"),), (ask("a", "date", least="5"),), (ask("a", when="x"),),
        (ask("a", "number", least="a"),), (Question("a", ""),),
    ],
)  # fmt: skip
def test_what_is_no_form_is_told(questions: tuple[Question, ...]) -> None:
    assert faults(questions)


def test_a_form_without_faults() -> None:
    form = (
        ask("来源", "choice", choices=("自有", "租赁")), ask("面积", "number", least="1"),
        ask("证件", "citizen_id"), ask("起", "date", least="证件"),
        ask("止", "date", when="来源=租赁；面积>=50；起>2000-01-01", least="起", most="2100-01-01"),
    )  # fmt: skip
    assert faults(form) == []
    assert load(plain(form)) == form


def test_conditions_of_materials() -> None:
    form = (ask("来源", "choice", choices=("自有", "租赁")),)
    good = {"name": "租房合同", "needed_when": "来源=租赁", "condition": "租房的"}
    assert of_materials([good], form) == []
    assert of_materials([good | {"condition": ""}], form)
    assert of_materials([good | {"needed_when": "来源=借"}], form)


@given(st.dictionaries(st.sampled_from(["来源", "面积", "日", "证件", "有"]), st.text(max_size=30)))
def test_whatever_is_sent_is_an_answer_or_an_error_and_never_both(raw: dict[str, str]) -> None:
    form = (
        ask("来源", "choice", choices=("自有", "租赁")),
        ask("面积", "number", least="1", when="来源=租赁"), ask("证件", "citizen_id", required=False),
        ask("日", "date", least="证件", most="今天"), ask("有", "yes_no"),
    )  # fmt: skip
    found = read(form, raw, today=DAY)
    assert not set(found.values) & set(found.errors)
    again = read(form, found.values, today=DAY)
    assert again.values == found.values


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-3, 3))
def test_no_day_before_a_birth(day: date, shift: int) -> None:
    other = day + timedelta(shift)
    form = (ask("生", "date"), ask("日", "date", least="生"))
    found = answered(*form, 生=str(day), 日=str(other))
    assert ("日" in found.errors) is (shift < 0)


@given(st.decimals(Decimal(0), Decimal(10**9), places=2))
def test_sums_are_kept_to_the_cent(amount: Decimal) -> None:
    (value,) = answered(ask("款", "money"), 款=f"{amount:,.2f}").values.values()
    assert Decimal(value) == amount


def test_the_day_in_an_id() -> None:
    assert born_on(ID) == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("citizen_id", "11010519491231002X", "110105********002X"),
        ("phone", "13800001234", "138****1234"),
        ("phone", "82012345", "******45"),
        ("text", "6222020000000000000", "622202*********0000"),
        ("long_text", "请打13800001234", "请打138****1234"),
        ("credit_code", "911101051949123105", "911101051949123105"),
        ("money", "13800001234.00", "13,800,001,234.00元"),
        ("name", "王小明", "王小明"),
    ],
)
def test_numbers_of_people_are_masked_where_they_are_shown(kind: str, value: str, shown: str) -> None:
    assert str(masked(Question("甲", "甲", kind), value)) == shown
