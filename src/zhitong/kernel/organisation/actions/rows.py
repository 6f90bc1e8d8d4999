"""What one row of an import does: ``created``, ``changed`` or ``unchanged``, or it is ``Refused`` as a whole.

What a row writes is noted in the lookup only when all of it has succeeded, so that a refused row leaves no trace there.
"""

import copy
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict
from zhitong.base.moments import dated

from ..models import Appointment, Dated, Duty, Organ, Post, Staff
from .duties import checked_hours, write_duty
from .lookup import Lookup, overlapping
from .organs import rewrite_organ, write_closing, write_organ
from .people import rewrite_staff, write_appointment, write_end, write_post, write_staff
from .writing import Log

Values = Mapping[str, Any]
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
_ORGAN_FIELDS = ("name", "short_name", "name_en", "kind", "phone")


def _given(values: Values, names: tuple[str, ...]) -> dict[str, Any]:
    """Only the columns the file has: a column left out changes nothing."""
    return {name: values[name] for name in names if name in values}


def _same_start(rows: list[Any], start: date) -> Any:
    """The row that began on that day and was not struck out."""
    return next((row for row in rows if row.valid_from == start and row.valid_to != start), None)


def _ends_now(row: Dated, end: date | None) -> bool:
    """Whether the file gives a last day the row does not have yet; an ended row is not opened again."""
    if end is None or row.valid_to == end:
        return False
    if row.valid_to is not None:
        message = _("该记录已于%(day)s终止，与表中日期不一致。") % {"day": dated(row.valid_to, get_language())}
        raise Conflict("already_ended", message, "valid_to")
    return True


def organ_row(log: Log, found: Lookup, values: Values) -> str:
    """An organ by its code."""
    fields = _given(values, _ORGAN_FIELDS)
    if "parent" in values:
        fields["parent_id"] = found.organ(values["parent"], "parent").pk if values["parent"] else None
    if "division" in values:
        fields["division_id"] = found.division(values["division"])
    days = {"valid_from": values["valid_from"], "valid_to": values.get("valid_to")}
    same = found.organs.get(values["code"], [])
    old = _same_start(same, values["valid_from"])
    if old is None and (live := overlapping(same, days["valid_from"], days["valid_to"])):
        message = _("该编码的单位起始日期为%(day)s，与表中不一致。") % {
            "day": dated(live[0].valid_from, get_language())
        }
        raise Conflict("other_start", message, "valid_from")
    if old is None:
        organ = write_organ(log, {"code": values["code"], **fields, **days}, is_checked=True)
        found.organs.setdefault(organ.code, []).append(organ)
        return CREATED
    return _known_organ(log, found, old, fields, days["valid_to"])


def _known_organ(log: Log, found: Lookup, old: Organ, fields: Values, end: date | None) -> str:
    before = len(log.happenings)
    organ = rewrite_organ(log, copy.copy(old), fields, is_checked=True)
    if _ends_now(organ, end) and end is not None:
        write_closing(log, organ, end)
    same = found.organs[old.code]
    same[same.index(old)] = organ
    return CHANGED if len(log.happenings) > before else UNCHANGED


def person_row(log: Log, found: Lookup, values: Values) -> str:
    """A person by number, the post by organ and title, and the appointment by its first day."""
    before = len(log.happenings)
    organ = found.organ(values["organ"])
    staff, is_new_person = _person(log, found, values)
    post, is_new_post = _post(log, found, organ, values)
    key = (staff.pk, post.pk)
    appointment, is_new = _appointment(log, found.appointments.get(key, []), staff, post, values)
    found.staff[staff.staff_no] = staff
    found.named[staff.staff_no] = staff.name
    if is_new_post:
        found.posts.setdefault((organ.pk, post.title, post.division_id), []).append(post)
    if is_new:
        found.appointments.setdefault(key, []).append(appointment)
    if is_new or is_new_person:
        return CREATED
    return CHANGED if len(log.happenings) > before else UNCHANGED


def _person(log: Log, found: Lookup, values: Values) -> tuple[Staff, bool]:
    number = values["staff_no"]
    if found.named.get(number, values["name"]) != values["name"]:
        message = _("工号“%(number)s”在前面的行中是“%(name)s”，请核对。")
        raise Conflict("two_names", message % {"number": number, "name": found.named[number]}, "name")
    fields = _given(values, ("name", "phone", "email"))
    if number in found.staff:
        return rewrite_staff(log, copy.copy(found.staff[number]), fields), False
    return write_staff(log, {"staff_no": number, **fields}), True


def _post(log: Log, found: Lookup, organ: Organ, values: Values) -> tuple[Post, bool]:
    division = found.division(values.get("post_division", ""), "post_division")
    same = found.posts.get((organ.pk, values["title"], division), [])
    post = next((p for p in same if p.is_valid_on(values["valid_from"])), None)
    is_head = values.get("is_head", post.is_head if post else False)
    if post is None:
        ended = [p.valid_to for p in same if p.valid_to and p.valid_to <= values["valid_from"]]
        start = max([organ.valid_from, *ended])
        fields = {"title": values["title"], "is_head": is_head, "division_id": division}
        days = {"valid_from": start, "valid_to": organ.valid_to}
        return write_post(log, organ, {**fields, **days}, is_checked=True), True
    if is_head != post.is_head:
        message = _("该岗位在系统中或前面的行中“主要负责人”一栏与本行不同，请核对。")
        raise Conflict("other_head", message, "is_head")
    return post, False


def _appointment(
    log: Log, same: list[Appointment], staff: Staff, post: Post, values: Values
) -> tuple[Appointment, bool]:
    start, end = values["valid_from"], values.get("valid_to")
    old: Appointment | None = _same_start(same, start)
    if old is None:
        if live := overlapping(same, start, end):
            taken = _("该人员自%(day)s起已在此岗位任职。") % {"day": dated(live[0].valid_from, get_language())}
            raise Conflict("already_appointed", taken, "valid_from")
        fields = {"is_deputy": values.get("is_deputy", False), "valid_from": start, "valid_to": end}
        return write_appointment(log, staff, post, fields), True
    if old.is_deputy != values.get("is_deputy", old.is_deputy):
        message = _("“代理”一栏与已有任职不同，请先终止原任职。")
        raise Conflict("other_deputy", message, "is_deputy")
    if _ends_now(old, end) and end is not None:
        write_end(log, old, end)
    return old, False


def duty_row(log: Log, found: Lookup, values: Values) -> str:
    """A duty by organ, category, division, hours and first day."""
    organ = found.organ(values["organ"])
    category = found.category(values.get("category", ""))
    division = found.division(values.get("division", ""))
    hours = checked_hours(values.get("hours", ""))
    key = (organ.pk, category, division, hours)
    same = found.duties.get(key, [])
    end = values.get("valid_to")
    old: Duty | None = _same_start(same, values["valid_from"])
    said = (values["role"], values.get("basis", ""))
    if old and (old.role, old.basis) == said and not _ends_now(old, end):
        return UNCHANGED
    before = len(log.happenings)
    fields = {"category_id": category, "division_id": division, "role": said[0], "basis": said[1], "hours": hours}
    days = {"valid_from": values["valid_from"], "valid_to": end}
    duty = write_duty(log, organ, {**fields, **days}, is_checked=True)
    found.duties[key] = [*(row for row in same if row.pk != duty.pk), duty]
    if len(log.happenings) == before:
        return UNCHANGED
    return CHANGED if same else CREATED


WRITERS: dict[str, Callable[[Log, Lookup, Values], str]] = {
    "organs": organ_row,
    "people": person_row,
    "duties": duty_row,
}
