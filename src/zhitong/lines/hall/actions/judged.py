"""What the hall tells the reviews: a visit at a window is a service when it is over, an application when its result has come.

At the window one visit is one review, whatever was done in it; an application made there is not asked about once more.
What was applied for online, or through an agent, is one review for each application, and the person is invited.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Channel as By
from zhitong.kernel.matters.public import Channel, Context
from zhitong.kernel.register.public import ContactKind, contacts_of
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.reviews.public import Way

from ..models import Application, Ticket, Window

LINE = "hall"
SETTER = Actor.system("hall")


def visit_served(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Whoever was at the window may judge it: the tablet asks, the code is for the slip."""
    window = ticket.window
    if window is None:
        return
    giving = reviews.Giving(
        LINE, window.organ_id, Way.COUNTER, point_id=_point(window, at), staff_id=by.staff_id, item=ticket.item_id,
        item_label=ticket.item.name if ticket.item else "", division_id=ticket.hall.division_id,
    )  # fmt: skip
    reviews.served(giving, by=by, at=at)


def _point(window: Window, at: datetime) -> UUID | None:
    """The window among those that are reviewed, under the same id; None where the organ has one of that name already."""
    if reviews.Point.objects.filter(pk=window.pk).exists():
        return window.pk
    name = f"{window.hall} {window}"[:60]
    try:
        with transaction.atomic():
            return reviews.put_point(
                organ_id=window.organ_id, name=name, area_id=window.hall.division_id, point_id=window.pk, by=SETTER, at=at
            ).pk  # fmt: skip
    except Refused:
        return None


def case_served(ctx: Context) -> None:
    """The result has come of what was not applied for at a window."""
    matter = ctx.matter
    case: Application = matter.application
    if matter.channel == Channel.WINDOW or case.is_simulated or matter.lead_id is None:
        return
    contact = (
        next(iter(contacts_of([matter.reporter_id]).get(matter.reporter_id, [])), None) if matter.reporter_id else None
    )
    is_mail = contact is not None and contact.kind == ContactKind.EMAIL
    giving = reviews.Giving(
        LINE, matter.lead_id, Way.ONLINE, item=case.item_id, item_label=case.item.name, division_id=matter.division_id,
        matter_id=matter.pk, invite=contact.pk if contact else None, invite_by=By.EMAIL if is_mail else By.SMS,
    )  # fmt: skip
    reviews.served(giving, by=ctx.by, at=ctx.at)
