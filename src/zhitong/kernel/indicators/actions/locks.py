"""Who waits for whom.

A writer of facts of today takes no lock.  A writer of facts of an earlier day shares the lock of that day with other
writers; whoever folds that day holds it alone, for as long as the fold takes.  Folding never waits: where it does not
get its locks at once it comes back later.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection

from zhitong.base.bulk import send

CLASS = 20260  # first half of our advisory locks; the second is the day, or one of these
FOLDING, MANY_DAYS = -1, 0
SHARE = "SELECT pg_advisory_xact_lock_shared((key->>0)::int, (key->>1)::int) FROM json_array_elements($1) AS key"
MOST_LOCKS = 64
# Clocks of the database and of the application may differ by less than this, and days are folded that much later.
GRACE = timedelta(minutes=10)


def share(days: Collection[date]) -> None:
    """Until commit nobody folds these days."""
    keys = sorted(day.toordinal() for day in days) if len(days) <= MOST_LOCKS else [MANY_DAYS]
    with connection.cursor() as cursor:
        send(cursor, SHARE, [(CLASS, key) for key in keys])


def take(*keys: int) -> bool:
    """Hold these alone until commit; False, without waiting, when one of them is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_try_advisory_xact_lock(%s, key)) FROM unnest(%s::int[]) AS key", [CLASS, list(keys)]
        )
        return bool(cursor.fetchone()[0])


def wait_for_folding() -> None:
    """Wait until nobody folds, and keep everybody from folding until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLASS, FOLDING])
