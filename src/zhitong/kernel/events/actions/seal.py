"""Seals: once a day is over, nothing can be slipped in or taken out without being seen.

What a seal covers is a matter of books, not of clocks: every event carries the number of the book that was open when it was
written.  A clock only says when it is time to open the next one.  Whatever a clock does, no event can come into a book that
is closed, and every book that is closed is sealed.
"""

from time import monotonic

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from zhitong.base import hashing

from .. import rules
from ..models import Event, Seal

# Books are looked for by their small index, whatever the planner thinks of it.
BEGIN = "SET LOCAL enable_seqscan = off; SELECT pg_advisory_xact_lock(hashtextextended('events.seal', 0))"
# Whether the open book was begun on another day: an earlier one or, after the clock was set back, a later one.
IS_OVER = """
SELECT (SELECT (recorded_at AT TIME ZONE 'Asia/Shanghai')::date FROM events_event
        WHERE book = (SELECT pg_sequence_last_value('events_book')) LIMIT 1) <> (now() AT TIME ZONE 'Asia/Shanghai')::date"""
# The transactions of this database that run now; none that is still to come has the name of one of them.
RUNNING = """
SELECT virtualtransaction FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'virtualxid' AND datname = current_database() AND pid <> pg_backend_pid()"""


def seal_finished_days(*, patience: float = 5.0) -> int:
    """Open the next book when the day of the open one is over, and seal what is closed; how many seals were made: 0 or 1.

    Waits up to ``patience`` seconds for transactions that may still write into a closed book; where one takes longer,
    nothing is sealed now, and the next round tries again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN)
        cursor.execute(IS_OVER)
        if cursor.fetchone()[0]:
            cursor.execute("SELECT nextval('events_book')")  # from now on every writer writes into that one
        cursor.execute("SELECT pg_sequence_last_value('events_book')")
        open_book: int = cursor.fetchone()[0]
        if not _closed(open_book).exists():
            return 0
    return int(_is_quiet(patience) and _seal(open_book))


def _closed(open_book: int) -> QuerySet[Event]:
    """Events of books before this one that are not sealed."""
    sealed = Seal.objects.aggregate(last=Max("number"))["last"] or 0
    return Event.objects.filter(book__gt=sealed, book__lt=open_book)


def _is_quiet(patience: float) -> bool:
    """Wait until every transaction that runs at the beginning is over, and all they wrote can be seen."""
    until, waiting = monotonic() + patience, _running()
    while waiting:
        if monotonic() > until:
            return False
        waiting &= _running(after=0.05)
    return True


def _running(*, after: float = 0.0) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [after])
        cursor.execute(RUNNING)
        return {name for (name,) in cursor.fetchall()}


def _seal(open_book: int) -> bool:
    """Seal all that was closed before that book; False when another worker did it meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN)
        rows = list(_closed(open_book).order_by("book", "id").values_list("hash", "book", "recorded_at"))
        if not rows:
            return False
        hashes, books, moments = zip(*rows, strict=True)
        last = Seal.objects.order_by("-number").first()
        prev = bytes(last.hash) if last else None
        day = min(moments).astimezone(rules.SHANGHAI).date()
        root = hashing.merkle_root([bytes(one) for one in hashes])
        digest = rules.seal_hash(prev, day.isoformat(), len(hashes), root)
        Seal.objects.create(number=max(books), day=day, count=len(hashes), root=root, prev=prev, hash=digest)
        return True
