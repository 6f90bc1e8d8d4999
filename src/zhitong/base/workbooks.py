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
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .tables import MOST_COLUMNS, MOST_UNPACKED, BadTable, Row, as_text

MOST_AT_ONCE = 8 << 20  # bytes of one row, or of one text: what must be held at a time
MOST_WHOLE = 32 << 20  # bytes of a part that is read at once: the list of sheets, the styles

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
        bounded = _Bounded(source)
        events = iterparse(bounded, ("start", "end"))
        _event, root = next(iter(events))
        for event, node in events:
            if event == "end" and node.tag == _STRING:
                text = _said(node).encode("utf-8", "replace")
                self._file.write(text)
                self._ends.append(self._ends[-1] + len(text))
                root.clear()
                bounded.held = 0
        self._file.flush()

    def _from_file(self, position: int) -> str:
        start, end = self._ends[position], self._ends[position + 1]
        return os.pread(self._file.fileno(), end - start, start).decode()

    def __getitem__(self, position: int) -> str:
        return self._read(position)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


class _Archive(zipfile.ZipFile):
    """A workbook's parts, of which only small ones are read whole."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """All of a part."""
        if self.getinfo(name).file_size > MOST_WHOLE:
            raise BadTable("too_large")
        return super().read(name, pwd)


class _Bounded:
    """A part that is read piece by piece; whoever lets go of what was read so far sets ``held`` to nought."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.held = source, 0

    def read(self, most: int = -1) -> bytes:
        """The next piece."""
        piece = self._source.read(most)
        self.held += len(piece)
        if self.held > MOST_AT_ONCE:
            raise BadTable("too_large")
        return piece


class _Reader(ExcelReader):
    """openpyxl's reader of a workbook, with its texts kept aside, and its sheets only named."""

    texts: _Strings

    def open(self, file: IO[bytes]) -> None:
        """Read what says how the sheets are to be read."""
        self.archive, self.texts = _Archive(file), _Strings()
        try:
            self.read_manifest()
            self.read_strings()
            self.read_workbook()
            apply_stylesheet(self.archive, self.wb)
        except BaseException:
            self.texts.close()
            raise

    def read_strings(self) -> None:
        """The texts that cells refer to."""
        part: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.texts.fill(source)

    def sheets(self) -> list[tuple[str, str]]:
        """Title and place of each visible sheet."""
        found = ((sheet, link) for sheet, link in self.parser.find_sheets() if "chartsheet" not in link.Type)
        return [(sheet.name.strip(), link.target) for sheet, link in found if sheet.state == "visible"]


@contextmanager
def rows_of(path: Path, title: str = "") -> Iterator[Iterator[Row]]:
    """The rows of the visible sheet of that title, or of the first."""
    with path.open("rb") as file:
        reader = _opened(file)
        try:
            places = [place for name, place in reader.sheets() if not title or name == title]
            yield chain.from_iterable(_Sheet(reader, place).rows() for place in places[:1])
        finally:
            reader.texts.close()


def _opened(file: IO[bytes]) -> _Reader:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise BadTable("too_large")
        reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
        reader.open(file)
    except BadTable:
        raise
    except Exception as error:  # whatever a damaged archive makes its parsers raise
        raise BadTable("not_a_table") from error
    return reader


class _Sheet:
    """One sheet, its rows read as they come, and nothing of them kept."""

    def __init__(self, reader: _Reader, place: str) -> None:
        self._archive, self._path, self._strings = reader.archive, place, reader.texts
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
        except BadTable:
            raise
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
        if not text or kind == "e":  # a formula that nobody has worked out yet stands with an empty value
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
    bounded, data = _Bounded(source), None
    for event, element in iterparse(bounded, ("start", "end")):
        if event == "start":
            data = element if element.tag == _DATA else data
        elif element.tag == _ROW:
            bounded.held = 0
            yield element
            if data is not None:
                data.clear()
        elif element.tag == _DATA:
            return  # what stands below the rows is nobody's
