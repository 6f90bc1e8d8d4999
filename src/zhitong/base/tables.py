"""Rows of a CSV or Excel file one after the other, in flat memory however long the file is."""

import csv
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from .text import formula_text

MOST_UNPACKED = 1 << 30
MOST_IN_A_CELL = 200_000
MOST_COLUMNS = 200
MOST_BLANK = 1_000  # blank rows in a row after which a sheet is taken to be over
LOOK_FOR_HEADING = 10
CHUNK = 1 << 20
# "<" in all parts of a workbook that is read at once: a full one has a million; a cell of four bytes takes three hundred to read
MOST_MARKS = 1_500_000

Row = tuple[int, list[str]]


class BadTable(ValueError):
    """A file that is no table; ``code``: empty, not_a_table, old_excel, too_large, broken (with ``row``)."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True, slots=True)
class Table:
    """The headings, and the rows below, each with the number a spreadsheet shows.  Empty rows are left out."""

    headings: list[str]
    rows: Iterator[Row]


@contextmanager
def read_table(path: Path) -> Iterator[Table]:
    """Open a table by what the file is, not by its name.  The headings are the first of the upper rows with two cells filled,
    so that a title above does no harm.  Rows may raise BadTable while they are read."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise BadTable("empty")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadTable("old_excel")
    with (_workbook if start.startswith(b"PK\x03\x04") else _csv)(path) as cells:
        yield _table(cells)


@contextmanager
def put_down(content: bytes) -> Iterator[Path]:
    """A file of what was sent, for as long as it is looked into."""
    with tempfile.NamedTemporaryFile(suffix=".table") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


def fits(archive: zipfile.ZipFile, most: int, most_marks: int = MOST_MARKS) -> bool:
    """Whether a workbook may be read at once: all of it unpacks to at most so many bytes, which the archive cannot understate, and
    elements."""
    if sum(entry.file_size for entry in archive.infolist()) > most:
        return False
    marks = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while marks <= most_marks and (chunk := part.read(CHUNK)):
                marks += chunk.count(b"<")
    return marks <= most_marks


def no_more(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """The rows, and ``BadTable`` (too_large) for one too many."""
    for count, row in enumerate(rows):
        if count >= most:
            raise BadTable("too_large")
        yield row


def grouped(rows: Iterable[Row], code_at: int) -> list[list[Row]]:
    """Rows of one thing together: those with the code of the one above, or without one, continue it."""
    groups: list[list[Row]] = []
    code = None
    for number, cells in rows:
        if groups and cells[code_at] in ("", code):
            groups[-1].append((number, cells))
        else:
            code = cells[code_at]
            groups.append([(number, cells)])
    return groups


@contextmanager
def read_sheet(path: Path, title: str) -> Iterator[Table | None]:
    """The sheet of that title in a workbook; None where there is none, it is empty, or the file is no workbook."""
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK\x03\x04"):
            yield None
            return
    with _workbook(path, title) as cells:
        try:
            table = _table(cells)
        except BadTable as error:
            if error.code != "empty":
                raise
            table = None
        yield table


def _table(cells: Iterator[tuple[int, list[str]]]) -> Table:
    rows = (row for row in _numbered(cells) if any(row[1]))
    top = list(islice(rows, LOOK_FOR_HEADING))
    if not top:
        raise BadTable("empty")
    at = next((i for i, (_number, row) in enumerate(top) if sum(map(bool, row)) > 1), 0)
    headings = [" ".join(cell.split()) for cell in top[at][1]]
    return Table(headings, ((n, _fitted(row, len(headings))) for n, row in chain(top[at + 1 :], rows)))


def _numbered(cells: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    blank = 0
    for number, row in cells:
        blank = 0 if any(row) else blank + 1
        if blank > MOST_BLANK:
            return
        yield number, row


def _fitted(row: list[str], width: int) -> list[str]:
    return row[:width] if len(row) >= width else row + [""] * (width - len(row))


def as_text(value: Any) -> str:
    """A cell as people see it: whole numbers without a point, moments as 2026-09-01 10:00:00, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, str):
        return formula_text(value.strip())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.replace(microsecond=0).isoformat(" ")
    return str(value)


# CSV ------------------------------------------------------------------------------------------------------------


@contextmanager
def _csv(path: Path) -> Iterator[Iterator[Row]]:
    encoding = _encoding(path)
    csv.field_size_limit(max(csv.field_size_limit(), MOST_IN_A_CELL))
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        yield _csv_rows(file, _delimiter(first))


def _csv_rows(file: IO[str], delimiter: str) -> Iterator[Row]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if len(row) > MOST_COLUMNS or any(
                len(cell) > MOST_IN_A_CELL for cell in row
            ):  # the limit of the reader is of the process
                raise BadTable("broken", number)
            yield number, [formula_text(cell.strip()) for cell in row]
    except csv.Error as error:
        raise BadTable("broken", number + 1) from error


def _encoding(path: Path) -> str:
    """UTF-8 where all of the file is; UTF-16 with its mark; else the national encoding, which takes nearly anything."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as text:
                while part := text.read(CHUNK):
                    if "\x00" in part:
                        raise BadTable("not_a_table")
        except UnicodeDecodeError:
            continue
        return encoding
    return "gb18030"


def _delimiter(line: str) -> str:
    return max(",\t;", key=line.count)


@contextmanager
def _workbook(path: Path, title: str = "") -> Iterator[Iterator[Row]]:
    from .workbooks import rows_of  # a third of a second at start-up, and rarely needed

    with rows_of(path, title) as found:
        yield found
