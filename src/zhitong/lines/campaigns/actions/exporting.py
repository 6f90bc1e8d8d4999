"""Taking a list away as a workbook: a row for each target; that somebody did is on record."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhitong.base.books import on_disk, text_book
from zhitong.base.sheets import Sheet
from zhitong.base.text import in_language, no_formula
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import one_view, record
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory.public import labels

from ..models import Drive, Inventory, Target
from ..queries.inventories import Wanted, export_rows
from ..rules.sheets import PLAN, TARGETS

CHUNK = 2_000


def export(drive: Drive, rows: QuerySet[Target], *, by: Actor, at: datetime) -> IO[bytes]:
    """The workbook, in the order of the list; in flat memory."""
    with transaction.atomic():
        record("campaigns.exported", drive.pk, stream_kind="drive", at=at, by=by, data={"targets": rows.count()})
    with one_view():
        return on_disk(text_book(_("行动对象"), _lines(rows), widths=(8, 32, 24, 32, 12, 16, 20, 12, 12, 12, 24)))


def _lines(rows: QuerySet[Target]) -> Iterator[list[str]]:
    yield [
        _("序号"), _("对象名称"), _("所在辖区"), _("地点"), _("问题类型"), _("环节"), _("责任单位"), _("责任人"), _("状态"), _("登记日期"),
        _("完成期限"), _("完成日期"), _("说明"), _("不计入的理由"), _("经度"), _("纬度"),
    ]  # fmt: skip
    found = rows.select_related("stage", "staff").defer("words", "path").order_by("number")
    places = labels(set(rows.order_by().values_list("division", flat=True).distinct()))
    organs = organ_names(set(rows.order_by().values_list("organ", flat=True).distinct()))
    for one in found.iterator(CHUNK):
        yield [
            str(one.number), one.name, places.get(one.division_id, ""), one.address, one.sort, one.stage.name,
            organs.get(one.organ_id, "") if one.organ_id else "", one.staff.name if one.staff else "", str(one.get_state_display()),
            str(one.found_on), str(one.due_on), str(one.done_on or ""), one.note, one.reason, str(one.lon or ""), str(one.lat or ""),
        ]  # fmt: skip


def export_entries(inventory: Inventory, wanted: Wanted, *, by: Actor, at: datetime) -> IO[bytes]:
    """The entries that are asked for, as a workbook."""
    with transaction.atomic():
        record("campaigns.inventory.exported", inventory.pk, stream_kind="campaigns_inventory", at=at, by=by, data={})
    with one_view():
        return on_disk(text_book(inventory.name[:31], export_rows(by, inventory, wanted, timezone.localdate(at))))


def template_csv(key: str) -> str:
    """The headings of a list (``targets``) or a plan, with examples, in the reader's language."""
    return headings_csv(PLAN if key == PLAN.key else TARGETS)


def headings_csv(sheet: Sheet) -> str:
    """The headings of a sheet with its examples, in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(in_language(column.label, column.label_en, get_language()) for column in sheet.columns)
    writer.writerows([[no_formula(cell) for cell in row] for row in sheet.examples])
    return "\ufeff" + out.getvalue()
