"""Taking over a catalogue from a table, with errors by row and column; a trial is the import undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.tables import BadTable, Row, Table, grouped, no_more, put_down, read_sheet, read_table
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import ImportResult, KnownOrgan, RowError, SheetResult, organs_on, refused_table

from ..choices import Form
from ..models import BaseItem, Item, Version
from ..permissions import CATALOGUE, demand_item
from ..queries import plain_materials, plain_version
from ..queries.sheet import QUESTIONS_TITLE
from ..rules import FIELDS
from ..rules.forms import unmet
from ..rules.questions import load
from ..rules.sheet import COLUMNS, ITEM, MATERIAL, absent, places
from ..rules.terms import BadTerm, canonical
from .asking import Asked, read_questions
from .cells import label, read_cells
from .items import change_item, create_base, create_item
from .versions import publish, start_draft, write_draft

MOST_ROWS = 50_000
_ITEM_FIELDS = ("name", "offered_at", "topic", "everyday")


@dataclass(slots=True)
class _Run:
    """What an import needs to know on the way."""

    by: Actor
    at: datetime
    publish_on: date | None
    organs: list[KnownOrgan]
    leave: frozenset[str] = frozenset()
    asked: Asked | None = None


def import_catalogue(
    path: Path, *, by: Actor, at: datetime, dry_run: bool = False, publish_on: date | None = None,
    leave: frozenset[str] = frozenset(), questions: Path | None = None,
) -> ImportResult:  # fmt: skip
    """Take over the items of a table, each as a whole or not at all, with the reasons by row and column.

    An item that is there and says something else gets a draft, or its draft is written anew; nothing published is changed.
    With ``publish_on`` what is written is published from that day on.  With ``dry_run`` everything is tried and nothing kept.
    Items whose codes are in ``leave`` are not looked at.  The questions of the items' forms stand in a second sheet, or in a
    table of their own, ``questions``; without either, the questions of each item stay.
    Raises ``Refused`` when the file as a whole cannot be read.
    """
    by.demand(CATALOGUE)
    run = _Run(by, at, publish_on, organs_on(timezone.localdate(at)), leave)
    sheet, asking = SheetResult(str(_("服务事项"))), SheetResult(str(_("填报内容")))
    try:
        with read_table(questions) if questions else read_sheet(path, QUESTIONS_TITLE) as asked:
            run.asked = read_questions(asked, asking) if asked else None
        with read_table(path) as table, transaction.atomic():
            _import_table(run, table, sheet, asking)
            transaction.set_rollback(dry_run)
    except BadTable as error:
        raise refused_table(error) from error
    for one in (sheet, asking):
        one.errors.sort(key=lambda error: error.row)
    return ImportResult([sheet] if run.asked is None else [sheet, asking], dry_run)


def import_content(
    content: bytes, *, by: Actor, at: datetime, dry_run: bool = False, publish_on: date | None = None
) -> ImportResult:
    """`import_catalogue` of what was sent."""
    with put_down(content) as path:
        return import_catalogue(path, by=by, at=at, dry_run=dry_run, publish_on=publish_on)


def _import_table(run: _Run, table: Table, sheet: SheetResult, asking: SheetResult) -> None:
    found = places(table.headings)
    if missing := absent(found):
        sheet.lacks(map(label, missing))
        return
    groups = grouped(no_more(table.rows, MOST_ROWS), found["code"])
    if run.asked:
        asking.errors += run.asked.unknown(group[0][1][found["code"]] for group in groups)
    for group in groups:
        _import_group(run, group, found, sheet)


def _import_group(run: _Run, group: list[Row], found: Mapping[str, int], sheet: SheetResult) -> None:
    values, materials, errors = _read(group, found)
    if errors:
        sheet.errors += errors + _unknown_organ(run, group[0][0], values)
        return
    if values["code"] in run.leave:
        sheet.count("unchanged")
        return
    if run.asked and values["code"] in run.asked.wrong:
        sheet.errors.append(RowError(group[0][0], "", str(_("该事项的填报内容有误，请先更正。"))))
        return
    if never := _never_met(run, values["code"], group, found, materials):
        sheet.errors += never
        return
    try:
        with transaction.atomic():
            outcome = _write(run, values, materials)
    except Refused as error:
        sheet.errors.append(RowError(group[0][0], _label_of(error.field), str(error.message)))
    else:
        sheet.count(outcome)


def _read(group: list[Row], found: Mapping[str, int]) -> tuple[dict[str, Any], list[dict[str, Any]], list[RowError]]:
    """The item of the first row, the materials of all rows, and what is wrong with the cells."""
    values, errors = read_cells(ITEM, *group[0], found)
    errors += _not_read(group, found)
    materials: list[dict[str, Any]] = []
    for number, cells in group:
        material, wrong = read_cells(MATERIAL, number, cells, found)
        errors += wrong
        if material.get("material"):
            materials.append(_material(material))
    return values, materials, errors


def _not_read(group: list[Row], found: Mapping[str, int]) -> list[RowError]:
    """What a further row says of its item and the first row does not: it would be lost without a word."""
    _number, first = group[0]
    return [
        RowError(number, label(column), str(_("事项的内容只从它的第一行读取，请写到那一行，或者清空这一格。")))
        for number, cells in group[1:]
        for column in ITEM
        if column.key in found and cells[found[column.key]].strip() not in ("", first[found[column.key]].strip())
    ]


def _never_met(
    run: _Run, code: str, group: list[Row], found: Mapping[str, int], materials: list[dict[str, Any]]
) -> list[RowError]:
    """Conditions of materials that no answer could ever meet: on a question that the item does not have, or on no answer of it."""
    if not any(one.get("needed_when") for one in materials):
        return []
    if run.asked:
        questions = load(run.asked.by_code.get(code, ()))
    else:
        newest = Version.objects.filter(item__code=code).order_by("-number").first()
        questions = newest.form if newest else ()
    every = {one.slug: one for one in questions}
    rows = (number for number, cells in group if cells[found["material"]].strip())
    return [
        RowError(number, _label_of("needed_when"), str(what))
        for number, one in zip(rows, materials, strict=True)
        for what in unmet(one.get("needed_when", ""), every)
    ]


def _material(given: dict[str, Any]) -> dict[str, Any]:
    name = given.pop("material")
    return {**given, "name": name, "form": given.get("form") or Form.ORIGINAL, "copies": given.get("copies") or 1}


def _write(run: _Run, values: dict[str, Any], materials: list[dict[str, Any]]) -> str:
    """``created``, ``changed`` or ``unchanged``."""
    item = Item.objects.filter(code=values["code"]).first()
    is_new = item is None
    how = {name: values[name] for name in _ITEM_FIELDS if values.get(name)}
    how |= {"for_persons": "persons" in values["audience"], "for_firms": "firms" in values["audience"]}
    if item is None:
        base, organ = _base(run, values), _organ(run, values["organ"])
        given: dict[str, Any] = {"base_id": base.pk, "code": values["code"], "organ_id": organ.id, **how}
        item = create_item(by=run.by, at=run.at, **given)
    else:
        demand_item(run.by, item)
        if _organ(run, values["organ"]).id != item.organ_id:
            raise Refused("other_organ", _("该编码属于另一单位的事项，请核对实施编码。"), "organ")
        before = [getattr(item, name) for name in how]
        item = change_item(item.pk, by=run.by, at=run.at, **how)
        is_found_otherwise = before != [getattr(item, name) for name in how]
    wrote = _write_version(run, item, values, materials)
    if is_new:
        return "created"
    return "changed" if wrote or is_found_otherwise else "unchanged"


def _write_version(run: _Run, item: Item, values: dict[str, Any], materials: list[dict[str, Any]]) -> bool:
    """Whether the newest version said something else.  What the table has no column for stays."""
    newest = Version.objects.filter(item=item).prefetch_related("materials").order_by("-number").first()
    said = {name: values[name] for name in FIELDS if name in values and (name != "visits" or values[name])}
    if run.asked:
        said["questions"] = run.asked.by_code.get(values["code"], [])
    materials = _completed(newest, materials)
    if newest and _says(newest, said, materials):
        return False
    draft = newest if newest and newest.is_draft else start_draft(item.pk, by=run.by, at=run.at)
    write_draft(draft.pk, said, materials, by=run.by, at=run.at)  # type: ignore[arg-type]
    if run.publish_on:
        publish(draft.pk, effective_on=run.publish_on, by=run.by, at=run.at)
    return True


def _says(version: Version, said: Mapping[str, Any], materials: list[dict[str, Any]]) -> bool:
    known = plain_materials(version.materials.all())
    same = len(known) == len(materials) and all(
        one[name] == value for one, given in zip(known, materials, strict=True) for name, value in given.items()
    )
    plain = plain_version(version)
    return same and all(plain[name] == value for name, value in said.items())


def _completed(newest: Version | None, materials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Materials with what the table has no column for, and their conditions in one spelling."""
    known = {one["name"]: one for one in plain_materials(newest.materials.all())} if newest else {}
    found = [known.get(one["name"], {}) | one for one in materials]
    return [{**one, "needed_when": _one_spelling(one.get("needed_when", ""))} for one in found]


