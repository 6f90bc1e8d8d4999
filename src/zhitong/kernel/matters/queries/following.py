"""What whoever follows a matter is told of it, of any kind: until when, and the words of what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from zhitong.base.text import in_language

from ..choices import ClockState
from ..models import Matter, Record
from ..rules.kinds import KINDS, Action
from ..rules.payloads import Ask, Choose, questions
from .catalogue import catalogue
from .why import why

LIVE = (ClockState.RUNNING, ClockState.PAUSED)


@dataclass(frozen=True, slots=True)
class FollowedDue:
    """One running limit: until when, how it stands, and why it is that day."""

    label: Any
    due_at: datetime
    grade: str
    why: str
    is_paused: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the course of events, as whoever raised it sees it."""

    at: datetime
    title: str
    icon: str
    by: str = ""
    text: str = ""
    facts: tuple[tuple[Any, str], ...] = ()


def dues_of(matter: Matter) -> list[FollowedDue]:
    """The live clocks, the earliest first.  One query."""
    labels = {c.slug: c.label for c in KINDS[matter.kind].clocks}
    live = matter.clocks.filter(state__in=LIVE).order_by("due_at")
    return [
        FollowedDue(labels[c.slug], c.due_at, c.grade, why(c), c.state == ClockState.PAUSED, c.is_provisional)
        for c in live
    ]


def words_of(action: Action, record: Record) -> tuple[str, tuple[tuple[Any, str], ...]]:
    """The long text of a record, and its other answers as label and value."""
    text, facts = "", []
    for name, _bare, ask, _required, _default in questions(action.payload) if action.payload else ():
        value = record.data.get(name)
        if value in (None, "", [], False):
            continue
        if ask.choose is None and isinstance(value, str):
            text = f"{text}\n{value}".strip()
        elif ask.choices or ask.choose is Choose.REASON:
            facts.append((ask.label, _choice(ask, value)))
    return text, tuple(facts)


def _choice(ask: Ask, value: Any) -> str:
    if ask.choices:
        return str(dict(ask.choices).get(value, value))
    reason = catalogue().reasons.get(UUID(str(value)))
    return in_language(reason.name, reason.name_en, get_language()) if reason else ""
