"""Figures as Excel workbooks; figures only, no personal data."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from zhitong.base.books import EXCEL, on_disk, text_cell

from ..queries.figures import Tile
from ..queries.periods import Period


def add_rows(book: Any, title: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """A sheet with a head and rows of text."""
    page = book.create_sheet(title)
    for row in (head, *rows):
        page.append([text_cell(page, str(cell)) for cell in row])


def add_tiles(book: Any, period: Period, tiles: Iterable[Tile]) -> None:
    """The sheet of indicators: each with what it was before, its sum and what counts."""
    head = [_("指标"), _("本期"), _("上期"), _("去年同期"), _("算式与版本"), _("口径")]
    rows = (
        [tile.figure.name, tile.figure.text, tile.before.text, tile.year_before.text, tile.figure.explanation, tile.figure.basis]
        for tile in tiles
    )  # fmt: skip
    add_rows(book, _("指标"), [f"{period.start.isoformat()} — {period.end.isoformat()}"], (head, *rows))


def sent(book: Any, name: str, period: Period) -> FileResponse:
    """The workbook as a file; ``name`` holds the days."""
    called = name % {"start": period.start, "end": period.end}
    return FileResponse(on_disk(book), as_attachment=True, filename=called, content_type=EXCEL)
