"""Excel workbooks to take away, written row by row, in which every cell is text: long numbers stay what they are, and nothing is a
formula."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from .text import no_formula

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_A_CELL = 32_000  # characters; Excel takes 32,767


def text_cell(page: Any, text: str) -> Any:
    """A cell of ``page`` (of a write-only workbook) that is text and nothing else, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell  # a third of a second at start-up, and rarely needed

    cell = WriteOnlyCell(page, value=no_formula(text)[:MOST_IN_A_CELL])
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def new_book() -> Any:
    """An empty workbook that is written row by row."""
    from openpyxl import Workbook  # a third of a second at start-up, and rarely needed

    return Workbook(write_only=True)


def text_book(title: str, rows: Iterable[Sequence[str]], *, widths: Sequence[int] = ()) -> Any:
    """A workbook with one page of ``rows``, the first of which are the headings; ``widths`` in characters."""
    book = new_book()
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for place, width in enumerate(widths):
        page.column_dimensions[chr(ord("A") + place)].width = width
    for row in rows:
        page.append([text_cell(page, text) for text in row])
    return book


def on_disk(book: Any) -> IO[bytes]:
    """The workbook in a file that is gone when it is closed."""
    out = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(out)
    out.seek(0)
    return out
