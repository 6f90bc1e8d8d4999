"""The grid workers of the demo: in two streets every grid but a few has one, somebody stands in, two are in reserve."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, Actor
from zhitong.kernel.organisation.public import Appointment
from zhitong.kernel.territory.public import Level, Node, children, descendants
from zhitong.lines.fieldwork.public import hand_over, join_reserve, stand_in

from .district import grid_workers_title, staffed_streets

GRIDS, FREE = 4, 2


@transaction.atomic
def build(by: Actor, at: datetime) -> None:
    """Four grids for the persona with a substitute; the others of two streets to a worker of their community, but the last few of
    each street, as the coverage check tells.  Elsewhere nobody has been named yet."""
    worker = Account.objects.select_related("staff").get(username="grid")
    seat = Appointment.objects.select_related("post__organ").filter(staff=worker.staff_id).order_by("id").first()
    if worker.staff_id is None or seat is None or seat.post.organ.division_id is None:
        return
    street, today = seat.post.organ.division_id, timezone.localdate(at)
    mine = [grid.id for grid in descendants(street, level=Level.GRID)[:GRIDS]]
    for one in staffed_streets():
        for grid_id, named in _workers(one, dict.fromkeys(mine, worker.staff_id)):
            hand_over(grid_id, named, on=today - timedelta(days=200), by=by, at=at)
    colleagues = [found for community in children(street) if (found := _of_community(community))]
    for grid_id in mine:
        stand_in(
            grid_id, colleagues[0], first=today - timedelta(days=3), last=today + timedelta(days=4), by=by, at=at
        )  # fmt: skip
    for staff_id in colleagues[1:3]:
        join_reserve(staff_id, street, by=by, at=at)


def _workers(street: Node, given: dict[UUID, UUID]) -> list[tuple[UUID, UUID]]:
    """Each grid of a street with its worker."""
    found = [
        (grid.id, given.get(grid.id) or staff_id)
        for community in children(street.id)
        if (staff_id := _of_community(community))
        for grid in descendants(community.id, level=Level.GRID)
    ]
    return found[:-FREE]


def _of_community(community: Node) -> UUID | None:
    rows = Appointment.objects.filter(
        post__title=grid_workers_title(community), post__organ__division=community.parent_id
    )
    return rows.values_list("staff", flat=True).first()
