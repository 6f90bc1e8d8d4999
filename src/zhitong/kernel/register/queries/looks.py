"""Who saw numbers in full, of whom and why: read from the log, beside the person and for whoever answers for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event

from ..models import Person

EACH = ("person.revealed", "person.looked_up")
WHOLE = ("homes.exported", "firms.exported")
MOST, PAGE = 20, 50
WHAT = {
    "phone": _("联系电话"), "email": _("电子邮箱"), "citizen_id": _("身份证号"), "answer": _("表单中填写的内容"),
    "export": _("随登记表导出"), "looked_up": _("其他系统按号码查询"), "homes.exported": _("导出人房登记"),
    "firms.exported": _("导出市场主体"), "": pgettext_lazy("event", "查看完整信息"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """One look at numbers in full.  ``rows`` is how many rows were taken away at once, ``person`` whose number it was."""

    id: UUID
    at: datetime
    who: str
    account: UUID | None
    what: Any
    reason: str
    person: Person | None = None
    rows: int | None = None


def looks_at(*person_ids: UUID) -> list[Look]:
    """The last looks at the numbers of a person, and of whom was merged into them, the latest first.  For code that asked who may see
    the person."""
    rows = Event.objects.filter(stream__in=person_ids, kind__in=EACH).order_by("-at", "-pk")[:MOST]
    return [_look(row) for row in rows]


def looks(by: Actor, *, account: UUID | None = None, after: UUID | None = None) -> tuple[list[Look], UUID | None]:
    """A page of all looks, the latest first, of one account if asked, from the one behind ``after`` on; and where the next one begins.

    What was taken away in full is one line however many people it holds.  Needs ``accounts.manage`` for the whole district.
    """
    by.demand_everywhere("accounts.manage")
    rows = Event.objects.filter(Q(kind__in=EACH) & ~Q(data__what="export") | Q(kind__in=WHOLE, data__in_full=True))
    if account:
        rows = rows.filter(by_account=account)
    last = Event.objects.filter(pk=after).first() if after else None
    if last:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(rows.order_by("-at", "-pk")[: PAGE + 1])
    people = Person.objects.in_bulk(row.stream for row in found if row.kind in EACH)
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    return [_look(row, people.get(row.stream)) for row in found[:PAGE]], following


def _look(row: Event, person: Person | None = None) -> Look:
    key = row.kind if row.kind in WHOLE else "looked_up" if row.kind == "person.looked_up" else row.data.get("what", "")
    return Look(
        row.pk, row.at, row.by_label, row.by_account, WHAT.get(key, WHAT[""]), row.data.get("reason", ""), person, row.data.get("rows")
    )  # fmt: skip
