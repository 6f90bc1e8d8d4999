"""The rows of a workbook as texts: taken out for the page on which forms are built, and written into a workbook again.

Headings are brought to one writing (``label::English (en)``, ``relevant``); sheets, columns and rows that the page does not know
stay as they are.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from .workbook import kind_of

MOST_ROWS, MOST_HEADS, MOST_SHEETS, LONGEST = 3_000, 150, 12, 10_000
JR = "\x00"  # stands for the prefix while a heading is split at its colons
SHEETS = ("survey", "choices", "settings")
CELLS = {
    "survey": (
        "type", "name", "label", "hint", "required", "required_message", "relevant", "constraint", "constraint_message", "calculation",
        "default", "appearance", "readonly",
    ),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "default_language"),
}  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """``rows`` by heading, in the order of the sheet; empty rows are among them, so that rows count as in Excel."""

    heads: list[str]
    rows: list[dict[str, str]]


def sheets_in(content: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook that could be read, by the reader that makes forms of them."""
    from pyxform.xls2json_backends import xls_to_dict, xlsx_to_dict  # half a second at start-up, and rarely needed

    found = (xlsx_to_dict if kind_of(content) == ".xlsx" else xls_to_dict)(content)
    sheets = {name: Sheet([], []) for name in SHEETS}
    for name, rows in found.items():
        heads = found.get(f"{name}_header")
        if isinstance(heads, list) and isinstance(rows, list):
            sheets[name] = _plain(name, list(heads[0]) if heads else [], rows)
    return sheets


def _plain(name: str, heads: list[str], rows: list[dict[str, Any]]) -> Sheet:
    has_double = any("::" in head for head in heads)
    said = {head: _plain_head(name, head, "::" if has_double else ":") for head in heads}
    return Sheet(
        list(said.values()), [{said.get(head, head): str(value) for head, value in row.items()} for row in rows]
    )


def _plain_head(sheet: str, head: str, mark: str) -> str:
    """The heading as the format's own people write it today."""
    from pyxform import aliases
    from pyxform.parsing.sheet_headers import to_snake_case

    known: dict[str, Any] = {
        "survey": aliases.survey_header,
        "choices": aliases.list_header,
        "settings": aliases.settings_header,
    }.get(sheet, {})
    first, *rest = (part.strip().replace(JR, "jr:") for part in head.replace("jr:", JR).split(mark))
    plain = to_snake_case(first)
    meant = known.get(plain, plain)
    for cell in CELLS.get(sheet, ()):
        if plain == cell or meant == cell or (isinstance(meant, tuple) and known.get(cell) == meant):
            return "::".join((cell, *rest))
    return "::".join((first, *rest))


def sheets_of(said: Any) -> dict[str, Sheet]:
    """What the page sent; ``ValueError`` for what is not made of sheets, or is too much."""
    if not isinstance(said, dict) or not 0 < len(said) <= MOST_SHEETS:
        raise ValueError("no sheets")
    return {str(name)[:31]: _sheet_of(sheet) for name, sheet in said.items()}


def _sheet_of(said: Any) -> Sheet:
    heads, rows = (said.get("heads"), said.get("rows")) if isinstance(said, dict) else (None, None)
    if not isinstance(heads, list) or not isinstance(rows, list) or len(heads) > MOST_HEADS or len(rows) > MOST_ROWS:
        raise ValueError("no sheet")
    if not all(isinstance(row, dict) and _is_texts([*row, *row.values()]) for row in rows) or not _is_texts(heads):
        raise ValueError("no texts")
    return Sheet(list(heads), rows)


def _is_texts(cells: list[Any]) -> bool:
    return all(isinstance(one, str) and len(one) <= LONGEST for one in cells)


def written(sheets: dict[str, Sheet]) -> bytes:
    """The workbook.  Every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book, out = Workbook(write_only=True), BytesIO()
    for name, sheet in sheets.items():
        heads = [head for head in sheet.heads if head.strip()]
        if not heads:
            continue
        page = book.create_sheet(name)
        for line in ({head: head for head in heads}, *sheet.rows):
            cells = [WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", line.get(head, ""))) for head in heads]
            for cell in cells:
                cell.data_type = "s"
                cell.number_format = "@"
            page.append(cells)
    if not book.sheetnames:
        raise ValueError("no sheets")
    book.save(out)
    return out.getvalue()
