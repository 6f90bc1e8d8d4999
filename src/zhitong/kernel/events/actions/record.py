"""Appending to the log."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from msgspec import Raw

from zhitong.base import hashing
from zhitong.base.bulk import write_rows
from zhitong.base.identifiers import uuid7

from .. import rules
from .change import Head, known_heads, remember_heads

COLUMNS = (
    "id", "stream", "stream_kind", "seq", "kind", "at", "by_account", "by_post", "by_label", "data", "prev", "hash",
)  # fmt: skip
LOCK_AND_LOOK = (
    "SELECT pg_advisory_xact_lock(hashtextextended(s::text, 0)) FROM unnest(%s::uuid[]) AS s; "
    "SELECT w.s, e.seq, e.hash FROM unnest(%s::uuid[]) AS w(s) CROSS JOIN LATERAL "
    "(SELECT seq, hash FROM events_event WHERE stream = w.s ORDER BY seq DESC LIMIT 1) AS e"
)


class By(Protocol):
    """Who did it: an account acting through a post, or a label for residents and the system itself."""

    @property
    def account_id(self) -> UUID | None: ...
    @property
    def post_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...


@dataclass(slots=True)
class Happening:
    """An event about to be written.  ``is_first`` says that the stream is new, which saves a lock and a look; ``about`` is the row it
    tells of as the action has it in hand, for subscribers that would have to read it again."""

    kind: str
    stream: UUID
    stream_kind: str
    at: datetime
    by: By
    data: dict[str, Any]
    is_first: bool = False
    id: UUID = field(default_factory=uuid7)
    seq: int = 0
    about: Any = None


Subscriber = Callable[[Sequence[Happening]], None]
_subscribers: list[tuple[Subscriber, tuple[str, ...] | None]] = []


def subscribe(handler: Subscriber, *, kinds: Sequence[str] | None = None) -> None:
    """Call ``handler`` with each written batch, inside its transaction; ``kinds`` are exact kinds or prefixes ("appeal.")."""
    _subscribers.append((handler, tuple(kinds) if kinds is not None else None))


def record_many(happenings: Sequence[Happening]) -> Sequence[Happening]:
    """Append in order, chain each stream, tell the subscribers.  Must run inside the change's own transaction.

    Locks each existing stream until commit, in the order of their ids, so that two writers of many streams cannot
    wait for each other.
    """
    if not happenings:
        return happenings
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events are written with the change they tell of: open a transaction first")
    heads = _heads({h.stream for h in happenings if not h.is_first})
    rows = [_row(h, heads) for h in happenings]
    remember_heads(heads)
    with connection.cursor() as cursor:
        write_rows(cursor, "events_event", COLUMNS, rows)
    for handler, kinds in _subscribers:
        batch = happenings if kinds is None else [h for h in happenings if h.kind.startswith(kinds)]
        if batch:
            handler(batch)
    return happenings


def _heads(streams: Set[UUID]) -> dict[UUID, Head]:
    """Last number and hash of each stream, locked."""
    found = known_heads(streams)
    if wanted := sorted(streams - found.keys()):
        with connection.cursor() as cursor:
            cursor.execute(LOCK_AND_LOOK, [wanted, wanted])
            cursor.nextset()  # a statement of its own, and therefore a look at what is there once the lock is held
            found |= {stream: (seq, bytes(digest)) for stream, seq, digest in cursor.fetchall()}
    return found


def _row(h: Happening, heads: dict[UUID, Head]) -> tuple[Any, ...]:
    seq, prev = heads.get(h.stream, (0, None))
    h.seq = seq + 1
    h.data = rules.plain(h.data)
    data = hashing.canonical(h.data)
    by = (h.by.account_id, h.by.post_id, h.by.label)
    content = rules.content(
        stream=h.stream, stream_kind=h.stream_kind, seq=h.seq, kind=h.kind, at=h.at, by=by, data=data
    )
    digest = hashing.chain(prev, content)
    heads[h.stream] = (h.seq, digest)
    return (h.id, h.stream, h.stream_kind, h.seq, h.kind, h.at, *by, Raw(data), prev, digest)
