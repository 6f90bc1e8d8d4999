"""Daily seals: once a day is over, nothing can be slipped in or taken out without being seen."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from zhitong.base import hashing

from .. import rules
from ..models import Event, Seal
from ..queries import day_hashes


def seal_day(day: date) -> Seal | None:
    """Seal one finished day; None while a transaction that began on that day may still be writing.

    ``recorded_at`` is the start of the writing transaction, so once no transaction older than midnight runs, the
    day's events are complete.
    """
    start, end = rules.bounds(day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('events.seal', 0))")
        cursor.execute("SELECT now() < %s OR EXISTS (SELECT 1 FROM pg_stat_activity WHERE xact_start < %s)", [end, end])
        if cursor.fetchone()[0]:
            return None
        if existing := Seal.objects.filter(day=day).first():
            return existing
        last = Seal.objects.filter(day__lt=day).order_by("-day").first()
        hashes = day_hashes(start, end)
        root = hashing.merkle_root(hashes)
        prev = bytes(last.hash) if last else None
        digest = rules.seal_hash(prev, day.isoformat(), len(hashes), root)
        return Seal.objects.create(day=day, count=len(hashes), root=root, prev=prev, hash=digest)


def seal_finished_days() -> int:
    """Seal every finished day that has events and no seal, oldest first; how many were sealed."""
    today = timezone.now().astimezone(rules.SHANGHAI).date()
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        first = Event.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
        if first is None:
            return 0
        day = first.astimezone(rules.SHANGHAI).date()
    else:
        day = last + timedelta(days=1)
    sealed = 0
    while day < today:
        if seal_day(day) is None:
            break
        sealed, day = sealed + 1, day + timedelta(days=1)
    return sealed
