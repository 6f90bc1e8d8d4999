"""The grid workers of the demo: those of the first streets have grids of their own, one stands in, two are in reserve."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, Actor
from zhitong.kernel.organisation.public import Appointment, Organ
from zhitong.kernel.territory.public import Level, descendants
from zhitong.lines.fieldwork.public import hand_over, join_reserve, stand_in

GRIDS = 4


@transaction.atomic
def build(by: Actor, at: datetime) -> None:
    """Four grids for the persona and a substitute; the others of that street have nobody yet, as the coverage check tells."""
    worker = Account.objects.select_related("staff").get(username="grid")
    seat = Appointment.objects.select_related("post__organ").filter(staff=worker.staff_id).order_by("id").first()
    if worker.staff_id is None or seat is None or seat.post.organ.division_id is None:
        return
    street, today = seat.post.organ.division_id, timezone.localdate(at)
    colleagues = _others(seat.post.organ, worker.staff_id)
    for grid in descendants(street, level=Level.GRID)[:GRIDS]:
        hand_over(grid.id, worker.staff_id, on=today - timedelta(days=200), by=by, at=at)
        if colleagues:
            stand_in(
                grid.id, colleagues[0], first=today - timedelta(days=3), last=today + timedelta(days=4), by=by, at=at
            )
    for staff_id in colleagues[1:3]:
        join_reserve(staff_id, street, by=by, at=at)


def _others(organ: Organ, staff_id: UUID) -> list[UUID]:
    rows = Appointment.objects.filter(post__organ=organ).exclude(staff=staff_id)
    return list(dict.fromkeys(rows.order_by("id").values_list("staff", flat=True)))
