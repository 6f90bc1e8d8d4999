"""Finding workers for a grid: principal, substitutes, leave, the reserve called out."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import (
    Appointment,
    Leave,
    Post,
    Staff,
    appoint,
    create_post,
    end_appointment,
    end_leave,
    posts_of_divisions,
    take_leave,
    valid_on,
)
from zhitong.kernel.territory.public import Level, Node, ancestor

from ..models import Reserve
from ..permissions import for_posts, own_grid, streets
from ..queries.teams import office_of

TITLE = "网格员"


@transaction.atomic
def hand_over(grid_id: UUID, staff_id: UUID, *, on: date, by: Actor, at: datetime) -> Appointment:
    """``staff_id`` is the principal worker of the grid from ``on``; whoever was hands over on that day."""
    grid = own_grid(by, grid_id)
    post, writer = _post(grid, on, by, at), for_posts(by)
    before = posts_of_divisions([grid_id], on).filter(is_deputy=False)
    if any(one.staff_id == staff_id for one in before):
        raise Conflict("principal_already", _("该人员已是这个网格的网格员。"), "staff")
    for one in before:
        end_appointment(one.pk, on=on, by=writer, at=at)
    for one in posts_of_divisions([grid_id], on).filter(staff=staff_id):  # stood in until now
        end_appointment(one.pk, on=on, by=writer, at=at)
    made = appoint(staff_id=staff_id, post_id=post.pk, valid_from=on, by=writer, at=at)
    data = {"to": made.staff.name, "from": [one.staff.name for one in before], "on": on}
    record("fieldwork.handed_over", grid_id, stream_kind="division", at=at, by=by, data=data)
    return made


@transaction.atomic
def stand_in(
    grid_id: UUID, staff_id: UUID, *, first: date, last: date, by: Actor, at: datetime, is_call: bool = False
) -> Appointment:
    """``staff_id`` stands in for the grid from the first to the last day.  ``is_call``: the reserve is called out."""
    grid = own_grid(by, grid_id)
    if last < first:
        raise Refused("days_in_order", _("最后一天不能早于第一天。"), "last")
    if is_call and not Reserve.objects.filter(staff=staff_id, street=ancestor(grid_id, Level.STREET)).exists():
        raise Refused("not_reserve", _("该人员不在本街镇的机动队里。"), "staff")
    post = _post(grid, first, by, at)
    made = appoint(
        staff_id=staff_id, post_id=post.pk, valid_from=first, valid_to=last + timedelta(days=1), is_deputy=True,
        by=for_posts(by), at=at,
    )  # fmt: skip
    kind = "fieldwork.called_out" if is_call else "fieldwork.stands_in"
    data = {"name": made.staff.name, "first": first, "last": last}
    record(kind, grid_id, stream_kind="division", at=at, by=by, data=data)
    return made


@transaction.atomic
def release(grid_id: UUID, appointment_id: UUID, *, on: date, by: Actor, at: datetime) -> None:
    """Somebody is no longer there for the grid from ``on``."""
    own_grid(by, grid_id)
    found = Appointment.objects.filter(pk=appointment_id, post__division=grid_id).select_related("staff").first()
    if found is None:
        raise Conflict("gone", _("该人员已不在这个网格，请刷新后重试。"))
    end_appointment(found.pk, on=max(on, found.valid_from), by=for_posts(by), at=at)
    record(
        "fieldwork.released", grid_id, stream_kind="division", at=at, by=by, data={"name": found.staff.name, "on": on}
    )


@transaction.atomic
def send_on_leave(
    staff_id: UUID, street_id: UUID, *, first: date, last: date, substitute: UUID | None, by: Actor, at: datetime
) -> Leave:
    """Somebody of the street is away from the first to the last day; ``substitute`` stands in for all their grids there."""
    _own_street(by, street_id)
    if last < first:
        raise Refused("days_in_order", _("最后一天不能早于第一天。"), "last")
    if substitute == staff_id:
        raise Refused("own_substitute", _("替班人不能是请假的本人。"), "substitute")
    if not Appointment.objects.filter(staff=staff_id, post__division__path__contains=[street_id]).exists():
        raise Refused("not_of_street", _("该人员不是本街镇的网格员。"), "staff")
    leave = take_leave(staff_id=staff_id, valid_from=first, valid_to=last + timedelta(days=1), by=for_posts(by), at=at)
    own = Appointment.objects.filter(
        valid_on(first), staff=staff_id, is_deputy=False, post__division__path__contains=[street_id]
    ).select_related("post")
    for one in own if substitute else ():
        there = posts_of_divisions([one.post.division_id], first).filter(staff=substitute)  # type: ignore[list-item]
        if one.post.division_id and substitute and not there.exists():
            stand_in(one.post.division_id, substitute, first=first, last=last, by=by, at=at)
    return leave


@transaction.atomic
def call_back(leave_id: UUID, street_id: UUID, *, on: date, by: Actor, at: datetime) -> None:
    """Somebody is back from leave earlier."""
    _own_street(by, street_id)
    mine = Leave.objects.filter(staff__appointments__post__division__path__contains=[street_id], pk=leave_id)
    found = mine.first()
    if found is None:
        raise Conflict("gone", _("这次请假已不存在，请刷新后重试。"))
    end_leave(found.pk, on=max(on, found.valid_from), by=for_posts(by), at=at)


def join_reserve(staff_id: UUID, street_id: UUID, *, by: Actor, at: datetime) -> None:
    """Somebody belongs to the reserve team of the street from now on; twice is once."""
    _own_street(by, street_id)
    if not Staff.objects.filter(pk=staff_id).exists():
        raise Refused("no_staff", _("没有这名工作人员，请重新选择。"), "staff")
    Reserve.objects.get_or_create(staff_id=staff_id, street_id=street_id, defaults={"added_at": at})


def leave_reserve(reserve_id: UUID, street_id: UUID, *, by: Actor) -> None:
    """Somebody no longer belongs to it."""
    _own_street(by, street_id)
    Reserve.objects.filter(pk=reserve_id, street=street_id).delete()


def _own_street(by: Actor, street_id: UUID) -> None:
    if street_id not in {street.id for street in streets(by)}:
        raise Refused("no_street", _("没有这个街镇，或不在您管理的范围内。"))


def _post(grid: Node, on: date, by: Actor, at: datetime) -> Post:
    """The post of the grid's workers; made where there is none yet."""
    found = Post.objects.filter(valid_on(on), division=grid.id).order_by("valid_from", "id").first()
    if found is not None:
        return found
    office = office_of(grid, on)
    if office is None:
        raise Refused("no_office", _("网格所在的街镇还没有单位，请先在“单位”里设立。"))
    return create_post(
        organ_id=office.pk, title=TITLE, division_id=grid.id, valid_from=on, by=for_posts(by), at=at
    )  # fmt: skip
