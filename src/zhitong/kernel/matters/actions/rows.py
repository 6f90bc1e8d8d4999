"""Rows as they are made and written, and the statements of the idempotency keys: the one place that knows their columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from zhitong.base import hashing
from zhitong.base.bulk import update_rows, write_rows
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import plain
from zhitong.kernel.register.public import NewPerson

from ..choices import TaskRole, TaskState
from ..models import Clock, Matter, Record, Task

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
TASK = (
    "id", "matter_id", "organ_id", "role", "state", "assignee_id", "round", "is_binding", "brief", "sent_at", "ended_at",
)  # fmt: skip
RECORD = (
    "id", "matter_id", "event", "action", "stage", "round", "organ_id", "data", "digest", "is_public", "at", "by_label",
)  # fmt: skip
PARTICIPANT = ("id", "matter_id", "person_id", "part", "joined_at")
TEXTS, JSON = (
    {"urgency", "channel", "grade", "state", "stage", "kind", "role", "unit"},
    {"pauses", "extensions", "data"},
)
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
    json = [place for place, name in enumerate(columns) if name in JSON]
    paths = [place for place, name in enumerate(columns) if name == "path"]

    def read(instance: Model) -> list[Any]:
        row = list(values(instance.__dict__))
        for place in texts:
            row[place] = str(row[place])
        for place in json:
            row[place] = msgspec.Raw(msgspec.json.encode(row[place]))
        for place in paths:
            row[place] = _array(tuple(row[place]))
        return row

    return read


@lru_cache(maxsize=10_000)
def _array(ids: tuple[UUID, ...]) -> str:
    """PostgreSQL's spelling of a path: thousands of matters lie on few."""
    return f"{{{','.join(map(str, ids))}}}"


@lru_cache(maxsize=200)
def _reader(columns: Sequence[str]) -> Callable[[Model], list[Any]]:
    return _row(columns)


matter_row, clock_row, task_row, record_row = _row(MATTER), _row(CLOCK), _row(TASK), _row(RECORD)


@dataclass(frozen=True, slots=True)
class Asked(Generic[M]):
    """Rows of ``model`` by a statement's end that is written out, with its values: the query builder costs several times what
    PostgreSQL does for a few rows by their key."""

    model: type[M]
    which: str
    values: tuple[Any, ...]


def fetched(*asked: Asked[Any]) -> list[list[Any]]:
    """The instances of each, in one message.  Each statement sees what is there when its turn comes: once the one before holds its locks."""
    statements = [f"{_select(one.model)} {one.which}" for one in asked]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), [value for one in asked for value in one.values])
        found = []
        for one in asked:
            found.append(_instances(one.model, cursor.fetchall()))
            cursor.nextset()
    return found


def _select(model: type[Model]) -> str:
    return _reading(model)[2]


def _instances(model: type[M], rows: Iterable[Sequence[Any]]) -> list[M]:
    names, converters, _select = _reading(model)
    found = [made(model, **dict(zip(names, row, strict=True))) for row in rows]
    for one in found:
        one._state.adding, one._state.db = False, connection.alias
        for name, convert in converters:
            one.__dict__[name] = convert(one.__dict__[name], None, connection)
    return found


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple[str, Callable[..., Any]]], str]:
    """The names of the columns, what turns those that need it into values, and the statement that reads them."""
    fields = model._meta.concrete_fields
    converters = [(f.attname, convert) for f in fields for convert in f.get_db_converters(connection)]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    return [f.attname for f in fields], converters, f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608 - names of ours


def write_parts(parts: Sequence[Iterable[Clock | Task]], records: Iterable[Record]) -> None:
    """Write what actions made or changed of each matter: what was there before first, since it may make room for what is new."""
    found = [one for mine in parts for one in mine]
    with connection.cursor() as cursor:
        for model, columns, row in ((Clock, CLOCK, clock_row), (Task, TASK, task_row)):
            mine = [one for one in found if isinstance(one, model)]
            table = model._meta.db_table
            update_rows(
                cursor, table, columns, [row(one) for one in mine if not one._state.adding], in_order=len(parts) == 1
            )
            write_rows(cursor, table, columns, (row(one) for one in mine if one._state.adding))
        write_rows(cursor, "matters_record", RECORD, map(record_row, records))


def write_changes(changed: Iterable[tuple[Matter, Iterable[str]]]) -> None:
    """Write these columns of each matter, which is locked."""
    by_columns: dict[tuple[str, ...], list[list[Any]]] = {}
    for matter, names in changed:
        columns = ("id", *sorted(names))
        by_columns.setdefault(columns, []).append(_reader(columns)(matter))
    with connection.cursor() as cursor:
        for columns, found in by_columns.items():
            update_rows(cursor, "matters_matter", columns, found, in_order=False)


def lead_task(matter: Matter) -> Task:
    """The share of the organ with which a matter begins (not saved)."""
    return made(
        Task, id=uuid7(), matter_id=matter.pk, organ_id=matter.lead_id, role=TaskRole.LEAD, state=TaskState.OPEN, sent_at=matter.opened_at,
    )  # fmt: skip


def digest_of(opening: Any) -> bytes:
    """Digest of everything a sender said, without the key and the code that follows from it, and who that turned out to be."""
    said = {name: getattr(opening, name) for name in opening.__slots__ if name not in ("key", "code", "found")}
    if opening.reporter is not None:
        said["reporter"] = {name: getattr(opening.reporter, name) for name in NewPerson.__slots__}
    return hashing.chain(None, hashing.canonical(plain(said)))


CLAIM = (
    "INSERT INTO matters_idempotencykey (key, digest, matter_id) "
    "SELECT * FROM unnest(%s::text[], %s::bytea[], %s::uuid[]) AS t(key, digest, matter) ORDER BY key "
    "ON CONFLICT DO NOTHING RETURNING key"
)
SERIAL = "nextval('matters_serial')"


def claim(keys: Sequence[tuple[str, bytes, UUID]]) -> set[str]:
    """Write the keys that are not there yet; those written.  Waits for a transaction that is writing the same one."""
    return {key for (key,) in _claimed(CLAIM, keys)}


def claim_with_serials(keys: Sequence[tuple[str, bytes, UUID]]) -> dict[str, int]:
    """``claim``, and a serial for the number of each matter whose key is new."""
    return dict(_claimed(f"WITH claimed AS ({CLAIM}) SELECT key, {SERIAL} FROM claimed", keys))  # noqa: S608 - written above


def _claimed(statement: str, keys: Sequence[tuple[str, bytes, UUID]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [[k for k, _d, _m in keys], [d for _k, d, _m in keys], [m for _k, _d, m in keys]]
        )  # fmt: skip
        return list(cursor.fetchall())


def serials(many: int) -> list[int]:
    """So many for the numbers of matters."""
    if not many:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SERIAL} FROM generate_series(1, %s)", [many])  # noqa: S608 - written above
        return [serial for (serial,) in cursor.fetchall()]


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
