"""The import template, and the same sheets filled with what is in force."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.text import in_language, no_formula

from ..models import Appointment, Duty, Organ, valid_on
from ..permissions import By, demand_manage
from ..rules.reading import MAX_ROWS
from ..rules.sheets import SHEETS, Column, Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

_VALIDATED_ROWS = MAX_ROWS + 1


def template_workbook() -> bytes:
    """An empty workbook to fill in, with instructions and examples on its first sheet, in the reader's language."""
    book = _empty()
    page = book.create_sheet(_("填写说明"))
    _fill(page, _instructions())
    page.column_dimensions["A"].width = 22
    for letter, width in (("B", 20), ("C", 12), ("D", 70)):
        page.column_dimensions[letter].width = width
    for sheet in SHEETS:
        _add_sheet(book, sheet, [])
    return _saved(book)


def export_workbook(on: date, *, by: By) -> bytes:
    """Organs, people and duties in force on that day as a workbook that the import takes back."""
    demand_manage(by)
    book = _empty()
    for sheet in SHEETS:
        _add_sheet(book, sheet, _ROWS[sheet.key](on))
    return _saved(book)


def export_csv(key: str, on: date, *, by: By) -> str:
    """One sheet (``organs``, ``people`` or ``duties``) as CSV text; cells that look like formulas are defused."""
    demand_manage(by)
    sheet = next(s for s in SHEETS if s.key == key)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_label(c) for c in sheet.columns])
    writer.writerows([no_formula(cell) for cell in row] for row in _ROWS[key](on))
    return "\ufeff" + out.getvalue()


def _empty() -> "Workbook":
    from openpyxl import Workbook  # a third of a second at start-up, and rarely needed

    book = Workbook()
    for page in list(book.worksheets):
        book.remove(page)
    return book


def _label(column: Column) -> str:
    return in_language(column.label, column.label_en, get_language())


def _title(sheet: Sheet) -> str:
    return in_language(sheet.title, sheet.title_en, get_language())


def _add_sheet(book: "Workbook", sheet: Sheet, rows: Iterable[Sequence[str]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    head = PatternFill("solid", fgColor="DCE6F1")
    page = book.create_sheet(_title(sheet))
    header = [_label(c) + ("*" if c.is_required else "") for c in sheet.columns]
    _fill(page, [header, *rows])
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 18
        page.column_dimensions[letter].number_format = "@"
        cell = page.cell(1, number)
        cell.font, cell.fill, cell.alignment = Font(bold=True), head, Alignment(vertical="center")
        if words := _words(column):
            rule = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=not column.is_required)
            rule.add(f"{letter}2:{letter}{_VALIDATED_ROWS}")
            page.add_data_validation(rule)


def _fill(page: Any, rows: Iterable[Sequence[str]]) -> None:
    """Every cell as text: nothing that was typed anywhere becomes a formula."""
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row, start=1):
            cell = page.cell(number, position)
            cell.value = text
            cell.number_format = "@"
            if isinstance(text, str) and text:
                cell.data_type = "s"


def _saved(book: "Workbook") -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _words(column: Column) -> list[str]:
    """What may be written in a column with fixed answers, in the reader's language; one word for each answer."""
    is_english = (get_language() or "").startswith("en")
    if column.kind == "yes_no":
        return ["yes", "no"] if is_english else ["是", "否"]
    return [name for name in column.choices or {} if name.isascii() == is_english]


def _word(sheet: Sheet, key: str, value: str) -> str:
    column = sheet.column(key)
    return next(name for name in _words(column) if (column.choices or {})[name] == value)


def _yes_no(value: bool) -> str:
    is_english = (get_language() or "").startswith("en")
    return ("yes" if value else "no") if is_english else ("是" if value else "否")


def _instructions() -> Iterator[list[str]]:
    yield [_("直通 · 单位、人员、职责导入模板")]
    yield [_("1. 在后面三张表中填写，可以只填其中一张；不要改动表头。带 * 的列必填。")]
    yield [_("2. 上传后先核对：系统逐行列出问题，确认后只导入没有问题的行，改正后可再次上传。")]
    yield [_("3. 再次导入同一内容不会重复：单位按编码、人员按工号、职责按单位、类别、辖区和起始日期识别。")]
    yield [_("4. 每张表最多%(rows)d行，文件不超过5MB；也可以用CSV格式分别导入。") % {"rows": MAX_ROWS}]
    for sheet in SHEETS:
        yield []
        yield [_title(sheet)]
        yield [_("列"), _("内容"), _("必填"), _("说明")]
        for column in sheet.columns:
            answers = "/".join(_words(column)) or {"day": _("日期格式")}.get(column.kind, _("文字格式"))
            required = _("是") if column.is_required else ""
            yield [_label(column), answers, required, in_language(column.help, column.help_en, get_language())]
        yield [_("示例")]
        yield [_label(column) for column in sheet.columns]
        yield from (list(example) for example in sheet.examples)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _organs(on: date) -> Iterator[tuple[str, ...]]:
    organs = Organ.objects.filter(valid_on(on)).select_related("parent", "division").order_by("code")
    for organ in organs:
        yield (
            organ.code, organ.name, organ.short_name, organ.name_en, _word(SHEETS[0], "kind", organ.kind),
            organ.parent.code if organ.parent else "", organ.division.code if organ.division else "", organ.phone,
            _day(organ.valid_from), _day(organ.valid_to),
        )  # fmt: skip


def _people(on: date) -> Iterator[tuple[str, ...]]:
    rows = Appointment.objects.filter(valid_on(on), valid_on(on, "post__"))
    for row in rows.select_related("staff", "post__organ", "post__division").order_by("staff__staff_no", "valid_from"):
        staff, post = row.staff, row.post
        yield (
            staff.staff_no, staff.name, staff.phone, staff.email, post.organ.code, post.title, _yes_no(post.is_head),
            post.division.code if post.division else "", _yes_no(row.is_deputy), _day(row.valid_from),
            _day(row.valid_to),
        )  # fmt: skip


def _duties(on: date) -> Iterator[tuple[str, ...]]:
    rows = Duty.objects.filter(valid_on(on), valid_on(on, "organ__")).select_related("organ", "category", "division")
    for row in rows.order_by("organ__code", "category__code", "division__code", "valid_from"):
        yield (
            row.organ.code, row.category.code if row.category else "", row.division.code if row.division else "",
            _word(SHEETS[2], "role", row.role), row.basis, row.hours, _day(row.valid_from), _day(row.valid_to),
        )  # fmt: skip


_ROWS = {"organs": _organs, "people": _people, "duties": _duties}
