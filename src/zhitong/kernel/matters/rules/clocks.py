"""From a limit, a start and what happened since to the moments of a clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhitong.base import worktime


@dataclass(frozen=True, slots=True)
class Terms:
    """A limit as a clock takes it over when it starts; the percentages say by how much it must be exceeded."""

    amount: int
    unit: str
    basis: str
    basis_en: str
    moderate_percent: int
    severe_percent: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Everything about a clock that follows from its history and a calendar."""

    due: worktime.Due
    grade: str
    next_at: datetime | None


def moments(
    terms: Terms,
    started_at: datetime,
    calendar: worktime.WorkCalendar,
    now: datetime,
    pauses: Sequence[Sequence[Any]] = (),
    extensions: Sequence[Sequence[Any]] = (),
) -> Moments:
    """``pauses`` are [from, to or None, …] in ISO text or moments, ``extensions`` [amount, …] in the limit's unit."""
    due = worktime.due(
        started_at,
        worktime.Limit(terms.amount, terms.unit),
        calendar,
        [(_moment(p[0]), _moment(p[1]) if p[1] else None) for p in pauses],
        [e[0] for e in extensions],
    )
    graded = worktime.grade(now, started_at, due.at, due.warn_at, terms.moderate_percent, terms.severe_percent)
    return Moments(due, graded.grade.value, None if due.is_paused else graded.next_change)


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
