"""Who is called next, how long somebody waits, and which appointments there are: on plain values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any
from uuid import UUID

# Whoever has waited so long is not overtaken any more.
PATIENCE = timedelta(minutes=40)
# Whoever has an appointment and comes later than this takes a place like everybody else.
GRACE = timedelta(minutes=15)
# A service takes this long as long as nothing is known of today, in seconds.
USUAL_SERVICE = 480
STEP = 5  # estimates are said in steps of so many minutes


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits.  ``place_at`` is when the place in line was taken; ``due_at`` the appointment, if there is one."""

    id: UUID
    place_at: datetime
    number: int = 0
    due_at: datetime | None = None
    is_priority: bool = False


def is_on_time(due_at: datetime, came_at: datetime) -> bool:
    """Whether somebody with an appointment came early enough for it to count."""
    return came_at <= due_at + GRACE


def rank(one: Waiting, now: datetime) -> tuple[int, datetime, int, str]:
    """The smaller, the earlier.  Appointments at their time; then whoever is to be preferred or has waited for long;
    then everybody in the order of arrival; last, appointments whose time has not come."""
    tie = (one.number, str(one.id))
    if one.due_at is not None and is_on_time(one.due_at, one.place_at):
        return (3 if now < one.due_at else 0, one.due_at, *tie)
    is_early = one.is_priority or now - one.place_at >= PATIENCE
    return (1 if is_early else 2, one.place_at, *tie)


def in_turn(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """All who wait, in the order in which they would be called now."""
    return sorted(waiting, key=lambda one: rank(one, now))


def estimate(ahead: int, windows: int, seconds: float | None) -> int | None:
    """Minutes until somebody's turn, in steps of five; None while no window is open.  ``seconds``: of one service."""
    if not windows:
        return None
    return ceil(ahead * (seconds or USUAL_SERVICE) / windows / 60 / STEP) * STEP


def written(prefix: str, number: int) -> str:
    """What stands on the ticket: A012."""
    return f"{prefix}{number:03d}"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a hall is open on a working day; with a break, or without one (both empty)."""

    opens: time
    closes: time
    rest_from: time | None = None
    rest_until: time | None = None

    def is_open(self, at: time) -> bool:
        """Whether at that time of a working day."""
        if self.rest_from and self.rest_until and self.rest_from <= at < self.rest_until:
            return False
        return self.opens <= at < self.closes

    def slots(self, minutes: int) -> Iterator[time]:
        """Beginnings of appointments, each of which ends before the hall or its break does."""
        day, step = date(2000, 1, 1), timedelta(minutes=minutes)
        for first, last in self._spans():
            at, end = datetime.combine(day, first), datetime.combine(day, last)
            while at + step <= end:
                yield at.time()
                at += step

    def _spans(self) -> Iterator[tuple[time, time]]:
        if self.rest_from and self.rest_until:
            yield self.opens, self.rest_from
            yield self.rest_until, self.closes
        else:
            yield self.opens, self.closes


def fits(topics: Iterable[str], items: Iterable[Any], *, topic: str, item: Any) -> bool:
    """Whether a queue is for an item: it is for everything, for the item's topic, or for the item itself."""
    topics, items = list(topics), list(items)
    return (not topics and not items) or topic in topics or item in items
