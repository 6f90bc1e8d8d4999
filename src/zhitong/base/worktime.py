"""Terms: when something is due, why on that date, and how late it is.

The rules are those of the Civil Code of the People's Republic of China on the computation of periods:

* article 200: periods are counted by the calendar in years, months, days and hours;
* article 201: counting by days, the day of the start does not count; counting by hours, the period runs from its start;
* article 202: months end on the same day of the month (limits here are given in days and hours, never in months);
* article 203: a period whose last day is a legal day of rest ends on the first day after it; the last day ends at 24:00
  or, where there are business hours, when business stops.

Nothing here reads a clock or a database.  Moments must be aware; results are in UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
WARN_SHARE = (4, 5)
_DAY = timedelta(days=1)
_LONGEST = 20_000  # days looked at before a calendar is taken to have no working day
_LEAST_TERM = timedelta(hours=1)

Pause = tuple[datetime, datetime | None]
"""From and to; ``None`` while the clock stands still."""
_Spans = list[tuple[datetime, datetime]]


class Unit(StrEnum):
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


IN_DAYS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS})


class Reason(StrEnum):
    """Why a day does not count."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


class Grade(StrEnum):
    ON_TIME = "on_time"
    WARNING = "warning"
    OVERDUE = "overdue"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked and during which hours.

    ``days`` holds the exceptions to the week: False for a holiday, True for a working day at a weekend.  ``weekend``
    are weekdays as in `date.weekday`.  ``announced_through`` is the last day for which the holidays are known (the
    State Council announces them year by year); ``None`` when the calendar waits for no announcement.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    weekend: Sequence[int] = (5, 6)
    opens: time = time(8, 30)
    closes: time = time(17, 0)
    announced_through: date | None = None
    tz: tzinfo = CHINA

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a calendar must open before it closes")

    def is_working(self, day: date) -> bool:
        known = self.days.get(day)
        return day.weekday() not in self.weekend if known is None else known

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.tz).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When business stops on ``day`` (Civil Code article 203), also on a day of rest."""
        return datetime.combine(day, self.closes, self.tz).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.tz).date()

    def is_announced(self, day: date) -> bool:
        return self.announced_through is None or day <= self.announced_through

    def rest(self, day: date) -> Reason | None:
        """Why ``day`` is not worked; None when it is."""
        if self.is_working(day):
            return None
        return Reason.HOLIDAY if day in self.days else Reason.WEEKEND


@dataclass(frozen=True)
class Limit:
    """So many hours, which may be parts of one, or whole days.  Zero days means by the end of the same day."""

    amount: float
    unit: Unit | str

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "amount", _amount(self.amount, Unit(self.unit)))


@dataclass(frozen=True)
class Due:
    """When a term ends and how that was counted.

    ``is_provisional``: it reaches beyond the announced holidays.  ``is_paused``: the clock stands still, and ``at`` is
    the earliest possible end.  ``total`` is the limit with its extensions, in the limit's unit.  ``counted`` are the
    days that were counted, ``skipped`` those between the start and the end that were not; both are empty for hours.
    ``moved_from`` is the last day before it was moved off days of rest (article 203).
    """

    at: datetime
    warn_at: datetime
    is_provisional: bool
    is_paused: bool
    started_at: datetime
    limit: Limit
    total: float
    counted: tuple[date, ...] = ()
    skipped: tuple[tuple[date, Reason], ...] = ()
    moved_from: date | None = None

    def skipped_for(self, *reasons: Reason) -> list[date]:
        return [day for day, reason in self.skipped if reason in reasons]


class Graded(NamedTuple):
    grade: Grade
    next_change: datetime | None


def due(
    started_at: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[float] = (),
) -> Due:
    """The end of a term that began at ``started_at``.

    Days are counted from the day after the start (article 201); a day counts when the clock is running at its close of
    business, so a pause that begins and ends between two closings costs no day.  A term in days ends at the close of
    business of its last day; in calendar days, when that is a day of rest, of the next working day (article 203).
    Hours run on through nights and holidays, working hours only while ``calendar`` is open.  Extensions are in the
    limit's unit and are added to it.  The warning comes when four fifths are used.

    ValueError for naive moments, negative amounts, parts of days, or a calendar without working days.
    """
    if started_at.tzinfo is None:
        raise ValueError("started_at must be aware")
    start, unit, asked = started_at.astimezone(UTC), Unit(limit.unit), list(pauses)
    total = limit.amount + sum(_amount(extra, unit) for extra in extensions)
    paused = _spans(asked)
    count = {Unit.HOURS: _in_hours, Unit.WORKING_HOURS: _in_working_hours}.get(unit, _in_days)
    found = count(start, total, unit, calendar, paused)
    return Due(
        at=found.at,
        warn_at=found.warn_at,
        is_provisional=unit is not Unit.HOURS and not calendar.is_announced(calendar.day_of(found.at)),
        is_paused=any(until is None and since < found.at for since, until in asked),
        started_at=start,
        limit=limit,
        total=total,
        counted=tuple(found.counted),
        skipped=tuple(found.skipped),
        moved_from=found.moved_from,
    )


def elapsed_share(started_at: datetime, due: Due | datetime, now: datetime) -> float:
    """The used share of a term: 0 at the start, 1 at its end, more when it is overdue.

    With a `Due` the share reaches four fifths at the warning; with a bare moment it grows evenly.
    """
    if now <= started_at:
        return 0.0
    end = due if isinstance(due, datetime) else due.at
    whole = max(end - started_at, _LEAST_TERM)
    if now >= end:
        return 1.0 + (now - end) / whole
    if isinstance(due, datetime):
        return (now - started_at) / (end - started_at)
    mark = WARN_SHARE[0] / WARN_SHARE[1]
    if now < due.warn_at:
        return mark * ((now - started_at) / (due.warn_at - started_at))
    return mark + (1 - mark) * ((now - due.warn_at) / (end - due.warn_at))


def grade(
    now: datetime,
    started_at: datetime,
    due_at: datetime,
    warn_at: datetime,
    moderate_percent: float,
    severe_percent: float,
) -> Graded:
    """How late a term is at ``now``, and the next moment at which that changes (None after the last).

    The percentages say by how much of the whole term (at least an hour) it has been exceeded: 50 is half as long again.
    Each grade begins at its moment, not after it.
    """
    term = max(due_at - started_at, _LEAST_TERM)
    steps = [
        (warn_at, Grade.WARNING),
        (due_at, Grade.OVERDUE),
        (due_at + term * (moderate_percent / 100), Grade.MODERATE),
        (due_at + term * (severe_percent / 100), Grade.SEVERE),
    ]
    reached = Grade.ON_TIME
    for moment, name in steps:
        if now < moment:
            return Graded(reached, moment)
        reached = name
    return Graded(reached, None)


def working_days_between(calendar: WorkCalendar, first: date, last: date) -> int:
    """Working days after ``first`` up to and including ``last``; negative when ``last`` is earlier."""
    if last < first:
        return -working_days_between(calendar, last, first)
    return sum(calendar.is_working(first + _DAY * n) for n in range(1, (last - first).days + 1))


class _Found:
    """What counting has found so far."""

    def __init__(self) -> None:
        self.at = self.warn_at = datetime.min.replace(tzinfo=UTC)
        self.counted: list[date] = []
        self.skipped: list[tuple[date, Reason]] = []
        self.moved_from: date | None = None


def _amount(amount: float, unit: Unit) -> float:
    value = float(amount)
    if not 0 <= value <= _LONGEST:
        raise ValueError(f"an amount must be within 0 and {_LONGEST}")
    if unit in IN_DAYS and not value.is_integer():
        raise ValueError("days must be whole")
    return value


def _spans(pauses: Iterable[Pause]) -> _Spans:
    """The finished pauses in order and without overlap."""
    spans: _Spans = []
    for since, until in sorted((since, until) for since, until in pauses if until is not None):
        if spans and since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        elif until > since:
            spans.append((since, until))
    return spans


def _days_from(day: date) -> Iterator[date]:
    for n in range(_LONGEST * 2):
        yield day + _DAY * n
    raise ValueError("the calendar has no working days")


def _in_hours(start: datetime, total: float, unit: Unit, calendar: WorkCalendar, paused: _Spans) -> _Found:
    found = _Found()
    found.at = _after_hours(start, timedelta(hours=total), paused)
    found.warn_at = _after_hours(start, timedelta(hours=total) * WARN_SHARE[0] / WARN_SHARE[1], paused)
    return found


def _after_hours(start: datetime, left: timedelta, paused: _Spans) -> datetime:
    end = start + left
    for since, until in paused:
        if since >= end:
            break
        end += max(until - max(since, start), timedelta(0))
    return end


def _in_working_hours(start: datetime, total: float, unit: Unit, calendar: WorkCalendar, paused: _Spans) -> _Found:
    found = _Found()
    left = timedelta(hours=total)
    warning_left = left * WARN_SHARE[0] / WARN_SHARE[1]
    found.at = found.warn_at = start
    if not left:
        return found
    for day in _days_from(calendar.day_of(start)):
        reason = calendar.rest(day)
        spans = [] if reason else _open_spans(calendar.opening(day), calendar.closing(day), start, paused)
        for since, until in spans:
            if timedelta(0) < warning_left <= until - since:
                found.warn_at = since + warning_left
            if left <= until - since:
                found.counted.append(day)
                found.at = since + left
                return found
            left, warning_left = left - (until - since), warning_left - (until - since)
        if spans:
            found.counted.append(day)
        elif reason or calendar.closing(day) > start:
            found.skipped.append((day, reason or Reason.PAUSED))
    raise AssertionError("unreachable")


def _open_spans(opens: datetime, closes: datetime, start: datetime, paused: _Spans) -> _Spans:
    """The parts of one day's business hours in which the clock runs."""
    spans: _Spans = []
    at = max(opens, start)
    for since, until in paused:
        if since >= closes:
            break
        if since > at:
            spans.append((at, since))
        at = max(at, until)
    if at < closes:
        spans.append((at, closes))
    return spans


