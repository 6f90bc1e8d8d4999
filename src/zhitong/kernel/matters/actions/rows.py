"""Rows as they are made and written, and the statements of the idempotency keys: the one place that knows their columns."""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from zhitong.base import hashing
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import plain
from zhitong.kernel.register.public import NewPerson

from ..choices import TaskRole, TaskState
from ..models import Matter

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
TEXTS, LISTS = {"urgency", "channel", "grade", "state", "stage", "kind"}, {"pauses", "extensions"}
M = TypeVar("M", bound=Model)


def made(model: type[M], **values: Any) -> M:
    """An instance that is not saved, as ``model(**values)`` by the names of columns, for thousands: nothing is looked at, no
    signal is sent.  A tenth of what opening many cost went into looking."""
    found = model.__new__(model)
    fixed, fresh = _defaults(model)
    found.__dict__ = {"_state": ModelState(), **fixed, **values}
    for name, make in fresh:
        if name not in values:
            found.__dict__[name] = make()
    return found


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What a column holds that nothing is said of, and what makes it where each row has its own."""
    fields = model._meta.concrete_fields
    own = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
    return {f.attname: f.get_default() for f in fields if f.attname not in own}, list(own.items())


def _row(columns: Sequence[str]) -> Callable[[Model], list[Any]]:
    """Reads the values of an instance in this order, as they are written."""
    values = itemgetter(*columns)
    texts = [place for place, name in enumerate(columns) if name in TEXTS]
    lists = [place for place, name in enumerate(columns) if name in LISTS]
    paths = [place for place, name in enumerate(columns) if name == "path"]

    def read(instance: Model) -> list[Any]:
        row = list(values(instance.__dict__))
        for place in texts:
            row[place] = str(row[place])
        for place in lists:
            row[place] = msgspec.Raw(msgspec.json.encode(row[place]))
        for place in paths:
            row[place] = _array(tuple(row[place]))
        return row

    return read


@lru_cache(maxsize=10_000)
def _array(ids: tuple[UUID, ...]) -> str:
    """PostgreSQL's spelling of a path: thousands of matters lie on few."""
    return f"{{{','.join(map(str, ids))}}}"


matter_row, clock_row = _row(MATTER), _row(CLOCK)


def lead_row(matter: Matter) -> tuple[Any, ...]:
    """The share of the organ with which a matter begins, in the order of ``TASK``."""
    return uuid7(), matter.pk, matter.lead_id, str(TaskRole.LEAD), str(TaskState.OPEN), 1, False, "", matter.opened_at


def digest_of(opening: Any) -> bytes:
    """Digest of everything a sender said, without the key and the code that follows from it."""
    said = {name: getattr(opening, name) for name in opening.__slots__ if name not in ("key", "code")}
    if opening.reporter is not None:
        said["reporter"] = {name: getattr(opening.reporter, name) for name in NewPerson.__slots__}
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
