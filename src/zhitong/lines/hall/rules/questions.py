"""The questions of an item's form, and what was answered: checked on plain values, without a database or a clock."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.citizen import born_on, citizen_id, credit_code, phone
from zhitong.base.moments import dated
from zhitong.base.text import clean, mask_citizen_id, mask_inline, mask_phone

from ..choices import QuestionKind
from .terms import holds

MOST_QUESTIONS = 80
MOST_CHOICES = 60
EARLIEST, LATEST = date(1850, 1, 1), date(2200, 1, 1)
TODAY, BORN = ("今天", "today"), ("申请人出生日期", "born")  # what a limit of a day may also name
_NAME = re.compile(r"[^\W\d_][^\W\d_·.'’\- ]*(?:[·.'’\- ]+[^\W\d_]+)*\.?")
_LONGEST = {QuestionKind.LONG: 4000, QuestionKind.ADDRESS: 200, QuestionKind.NAME: 60}
_DIGITS = str.maketrans("０１２３４５６７８９．－", "0123456789.-")
_MOST_NUMBER = Decimal(10) ** 13


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question.  ``slug`` is what conditions, papers and bundles call it; ``when`` a condition on earlier answers
    (empty: always asked).  ``least`` and ``most`` bound numbers and days: a value, another question's slug, 今天, or
    申请人出生日期; the day of an id number is the date of birth in it."""

    slug: str
    label: str
    kind: str = QuestionKind.TEXT.value
    required: bool = True
    help: str = ""
    choices: tuple[str, ...] = ()
    when: str = ""
    least: str = ""
    most: str = ""


@dataclass(slots=True)
class Answers:
    """What was answered, fit for JSON: yes and no as bool, several choices as a list, all else as text (numbers without
    group marks, money with two decimals, days as ISO, divisions by code).  ``errors`` by slug say what to mend."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Any] = field(default_factory=dict)


class _Wrong(ValueError):
    def __init__(self, message: Any) -> None:
        super().__init__()
        self.message = message


def load(data: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as stored.  Raises ``msgspec.ValidationError`` for what is none."""
    return msgspec.convert(list(data), tuple[Question, ...], strict=False)


def plain(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Questions as they are stored."""
    return list(msgspec.json.decode(msgspec.json.encode(list(questions))))


def asked(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are asked given these answers, in order."""
    return [one for one in questions if not one.when or holds(one.when, answers)]


def read(
    questions: Sequence[Question], raw: Mapping[str, Any], *, today: date, born: date | None = None,
    is_division: Callable[[str], bool] | None = None,
) -> Answers:  # fmt: skip
    """What was answered to the questions that are asked, with what is wrong by slug.  What is not asked is left out.

    ``today`` is the day of the district; ``born`` the applicant's date of birth where it is known; ``is_division`` tells
    whether a code names a division.
    """
    found = Answers()
    for one in questions:
        if one.when and not holds(one.when, found.values):
            continue
        try:
            value = _value(one, raw.get(one.slug), is_division)
            if value is not None:
                found.values[one.slug] = value
            elif one.required:
                found.errors[one.slug] = _("此项必填。")
        except _Wrong as wrong:
            found.errors[one.slug] = wrong.message
    for one in questions:
        if one.slug in found.values and (message := _beyond(one, questions, found.values, today, born)):
            found.errors[one.slug] = message
            del found.values[one.slug]
    return found


def _value(one: Question, given: Any, is_division: Callable[[str], bool] | None) -> Any:
    """The value of what was given, None for nothing.  Raises ``_Wrong``."""
    if isinstance(given, list | tuple) or one.kind == QuestionKind.CHOICES:
        return _chosen(one, given)
    if one.kind == QuestionKind.YES_NO:
        return _yes_no(given)
    text = clean(str(given)) if given is not None else ""
    if not text:
        return None
    if one.kind == QuestionKind.DIVISION:
        if is_division is not None and not is_division(text):
            raise _Wrong(_("请从列表中选择所在辖区。"))
        return text
    return _READ.get(one.kind, _text)(one, text)


def _text(one: Question, text: str) -> str:
    most = _LONGEST.get(QuestionKind(one.kind), 200)
    if len(text) > most:
        raise _Wrong(_("内容过长，最多%(n)d个字。") % {"n": most})
    return text if one.kind == QuestionKind.LONG else " ".join(text.split())


def _name(one: Question, text: str) -> str:
    text = _text(one, text)
    if not _NAME.fullmatch(text):
        raise _Wrong(_("姓名只能由文字组成，请按身份证件填写。"))
    return text


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.translate(_DIGITS).replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise _Wrong(_("请填写数字。")) from None
    if not number.is_finite() or abs(number) >= _MOST_NUMBER:
        raise _Wrong(_("数字过大，请核对。"))
    return number


def _number(_one: Question, text: str) -> str:
    number = _decimal(text)
    if number != round(number, 4):
        raise _Wrong(_("最多保留四位小数。"))
    return f"{number.normalize():f}"


def _money(_one: Question, text: str) -> str:
    number = _decimal(text.removesuffix("元"))
    if number < 0:
        raise _Wrong(_("金额不能为负数。"))
    if number != round(number, 2):
        raise _Wrong(_("金额最多保留两位小数。"))
    return f"{number:.2f}"


def _date(_one: Question, text: str) -> str:
    parts = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text, re.ASCII)
    try:
        day = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise _Wrong(_("没有这一天，请写成2026-01-31的形式。"))
    if not EARLIEST <= day < LATEST:
        raise _Wrong(_("日期不在合理范围内，请核对年份。"))
    return day.isoformat()


