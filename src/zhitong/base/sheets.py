"""Sheets that people fill in: their columns, and how a heading and a cell are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .text import formula_text

Value = str | bool | date | None

_LONGEST_CELL = 500
_YES = frozenset({"是", "√", "y", "yes", "true", "1"})
_NO = frozenset({"", "否", "×", "n", "no", "false", "0"})
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(18_264, 73_051)  # 1950 to 2099: serial day numbers, told apart from years and 20250101
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?")


class BadCell(ValueError):
    """A cell that cannot be read; ``code`` says why: missing, too_long, not_a_day, not_yes_or_no, not_a_choice."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Column:
    """One column.  ``kind`` is text, day, yes_no or choice; ``choices`` maps what people write to the stored value; ``most`` characters."""

    key: str
    label: str
    label_en: str
    kind: str = "text"
    is_required: bool = False
    choices: Mapping[str, str] | None = None
    help: str = ""
    help_en: str = ""
    most: int = _LONGEST_CELL

    def matches(self, header: str) -> bool:
        """Whether a header cell names this column, in either language, with or without the star for required."""
        bare = header.strip().rstrip("*＊").strip().casefold()
        return bare in (self.label.casefold(), self.label_en.casefold())


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.  ``examples`` are shown in the template."""

    key: str
    title: str
    title_en: str
    columns: tuple[Column, ...]
    examples: tuple[tuple[str, ...], ...]

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(c for c in self.columns if c.key == key)


def read_header(sheet: Sheet, header: list[str]) -> tuple[dict[int, Column], list[Column]]:
    """Which position holds which column, and the required columns that are missing."""
    found: dict[int, Column] = {}
    for position, text in enumerate(header):
        column = next((c for c in sheet.columns if c.matches(text) and c not in found.values()), None)
        if column:
            found[position] = column
    return found, [c for c in sheet.columns if c.is_required and c not in found.values()]


def as_text(value: Any) -> str:
    """A cell as people see it: whole numbers without a point, days as 2025-01-01."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return formula_text(str(value).strip())


def read_cell(column: Column, value: Any) -> Value:
    """The value of a cell, or ``BadCell``."""
    text = as_text(value)
    if not text:
        if column.is_required:
            raise BadCell("missing")
        return {"day": None, "yes_no": False}.get(column.kind, "")
    if len(text) > column.most:
        raise BadCell("too_long")
    if column.kind == "day":
        return _day(text)
    if column.kind == "yes_no":
        return _yes_no(text)
    return _choice(column, text) if column.choices else text


def _choice(column: Column, text: str) -> str:
    found = {name.casefold(): value for name, value in (column.choices or {}).items()}.get(text.casefold())
    if found is None:
        raise BadCell("not_a_choice")
    return found


def _yes_no(text: str) -> bool:
    if text.casefold() not in _YES | _NO:
        raise BadCell("not_yes_or_no")
    return text.casefold() in _YES


def _day(text: str) -> date:
    if text.isascii() and text.isdigit() and len(text) == 8:
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text.isascii() and text.isdigit() and int(text) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadCell("not_a_day")
