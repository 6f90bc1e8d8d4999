"""Setting up, changing and closing organs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused

from ..models import Appointment, Duty, Organ, Post
from ..permissions import By
from ..queries.kept import organs_within
from .writing import Log, changed, days, demand_end, fetched, put, tidy, writing


class OrganFields(TypedDict, total=False):
    """What may be given for an organ besides its code and first day."""

    name: str
    short_name: str
    name_en: str
    kind: str
    parent_id: UUID | None
    division_id: UUID | None
    phone: str


def create_organ(
    *, code: str, valid_from: date, by: By, at: datetime, valid_to: date | None = None, **fields: Unpack[OrganFields]
) -> Organ:
    """A new organ.  Refused when its code is in use on some day of its own."""
    with writing(by, at) as log:
        return write_organ(log, {"code": code, "valid_from": valid_from, "valid_to": valid_to, **fields})


def write_organ(log: Log, values: Mapping[str, Any], *, is_checked: bool = False) -> Organ:
    """`create_organ` inside a running transaction."""
    organ = Organ(**tidy(values))
    put(organ, is_checked=is_checked)
    data = {"code": organ.code, "name": organ.name, "organ_kind": organ.kind, **days(organ)}
    log.add("organ.created", organ, data, is_first=True)
    return organ


def change_organ(organ_id: UUID, *, by: By, at: datetime, **fields: Unpack[OrganFields]) -> Organ:
    """Change what an organ is called, where it stands or how it is reached.  Its code and days stay."""
    with writing(by, at) as log:
        return rewrite_organ(log, fetched(Organ, organ_id), fields)


def rewrite_organ(log: Log, organ: Organ, fields: Mapping[str, Any], *, is_checked: bool = False) -> Organ:
    """`change_organ` inside a running transaction; writes nothing when nothing differs."""
    differences = changed(organ, fields)
    if "parent_id" in differences and organ.parent_id:
        _demand_no_circle(organ)
    if differences:
        put(organ, is_checked=is_checked)
        log.add("organ.changed", organ, {"name": organ.name, "changes": differences})
    return organ


def _demand_no_circle(organ: Organ) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('organisation.organ_tree', 0))")
    if organ.parent_id in organs_within(organ.pk):
        raise Refused("circular_parent", _("上级单位不能是本单位或其下级单位，请重新选择。"), "parent")


def close_organ(organ_id: UUID, *, on: date, by: By, at: datetime) -> Organ:
    """The organ ends on ``on``, and with it its posts, appointments and duties.

    Refused while organs below it remain.
    """
    with writing(by, at) as log:
        return write_closing(log, fetched(Organ, organ_id), on)


def write_closing(log: Log, organ: Organ, on: date) -> Organ:
    """`close_organ` inside a running transaction."""
    if organ.valid_to == on:
        return organ
    demand_end(organ, on)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    if organ.children.filter(lasting).exists():
        raise Conflict("organ_has_children", _("该单位仍有下级单位，请先撤销或调整下级单位。"))
    duties = _end(Duty.objects.filter(lasting, organ=organ), on)
    appointments = _end(Appointment.objects.filter(lasting, post__organ=organ), on)
    posts = _end(Post.objects.filter(lasting, organ=organ), on)
    organ.valid_to = on
    put(organ, is_checked=True)
    ended = {"duties": duties, "appointments": appointments, "posts": posts}
    log.add("organ.closed", organ, {"name": organ.name, "valid_to": on, "ended": ended})
    return organ


def _end(rows: Any, on: date) -> list[UUID]:
    """End rows on ``on``; one that was to begin later never begins."""
    ids = list(rows.values_list("pk", flat=True))
    for row in rows.model.objects.filter(pk__in=ids):
        row.valid_to = max(on, row.valid_from)
        row.save(update_fields=["valid_to"])
    return ids
