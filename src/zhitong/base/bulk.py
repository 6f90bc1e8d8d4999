"""Rows into PostgreSQL, one or a hundred thousand, by as few statements and messages as can be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Raw

FEW = 200  # rows; up to here one JSON text is cheaper than COPY, which takes three messages

_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_together: WeakKeyDictionary[Any, list[tuple[str, str]]] = WeakKeyDictionary()


def write_rows(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, tail: str = ""
) -> None:
    """Write ``rows`` into ``table``: a few by ``insert_rows``, many by ``copy_rows``.  JSON values are ``msgspec.Raw``."""
    rows = iter(rows)
    few = list(islice(rows, FEW + 1))
    if len(few) > FEW and not tail:
        copy_rows(cursor, table, columns, chain(few, rows))
    elif few:
        insert_rows(cursor, table, columns, chain(few, rows), tail=tail)


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` (plain values in the order of ``columns``) into ``table`` by COPY; names come from code, never from input.

    For any number, in flat memory.  JSON values are passed as text or ``msgspec.Raw``.  Runs in the caller's transaction;
    constraints and triggers apply as for INSERT.
    """
    _send(cursor)
    names = ", ".join(f'"{c}"' for c in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row if Raw not in map(type, row) else _texts(row))


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
    given = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    send(cursor, into, given, may_wait="RETURNING" not in tail)


def update_rows(
    cursor: Any,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    key: str = "id",
    in_order: bool = True,
) -> None:
    """Write ``rows`` over those of the same ``key``, which is among ``columns``: by a prepared UPDATE each, for a few, or by one for
    all where their order does not matter.  Names come from code, never from input; values as for ``insert_rows``."""
    values = ", ".join(f'"{c}" = given."{c}"' for c in columns if c != key)
    given = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    over = f'UPDATE "{table}" AS old SET {values} FROM {{}}(NULL::"{table}", $1) AS given WHERE old."{key}" = given."{key}"'  # noqa: S608 - names from code
    if len(given) > 1 and not in_order:
        send(cursor, over.format("json_populate_recordset"), given)
        return
    for row in given:
        send(cursor, over.format("json_populate_record"), row)


def send(cursor: Any, statement: str, value: Any, *, may_wait: bool = True) -> None:
    """Execute a statement that takes ``value`` as one JSON text, ``$1``, prepared; inside ``together`` it may wait, and is executed
    in its turn: nothing can be read from it then."""
    name, given = _name(cursor, statement), msgspec.json.encode(value).decode()
    waiting = _together.get(cursor.connection)
    if waiting is not None and may_wait:
        waiting.append((name, given))
    else:
        cursor.execute(f"EXECUTE {name}(%s)", [given])


def _texts(row: Sequence[Any]) -> list[Any]:
    return [bytes(value).decode() if type(value) is Raw else value for value in row]


@contextmanager
def together(connection: Any) -> Iterator[None]:
    """Inside, what is inserted or updated here through ``connection`` (Django's) waits, and goes to PostgreSQL in one message: together with
    what is asked of it next, before that, and at the end.  Whatever is wrong with a row is therefore told later, at the latest
    at the end.  Where it fails, what waits is forgotten: the transaction must be the caller's own.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw in _together:  # the outermost decides
        yield
        return
    _together[raw] = []
    try:
        with connection.execute_wrapper(_send_first):
            yield
            with connection.cursor() as cursor:
                _send(cursor)
    finally:
        del _together[raw]


def _send_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """What waits, and then the statement: in one message, but where the statement cannot share one."""
    waiting = _together.get(context["connection"].connection)
    if not waiting:
        return execute(sql, params, many, context)
    if sql.startswith("ROLLBACK TO"):  # all that waits came after the savepoint, which sent what waited before
        waiting.clear()
        return execute(sql, params, many, context)
    cursor = context["cursor"].cursor
    if many or isinstance(params, dict) or hasattr(cursor, "name"):  # a cursor that PostgreSQL holds has a name
        with context["connection"].cursor() as another:
            _send(another)
        return execute(sql, params, many, context)
    first, given = _taken(waiting)
    own = sql.replace("%", "%%") if params is None else sql
    found = execute("; ".join([*first, own]), [*given, *(params or ())], many, context)
    for _ in first:
        cursor.nextset()
    return found


def _send(cursor: Any) -> None:
    if waiting := _together.get(cursor.connection):
        statements, given = _taken(waiting)
        cursor.execute("; ".join(statements), given)


def _taken(waiting: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """What waits, as statements and their parameters; it waits no longer."""
    taken = waiting[:]
    waiting.clear()
    return [f"EXECUTE {name}(%s)" for name, _given in taken], [given for _name, given in taken]


def _plain(value: Any) -> Any:
    return "\\x" + value.hex() if type(value) is bytes else value


def _name(cursor: Any, statement: str) -> str:
    """The name under which this connection has prepared the statement, now or before."""
    names = _prepared.setdefault(cursor.connection, {})
    if statement not in names:
        name = f"bulk_{len(names)}"
        cursor.execute(f"PREPARE {name}(json) AS {statement}")
        names[statement] = name
    return names[statement]
