"""Making facts again from the log, and comparing without changing: day by day, in flat memory, while people work.

What others write meanwhile is left alone: only facts of events that were read here, and facts that no event bears out,
are replaced or missed.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from zhitong.base.bulk import copy_rows
from zhitong.kernel.events.public import Event, bounds

from ..choices import DAY_GRAINS, FOLDED_BY, GRAINS, MONTH_GRAINS, Grain
from ..models import RolledDay, RolledMonth, RollupDay
from ..rules import measures
from . import locks
from .facts import TABLE
from .folding import fold_finished

CHUNK = 5000
Told = Callable[[date], None]
# Facts of a day that no event of that day and of a measured kind bears out.
UNBORNE = """
FROM indicators_fact f WHERE f.day = %s AND (NOT f.measure = ANY(%s) OR NOT EXISTS (
  SELECT FROM events_event e WHERE e.id = f.event AND e.kind = ANY(%s) AND e.at >= %s
  AND (e.at < %s OR e.kind = ANY(%s) AND e.at < %s)))"""
DIFFER = """
SELECT DISTINCT span FROM ((SELECT * FROM facts EXCEPT SELECT * FROM cells)
                           UNION ALL (SELECT * FROM cells EXCEPT SELECT * FROM facts)) x ORDER BY 1"""
# Of one month: the days that are rolled, over and not stale, or the month itself if it is over and no day of it is stale.
DAYS = f"""
WITH readable AS (
  SELECT day AS span FROM indicators_rolledday r
  WHERE r.folded_by >= {FOLDED_BY} AND day BETWEEN %(first)s AND least(%(last)s, (now() AT TIME ZONE 'Asia/Shanghai')::date - 1)
  AND NOT EXISTS (SELECT FROM indicators_staleday s WHERE s.day = r.day)
), facts AS (
  SELECT span, measure, {{cells}}, sum(value), count(*) FROM readable JOIN indicators_fact ON day = span
  GROUP BY span, measure, {{cells}}
), cells AS (
  SELECT span, measure, {{cells}}, sum, count FROM readable JOIN indicators_rollupday ON day = span
  WHERE grain = %(grain)s
){DIFFER}"""  # noqa: S608 - own text
MONTHS = f"""
WITH readable AS (
  SELECT month AS span FROM indicators_rolledmonth
  WHERE month = %(first)s AND %(last)s < (now() AT TIME ZONE 'Asia/Shanghai')::date
  AND NOT EXISTS (SELECT FROM indicators_staleday WHERE day BETWEEN %(first)s AND %(last)s)
), facts AS (
  SELECT span, measure, {{cells}}, sum(value), count(*) FROM readable
  JOIN indicators_fact ON day BETWEEN %(first)s AND %(last)s GROUP BY span, measure, {{cells}}
), cells AS (
  SELECT span, measure, {{cells}}, sum, count FROM readable JOIN indicators_rollupmonth ON month = span
  WHERE grain = %(grain)s
){DIFFER}"""  # noqa: S608 - own text


def rebuild(told: Told | None = None) -> int:
    """Delete every fact and rollup and make them again from the log; how many facts there are.  Figures stay the same."""
    many = 0
    for day in _days():
        many += _rebuild_day(day)
        if told:
            told(day)
    while fold_finished():
        pass
    return many


def _days() -> list[date]:
    """Every day that has a measured event, a fact or a rollup, or on which a later event may count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date FROM events_event WHERE kind = ANY(%s) "
            "UNION SELECT DISTINCT day FROM indicators_fact UNION SELECT DISTINCT day FROM indicators_rollupday "
            "UNION SELECT late.day - earlier FROM (SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM events_event "
            "WHERE kind = ANY(%s)) late CROSS JOIN generate_series(1, %s) earlier ORDER BY 1",
            [measures.kinds(), measures.late_kinds(), measures.LATEST.days],
        )
        return [day for (day,) in cursor.fetchall()]


