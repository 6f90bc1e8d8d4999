"""Rows into PostgreSQL, one or a hundred thousand, by one statement."""

from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` (plain values in the order of ``columns``) into ``table`` by COPY; names come from code, never from input.

    For any number, in flat memory.  JSON values are passed as text.  Runs in the caller's transaction; constraints and
    triggers apply as for INSERT.
    """
    names = ", ".join(f'"{c}"' for c in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def insert_rows(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, tail: str = ""
) -> None:
    """Write ``rows`` into ``table`` by one prepared INSERT; names and ``tail`` ("ON CONFLICT …") come from code, never from input.

    All rows travel as one JSON text, which is cheaper to make and to send than parameters or COPY as long as there are
    at most some thousands.  JSON values are passed as they are, or as ``msgspec.Raw``.  What ``tail`` returns is left in
    the cursor.
    """
    names, rows_of = ", ".join(f'"{c}"' for c in columns), f'json_populate_recordset(NULL::"{table}", $1)'
    into = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {rows_of} {tail}'  # noqa: S608 - names from code
    given = msgspec.json.encode([dict(zip(columns, map(_plain, row), strict=True)) for row in rows])
    cursor.execute(f"EXECUTE {_name(cursor, into)}(%s)", [given.decode()])


def _plain(value: Any) -> Any:
    return "\\x" + value.hex() if type(value) is bytes else value


def _name(cursor: Any, statement: str) -> str:
    """The name under which this connection has prepared the statement, now or before."""
    names = _prepared.setdefault(cursor.connection, {})
    if statement not in names:
        name = f"insert_{len(names)}"
        cursor.execute(f"PREPARE {name}(json) AS {statement}")
        names[statement] = name
    return names[statement]
