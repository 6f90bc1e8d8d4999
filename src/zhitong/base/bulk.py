"""Rows into PostgreSQL by COPY: the same speed class for one row and for a hundred thousand."""

from collections.abc import Iterable, Sequence
from typing import Any


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` (plain values in the order of ``columns``) into ``table``; names come from code, never from input.

    JSON values are passed as text.  Runs in the caller's transaction; constraints and triggers apply as for INSERT.
    """
    names = ", ".join(f'"{c}"' for c in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
