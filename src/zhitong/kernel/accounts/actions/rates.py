"""Limits on how often something may be tried, kept in one row per key."""

import hmac
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import ngettext_lazy

from zhitong.base.errors import Refused

from ..models import Rate

# Uses move ``free_at`` on by one interval each; those that would put it further ahead than the whole period are refused.
# What stands further ahead than that was written by a clock that was wrong, and is begun anew.
_USE = """
    INSERT INTO accounts_rate AS rate (key, free_at)
    VALUES (%(key)s, clock_timestamp() + %(interval)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE
        SET free_at = CASE WHEN rate.free_at <= clock_timestamp() + (%(period)s + 1) * interval '1 second'
                           THEN greatest(rate.free_at, clock_timestamp()) ELSE clock_timestamp() END
                      + %(interval)s * interval '1 second'
        WHERE rate.free_at <= clock_timestamp() + (%(period)s - %(interval)s) * interval '1 second'
           OR rate.free_at > clock_timestamp() + (%(period)s + 1) * interval '1 second'
    RETURNING 1
"""
_GIVE_BACK = "UPDATE accounts_rate SET free_at = free_at - %(interval)s * interval '1 second' WHERE key = %(key)s"
_WAIT = "SELECT extract(epoch FROM free_at - clock_timestamp()) FROM accounts_rate WHERE key = %(key)s"


class TooMany(Refused):
    """Tried too often; ``retry_after`` says in how many seconds it is worth trying again."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        message = ngettext_lazy("操作过于频繁，请%(n)d分钟后再试。", "操作过于频繁，请%(n)d分钟后再试。", minutes)
        super().__init__("too_many", message % {"n": minutes})
        self.retry_after = retry_after


def limit_rate(key: str, limit: int, per_seconds: int, *, uses: int = 1) -> None:
    """Count one use of ``key``, or several; raise ``TooMany``, and count none, when there were more than ``limit`` within
    ``per_seconds``.

    A burst of ``limit`` is allowed, then one use every ``per_seconds / limit`` seconds (leaky bucket).  One statement,
    exact under any number of threads and processes.  Call it before the transaction of the work it guards: a use that
    is rolled back is not counted.  ``key`` may hold an address or a number; only a keyed digest of it is stored.
    """
    interval = per_seconds / limit * uses
    values: dict[str, str | float] = {"key": _digest(key), "interval": interval, "period": per_seconds}
    with connection.cursor() as cursor:
        if uses <= limit:
            cursor.execute(_USE, values)
        if uses > limit or cursor.fetchone() is None:
            cursor.execute(_WAIT, values)
            row = cursor.fetchone()
            ahead = float(row[0]) if row else 0.0
            raise TooMany(max(1, round(ahead - per_seconds + interval)))


def give_back(key: str, limit: int, per_seconds: int) -> None:
    """Take one use of ``key`` back, which was counted with the same figures: where only what failed shall count, count first,
    so that many at the same moment are counted too, and give back what succeeded."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"key": _digest(key), "interval": per_seconds / limit})


def forget_rate(key: str) -> bool:
    """Make the allowance of ``key`` whole again; whether any of it was used."""
    return bool(Rate.objects.filter(key=_digest(key)).delete()[0])


def _digest(key: str) -> str:
    purpose = key.partition(":")[0][:30]
    mac = hmac.new(settings.SECRET_KEY.encode(), key.encode("utf-8", "replace"), "sha256").hexdigest()
    return f"{purpose}:{mac[:40]}"


def forget_rates(*, at: datetime) -> int:
    """Delete rows whose allowance is whole again; how many."""
    return Rate.objects.filter(free_at__lt=at).delete()[0]
