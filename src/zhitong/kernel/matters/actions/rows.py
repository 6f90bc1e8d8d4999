"""Rows as they are written, and the statements of the idempotency keys: the one place that knows their columns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from zhitong.base import hashing
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import plain

from ..choices import TaskRole, TaskState
from ..models import Clock, Matter

MATTER = (
    "id", "number", "kind", "subkind_id", "stage", "round", "title", "text", "address", "lon", "lat", "division_id",
    "area_id", "path", "category_id", "urgency", "channel", "lead_id", "reporter_id", "is_public", "is_paused", "returns",
    "outcome", "satisfaction", "tracking", "opened_by", "opened_at", "stage_at", "closed_at", "due_at", "grade", "version",
)  # fmt: skip
CLOCK = (
    "id", "matter_id", "slug", "round", "state", "calendar_id", "amount", "unit", "basis", "basis_en", "moderate_percent",
    "severe_percent", "started_at", "pauses", "extensions", "warn_at", "due_at", "is_provisional", "grade", "next_at",
    "stopped_at",
)  # fmt: skip
TASK = ("id", "matter_id", "organ_id", "role", "state", "round", "is_binding", "brief", "sent_at")
PARTICIPANT = ("id", "matter_id", "person_id", "part", "joined_at")
TEXTS = {"urgency", "channel", "grade", "state", "stage", "kind"}


def matter_row(matter: Matter) -> tuple[Any, ...]:
    """Values in the order of ``MATTER``."""
    return tuple(str(getattr(matter, c)) if c in TEXTS else getattr(matter, c) for c in MATTER)


def lead_row(matter: Matter) -> tuple[Any, ...]:
    """The share of the organ with which a matter begins, in the order of ``TASK``."""
    return uuid7(), matter.pk, matter.lead_id, str(TaskRole.LEAD), str(TaskState.OPEN), 1, False, "", matter.opened_at


def clock_row(clock: Clock) -> tuple[Any, ...]:
    """Values in the order of ``CLOCK``."""
    return tuple(
        msgspec.Raw(msgspec.json.encode(getattr(clock, c)))
        if c in ("pauses", "extensions")
        else str(getattr(clock, c))
        if c in TEXTS
        else getattr(clock, c)
        for c in CLOCK
    )


def digest_of(opening: Any) -> bytes:
    """Digest of everything a sender said, without the key and the code that follows from it."""
    said = {name: getattr(opening, name) for name in opening.__slots__ if name not in ("key", "code")}
    if opening.reporter is not None:
        said["reporter"] = {name: getattr(opening.reporter, name) for name in opening.reporter.__slots__}
    return hashing.chain(None, hashing.canonical(plain(said)))


def claim(keys: Sequence[tuple[str, bytes, UUID]]) -> set[str]:
    """Write the keys that are not there yet; those written.  Waits for a transaction that is writing the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matters_idempotencykey (key, digest, matter_id) "
            "SELECT * FROM unnest(%s::text[], %s::bytea[], %s::uuid[]) AS t(key, digest, matter) ORDER BY key "
            "ON CONFLICT DO NOTHING RETURNING key",
            [[k for k, _d, _m in keys], [d for _k, d, _m in keys], [m for _k, _d, m in keys]],
        )
        return {key for (key,) in cursor.fetchall()}


def known_keys(keys: Sequence[str]) -> dict[str, tuple[bytes, UUID, str]]:
    """Digest, matter and number under each known key."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.key, k.digest, m.id, m.number FROM matters_idempotencykey k JOIN matters_matter m ON m.id = k.matter_id "
            "WHERE k.key = ANY(%s)",
            [list(keys)],
        )
        return {key: (bytes(digest), matter_id, number) for key, digest, matter_id, number in cursor.fetchall()}
