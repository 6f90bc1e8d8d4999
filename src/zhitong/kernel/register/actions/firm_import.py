"""Taking firms over from a table, with errors by row and column; a trial is the import undone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.money import amount
from zhitong.base.sheets import Column, read_header
from zhitong.base.tables import BadTable, Row, Table, grouped, no_more, put_down, read_table
from zhitong.base.text import clean, in_language
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import ImportResult, RowError, SheetResult, read_row, refused_table
from zhitong.kernel.territory.public import by_code

from ..models import Firm
from ..permissions import MANAGE_FIRMS
from ..queries.firms import find_firm
from ..queries.homes import DoorName, unit_called
from ..rules import NewFirm, NewHolder, NewPerson
from ..rules.sheet import FIRMS, MEMBER, NEEDED
from .firm_bulk import Asked, take_firms
from .firm_place import NO_UNIT, place_firm
from .firms import change_firm, register_firms

MOST_ROWS, PORTION = 50_000, 500
_NO_SUM = _("请填写金额，以万元为单位，如 100 或 50.5。")
_NEEDED = _("必填项不能为空。")
_NO_DIVISION = _("没有编码为“%(code)s”的区划。")
PLACE = ("building", "entrance", "number")
_COLUMN_OF = {  # where the register calls a part otherwise than the table
    "legal_citizen_id": "legal_id", "legal_name": "legal", "liaison_name": "liaison", "holders": "holder", "division_id": "division",
}  # fmt: skip


@dataclass(slots=True)
class _Run:
    by: Actor
    at: datetime
    columns: dict[int, Column]
    sheet: SheetResult


def import_firms(path: Path, *, by: Actor, at: datetime, dry_run: bool = False) -> ImportResult:
    """Register the firms of a table, and change those that are there by their code, each as a whole or not at all.

    Columns are those of ``rules.sheet``; sums are in 万元; further holders stand in the rows below.  What the table has no column
    for stays.  With ``dry_run`` everything is tried and nothing kept.  Needs ``register.manage_firms``.
    Raises ``Refused`` when the file as a whole cannot be read.
    """
    by.demand(MANAGE_FIRMS)
    sheet = SheetResult(in_language(FIRMS.title, FIRMS.title_en, get_language()))
    try:
        with read_table(path) as table, transaction.atomic():
            _import_table(table, sheet, by, at)
            transaction.set_rollback(dry_run)
    except BadTable as error:
        raise refused_table(error) from error
    sheet.errors.sort(key=lambda one: one.row)
    return ImportResult([sheet], dry_run)


def import_firms_content(content: bytes, *, by: Actor, at: datetime, dry_run: bool = False) -> ImportResult:
    """`import_firms` of what was sent."""
    with put_down(content) as path:
        return import_firms(path, by=by, at=at, dry_run=dry_run)


def _import_table(table: Table, sheet: SheetResult, by: Actor, at: datetime) -> None:
    columns, _missing = read_header(FIRMS, table.headings)
    places = {column.key: at for at, column in columns.items()}
    missing = [key for key in NEEDED if key not in places]
    if missing:
        sheet.lacks(map(_label, missing))
        return
    run = _Run(by, at, columns, sheet)
    groups = iter(grouped(no_more(table.rows, MOST_ROWS), places["code"]))
    while some := list(islice(groups, PORTION)):
        _import_portion(run, some)


def _import_portion(run: _Run, groups: list[list[Row]]) -> None:
    """Those that can be taken together, and then each of the others whole or not at all."""
    asked: dict[int, Asked] = {}
    for group in groups:
        values, holders, errors = _read(run, group)
        if not errors:
            errors = [RowError(group[0][0], _label(key), str(_NEEDED)) for key in NEEDED if not values[key]]
        if not errors:
            try:
                asked[group[0][0]] = _asked(values, holders)
            except Refused as error:
                errors = [_error(group[0][0], error)]
        run.sheet.errors += errors
    done = take_firms(asked, by=run.by, at=run.at)
    for number, (given, door) in asked.items():
        if number in done:
            run.sheet.count(done[number])
            continue
        try:
            with transaction.atomic():
                outcome = _write(run, given, door)
        except Refused as error:
            run.sheet.errors.append(_error(number, error))
        else:
            run.sheet.count(outcome)


def _error(number: int, error: Refused) -> RowError:
    key = _COLUMN_OF.get(error.field or "", error.field)
    return RowError(number, _label(key or ""), str(error.message))


def _read(run: _Run, group: list[Row]) -> tuple[dict[str, Any], list[NewHolder], list[RowError]]:
    """The firm of the first row, the holders of all rows, and what is wrong with the cells."""
    first: dict[str, Any] = {}
    holders, errors = [], []
    for index, (number, cells) in enumerate(group):
        values, wrong = read_row(number, cells, run.columns)
        errors += wrong
        for key in ("capital", "amount"):
            if values.get(key):
                values[key] = _sum(number, key, values[key], errors)
        if not index:
            first = values
        if values.get("holder") and not wrong:
            holders.append(_holder(values))
    return first, holders, errors


def _sum(number: int, key: str, text: str, errors: list[RowError]) -> Decimal | None:
    value = amount(text, "万元")
    if value is None:
        errors.append(RowError(number, _label(key), str(_NO_SUM)))
    return value


def _holder(values: dict[str, Any]) -> NewHolder:
    kind = values.get("holder_kind") or "person"
    share = values.get("amount") or Decimal(0)
    return NewHolder(values["holder"], share, kind, values.get("holder_number", ""), due_on=values.get("due_on"))


def _asked(values: dict[str, Any], holders: list[NewHolder]) -> Asked:
    """The firm as ``NewFirm`` is given it, as far as the table says; and the unit that the row names."""
    given: dict[str, Any] = {
        key: value for key, value in values.items()
        if key not in (*MEMBER, "division", "legal_id", "legal_phone", "liaison_phone", "capital", *PLACE)
    }  # fmt: skip
    given["legal"] = NewPerson(values["legal"], values.get("legal_phone", ""), "", values.get("legal_id", ""))
    if "liaison" in values:
        given["liaison"] = NewPerson(values["liaison"], values.get("liaison_phone", ""))
    if "capital" in values:
        given["capital"] = values["capital"] or None
    if "division" in values:
        given["division_id"] = _division(values["division"])
    if holders:
        given["holders"] = tuple(holders)
    if not given.get("state"):
        given.pop("state", None)
    if not values.get("building"):
        return given, None
    return given, (_division(values.get("division", "")), *(clean(values.get(part, "")) for part in PLACE))


def _write(run: _Run, given: dict[str, Any], door: DoorName | None) -> str:
    """``created``, ``changed`` or ``unchanged``."""
    known = find_firm(given["code"])
    if known is None:
        (known,) = register_firms([NewFirm(**given)], by=run.by, at=run.at)
        _place(run, known, door)
        return "created"
    changes = {part: value for part, value in given.items() if part != "code"}
    changed = change_firm(known.pk, by=run.by, at=run.at, **changes)
    return "changed" if _place(run, known, door) or changed else "unchanged"


def _place(run: _Run, firm: Firm, door: DoorName | None) -> bool:
    """Into the unit that the row names; one that names none leaves what is there."""
    if door is None:
        return False
    unit = unit_called(*door)
    if unit is None:
        raise Refused("no_unit", NO_UNIT, "number")
    return place_firm(firm.pk, unit.pk, by=run.by, at=run.at)


def _division(code: str) -> Any:
    if not code:
        return None
    found = by_code(code)
    if found is None:
        raise Refused("no_division", _NO_DIVISION % {"code": code}, "division")
    return found.id


def _label(key: str) -> str:
    column = next((column for column in FIRMS.columns if column.key == key), None)
    return in_language(column.label, column.label_en, get_language()) if column else ""
