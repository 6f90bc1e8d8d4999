"""What stands on the home pages of those who work in a hall: at a window, over the whole hall, as an agent."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import Door, Section, Tile, span

from ..choices import BookingState, TicketState
from ..models import Booking, Errand, Hall, Sitting, Thing, Ticket, Window
from . import agency as agents
from . import window as reading

LONG = timedelta(minutes=40)  # as long as somebody waits before the queue puts them first


def at_the_window(by: Actor, at: datetime) -> Section | None:
    """Where ``by`` sits, how many wait there; none for whoever has no window.  Four queries at most."""
    door = Door(_("到窗口"), reverse("hall:desk"), "speakerphone", is_main=True)
    sitting = reading.sitting_of(by, at)
    if sitting is None:
        if not reading.seats(by).exists():
            return None
        return Section(_("我的窗口"), "speakerphone", doors=[door], lead=_("您今天还没有上岗。"))
    window, day = sitting.window, timezone.localdate(at)
    waits = Q(state=TicketState.WAITING) & (
        Q(only_window=window) | Q(only_window=None, queue__in=reading.queue_ids(window))
    )
    n = Ticket.objects.filter(hall=window.hall_id, day=day).aggregate(
        waiting=Count("pk", filter=waits), done=Count("pk", filter=Q(state=TicketState.SERVED, sitting=sitting))
    )
    tiles = [
        Tile(_("等候"), n["waiting"], door.href, icon="users"),
        Tile(_("今天办完"), n["done"], door.href, icon="check"),
    ]
    title = _("%(n)s号窗口") % {"n": window.number}
    return Section(
        title,
        "speakerphone",
        tiles,
        [door, Door(pgettext("application", "受理"), reverse("hall:counter"), "file-check")],
    )


def of_the_halls(by: Actor, at: datetime) -> Section | None:
    """The day in the halls that ``by`` manages, all together.  Four queries."""
    halls, day, place = list(reading.halls(by).filter(is_active=True)), timezone.localdate(at), reverse("hall:day")
    if not halls:
        return None
    n = _tickets(halls, at)
    sits = Sitting.objects.filter(window=OuterRef("pk"), ended_at=None, paused_at=None, day=day)
    open_ = Window.objects.filter(hall__in=halls, is_active=True).aggregate(
        all=Count("pk"), sat=Count("pk", filter=Exists(sits))
    )
    booked = Booking.objects.filter(queue__hall__in=halls, day=day, state=BookingState.BOOKED).count()
    longest = at - n["since"] if n["since"] else None
    tiles = [
        Tile(_("等候"), n["waiting"], place, icon="users"),
        Tile(_("等得最久"), span(longest), place, "warn" if longest and longest > LONG else "", icon="hourglass"),
        Tile(_("平均等候"), span(n["waited"]), place, icon="clock"),
        Tile(_("今天办完"), n["done"], place, icon="check"),
        Tile(_("开放窗口"), f"{open_['sat']}/{open_['all']}", place, icon="layout-grid"),
        Tile(_("待到场预约"), booked, place, icon="calendar"),
    ]
    doors = [
        Door(_("大厅今天"), place, "building", is_main=True),
        Door(_("大厅设置"), reverse("hall:setup"), "settings"),
    ]
    return Section(_("大厅今天"), "building", tiles, doors)


def _tickets(halls: list[Hall], at: datetime) -> dict[str, Any]:
    waiting, today = Q(state=TicketState.WAITING), Ticket.objects.filter(hall__in=halls, day=timezone.localdate(at))
    return today.aggregate(
        waiting=Count("pk", filter=waiting), since=Min("taken_at", filter=waiting),
        done=Count("pk", filter=Q(state=TicketState.SERVED)), waited=Avg(reading.WAITED, filter=Q(began_at__isnull=False)),
    )  # fmt: skip


def of_an_agent(by: Actor, at: datetime) -> Section | None:
    """What waits in the own areas and what is in hand; none for whoever has no area.  Four queries."""
    areas, on, place = agents.agents_of(by, timezone.localdate(at)), timezone.localdate(at), reverse("hall:pool")
    if not areas:
        return None
    mine = Errand.objects.filter(agent__staff=by.staff_id, matter__stage="taken").aggregate(
        all=Count("pk"), unsigned=Count("pk", filter=~Q(revoked_at=None, mandate_until__gte=on) | Q(mandate_until=None))
    )
    things = Thing.objects.filter(errand__agent__staff=by.staff_id, errand__matter__stage="taken", returned_at=None)
    tiles = [
        Tile(_("待接单"), agents.waiting(by, on).count(), place, icon="inbox"),
        Tile(_("我接的"), mine["all"], place, icon="users"),
        Tile(_("待签委托"), mine["unsigned"], place, "warn" if mine["unsigned"] else "", icon="writing-sign"),
        Tile(_("手上的原件"), things.count(), place, icon="package-import"),
    ]
    lead = _("、").join(str(one.park or one.division) for one in areas)
    return Section(_("帮办代办"), "users", tiles, [Door(_("接单"), place, "hand-stop", is_main=True)], lead=lead)