def _chunks(day: date) -> Iterator[list[Event]]:
    """The measured events of a day, and later ones that may count on it, a few thousand at a time."""
    start, end = bounds(day)
    chunk: list[Event] = []
    late = _events(measures.late_kinds(), end, end + measures.LATEST)
    for event in chain(_events(measures.kinds(), start, end), late):
        chunk.append(event)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _events(kinds: list[str], start: datetime, end: datetime) -> Iterator[Event]:
    found = Event.objects.filter(kind__in=kinds, at__gte=start, at__lt=end).only("id", "stream", "kind", "at", "data")
    return found.order_by("kind", "at").iterator(chunk_size=CHUNK)


def _rows(events: list[Event], day: date) -> list[measures.Row]:
    """What these events contribute to that day."""
    return [row for event in events for row in measures.rows(event) if row[0] == day]


@transaction.atomic
def _rebuild_day(day: date) -> int:
    locks.wait_for_folding()
    RolledDay.objects.filter(day=day).delete()
    RollupDay.objects.filter(day=day).delete()
    RolledMonth.objects.filter(month=measures.month_of(day)).delete()
    many = 0
    for events in _chunks(day):
        rows = _rows(events, day)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM indicators_fact WHERE day = %s AND event = ANY(%s)", [day, [e.pk for e in events]]
            )
            copy_rows(cursor, TABLE, measures.COLUMNS, rows)
        many += len(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE {UNBORNE}", _unborne(day))
    return many


def _unborne(day: date) -> list[Any]:
    start, end = bounds(day)
    return [day, list(measures.MEASURES), measures.kinds(), start, end, measures.late_kinds(), end + measures.LATEST]


def check(told: Told | None = None) -> Iterator[str]:
    """Each difference between log, facts and rollups as one sentence; nothing when all agree.  Changes nothing."""
    for day in _days():
        yield from _check_facts(day)
        if told:
            told(day)
    yield from _check_rollups()


def _check_facts(day: date) -> Iterator[str]:
    wrong = 0
    with transaction.atomic():
        for events in _chunks(day):
            wanted = {_key(row): _content(row) for row in _rows(events, day)}
            wrong += len(set(wanted.items()) ^ set(_stored(day, [e.pk for e in events]).items()))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {UNBORNE}", _unborne(day))
            wrong += cursor.fetchone()[0]
    if wrong:
        yield f"day {day}: {wrong} facts do not follow from the log"


def _stored(day: date, events: list[UUID]) -> dict[Any, Any]:
    with connection.cursor() as cursor:
        columns = ", ".join(measures.COLUMNS)
        cursor.execute(f"SELECT {columns} FROM indicators_fact WHERE day = %s AND event = ANY(%s)", [day, events])  # noqa: S608
        return {_key(row): _content(row) for row in cursor.fetchall()}


def _key(row: measures.Row) -> tuple[Any, ...]:
    return row[1:4]


def _content(row: measures.Row) -> tuple[Any, ...]:
    *ids, channel, kind, value = row[4:]
    return (*(str(one) if one else None for one in ids), channel, kind, value)


def _check_rollups() -> Iterator[str]:
    """Only what may be read is compared: a stale day is told from its facts."""
    months = RolledDay.objects.dates("day", "month")
    for month in months:
        for grain in DAY_GRAINS:
            for day in _differing(DAYS, grain, month):
                yield f"day {day}: its rollup does not agree with its facts"
        for grain in MONTH_GRAINS:
            if _differing(MONTHS, grain, month):
                yield f"month {month:%Y-%m}: its rollup ({grain.name.lower()}) does not agree with its facts"


def _differing(template: str, grain: Grain, month: date) -> list[date]:
    sql = template.format(cells=", ".join(sorted(GRAINS[grain])))
    last = measures.next_month(month) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"grain": int(grain), "first": month, "last": last})
        return [day for (day,) in cursor.fetchall()]
