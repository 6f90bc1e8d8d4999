"""Tables that stay open between two portions of their rows: whoever goes on in the same process finds one where it was left."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar
from uuid import UUID

from .tables import Table, read_table


@dataclass(kw_only=True)
class Reading:
    """A table that is open; ``position`` is the row behind which it stands, kept by whoever takes the rows."""

    table: Table
    position: int = 0
    stack: ExitStack = field(default_factory=ExitStack)


R = TypeVar("R", bound=Reading)


class Readings(Generic[R]):
    """The tables that this process has open, by the import they belong to."""

    def __init__(self, begin: Callable[[Table], R]) -> None:
        """``begin`` makes a reading of a table that was just opened, or raises: then the file is closed again."""
        self._begin, self._open = begin, dict[UUID, R]()

    def stands(self, run_id: UUID, position: int) -> bool:
        """Whether the table is open and stands behind that row."""
        found = self._open.get(run_id)
        return found is not None and found.position == position

    def behind(self, run_id: UUID, position: int, path: Path, is_left: Callable[[int], bool] | None = None) -> R:
        """The table, behind that row; opened anew where it is not open or stands elsewhere.

        ``is_left`` says which rows are still to be taken, where it is not simply all that come behind.
        """
        if self.stands(run_id, position):
            return self._open[run_id]
        self.close(run_id)
        with ExitStack() as stack:
            table = stack.enter_context(read_table(path))
            reading = self._begin(table)
            reading.stack, reading.position = stack.pop_all(), position
        wanted = is_left or position.__lt__
        reading.table = Table(table.headings, (row for row in table.rows if wanted(row[0])))
        self._open[run_id] = reading
        return reading

    def close(self, run_id: UUID) -> None:
        """Let go of it."""
        if reading := self._open.pop(run_id, None):
            reading.stack.close()
