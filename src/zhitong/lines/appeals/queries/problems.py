"""Rows of a file that were left out: kept sealed, and given back as a file that can be corrected and sent again."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from zhitong.base.books import new_book, text_cell
from zhitong.base.text import no_formula
from zhitong.kernel.accounts.public import keyring

from ..models import OrderImport, OrderProblem

PLACE = "appeals_orderproblem.sealed"
ADDED = {"原行号", "错误原因", "Row", "What is wrong"}


def seal_cells(cells: Sequence[str]) -> bytes:
    """The cells of a row as they are kept until somebody has corrected them."""
    return keyring().seal(json.dumps(list(cells), ensure_ascii=False), PLACE)


def problems_of(run: OrderImport, most: int | None = None) -> Iterator[tuple[OrderProblem, list[str]]]:
    """The rows that were left out with their cells, in the order of the file."""
    rows = run.problems.order_by("row")
    for row in rows[:most] if most else rows.iterator():
        yield row, json.loads(keyring().open(bytes(row.sealed), PLACE))


def write_problems(run: OrderImport, target: Path) -> int:
    """Write them under the file's own headings and, behind them, the row and what is wrong, which a new import passes over; as
    Excel when ``target`` is called so, else as CSV.  How many."""
    kept = [i for i, heading in enumerate(run.headings) if heading not in ADDED]
    head = [*(run.headings[i] for i in kept), _("原行号"), _("错误原因")]
    rows = ([*(cells[i] for i in kept), str(problem.row), problem.reason] for problem, cells in problems_of(run))
    return (_as_workbook if target.suffix.lower() == ".xlsx" else _as_csv)(target, chain([head], rows)) - 1


def _as_csv(target: Path, rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        for row in rows:
            out.writerow(map(no_formula, row))
            count += 1
    return count


def _as_workbook(target: Path, rows: Iterable[Sequence[str]]) -> int:
    book = new_book()
    page = book.create_sheet()
    count = 0
    for row in rows:
        page.append([text_cell(page, text) for text in row])
        count += 1
    book.save(target)
    return count
