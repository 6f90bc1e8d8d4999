"""The duty list: a change of mind closes the old line and opens a new one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.hours import read_hours
from zhitong.base.moments import dated
from zhitong.base.text import clean

from ..choices import DutyRole
from ..models import Duty, Organ
from ..permissions import By
from .writing import Log, days, demand_end, demand_within, fetched, put, writing


def set_duty(
    *,
    organ_id: UUID,
    category_id: UUID | None,
    division_id: UUID | None,
    valid_from: date,
    by: By,
    at: datetime,
    role: str = DutyRole.LEAD,
    basis: str = "",
    hours: str = "",
    valid_to: date | None = None,
    takes_over: bool = False,
) -> Duty:
    """The organ answers for the category in the division from ``valid_from`` on.

    What the list said of the same organ, category, division and hours ends on that day; if it said the very same, nothing
    is written.  ``hours`` as in `zhitong.base.hours`.  ``takes_over`` also ends other organs' lead for exactly this category and
    division: of the same hours, or of any where this one always holds.
    """
    values = {"category_id": category_id, "division_id": division_id, "role": role, "basis": basis, "hours": hours}
    with writing(by, at) as log:
        organ = fetched(Organ, organ_id)
        duty = write_duty(log, organ, {**values, "valid_from": valid_from, "valid_to": valid_to})
        if takes_over:
            _end_others(log, duty)
        return duty


def write_duty(log: Log, organ: Organ, values: Mapping[str, Any], *, is_checked: bool = False) -> Duty:
    """`set_duty` inside a running transaction."""
    duty = Duty(
        organ=organ, **{**values, "basis": clean(values["basis"]), "hours": checked_hours(values.get("hours", ""))}
    )
    demand_within(duty, organ, _("职责的起止日期须在单位存续期内。"))
    old = list(_same_place(duty).filter(organ=organ, hours=duty.hours).order_by("valid_from"))
    if old and (kept := _already_said(log, old[0], duty)):
        return kept
    for row in old:
        if row.valid_from > duty.valid_from:
            message = _("该职责自%(day)s起另有规定，请填写终止日期，或先终止后一项。")
            raise Conflict("later_duty", message % {"day": dated(row.valid_from, get_language())}, "valid_to")
        write_duty_end(log, row, duty.valid_from)
    put(duty, is_checked=is_checked)
    log.add(
        "duty.set", duty, {**_told(duty), "role": duty.role, "basis": duty.basis, "hours": duty.hours, **days(duty)}
    )
    return duty


def checked_hours(text: str) -> str:
    """Hours in their one form; Refused for what cannot be understood."""
    try:
        return str(read_hours(text))
    except ValueError:
        raise Refused("bad_hours", _("时段请写成“周一至周五 8:30-17:30”或“22:00-6:00”的形式。"), "hours") from None


def _same_place(duty: Duty) -> "QuerySet[Duty]":
    """Duties for the same category and division with days in common, locked."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=duty.valid_from)
    started = Q(valid_from__lt=duty.valid_to) if duty.valid_to else Q()
    rows = Duty.objects.select_for_update().filter(lasting, started)
    return rows.filter(_exactly("category", duty.category_id), _exactly("division", duty.division_id))


def _exactly(name: str, value: UUID | None) -> Q:
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def _already_said(log: Log, old: Duty, new: Duty) -> Duty | None:
    """The old row when it says the same; a last day it did not have yet is given to it."""
    is_same = (old.role, old.basis) == (new.role, new.basis) and old.valid_from <= new.valid_from
    if is_same and old.valid_to == new.valid_to:
        return old
    if is_same and old.valid_to is None and new.valid_to is not None:
        write_duty_end(log, old, new.valid_to)
        return old
    return None


def _end_others(log: Log, duty: Duty) -> None:
    rows = _same_place(duty).filter(role=DutyRole.LEAD).exclude(organ=duty.organ_id)
    for other in rows.filter(hours=duty.hours) if duty.hours else rows:
        write_duty_end(log, other, max(duty.valid_from, other.valid_from))


def end_duty(duty_id: UUID, *, on: date, by: By, at: datetime) -> Duty:
    """The organ answers no longer from ``on`` on; on the first day itself it strikes the duty out."""
    with writing(by, at) as log:
        duty = fetched(Duty, duty_id)
        if duty.valid_to != on:
            demand_end(duty, on)
            write_duty_end(log, duty, on)
        return duty


def write_duty_end(log: Log, duty: Duty, on: date) -> None:
    """`end_duty` inside a running transaction."""
    duty.valid_to = on
    put(duty, is_checked=True)
    log.add("duty.ended", duty, {**_told(duty), "valid_to": on})


def _told(duty: Duty) -> dict[str, Any]:
    """Names as they are today stand beside the ids: the log is read when the rows may be called something else."""
    return {
        "duty": duty.pk,
        "category": duty.category_id,
        "category_name": duty.category.name if duty.category else "",
        "division": duty.division_id,
        "division_name": duty.division.name if duty.division else "",
    }
