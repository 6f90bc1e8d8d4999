"""Rows of a CSV or Excel file one after the other, in flat memory however long the file is."""

import csv
import os
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .text import formula_text

MOST_UNPACKED = 1 << 30
MOST_IN_A_CELL = 200_000
MOST_COLUMNS = 200
MOST_BLANK = 1_000  # blank rows in a row after which a sheet is taken to be over
LOOK_FOR_HEADING = 10
CHUNK = 1 << 20

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
            if len(row) > MOST_COLUMNS:
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


# Excel ----------------------------------------------------------------------------------------------------------

_STRING, _RUN, _TEXT, _INLINE, _VALUE, _ROW, _DATA = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t", "is", "v", "row", "sheetData")
)


def _said(node: Element | None) -> str:
    """The text of a cell's string: plain or in runs, without how it is read aloud."""
    if node is None:
        return ""
    parts = [node, *node.iterfind(_RUN)]
    return "".join(part.findtext(_TEXT) or "" for part in parts).replace("x005F_", "")


class _Strings:
    """The texts of a workbook in a temporary file: they may be larger than what memory should be asked for."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._ends = array("Q", [0])
        self._read = lru_cache(4096)(self._from_file)

    def fill(self, source: IO[bytes]) -> None:
        """Take every text of the part of the workbook that holds them."""
        events = iterparse(source, ("start", "end"))
        _event, root = next(iter(events))
        for event, node in events:
            if event == "end" and node.tag == _STRING:
                text = _said(node).encode("utf-8", "replace")
                self._file.write(text)
                self._ends.append(self._ends[-1] + len(text))
                root.clear()
        self._file.flush()

    def _from_file(self, position: int) -> str:
        start, end = self._ends[position], self._ends[position + 1]
        return os.pread(self._file.fileno(), end - start, start).decode()

    def __getitem__(self, position: int) -> str:
        return self._read(position)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


class _Reader(ExcelReader):
    """openpyxl's reader of a workbook, with its texts kept aside."""

    def read_strings(self) -> None:
        """Called while the workbook is opened."""
        self.texts = _Strings()
        part: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.texts.fill(source)


@contextmanager
def _workbook(path: Path, title: str = "") -> Iterator[Iterator[Row]]:
    with path.open("rb") as file:
        reader = _opened(file)
        try:
            sheets = [sheet for sheet in reader.wb.worksheets if sheet.sheet_state == "visible"]
            if title:
                sheets = [sheet for sheet in sheets if sheet.title.strip() == title]
            yield chain.from_iterable(_Sheet(reader, sheet).rows() for sheet in sheets[:1])
        finally:
            reader.texts.close()


def _opened(file: IO[bytes]) -> _Reader:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise BadTable("too_large")
        reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
    except BadTable:
        raise
    except Exception as error:  # whatever a damaged archive makes its parsers raise
        raise BadTable("not_a_table") from error
    return reader


class _Sheet:
    """One sheet, its rows read as they come, and nothing of them kept."""

    def __init__(self, reader: _Reader, sheet: Any) -> None:
        self._archive, self._path, self._strings = reader.archive, sheet._worksheet_path, reader.texts
        book: Any = reader.wb
        self._epoch, self._dates = book.epoch, book._date_formats

    def rows(self) -> Iterator[Row]:
        """Each row with its number."""
        number = 0
        try:
            with self._archive.open(self._path) as source:
                for element in _rows_in(source):
                    number = int(element.get("r") or number + 1)
                    yield number, self._cells(element)
        except (ParseError, ValueError, IndexError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BadTable("broken", number + 1) from error

    def _cells(self, row: Element) -> list[str]:
        found: list[str] = []
        for cell in row:
            place = cell.get("r")
            column = column_index_from_string(place.rstrip("0123456789")) - 1 if place else len(found)
            if column >= MOST_COLUMNS:
                break
            found += [""] * (column - len(found))
            found.append(as_text(self._value(cell)))
        return found

    def _value(self, cell: Element) -> Any:
        kind, text = cell.get("t", "n"), cell.findtext(_VALUE)
        if kind == "inlineStr":
            return _said(cell.find(_INLINE))
        if text is None or kind == "e":
            return None
        if kind == "s":
            return self._strings[int(text)]
        if kind == "b":
            return "1" if text == "1" else "0"
        if kind != "n":
            return text
        if int(cell.get("s", 0)) in self._dates:
            return self._moment(float(text))
        return text if text.isdigit() else float(text)

    def _moment(self, serial: float) -> Any:
        try:
            return from_excel(serial, self._epoch)
        except (OverflowError, ValueError):
            return serial


def _rows_in(source: IO[bytes]) -> Iterator[Element]:
    data = None
    for event, element in iterparse(source, ("start", "end")):
        if event == "start":
            data = element if element.tag == _DATA else data
        elif element.tag == _ROW:
            yield element
            if data is not None:
                data.clear()
