"""Import of organs, people and duties from a workbook, with errors by row; the preview is the import undone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import in_language

from ..permissions import By, demand_manage
from ..rules.reading import MAX_ROWS, BadFile, Table, read_file
from ..rules.sheets import BadCell, Column, Sheet, as_text, read_cell, read_header
from .lookup import Lookup, look_up
from .rows import WRITERS
from .writing import Log, writing

_FILE = {
    "empty": _("文件是空的，请重新选择文件。"),
    "too_large": _("文件太大，请拆分为多个5MB以内的文件后再导入。"),
    "not_a_workbook": _("无法打开该文件，请使用下载的模板填写并保存为 xlsx 或 csv 格式。"),
    "not_text": _("无法识别该CSV文件的内容，请用UTF-8编码保存后再导入。"),
    "no_sheet": _("文件中没有找到“单位”“人员”“职责”任何一张表，请使用下载的模板填写。"),
    "too_many_rows": _("一张表最多%(rows)d行，请拆分后再导入。"),
}
_CELL = {
    "missing": _("必填项不能为空。"),
    "too_long": _("内容过长，最多%(most)d字。"),
    "not_a_day": _("日期无法识别，请写成 2025-01-01 的形式。"),
    "not_yes_or_no": _("请填“是”或“否”。"),
    "not_a_choice": _("请从以下选项中选填：%(choices)s。"),
}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell or row.  ``row`` is the number the row has in the file; ``column`` may be empty."""

    row: int
    column: str
    message: str


@dataclass(slots=True)
class SheetResult:
    """What became of one sheet; ``title`` is in the reader's language."""

    title: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)

    def lacks(self, columns: Iterable[str]) -> None:
        """Columns without which nothing of it can be taken over."""
        self.errors += [RowError(1, name, str(_("表头缺少这一列，整张表未导入。"))) for name in columns]

    def count(self, outcome: str) -> None:
        """One more row that was created, changed or unchanged."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    @property
    def refused(self) -> int:
        """How many rows were left out."""
        return len({error.row for error in self.errors})


@dataclass(slots=True)
class ImportResult:
    """What became of a file."""

    sheets: list[SheetResult]
    is_dry_run: bool

    @property
    def errors(self) -> int:
        """How many rows of all sheets were left out."""
        return sum(sheet.refused for sheet in self.sheets)

    @property
    def written(self) -> int:
        """How many rows of all sheets change something."""
        return sum(sheet.created + sheet.changed for sheet in self.sheets)


def import_workbook(name: str, content: bytes, *, by: By, at: datetime, dry_run: bool = False) -> ImportResult:
    """Take over the sheets of a workbook or a CSV file.

    Each row is taken as a whole or left out with a reason; the good rows are written in one transaction.  The same
    file again changes nothing.  With ``dry_run`` everything is tried and nothing kept.  Raises ``Refused`` when the
    file as a whole cannot be read.
    """
    demand_manage(by)
    try:
        tables = read_file(name, content)
    except BadFile as error:
        message = str(_FILE[error.code])
        raise Refused(error.code, message % {"rows": MAX_ROWS} if "%(" in message else message, "file") from error
    with transaction.atomic():
        with writing(by, at) as log:
            found = look_up(_codes(tables))
            sheets = [_import_table(log, found, table) for table in tables]
            if dry_run:
                log.happenings.clear()
        transaction.set_rollback(dry_run)
    return ImportResult(sheets, dry_run)


def _codes(tables: list[Table]) -> dict[str, set[str]]:
    """Every code the file mentions, by what it is a code of."""
    kinds = {
        ("organs", "code"): "organ", ("organs", "parent"): "organ", ("organs", "division"): "division",
        ("people", "organ"): "organ", ("people", "staff_no"): "staff", ("people", "post_division"): "division",
        ("duties", "organ"): "organ", ("duties", "category"): "category", ("duties", "division"): "division",
    }  # fmt: skip
    codes: dict[str, set[str]] = {"organ": set(), "division": set(), "staff": set(), "category": set(), "duty": set()}
    for table in tables:
        if table.sheet.key == "duties":
            codes["duty"].add("")
        for position, column in read_header(table.sheet, table.header)[0].items():
            if kind := kinds.get((table.sheet.key, column.key)):
                codes[kind] |= {as_text(cells[position]) for _, cells in table.rows if position < len(cells)}
    return codes


def _import_table(log: Log, found: Lookup, table: Table) -> SheetResult:
    result = SheetResult(_title(table.sheet))
    columns, missing = read_header(table.sheet, table.header)
    if missing:
        result.lacks(map(_label, missing))
        return result
    rows = []
    for number, cells in table.rows:
        values, errors = read_row(number, cells, columns)
        result.errors += errors
        if not errors:
            rows.append((number, values))
    for number, values in _parents_first(rows):
        _import_row(log, found, table.sheet, number, values, result)
    result.errors.sort(key=lambda error: error.row)
    return result


def read_row(number: int, cells: list[Any], columns: Mapping[int, Column]) -> tuple[dict[str, Any], list[RowError]]:
    """The values of a row by column, and what is wrong with its cells in words."""
    values: dict[str, Any] = {}
    errors = []
    for position, column in columns.items():
        try:
            values[column.key] = read_cell(column, cells[position] if position < len(cells) else None)
        except BadCell as error:
            message = str(_CELL[error.code])
            if "%(" in message:
                message %= {"choices": _choices(column), "most": column.most}
            errors.append(RowError(number, _label(column), message))
    return values, errors


def _parents_first(rows: list[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """Rows that name a parent in the same sheet after the row of that parent; a circle stays as it is."""
    above = {values["code"]: values.get("parent") for _number, values in rows if "code" in values}

    def depth(code: str | None) -> int:
        steps = 0
        while code in above and steps <= len(above):
            code, steps = above[code], steps + 1
        return steps

    return sorted(rows, key=lambda row: depth(row[1].get("code"))) if above else rows


def _import_row(
    log: Log, found: Lookup, sheet: Sheet, number: int, values: dict[str, Any], result: SheetResult
) -> None:
    mark = len(log.happenings)
    write: Callable[..., str] = WRITERS[sheet.key]
    try:
        with transaction.atomic():
            outcome = write(log, found, values)
    except Refused as error:
        del log.happenings[mark:]
        result.errors.append(RowError(number, _label_of(sheet, error.field), str(error.message)))
    else:
        result.count(outcome)


def _label_of(sheet: Sheet, field: str | None) -> str:
    column = next((c for c in sheet.columns if c.key == field), None)
    return _label(column) if column else ""


def _label(column: Column) -> str:
    return in_language(column.label, column.label_en, get_language())


def _title(sheet: Sheet) -> str:
    return in_language(sheet.title, sheet.title_en, get_language())


def _choices(column: Column) -> str:
    """The words that may stand in the column, in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    names = [name for name in column.choices or {} if name.isascii() == is_english]
    return ", ".join(names) if is_english else "、".join(names)
