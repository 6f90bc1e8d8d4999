"""Folding finished days and months into rollups: delete and insert, so that doing it twice changes nothing."""

from datetime import date, timedelta
from time import monotonic

from django.db import connection, transaction

from zhitong.kernel.events.public import bounds

from ..choices import DAY_GRAINS, GRAINS, MONTH_GRAINS, Grain
from ..models import NONE, RolledDay, RolledMonth, RollupDay, RollupMonth, StaleDay
from ..rules.measures import next_month
from . import locks

CELL = ("area", "organ", "category", "channel", "subkind")
INSERT = """
INSERT INTO {table} (grain, {span}, measure, area, organ, category, channel, subkind, sum, count)
SELECT {grain}, %s, measure, {columns}, sum(value), count(*) FROM indicators_fact WHERE {days}
GROUP BY measure, {groups}"""
# Days that are over and not rolled, or rolled and stale, the newest first: those are looked at most.
WAITING = """
SELECT d.day::date FROM generate_series(
  (SELECT min(day) FROM indicators_fact)::timestamp, (%s::date - 1)::timestamp, '1 day') AS d(day)
LEFT JOIN indicators_rolledday r ON r.day = d.day::date
WHERE r.day IS NULL OR EXISTS (SELECT FROM indicators_staleday s WHERE s.day = d.day::date)
ORDER BY d.day DESC LIMIT %s"""
# Months that are over, wholly rolled, and not folded yet.
READY = """
SELECT m.month FROM (
  SELECT date_trunc('month', day)::date AS month, count(*) AS days FROM indicators_rolledday r
  WHERE NOT EXISTS (SELECT FROM indicators_staleday s WHERE s.day = r.day) GROUP BY 1) m
WHERE m.days = (m.month + interval '1 month')::date - m.month
  AND NOT EXISTS (SELECT FROM indicators_rolledmonth d WHERE d.month = m.month)
ORDER BY m.month DESC LIMIT %s"""


def fold_finished(*, most: int = 400, seconds: float = 20.0) -> int:
    """Fold days that are over, then months; how many were folded.  Stops after so many, or so long."""
    end, done = monotonic() + seconds, 0
    for day in _waiting(most):
        if monotonic() > end:
            return done
        done += fold_day(day)
    for month in _ready(most):
        if monotonic() > end:
            return done
        done += fold_month(month)
    return done


def _waiting(most: int) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")
        cursor.execute(WAITING, [cursor.fetchone()[0], most])
        return [day for (day,) in cursor.fetchall()]


def _ready(most: int) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(READY, [most])
        return [month for (month,) in cursor.fetchall()]


def fold_day(day: date) -> bool:
    """Fold one day that is over; False when somebody may still be writing it, and then nothing is changed."""
    with transaction.atomic():
        if not locks.take(locks.FOLDING, locks.MANY_DAYS, day.toordinal()) or not _is_over(day):
            return False
        RollupDay.objects.filter(day=day).delete()
        for grain in DAY_GRAINS:
            _insert("indicators_rollupday", "day", grain, day, "day = %s", [day])
        RolledDay.objects.filter(day=day).delete()
        RolledDay.objects.create(day=day)
        StaleDay.objects.filter(day=day).delete()
        RolledMonth.objects.filter(month=day.replace(day=1)).delete()
        return True


def _is_over(day: date) -> bool:
    """No transaction that began before the day's end still runs: whoever began later and writes it holds its lock."""
    end = bounds(day)[1] + locks.GRACE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() >= %s AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start < %s)",
            [end, end],
        )
        return bool(cursor.fetchone()[0])


def fold_month(month: date) -> bool:
    """Fold a month, all of whose days are rolled; False when somebody else is folding.

    A day that becomes stale meanwhile keeps the month from being read, and folding that day again undoes this.
    """
    with transaction.atomic():
        if not locks.take(locks.FOLDING) or month not in _ready(12_000):
            return False
        RollupMonth.objects.filter(month=month).delete()
        last = next_month(month) - timedelta(days=1)
        for grain in MONTH_GRAINS:
            _insert("indicators_rollupmonth", "month", grain, month, "day BETWEEN %s AND %s", [month, last])
        RolledMonth.objects.create(month=month)
        return True


def _insert(table: str, span: str, grain: Grain, start: date, days: str, params: list[date]) -> None:
    kept = [name for name in CELL if name in GRAINS[grain]]
    columns = ", ".join(_column(name, name in kept) for name in CELL)
    sql = INSERT.format(table=table, span=span, grain=int(grain), columns=columns, days=days, groups=", ".join(kept))
    with connection.cursor() as cursor:
        cursor.execute(sql, [start, *params])


def _column(name: str, is_kept: bool) -> str:
    if name == "channel":
        return name if is_kept else "''"
    return f"coalesce({name}, '{NONE}')" if is_kept else f"'{NONE}'::uuid"