def _in_days(start: datetime, total: float, unit: Unit, calendar: WorkCalendar, paused: _Spans) -> _Found:
    found = _Found()
    needed = max(int(total), 1)
    only_working = unit is Unit.WORKING_DAYS
    for day in _days_from(calendar.day_of(start) + (_DAY if total else timedelta(0))):
        is_last = len(found.counted) >= needed - 1
        rest = calendar.rest(day) if only_working or is_last else None
        reason = rest or (Reason.PAUSED if paused and _is_paused(calendar.closing(day), paused) else None)
        if reason is None:
            found.counted.append(day)
            if len(found.counted) == needed:
                break
        else:
            found.skipped.append((day, reason))
            if is_last and not only_working and reason is not Reason.PAUSED:
                found.moved_from = found.moved_from or day
    found.at = max(calendar.closing(found.counted[-1]), start)
    found.warn_at = max(_warn_in_days(found.counted, calendar), start)
    return found


def _is_paused(at: datetime, paused: _Spans) -> bool:
    return any(since < at < until for since, until in paused)


def _warn_in_days(counted: list[date], calendar: WorkCalendar) -> datetime:
    """When four fifths of the business hours of the counted days are used."""
    whole, rest = divmod(len(counted) * WARN_SHARE[0], WARN_SHARE[1])
    if not rest:
        return calendar.closing(counted[whole - 1])
    opens = calendar.opening(counted[whole])
    return opens + (calendar.closing(counted[whole]) - opens) * rest / WARN_SHARE[1]
