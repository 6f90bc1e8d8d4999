"""The catalogue as a table: what an import reads again."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import override

from zhitong.base.text import no_formula
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import organs

from ..choices import Delivery, QuestionKind
from ..models import Item, Version
from ..permissions import CATALOGUE, editable
from ..rules import FIELDS
from ..rules.sheet import ITEM, MATERIAL, QUESTIONS

TITLE, QUESTIONS_TITLE = "服务事项", "填报内容"


def _yes(value: Any) -> str:
    return "是" if value else "否"


def _rows(by: Actor) -> Iterator[list[str]]:
    """The headings, then each item with its newest version, a row for each material."""
    by.demand(CATALOGUE)
    yield [column.heading for column in (*ITEM, *MATERIAL)]
    codes = {organ.id: organ.code for organ in organs()}
    newest = Version.objects.order_by("item_id", "-number").distinct("item_id").prefetch_related("materials")
    items = Item.objects.filter(editable(by)).select_related("base").order_by("code")
    for item in items.prefetch_related(Prefetch("versions", newest, to_attr="newest")):
        head = _item_cells(item, codes[item.organ_id])
        version = next(iter(item.newest), None)
        head += _version_cells(version) if version else [""] * len(FIELDS)
        materials = list(version.materials.all()) if version else []
        blank = [item.code if column.key == "code" else "" for column in ITEM]
        for index, material in enumerate(materials or [None]):
            yield [no_formula(cell) for cell in (blank if index else head) + _material_cells(material)]


def _item_cells(item: Item, organ: str) -> list[str]:
    audience = [word for word, wanted in (("个人", item.for_persons), ("企业", item.for_firms)) if wanted]
    return [
        item.base.code, item.base.name, str(item.base.get_kind_display()), item.code, item.name, organ,
        str(item.get_offered_at_display()), str(item.get_topic_display()), "、".join(audience), item.everyday,
    ]  # fmt: skip


def _version_cells(version: Version) -> list[str]:
    special = {
        "is_instant": _yes(version.is_instant),
        "visits": str(version.get_visits_display()),
        "delivery": "、".join(str(Delivery(way).label) for way in version.delivery),
    }
    values = {name: getattr(version, name) for name in FIELDS} | special
    return ["" if values[c.key] is None else str(values[c.key]) for c in ITEM[-len(FIELDS) :]]


def _material_cells(material: Any) -> list[str]:
    if material is None:
        return [""] * len(MATERIAL)
    return [
        material.name, str(material.get_form_display()), str(material.copies), material.condition, material.needed_when,
        _yes(material.is_deferrable), _yes(material.by_commitment), material.held_by,
    ]  # fmt: skip


def _question_rows(by: Actor) -> Iterator[list[str]]:
    """The headings, then the questions of the newest version of each item."""
    yield [column.heading for column in QUESTIONS]
    newest = Version.objects.order_by("item_id", "-number").distinct("item_id").values("pk")
    items = Item.objects.filter(editable(by)).values("pk")
    rows = Version.objects.filter(pk__in=newest, item__in=items).exclude(questions=[]).select_related("item")
    for version in rows.order_by("item__code"):
        for one in version.form:
            kind = str(QuestionKind(one.kind).label) if one.kind in QuestionKind.values else one.kind
            cells = [
                version.item.code,
                one.slug,
                one.label,
                kind,
                _yes(one.required),
                one.help,
                "、".join(one.choices),
                one.when,
            ]
            yield [no_formula(cell) for cell in (*cells, one.least, one.most)]


def export_csv(by: Actor) -> bytes:
    """The items ``by`` may edit as CSV in UTF-8 with a mark, as Excel wants it; their questions are in the workbook only."""
    out = io.StringIO(newline="")
    with override("zh-hans"):
        csv.writer(out).writerows(_rows(by))
    return out.getvalue().encode("utf-8-sig")


def export_workbook(by: Actor) -> bytes:
    """The same as an Excel file."""
    from openpyxl import Workbook  # a third of a second at start-up, and rarely needed

    book = Workbook(write_only=True)
    with override("zh-hans"):
        for title, rows in ((TITLE, _rows(by)), (QUESTIONS_TITLE, _question_rows(by))):
            sheet = book.create_sheet(title)
            sheet.freeze_panes = "A2"
            for row in rows:
                sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
