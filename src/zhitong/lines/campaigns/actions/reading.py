"""Rows of a table read against what the district has: its divisions, points and organs, looked up once and not by row."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.sheets import Column, Sheet, read_header
from zhitong.base.tables import BadTable, Row, no_more, put_down, read_table
from zhitong.base.text import in_language
from zhitong.kernel.events.public import one_view
from zhitong.kernel.organisation.public import ImportResult, RowError, SheetResult, organs, read_row, refused_table
from zhitong.kernel.territory.public import Tree, locate_many, tree

from ..rules.sheets import points_of

_NO_CODE = _("没有编码为“%(code)s”的网格或村居。")
_NO_ORGAN = _("没有叫“%(organ)s”的单位。")
_NO_POINT = _("经纬度不对，请填写十进制的度。")
_OUTSIDE = _("位置不在本区范围内，请填写统一编码。")
_NOWHERE = _("请填写统一编码，或经纬度。")

Point = tuple[float, float] | None
Placed = tuple[int, dict[str, Any], UUID, Point]  # row, values, division, and the point where one was said


class Reader:
    """Reads the rows of one sheet; what is wrong goes to ``result``."""

    def __init__(self, sheet: Sheet, columns: dict[int, Column], result: SheetResult) -> None:
        self.sheet, self.columns, self.result = sheet, columns, result
        self.tree: Tree = tree()
        self.organs: dict[str, UUID] = {}
        for organ in organs():
            for name in (organ.code, organ.name, organ.short_name):
                self.organs.setdefault(name.casefold(), organ.id)

    def wrong(self, number: int, key: str, message: object) -> None:
        """A row is left out because of one of its columns."""
        self.result.errors.append(RowError(number, _label(self.sheet, key), str(message)))

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows whose cells can be read."""
        for number, cells in rows:
            values, wrong = read_row(number, cells, self.columns)
            self.result.errors += wrong
            if not wrong:
                yield number, values

    def organ(self, number: int, name: str) -> tuple[UUID | None, bool]:
        """The organ of that name or code, and whether all is well."""
        found = self.organs.get(name.casefold()) if name else None
        if name and found is None:
            self.wrong(number, "organ", _NO_ORGAN % {"organ": name})
        return found, not name or found is not None

    def division(self, number: int, code: str) -> tuple[UUID | None, bool]:
        """The division of that code, and whether all is well."""
        found = self.tree.by_code.get(code) if code else None
        if code and found is None:
            self.wrong(number, "code", _NO_CODE % {"code": code})
        return found.id if found else None, not code or found is not None

    def placed(self, rows: Iterable[Row]) -> Iterator[Placed]:
        """The rows that can be read and lie somewhere: by the columns ``code``, or ``lon`` and ``lat``; points are located at once."""
        read = [(number, values, place) for number, values in self.rows(rows) if (place := self._place(number, values))]
        points = [place[1] for _number, _values, place in read if place[0] is None and place[1]]
        found = iter(locate_many([lon for lon, _lat in points], [lat for _lon, lat in points]) if points else [])
        for number, values, (division, point) in read:
            if division is None and (division := next(found)) is None:
                self.wrong(number, "lon", _OUTSIDE)
                continue
            yield number, values, division, point

    def _place(self, number: int, values: dict[str, Any]) -> tuple[UUID | None, Point] | None:
        """Division and point of a row, one of them at least; None where it was said what is wrong."""
        division, is_well = self.division(number, values.get("code", ""))
        if not is_well:
            return None
        try:
            point = points_of(values.get("lon", ""), values.get("lat", ""))
        except ValueError:
            self.wrong(number, "lon", _NO_POINT)
            return None
        if division is None and point is None:
            self.wrong(number, "code", _NOWHERE)
            return None
        return division, point


def imported(
    sheet: Sheet, content: bytes, most: int, take: Callable[[Reader, Iterable[Row]], None], *, dry_run: bool
) -> ImportResult:
    """A table of ``most`` rows handed to ``take``, which fills the reader's result.  ``Refused`` for what is no such table."""
    result = SheetResult(in_language(sheet.title, sheet.title_en, get_language()))
    try:
        with put_down(content) as path, read_table(path) as table, one_view():
            columns, missing = read_header(sheet, table.headings)
            if missing:
                result.lacks(in_language(one.label, one.label_en, get_language()) for one in missing)
            else:
                take(Reader(sheet, columns, result), no_more(table.rows, most))
    except BadTable as error:
        raise refused_table(error) from error
    result.errors.sort(key=lambda one: one.row)
    return ImportResult([result], dry_run)


def _label(sheet: Sheet, key: str) -> str:
    column = sheet.column(key)
    return in_language(column.label, column.label_en, get_language())
