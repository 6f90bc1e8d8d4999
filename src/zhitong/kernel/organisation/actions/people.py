"""Staff, posts, and who sits where."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..models import Appointment, Leave, Organ, Post, Staff
from ..permissions import By
from .writing import Log, changed, days, demand_end, demand_within, fetched, put, tidy, writing


class StaffFields(TypedDict, total=False):
    """What may be changed of a person."""

    name: str
    phone: str
    email: str


class PostFields(TypedDict, total=False):
    """What may be changed of a post."""

    title: str
    is_head: bool
    division_id: UUID | None


def create_staff(*, staff_no: str, name: str, by: By, at: datetime, phone: str = "", email: str = "") -> Staff:
    """A new person.  Refused when the number is another person's."""
    with writing(by, at) as log:
        return write_staff(log, {"staff_no": staff_no, "name": name, "phone": phone, "email": email})


def write_staff(log: Log, values: Mapping[str, Any]) -> Staff:
    """`create_staff` inside a running transaction."""
    staff = Staff(**tidy(values))
    put(staff)
    log.add("staff.created", staff, {"staff_no": staff.staff_no, "name": staff.name}, is_first=True)
    return staff


def change_staff(staff_id: UUID, *, by: By, at: datetime, **fields: Unpack[StaffFields]) -> Staff:
    """Change a person's name or how to reach them.  The log says that contact data changed, not what they are."""
    with writing(by, at) as log:
        return rewrite_staff(log, fetched(Staff, staff_id), fields)


def rewrite_staff(log: Log, staff: Staff, fields: Mapping[str, Any]) -> Staff:
    """`change_staff` inside a running transaction; writes nothing when nothing differs."""
    differences = changed(staff, fields)
    if differences:
        put(staff)
        log.add("staff.changed", staff, {"name": staff.name, "changes": differences})
    return staff


def create_post(
    *,
    organ_id: UUID,
    title: str,
    valid_from: date,
    by: By,
    at: datetime,
    is_head: bool = False,
    division_id: UUID | None = None,
    valid_to: date | None = None,
) -> Post:
    """A new post.  Refused outside the organ's days, beside a post of the same title, or as a second head."""
    with writing(by, at) as log:
        values = {"title": title, "is_head": is_head, "division_id": division_id}
        return write_post(log, fetched(Organ, organ_id), {**values, "valid_from": valid_from, "valid_to": valid_to})


def write_post(log: Log, organ: Organ, values: Mapping[str, Any], *, is_checked: bool = False) -> Post:
    """`create_post` inside a running transaction."""
    post = Post(organ=organ, **tidy(values))
    demand_within(post, organ, _("岗位的起止日期须在单位存续期内。"))
    put(post, is_checked=is_checked)
    log.add("post.created", post, {"post": post.pk, "title": post.title, "is_head": post.is_head, **days(post)})
    return post


def change_post(post_id: UUID, *, by: By, at: datetime, **fields: Unpack[PostFields]) -> Post:
    """Change a post's title, area or whether it heads the organ.  Its organ and days stay."""
    with writing(by, at) as log:
        post = fetched(Post, post_id)
        differences = changed(post, fields)
        if differences:
            put(post)
            log.add("post.changed", post, {"post": post.pk, "title": post.title, "changes": differences})
        return post


def end_post(post_id: UUID, *, on: date, by: By, at: datetime) -> Post:
    """The post ends on ``on``, and with it the appointments to it."""
    with writing(by, at) as log:
        post = fetched(Post, post_id)
        if post.valid_to == on:
            return post
        demand_end(post, on)
        write_post_end(log, post, on)
        return post


def write_post_end(log: Log, post: Post, on: date) -> None:
    """`end_post` inside a running transaction."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    for appointment in post.appointments.select_for_update().filter(lasting):
        write_end(log, appointment, max(on, appointment.valid_from))
    post.valid_to = on
    put(post, is_checked=True)
    log.add("post.ended", post, {"post": post.pk, "title": post.title, "valid_to": on})


def appoint(
    *,
    staff_id: UUID,
    post_id: UUID,
    valid_from: date,
    by: By,
    at: datetime,
    is_deputy: bool = False,
    valid_to: date | None = None,
) -> Appointment:
    """A person takes a post.  Refused outside the post's days, or when they sit there already."""
    with writing(by, at) as log:
        post = fetched(Post, post_id)
        values = {"is_deputy": is_deputy, "valid_from": valid_from, "valid_to": valid_to}
        return write_appointment(log, fetched(Staff, staff_id), post, values)


def write_appointment(log: Log, staff: Staff, post: Post, values: Mapping[str, Any]) -> Appointment:
    """`appoint` inside a running transaction."""
    appointment = Appointment(staff=staff, post=post, **values)
    demand_within(appointment, post, _("任职日期须在岗位的起止日期内。"))
    put(appointment, is_checked=True)
    what = {"appointment": appointment.pk, "post": post.pk, "organ": post.organ_id, "title": post.title}
    data = {**what, "name": staff.name, "is_deputy": appointment.is_deputy, **days(appointment)}
    log.add("appointment.made", appointment, data)
    return appointment


def end_appointment(appointment_id: UUID, *, on: date, by: By, at: datetime) -> Appointment:
    """The person leaves the post on ``on``; on the first day itself it strikes the appointment out."""
    with writing(by, at) as log:
        return write_end(log, fetched(Appointment, appointment_id), on)


def write_end(log: Log, appointment: Appointment, on: date) -> Appointment:
    """`end_appointment` inside a running transaction."""
    if appointment.valid_to == on:
        return appointment
    demand_end(appointment, on)
    appointment.valid_to = on
    put(appointment, is_checked=True)
    post = appointment.post
    what = {"appointment": appointment.pk, "post": post.pk, "organ": post.organ_id, "title": post.title}
    log.add("appointment.ended", appointment, {**what, "name": appointment.staff.name, "valid_to": on})
    return appointment


def take_leave(*, staff_id: UUID, valid_from: date, by: By, at: datetime, valid_to: date | None = None) -> Leave:
    """The person is away from ``valid_from`` up to, not including, ``valid_to``.  Refused where they are away on one of the days."""
    with writing(by, at) as log:
        leave = Leave(staff=fetched(Staff, staff_id), valid_from=valid_from, valid_to=valid_to)
        put(leave, is_checked=True)
        log.add("leave.taken", leave, {"leave": leave.pk, "name": leave.staff.name, **days(leave)})
        return leave


def end_leave(leave_id: UUID, *, on: date, by: By, at: datetime) -> Leave:
    """The person is back on ``on``; on the first day itself it strikes the leave out."""
    with writing(by, at) as log:
        leave = fetched(Leave, leave_id)
        if leave.valid_to != on:
            demand_end(leave, on)
            leave.valid_to = on
            put(leave, is_checked=True)
            log.add("leave.ended", leave, {"leave": leave.pk, "name": leave.staff.name, "valid_to": on})
        return leave
