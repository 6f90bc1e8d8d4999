"""Facts are written with their event, in its transaction."""

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from zhitong.base.bulk import send, write_rows
from zhitong.kernel.events.public import Happening

from ..rules import measures
from . import locks

TABLE = "indicators_fact"
STALE = (
    "INSERT INTO indicators_staleday (id, day) SELECT gen_random_uuid(), day FROM indicators_rolledday "
    "WHERE day = ANY(SELECT given::date FROM json_array_elements_text($1) AS given)"
)
_latest = date.min


def keep_facts(happenings: Sequence[Happening]) -> None:
    """Write what these events contribute.  Subscribed to the log.

    Days before today may be folded already: they are marked, so that they are read from facts until folded again.
    """
    rows = [row for happening in happenings for row in measures.rows(happening)]
    if not rows:
        return
    if earlier := {row[0] for row in rows if row[0] < _today()}:
        mark(sorted(earlier))
    with connection.cursor() as cursor:
        write_rows(cursor, TABLE, measures.COLUMNS, rows)


def _today() -> date:
    """Today, or the latest day that was today to this process: while a clock is set back, every day before it may be folded."""
    global _latest
    _latest = max(_latest, measures.day_of(timezone.now()))
    return _latest


def mark(days: Sequence[date]) -> None:
    """Say that these days change: nobody folds them until commit, and what was folded of them is not read any more.

    A day that is not folded needs no mark: it cannot be folded before this transaction ends.  The statement begins
    after the lock is held, so it sees every fold that was before it.
    """
    locks.share(days)
    with connection.cursor() as cursor:
        send(cursor, STALE, list(days))
