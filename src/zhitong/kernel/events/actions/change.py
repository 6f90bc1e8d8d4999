"""A change of several steps that is done whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from zhitong.base.bulk import together

from ..queries.kept import one_view

Head = tuple[int, bytes | None]
# The last number and hash of a stream that this change has locked or begun, and the savepoints inside which it did.
_heads: ContextVar[dict[UUID, tuple[Head, list[str]]] | None] = ContextVar("heads", default=None)


@contextmanager
def one_change() -> Iterator[None]:
    """A transaction that sees one version of everything the process keeps, sends what it writes with what it asks next, and knows
    the ends of the streams to which it has written.

    Inside another one it is a part of that, without a savepoint: whoever goes on although something inside has failed puts
    a ``transaction.atomic()`` of their own around it.
    """
    if _heads.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    token = _heads.set({})
    try:
        with transaction.atomic(), one_view(), together(connection):
            yield
    finally:
        _heads.reset(token)


def known_heads(streams: Iterable[UUID]) -> dict[UUID, Head]:
    """The ends of those streams that need not be looked up: nobody else can have written to them.  What was done inside a savepoint
    that is over is not known: it may have been undone."""
    known, inside = _heads.get() or {}, _savepoints()
    found = {stream: known[stream] for stream in streams if stream in known}
    return {stream: head for stream, (head, when) in found.items() if inside[: len(when)] == when}


def remember_heads(heads: Mapping[UUID, Head]) -> None:
    """Where streams end by now."""
    known, inside = _heads.get(), _savepoints()
    if known is not None:
        known.update({stream: (head, inside) for stream, head in heads.items()})


def _savepoints() -> list[str]:
    """Those inside which we are; no name comes twice on a connection."""
    return [name for name in connection.savepoint_ids if name]
