"""Reads that may be some seconds late go to a replica, where there is one.

What may be late says so: ``@may_be_late`` on a function that only reads.  Everything else, and all that is asked inside a
transaction, comes from the primary; so do accounts, rights and sessions, and what processes keep in memory.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.utils import timezone

from .away import is_away

P = ParamSpec("P")
T = TypeVar("T")
REPLICA = "replica"
LEAVE_ALONE = 5.0  # seconds for which a replica that failed is not asked
NOT_NEW = timedelta(seconds=15)  # from here on a page says as of when it speaks
OWN = {"accounts", "sessions", "axes", "auth"}  # who may what is never late

log = logging.getLogger("zhitong.replica")
_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)
_ask_again = 0.0


class Router:
    """Django asks it where each query goes."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The replica inside what may be late."""
        return None if model._meta.app_label in OWN else alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Always the primary, also for what was read from the replica."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica follows by itself."""
        return db == DEFAULT_DB_ALIAS


def alias() -> str:
    """Where a statement of one's own (``connections[alias()].cursor()``) reads."""
    return DEFAULT_DB_ALIAS if _as_of.get() is None or connection.in_atomic_block else REPLICA


def late_since() -> datetime | None:
    """As of when what is being read holds, where that is long enough ago to be said; else None."""
    as_of = _as_of.get()
    return as_of if as_of is not None and timezone.now() - as_of > NOT_NEW else None


@contextmanager
def on_primary() -> Iterator[None]:
    """Inside, everything comes from the primary, whatever is around it."""
    token = _as_of.set(None)
    try:
        yield
    finally:
        _as_of.reset(token)


def may_be_late(read: Callable[P, T]) -> Callable[P, T]:
    """The function only reads, and what it finds may be up to ``settings.REPLICA_LATEST`` seconds old.

    The primary answers where there is no replica, where it is away or too late, and where it fails on the way: the function
    is then run once more.  Rows must be fetched inside; a queryset that is given back is fetched from the primary.
    """

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        as_of = _held_up_to()
        if as_of is None:
            return read(*args, **kwargs)
        token = _as_of.set(as_of)
        try:
            return read(*args, **kwargs)
        except Error as error:
            if not is_away(error):
                raise
            _leave_alone(error)
        finally:
            _as_of.reset(token)
        return read(*args, **kwargs)

    return reading


def _held_up_to() -> datetime | None:
    """The moment up to which the replica holds everything; None where the primary must answer."""
    if REPLICA not in connections.databases or monotonic() < _ask_again or connection.in_atomic_block:
        return None
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT at FROM events_pulse")
            row = cursor.fetchone()
    except Error as error:
        _leave_alone(error)
        return None
    as_of: datetime | None = row[0] if row else None
    if as_of is None or not -NOT_NEW < timezone.now() - as_of < timedelta(seconds=settings.REPLICA_LATEST):
        return None  # or a clock is wrong
    return as_of


def _leave_alone(error: Exception) -> None:
    global _ask_again
    _ask_again = monotonic() + LEAVE_ALONE
    connections[REPLICA].close()
    log.warning("the replica does not answer, the primary does: %s", str(error).strip())
