"""What the hall tells the reviews: a visit at a window is a service when it is over, an application when its result has come.

At the window one visit is one review, whatever was done in it; an application made there is not asked about once more.
Whoever came to a window without a ticket judges what was taken in there.
What was applied for online, or through an agent, is one review for each application, and the person is invited.  A bundle is one
application: its parts are not asked about one by one, but the whole once, when the last of its results has come.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import BooleanField, F, Func
from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Channel as By
from zhitong.kernel.events.public import bounds
from zhitong.kernel.matters.public import Channel, Context, Matter
from zhitong.kernel.register.public import ContactKind, contacts_of
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.reviews.public import Way

from ..models import Application, BundlePart, Hall, Item, Sitting, Ticket, Window

LINE = "hall"
SETTER = Actor.system("政务大厅")


def visit_served(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Whoever was at the window may judge it: the tablet asks, the code is for the slip.  It counts for what was taken in, where that is
    one item, else for what they said they came for."""
    if ticket.window is None:
        return
    taken_in = Application.objects.filter(matter__in=ticket.served.values("matter"))
    items = list(Item.objects.filter(pk__in=taken_in.values("item"))[:2])
    item = items[0] if len(items) == 1 else ticket.item
    ticket.service_id = reviews.served(_given_at(ticket.window, item, by, at), by=by, at=at).service_id
    ticket.save(update_fields=["service"])


def walked_in(
    came: Sequence[tuple[Matter, Item | None]], sitting: Sitting | None, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    """People without a ticket applied at the window where ``by`` sits, or at their desk: matters just opened, and for what.  They are asked
    at once, and once for all they did there that day."""
    window = sitting.window if sitting and sitting.day == timezone.localdate(at) else None
    asked = _asked({matter.reporter_id for matter, _item in came if matter.reporter_id}, by, at)
    givings = []
    for matter, item in came:
        if matter.reporter_id is None or matter.reporter_id in asked:
            continue
        asked.add(matter.reporter_id)
        if giving := _given_at(window, item, by, at) if window else _given_by(matter, item, by):
            givings.append(replace(giving, matter_id=matter.pk, is_first=True))
    if givings:
        reviews.served_many(givings, by=by, at=at)


def _asked(people: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Who was at that desk today.  Their matters are gathered first and looked up: what a clerk has ever given is passed by."""
    begins, ends = bounds(timezone.localdate(at))
    theirs = ArraySubquery(Matter.objects.filter(reporter__in=people).values("pk"))
    gathered = Func(F("matter"), theirs, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())
    given = reviews.Service.objects.filter(
        gathered, line=LINE, channel=Way.COUNTER, staff=by.staff_id, served_at__gte=begins, served_at__lt=ends
    )
    return set(given.values_list("matter__reporter", flat=True))


def _given_by(matter: Matter, item: Item | None, by: Actor) -> reviews.Giving | None:
    """At a desk that is no window of a hall: of the organ of whoever sits there."""
    organ_id = min(by.post_organ_ids, default=matter.lead_id)
    if organ_id is None:
        return None
    return reviews.Giving(
        LINE, organ_id, Way.COUNTER, staff_id=by.staff_id, item=item.pk if item else None, item_label=item.name if item else matter.title,
        division_id=matter.division_id,
    )  # fmt: skip


def _given_at(window: Window, item: Item | None, by: Actor, at: datetime) -> reviews.Giving:
    point = window.pk if reviews.Point.objects.filter(pk=window.pk).exists() else put_point(window, at)
    return reviews.Giving(
        LINE, window.organ_id, Way.COUNTER, point_id=point, staff_id=by.staff_id, item=item.pk if item else None,
        item_label=item.name if item else "", division_id=window.hall.division_id,
    )  # fmt: skip


def put_point(window: Window, at: datetime) -> UUID | None:
    """The window among those that are reviewed, under the same id; None where the organ has one of that name already."""
    name = f"{window.hall}{window.number}号窗口"
    try:
        with transaction.atomic():
            return reviews.put_point(
                organ_id=window.organ_id, name=name[-60:], area_id=window.hall.division_id, point_id=window.pk,
                is_active=window.is_active, by=SETTER, at=at,
            ).pk  # fmt: skip
    except Refused:
        return None


def renew_tablets(hall: Hall, at: datetime) -> None:
    """New addresses for the tablets of all its windows."""
    for pk in (
        reviews.Point.objects.filter(pk__in=hall.windows.values("pk")).order_by("pk").values_list("pk", flat=True)
    ):
        reviews.renew_codes(pk, "tablet", by=SETTER, at=at)


def case_served(ctx: Context) -> None:
    """The result has come of what was not applied for at a window, and is no part of a bundle."""
    case: Application = ctx.matter.application
    if not case.is_simulated and not BundlePart.objects.filter(matter=ctx.matter.pk).exists():
        _served_online(ctx.matter, case.item_id, case.item.name, by=ctx.by, at=ctx.at)


def whole_served(whole: Matter, *, by: Actor, at: datetime) -> None:
    """The last result of a bundle has come: one service, of the organ in the lead.  Said again, it is the service of then."""
    _served_online(whole, None, whole.title, by=by, at=at)


def _served_online(matter: Matter, item: UUID | None, label: str, *, by: Actor, at: datetime) -> None:
    if matter.channel == Channel.WINDOW or matter.lead_id is None:
        return
    contact = (
        next(iter(contacts_of([matter.reporter_id]).get(matter.reporter_id, [])), None) if matter.reporter_id else None
    )
    is_mail = contact is not None and contact.kind == ContactKind.EMAIL
    giving = reviews.Giving(
        LINE, matter.lead_id, Way.ONLINE, item=item, item_label=label, division_id=matter.division_id,
        matter_id=matter.pk, invite=contact.pk if contact else None, invite_by=By.EMAIL if is_mail else By.SMS,
    )  # fmt: skip
    reviews.served(giving, by=by, at=at)