def _checked(check: Callable[[str], str | None], message: Any) -> Callable[[Question, str], str]:
    def reading(_one: Question, text: str) -> str:
        found = check(text)
        if found is None:
            raise _Wrong(message)
        return found

    return reading


def _choice(one: Question, text: str) -> str:
    if text not in one.choices:
        raise _Wrong(_("请从列表中选择。"))
    return text


_READ: dict[str, Callable[[Question, str], str]] = {
    QuestionKind.NUMBER: _number,
    QuestionKind.MONEY: _money,
    QuestionKind.DATE: _date,
    QuestionKind.CHOICE: _choice,
    QuestionKind.NAME: _name,
    QuestionKind.CITIZEN_ID: _checked(citizen_id, _("身份证号不正确，请对照证件核对18位号码。")),
    QuestionKind.CREDIT_CODE: _checked(credit_code, _("统一社会信用代码不正确，请对照营业执照核对18位代码。")),
    QuestionKind.PHONE: _checked(phone, _("电话号码不正确，请填写手机号或带区号的固定电话。")),
}


def _chosen(one: Question, given: Any) -> list[str] | None:
    if one.kind != QuestionKind.CHOICES:
        raise _Wrong(_("此项只能填写一个。"))
    parts = given if isinstance(given, list | tuple) else [] if given in (None, "") else [given]
    wanted = {clean(str(part)) for part in parts} - {""}
    if wanted - set(one.choices):
        raise _Wrong(_("请从列表中选择。"))
    return [choice for choice in one.choices if choice in wanted] or None


def _yes_no(given: Any) -> bool | None:
    if given in (None, ""):
        return None
    found = {"true": True, "是": True, "yes": True, "1": True, "on": True} | dict.fromkeys(
        ("false", "否", "no", "0"), False
    )
    text = str(given).strip().lower()
    if text not in found:
        raise _Wrong(_("请选择“是”或“否”。"))
    return found[text]


def _beyond(
    one: Question, questions: Sequence[Question], values: Mapping[str, Any], today: date, born: date | None
) -> Any:
    """What is wrong with a value outside its limits; None when it is within them."""
    for text, is_least in ((one.least, True), (one.most, False)):
        if not text:
            continue
        limit, words = _limit(text, questions, values, today, born)
        value: Any = _comparable(one.kind, values[one.slug])
        if limit is None or type(limit) is not type(value) or (value >= limit if is_least else value <= limit):
            continue
        return _too(one.kind, is_least) % {"limit": words}
    return None


def _too(kind: str, is_least: bool) -> Any:
    if kind == QuestionKind.DATE:
        return _("日期不能早于%(limit)s。") if is_least else _("日期不能晚于%(limit)s。")
    return _("不能小于%(limit)s。") if is_least else _("不能大于%(limit)s。")


def _limit(
    text: str, questions: Sequence[Question], values: Mapping[str, Any], today: date, born: date | None
) -> tuple[Any, Any]:
    """What a limit is now, and how it is called."""
    if text in TODAY:
        return today, _("今天（%(day)s）") % {"day": dated(today, get_language())}
    if text in BORN:
        return born, _("出生日期%(day)s") % {"day": dated(born, get_language())}
    for one in questions:
        if one.slug == text:
            limit = _comparable(one.kind, values[text]) if text in values else None
            if one.kind == QuestionKind.CITIZEN_ID:
                return limit, _("出生日期%(day)s") % {"day": dated(str(limit), get_language())}
            value = dated(str(values.get(text)), get_language())
            return limit, _("“%(label)s”（%(value)s）") % {"label": one.label, "value": value}
    return fixed(text), dated(text, get_language())


def fixed(text: str) -> date | Decimal | None:
    """The day or number that is written there; None for neither."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _comparable(kind: str, value: str) -> date | Decimal | None:
    if kind == QuestionKind.DATE:
        return date.fromisoformat(value)
    if kind == QuestionKind.CITIZEN_ID:
        return born_on(value)
    return Decimal(value) if kind in (QuestionKind.NUMBER, QuestionKind.MONEY) else None


def said(one: Question, value: Any) -> Any:
    """An answer in words; a division stays its code."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if one.kind == QuestionKind.MONEY:
        return _("%(sum)s元") % {"sum": f"{Decimal(value):,.2f}"}
    return str(value)


# What these hold is nobody's number, though the code of a firm may look like one.
_OPEN = frozenset((
    QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.CREDIT_CODE, QuestionKind.DATE, QuestionKind.DIVISION, QuestionKind.MONEY,
    QuestionKind.YES_NO,
))  # fmt: skip
_MASKS: dict[str, Callable[[str], str]] = {QuestionKind.CITIZEN_ID: mask_citizen_id, QuestionKind.PHONE: mask_phone}


def masked(one: Question, value: Any) -> Any:
    """An answer in words, the numbers of people in it masked."""
    words = said(one, value)
    return words if one.kind in _OPEN else _MASKS.get(one.kind, mask_inline)(words)
