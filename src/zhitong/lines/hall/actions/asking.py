"""The sheet of questions: read by item, with errors by row and column."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.tables import Row, Table, no_more
from zhitong.kernel.organisation.public import RowError, SheetResult

from ..rules.forms import faults_by_place
from ..rules.questions import load
from ..rules.sheet import QUESTIONS, absent, places
from .cells import label, read_cells
from .questions import stored

MOST_ROWS = 50_000
_COLUMN = {column.key: column for column in QUESTIONS}


@dataclass(slots=True)
class Asked:
    """The questions of a table by the codes of their items, in its order; ``wrong`` are the codes that have an error."""

    by_code: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def unknown(self, codes: Iterable[str]) -> list[RowError]:
        """Rows of items that are not among ``codes``."""
        message = str(_("“服务事项”表里没有这个实施编码。"))
        known = set(codes)
        return [
            RowError(self.rows[code][0], label(_COLUMN["code"]), message) for code in self.rows if code not in known
        ]


def read_questions(table: Table, sheet: SheetResult) -> Asked:
    """Every item's questions; what is wrong goes to ``sheet`` by row."""
    found, asked = places(table.headings, QUESTIONS), Asked()
    if missing := absent(found, QUESTIONS):
        sheet.lacks(map(label, missing))
        return asked
    for row in no_more(table.rows, MOST_ROWS):
        _take(row, found, asked, sheet)
    for code in asked.by_code:
        if code not in asked.wrong:
            _check(code, asked, sheet)
    return asked


def _take(row: Row, found: dict[str, int], asked: Asked, sheet: SheetResult) -> None:
    number, cells = row
    values, errors = read_cells(QUESTIONS, number, cells, found)
    code = values.pop("code", "")
    if errors:
        sheet.errors += errors
        asked.wrong.add(code)
    values["choices"] = [part.strip() for part in re.split(r"[、|｜\n]", values.get("choices", "")) if part.strip()]
    asked.by_code.setdefault(code, []).append(values)
    asked.rows.setdefault(code, []).append(number)


def _check(code: str, asked: Asked, sheet: SheetResult) -> None:
    """What is no form is told at the row of the question; conditions are put into their one spelling."""
    rows, given = asked.rows[code], asked.by_code[code]
    with suppress(Refused):  # a condition that cannot be read: told below, by row
        asked.by_code[code] = stored(given)
    found = faults_by_place(load(given))
    sheet.errors += [RowError(rows[index], "", str(what)) for index, what in found]
    if found:
        asked.wrong.add(code)