def _one_spelling(text: str) -> str:
    try:
        return canonical(text)
    except BadTerm:
        return text


def _base(run: _Run, values: dict[str, Any]) -> BaseItem:
    found = BaseItem.objects.filter(code=values["base_code"]).first()
    if found:
        return found
    if not values.get("kind"):
        raise Refused("no_kind", _("新的基本目录须填写事项类型。"), "kind")
    name = values.get("base_name") or values["name"]
    return create_base(code=values["base_code"], name=name, kind=values["kind"], by=run.by, at=run.at)


def _organ(run: _Run, text: str) -> KnownOrgan:
    """By code, name or short name, or by how the name of just one organ ends."""
    exact = [organ for organ in run.organs if text in (organ.code, organ.name, organ.short_name)]
    found = exact or [organ for organ in run.organs if organ.name.endswith(text)]
    if len(found) != 1:
        message = _("有多个单位符合“%(name)s”，请填写全称。") if found else _("没有名为“%(name)s”的单位。")
        raise Refused("no_organ", message % {"name": text}, "organ")
    return found[0]


def _unknown_organ(run: _Run, row: int, values: Mapping[str, Any]) -> list[RowError]:
    """What can be told of an item whose other cells are wrong already, so that all is mended at once."""
    try:
        _organ(run, values.get("organ") or "")
    except Refused as error:
        return [RowError(row, _label_of("organ"), str(error.message))] if values.get("organ") else []
    return []


def _label_of(field: str | None) -> str:
    column = next((column for column in COLUMNS if column.key == field), None)
    return label(column) if column else ""
