"""Rows of an Excel file one after the other, in flat memory however long the file is; see ``tables``."""

import os
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .tables import MOST_COLUMNS, MOST_UNPACKED, BadTable, Row, as_text

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
def rows_of(path: Path, title: str = "") -> Iterator[Iterator[Row]]:
    """The rows of the visible sheet of that title, or of the first."""
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
