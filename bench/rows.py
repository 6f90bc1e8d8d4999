"""Everything that raising an appeal writes, as statements for pgbench: read back from the tables, not written down here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

# Values that must differ from row to row, besides the ids; %s is a text that does, {row} the place in the script.
UNIQUE = {
    ("matters_matter", "number"): "lpad(%s, 15, '0')",
    ("matters_idempotencykey", "key"): "rpad(%s, 40, 'k')",
    ("register_person", "identity"): "substring(sha256((%s)::bytea), 1, 20)",
    ("register_person", "citizen_id_blind"): "substring(sha256((%s)::bytea), 1, 20)",
    ("papers_paper", "number"): "lpad(%s, 15, '0') || '-{row}'",
    ("papers_paper", "code"): "sha256((%s || '-{row}')::bytea)",
    ("reviews_service", "digest"): "substring(sha256((%s)::bytea), 1, 20)",
    ("register_contact", "blind"): "substring(sha256((%s)::bytea), 1, 20)",
}
# Above every id the product makes, so that the rows go to the end of each index, as the product's do.
SERIAL = "to_hex(:n::bigint * 64 + :client_id)"
ID = "('f' || lpad({serial}, 15, '0') || '{place:016x}')::uuid"


@dataclass(frozen=True)
class Row:
    """One row as written: its values as PostgreSQL spells them."""

    table: str
    values: Mapping[str, tuple[str, str | None]]  # column: (type, text)
    id: str | None


def _tables() -> dict[str, list[tuple[str, str]]]:
    """Columns and their types by table, in the order of foreign keys as far as it matters: none is checked before commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum"
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, type_ in cursor.fetchall():
            found.setdefault(table, []).append((column, type_))
        return found


def written_by(write: Callable[[], object]) -> list[Row]:
    """The rows that ``write`` leaves behind, in every table.  Nobody else may be writing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (before,) = cursor.fetchone()
    write()
    return [row for table, columns in _tables().items() for row in _new_rows(table, columns, before)]


def _new_rows(table: str, columns: list[tuple[str, str]], before: int) -> list[Row]:
    texts = ", ".join(f'"{name}"::text' for name, _type in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {texts} FROM "{table}" WHERE xmin::text::bigint > %s', [before])  # noqa: S608
        rows = cursor.fetchall()
    return [
        Row(table, {n: (t, text) for (n, t), text in zip(columns, row, strict=True)}, _own_id(columns, row))
        for row in rows
    ]


def _own_id(columns: list[tuple[str, str]], row: tuple[str | None, ...]) -> str | None:
    return next(
        (text for (name, type_), text in zip(columns, row, strict=True) if name == "id" and type_ == "uuid"), None
    )


def script(rows: list[Row], now: datetime) -> str:
    """A pgbench script that writes such rows in one transaction, with ids of its own."""
    places = {row.id: place for place, row in enumerate(rows, start=1) if row.id}
    inserts = [_insert(row, place, places, now) for place, row in enumerate(rows)]
    serials = "SELECT nextval('matters_serial');"  # the number of a matter costs this too
    return "\n".join(["\\set n :n + 1", "BEGIN;", serials, *inserts, "COMMIT;", ""])


def _insert(row: Row, place: int, places: Mapping[str, int], now: datetime) -> str:
    names = ", ".join(f'"{name}"' for name in row.values)
    values = ", ".join(
        _unique(row.table, name, place) if (row.table, name) in UNIQUE and value[1] else _value(*value, places, now)
        for name, value in row.values.items()
    )
    return f'INSERT INTO "{row.table}" ({names}) VALUES ({values});'  # noqa: S608 - read from the tables themselves


def _unique(table: str, column: str, place: int) -> str:
    return (UNIQUE[table, column] % SERIAL).replace("{row}", str(place))


def _value(type_: str, text: str | None, places: Mapping[str, int], now: datetime) -> str:
    if text is None:
        return "NULL"
    if text in places:
        return ID.format(serial=SERIAL, place=places[text])
    if type_ == "timestamp with time zone" and abs(datetime.fromisoformat(text) - now) < timedelta(minutes=5):
        return "now()"
    return f"{_quoted(text)}::{type_}"


def _quoted(text: str) -> str:
    """A literal without a colon before a letter or a backslash, which pgbench would read as its own."""
    return "U&'" + re.sub(r"[:\\]|[^\x20-\x7e]", _escaped, text).replace("'", "''") + "'"


def _escaped(found: re.Match[str]) -> str:
    return f"\\+{ord(found[0]):06x}"
