"""Folding finished days and months into rollups: delete and insert, so that doing it twice changes nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction

from zhitong.kernel.events.public import bounds

from ..choices import DAY_GRAINS, FOLDED_BY, GRAINS, MONTH_GRAINS, Grain
from ..models import RolledMonth, RollupDay, RollupMonth
from ..rules.measures import month_of, next_month
from . import locks

AT_ONCE = 16  # days; a writer of one of them waits for all of them
INSERT = """
INSERT INTO {table} (grain, {name}, measure, n, {columns}, sum, count)
SELECT {grain}, {span}, measure, row_number() OVER (), {columns}, sum(value), count(*) FROM indicators_fact WHERE {days}
GROUP BY 2, measure, {columns}"""
FREE = """
SELECT d.day FROM unnest(%(days)s::date[], %(keys)s::int[], %(ends)s::timestamptz[]) AS d(day, key, until)
WHERE now() >= d.until AND pg_try_advisory_xact_lock(%(class)s, d.key) AND NOT EXISTS (
  SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND xact_start < d.until)"""
ROLLED = """
WITH fresh AS (DELETE FROM indicators_staleday WHERE day = ANY(%(days)s)),
     undone AS (DELETE FROM indicators_rolledmonth WHERE month = ANY(%(months)s))
INSERT INTO indicators_rolledday (day, folded_by) SELECT unnest(%(days)s::date[]), %(folded_by)s
ON CONFLICT (day) DO UPDATE SET rolled_at = excluded.rolled_at, folded_by = excluded.folded_by"""
# Days that are over and not rolled, or rolled in fewer grains, or stale, the newest first: those are looked at most.  From the
# first day of the first month on, so that this month too can be folded.
WAITING = f"""
SELECT d.day::date FROM generate_series(
  date_trunc('month', (SELECT min(day) FROM indicators_fact)::timestamp), (%s::date - 1)::timestamp, '1 day') AS d(day)
LEFT JOIN indicators_rolledday r ON r.day = d.day::date AND r.folded_by >= {FOLDED_BY}
WHERE r.day IS NULL OR EXISTS (SELECT FROM indicators_staleday s WHERE s.day = d.day::date)
ORDER BY d.day DESC LIMIT %s"""  # noqa: S608 - own text
# Days and months that were folded by a clock that was ahead, and are not over; their cells with them.
EARLY = """
WITH months AS (DELETE FROM indicators_rolledmonth WHERE (month + interval '1 month')::date > %(today)s RETURNING month),
     days AS (DELETE FROM indicators_rolledday WHERE day >= %(today)s RETURNING day),
     of_months AS (DELETE FROM indicators_rollupmonth WHERE month IN (SELECT month FROM months))
DELETE FROM indicators_rollupday WHERE day IN (SELECT day FROM days)"""
# Months that are over, wholly rolled, and not folded yet.
READY = f"""
SELECT m.month FROM (
  SELECT date_trunc('month', day)::date AS month, count(*) AS days FROM indicators_rolledday r
  WHERE r.folded_by >= {FOLDED_BY} AND NOT EXISTS (SELECT FROM indicators_staleday s WHERE s.day = r.day) GROUP BY 1) m
WHERE m.days = (m.month + interval '1 month')::date - m.month
  AND NOT EXISTS (SELECT FROM indicators_rolledmonth d WHERE d.month = m.month)
ORDER BY m.month DESC LIMIT %s"""  # noqa: S608 - own text


def fold_finished(*, most: int = 400, seconds: float = 20.0) -> int:
    """Fold days that are over, then months; how many were folded.  Stops after so many, or so long."""
    end, done, days = monotonic() + seconds, 0, _waiting(most)
    for first in range(0, len(days), AT_ONCE):
        if monotonic() > end:
            return done
        done += len(fold_days(days[first : first + AT_ONCE]))
    for month in _ready(most):
        if monotonic() > end:
            return done
        done += fold_month(month)
    return done


def _waiting(most: int) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")
        today = cursor.fetchone()[0]
        cursor.execute(EARLY, {"today": today})
        cursor.execute(WAITING, [today, most])
        return [day for (day,) in cursor.fetchall()]


def _ready(most: int) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(READY, [most])
        return [month for (month,) in cursor.fetchall()]


def fold_day(day: date) -> bool:
    """Fold one day that is over; False when somebody may still be writing it, and then nothing is changed."""
    return bool(fold_days([day]))


def fold_days(days: Sequence[date]) -> list[date]:
    """Fold those of these days that are over and that nobody is writing; which."""
    with transaction.atomic():
        free = _free(days) if locks.take(locks.FOLDING, locks.MANY_DAYS) else []
        if free:
            RollupDay.objects.filter(day__in=free).delete()
            for grain in DAY_GRAINS:
                _insert("indicators_rollupday", "day", "day", grain, "day = ANY(%s)", [free])
            with connection.cursor() as cursor:
                months = sorted({month_of(day) for day in free})
                cursor.execute(ROLLED, {"days": free, "months": months, "folded_by": FOLDED_BY})
        return free


def _free(days: Sequence[date]) -> list[date]:
    """Take the locks of those days that can be had, as far as they are over.

    A day is over when no transaction that began before its end still runs: whoever began later and writes it holds its
    lock.  What is over stays so; it does not matter whether this is seen before or after the lock is taken.
    """
    ends = [bounds(day)[1] + locks.GRACE for day in days]
    with connection.cursor() as cursor:
        cursor.execute(
            FREE, {"class": locks.CLASS, "days": list(days), "keys": [d.toordinal() for d in days], "ends": ends}
        )
        return [day for (day,) in cursor.fetchall()]


def fold_month(month: date) -> bool:
    """Fold a month, all of whose days are rolled; False when somebody else is folding.

    A day that becomes stale meanwhile keeps the month from being read, and folding that day again undoes this.
    """
    with transaction.atomic():
        if not locks.take(locks.FOLDING) or month not in _ready(12_000):
            return False
        RollupMonth.objects.filter(month=month).delete()
        last, span = next_month(month) - timedelta(days=1), "date_trunc('month', day)::date"
        for grain in MONTH_GRAINS:
            _insert("indicators_rollupmonth", "month", span, grain, "day BETWEEN %s AND %s", [month, last])
        RolledMonth.objects.create(month=month)
        return True


def _insert(table: str, name: str, span: str, grain: Grain, days: str, params: list[Any]) -> None:
    columns = ", ".join(sorted(GRAINS[grain]))
    sql = INSERT.format(table=table, name=name, span=span, grain=int(grain), days=days, columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
