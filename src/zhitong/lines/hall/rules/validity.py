"""How long what is issued holds, as editors write it: ``5年``, ``18个月``, ``2027-12-31``, or the name of a question that asks for a day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.days import months_on

from ..choices import QuestionKind
from .problems import Problem
from .questions import Question

MOST_MONTHS = 1200
_TERM = re.compile(r"(\d{1,4})\s*(?:(年|years?)|(?:个)?(月|months?))", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(?:至|到)?\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Validity:
    """One of the three is given: a number of months, a last day, or the question whose answer is the last day."""

    months: int = 0
    until: date | None = None
    question: str = ""


def parse(text: str) -> Validity | None:
    """What is written there; None for nothing, which is without end."""
    text = text.strip()
    if text in ("", "长期"):
        return None
    if found := _TERM.fullmatch(text):
        return Validity(months=int(found[1]) * (12 if found[2] else 1))
    if found := _DAY.fullmatch(text):
        try:
            return Validity(until=date(*map(int, found.groups())))
        except ValueError:
            return Validity()
    return Validity(question=text)


def last_day(text: str, issued: date, answers: Mapping[str, Any]) -> date | None:
    """The last day on which what is issued on that day holds; None for without end.

    Five years from 7 September 2026 end on 6 September 2031; one month from 31 January on the last of February.
    """
    found = parse(text)
    if found is None or found.until:
        return found.until if found else None
    if found.months:
        day = months_on(issued, found.months)
        return day - timedelta(days=1) if day.day == issued.day else day
    try:
        return date.fromisoformat(str(answers.get(found.question) or ""))
    except ValueError:
        return None


def faults(text: str, questions: Sequence[Question]) -> list[Problem]:
    """What is wrong with it."""
    found = parse(text)
    days = [one.slug for one in questions if one.kind == QuestionKind.DATE]
    if found is None or found.until or 0 < found.months <= MOST_MONTHS or found.question in days:
        return []
    message = _(
        "有效期“%(text)s”看不懂：请写成“5年”“18个月”“2027-12-31”，或者填报内容里一个日期的字段名；长期有效的留空。"
    )
    return [Problem("bad_validity", "valid_for", message % {"text": text})]
