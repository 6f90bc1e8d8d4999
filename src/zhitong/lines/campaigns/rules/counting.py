"""Daily counts, the burn-down and the plan: on plain days and numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Point = tuple[date, int]
DAY = timedelta(days=1)
MOST_DRAWN = 120


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a drive: found, done and set aside on it, and what was open at its end."""

    on: date
    found: int
    done: int
    aside: int
    open: int


def planned(points: Sequence[Point], start: date, day: date) -> int:
    """How many are to be done by the end of ``day``: on the straight line between two points of the plan, from nothing before ``start``.

    After the last point it stays what it is there.  Parts of one are not asked for.
    """
    before, done = start - DAY, 0
    for on, wanted in sorted(points):
        if day < on:
            if day <= before:
                return done
            share = (day - before).days / (on - before).days
            return done + int((wanted - done) * share)
        before, done = on, wanted
    return done


def straight(total: int, start: date, end: date) -> list[Point]:
    """The plan of a drive that has none: all by the last day."""
    return [(max(start, end), total)]


def added(parts: Sequence[Sequence[Point]], start: date) -> list[Point]:
    """One plan of several: at each day that any of them names, what they ask for together."""
    days = sorted({on for points in parts for on, _done in points})
    return [(on, sum(planned(points, start, on) for points in parts)) for on in days]


def daily(found: Mapping[date, int], done: Mapping[date, int], aside: Mapping[date, int], last: date) -> list[Day]:
    """A row for each day on which something happened, and ``last``, the oldest first."""
    rows, still_open = list[Day](), 0
    for on in sorted({*found, *done, *aside, last}):
        new, gone, out = found.get(on, 0), done.get(on, 0), aside.get(on, 0)
        still_open += new - gone - out
        rows.append(Day(on, new, gone, out, still_open))
    return rows


def drawn(first: date, last: date) -> list[date]:
    """The days of a chart: each one, or every n-th so that there are not too many; the last is always there."""
    step = max(1, -(-((last - first).days + 1) // MOST_DRAWN))
    days = [first + DAY * n for n in range(0, (last - first).days + 1, step)]
    return days if days[-1] == last else [*days, last]


def open_on(rows: Sequence[Day], days: Sequence[date], until: date) -> list[int | None]:
    """What was open at the end of each day; nothing for days after ``until``."""
    return list(_carried(rows, days, until))


def _carried(rows: Sequence[Day], days: Sequence[date], until: date) -> Iterator[int | None]:
    place, still_open = 0, 0
    for day in days:
        while place < len(rows) and rows[place].on <= day:
            still_open = rows[place].open
            place += 1
        yield still_open if day <= until else None
