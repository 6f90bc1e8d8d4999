"""Targets of a survey, read from a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.tables import BadTable, Row, no_more, put_down, read_table
from zhitong.base.text import clean
from zhitong.kernel.register.public import doors_of
from zhitong.kernel.territory.public import by_code, within

from .surveys import MOST_TARGETS, NewTarget


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be used, as Excel counts them, and why."""

    row: int
    message: str


def registered(of: str, inside: UUID | None = None) -> list[NewTarget]:
    """Every door of one of the register's choices (``door_choices``) inside a division, or in all; ``Refused`` when there is none."""
    return [NewTarget(one.name[:120], one.division_id, **one.tied) for one in doors_of(of, inside)]


def read_targets(content: bytes, inside: UUID | None = None) -> tuple[list[NewTarget], list[WrongRow]]:
    """Name and division of each row, and the rows that are wrong.  ``Refused`` for what is no table of two columns."""
    try:
        with put_down(content) as path, read_table(path) as table:
            if len(table.headings) < 2:
                raise BadTable("not_a_table")
            return _read(no_more(table.rows, MOST_TARGETS), inside)
    except BadTable as bad:
        raise Refused(
            "bad_table",
            _("读不出这张表：应有两列（对象名称、统一编码），最多十万行。请另存为 .xlsx 或 CSV 后再上传。"),
            "file",
        ) from bad


def _read(rows: Iterable[Row], inside: UUID | None) -> tuple[list[NewTarget], list[WrongRow]]:
    reach = within(inside) if inside else None
    good, wrong, seen = list[NewTarget](), list[WrongRow](), set[tuple[str, UUID]]()
    for number, cells in rows:
        name, code = clean(cells[0])[:120], cells[1].strip()
        node = by_code(code)
        if not name:
            wrong.append(WrongRow(number, _("没有对象名称。")))
        elif node is None or (reach is not None and node.id not in reach):
            wrong.append(WrongRow(number, _("范围内没有编码为“%(code)s”的网格或村居。") % {"code": code}))
        elif (name, node.id) in seen:
            wrong.append(WrongRow(number, _("与前面的行重复。")))
        else:
            seen.add((name, node.id))
            good.append(NewTarget(name, node.id))
    return good, wrong
