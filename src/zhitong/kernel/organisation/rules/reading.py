"""From the bytes of a workbook or a CSV file to rows of cells.  Whatever is wrong with a file becomes ``BadFile``."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhitong.base.tables import fits

from .sheets import Sheet, as_text, best_sheet, sheet_named

MAX_BYTES = 5 * 1024 * 1024
MOST_IN_A_CELL = 100_000  # characters; csv's own limit is the whole process's and may be set higher
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5_000
_MAX_COLUMNS = 40
_MAX_BLANK = 200  # blank rows in a row after which a sheet is taken to be over


class BadFile(ValueError):
    """A file that cannot be used; ``code``: empty, too_large, not_a_workbook, not_text, no_sheet, too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as found: its header and its rows with the number each has in the file."""

    sheet: Sheet
    header: list[str]
    rows: list[tuple[int, list[Any]]]


def read_file(name: str, content: bytes) -> list[Table]:
    """The sheets of a workbook in the order organs, people, duties; of a CSV file the one its header fits."""
    if not content:
        raise BadFile("empty")
    if len(content) > MAX_BYTES:
        raise BadFile("too_large")
    if content[:4] == b"PK\x03\x04":
        tables = _workbook(content)
    elif name.lower().endswith(".csv"):
        tables = _csv(content)
    else:
        raise BadFile("not_a_workbook")
    order = {"organs": 0, "people": 1, "duties": 2}
    return sorted(tables, key=lambda table: order[table.sheet.key])


def _workbook(content: bytes) -> list[Table]:
    from openpyxl import load_workbook  # a third of a second at start-up, and rarely needed

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not fits(archive, MAX_UNPACKED):
                raise BadFile("too_large")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        pairs = [(sheet, book[title]) for title in book.sheetnames if (sheet := sheet_named(title))]
        tables = [_table(sheet, page.iter_rows(values_only=True, max_col=_MAX_COLUMNS)) for sheet, page in pairs]
    except BadFile:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged archive makes its parsers raise
        raise BadFile("not_a_workbook") from error
    if not tables:
        raise BadFile("no_sheet")
    return tables


def _csv(content: bytes) -> list[Table]:
    text = _decoded(content)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise BadFile("not_text") from error
    if any(len(cell) > MOST_IN_A_CELL for row in rows for cell in row):
        raise BadFile("not_text")
    sheet = best_sheet(rows[0]) if rows else None
    if sheet is None:
        raise BadFile("no_sheet")
    return [_table(sheet, (tuple(row) for row in rows))]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadFile("not_text")


def _table(sheet: Sheet, rows: Iterator[tuple[Any, ...]]) -> Table:
    header: list[str] = []
    kept: list[tuple[int, list[Any]]] = []
    blank = 0
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        if not any(as_text(cell) for cell in cells):
            blank += 1
            if blank > _MAX_BLANK:
                break
            continue
        blank = 0
        if not header:
            header = [as_text(cell) for cell in cells]
            continue
        kept.append((number, cells))
        if len(kept) > MAX_ROWS:
            raise BadFile("too_many_rows")
    return Table(sheet, header, kept)
