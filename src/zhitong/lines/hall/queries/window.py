"""What is going on in a hall: who waits where and for how long, which windows are open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, ExpressionWrapper, F, Q, QuerySet, fields
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhitong.base.errors import NotFound
from zhitong.base.worktime import WorkCalendar
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import catalogue
from zhitong.kernel.organisation.public import Staff
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.territory import public as territory

from ..choices import TicketState
from ..models import AT_A_WINDOW, Hall, Item, Queue, Sitting, Ticket, Window
from ..permissions import MANAGE, SERVE, halls_q, windows_q
from ..rules.window import estimate, fits, in_turn

OPEN_STATES = (TicketState.WAITING, *AT_A_WINDOW)
MOST_CALLED, MOST_COMING = 8, 3


def calendar() -> WorkCalendar:
    """The district's working calendar; one without holidays before any is entered."""
    known = catalogue()
    return known.calendars[known.default_calendar] if known.default_calendar else WorkCalendar()


def hall_is_open(hall: Hall, at: datetime) -> bool:
    """Whether tickets are given now: on a working day, in the hours of the hall."""
    local = timezone.localtime(at)
    return calendar().is_working(local.date()) and hall.hours.is_open(local.time())


def of_hall(hall_id: UUID, day: date, states: Collection[str] = OPEN_STATES) -> list[Ticket]:
    """The tickets of a hall on a day, in the order of their numbers."""
    rows = Ticket.objects.filter(hall=hall_id, day=day, state__in=list(states)).select_related("queue", "window")
    return list(rows.order_by("taken_at", "id"))


def serves(window: Window, ticket: Ticket) -> bool:
    """Whether somebody who waits may be called to that window."""
    if ticket.only_window_id:
        return ticket.only_window_id == window.pk
    return ticket.queue_id in queue_ids(window)


def queue_ids(window: Window) -> frozenset[UUID]:
    """The queues of a window, read once."""
    if not hasattr(window, "_queue_ids"):
        window._queue_ids = frozenset(window.queues.values_list("pk", flat=True))  # type: ignore[attr-defined]
    found: frozenset[UUID] = window._queue_ids  # type: ignore[attr-defined]
    return found


def dims(ticket: Ticket) -> dict[str, Any]:
    """What figures of a ticket are broken down by."""
    hall = ticket.hall
    organ = ticket.window.organ_id if ticket.window else hall.organ_id
    area = territory.ancestor(hall.division_id, territory.Level.STREET)
    return {
        "organ": str(organ), "division": str(hall.division_id), "area": str(area) if area else None,
        "kind": "hall_ticket", "channel": ticket.source,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A queue as it stands now.  ``minutes``: how long somebody who comes now will wait; None while no window serves it."""

    queue: Queue
    waiting: int
    windows: int
    minutes: int | None


def lines(hall: Hall, at: datetime) -> list[Line]:
    """Every queue of a hall, by prefix.  Four queries."""
    day = timezone.localdate(at)
    queues = list(Queue.objects.filter(hall=hall, is_active=True).order_by("prefix"))
    sitting = Sitting.objects.filter(window__hall=hall, ended_at__isnull=True, paused_at__isnull=True, day=day)
    open_ = dict(sitting.order_by().values_list("window__queues").annotate(n=Count("pk")))
    today = Ticket.objects.filter(hall=hall, day=day).order_by()
    waiting = dict(today.filter(state=TicketState.WAITING).values_list("queue").annotate(n=Count("pk")))
    took = dict(today.filter(state=TicketState.SERVED).values_list("queue").annotate(s=Avg(SERVED)))
    return [
        Line(q, waiting.get(q.pk, 0), open_.get(q.pk, 0), _minutes(waiting.get(q.pk, 0), open_.get(q.pk, 0), took.get(q.pk)))
        for q in queues
    ]  # fmt: skip


def _minutes(ahead: int, windows: int, took: Any) -> int | None:
    return estimate(ahead, windows, took.total_seconds() if took else None)


SERVED = ExpressionWrapper(F("ended_at") - Coalesce("began_at", "ended_at"), output_field=fields.DurationField())
WAITED = ExpressionWrapper(F("began_at") - F("taken_at"), output_field=fields.DurationField())


def lines_for(hall: Hall, item: Item | None, at: datetime) -> list[Line]:
    """The queues somebody with that item may wait in: its own before the general ones; all without an item."""
    found = lines(hall, at)
    if item is None:
        return found
    items: dict[UUID, list[UUID]] = {}
    for queue, of in Queue.items.through.objects.filter(queue__hall=hall).values_list("queue", "item"):  # type: ignore[attr-defined]
        items.setdefault(queue, []).append(of)
    fitting = [
        one for one in found if fits(one.queue.topics, items.get(one.queue.pk, []), topic=item.topic, item=item.pk)
    ]
    return sorted(fitting, key=lambda one: not one.queue.topics and not items.get(one.queue.pk))


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody with a ticket stands: how many are called before, and about how long that takes."""

    ticket: Ticket
    ahead: int
    minutes: int | None


def place_of(ticket: Ticket, at: datetime) -> Place:
    """As if nobody else came."""
    if ticket.state != TicketState.WAITING:
        return Place(ticket, 0, 0)
    day = timezone.localdate(at)
    others = [t for t in of_hall(ticket.hall_id, day, (TicketState.WAITING,)) if t.queue_id == ticket.queue_id]
    order = [one.id for one in in_turn((t.waiting for t in others), at)]
    ahead = order.index(ticket.pk) if ticket.pk in order else 0
    line = next((one for one in lines(ticket.hall, at) if one.queue.pk == ticket.queue_id), None)
    took = Ticket.objects.filter(queue=ticket.queue_id, day=day, state=TicketState.SERVED).aggregate(s=Avg(SERVED))["s"]
    return Place(ticket, ahead, _minutes(ahead, line.windows if line else 0, took))


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen of a waiting room shows: numbers and windows, nobody's name."""

    now: list[Ticket]
    windows: list[tuple[Window, Ticket | None, bool]]
    lines: list[Line]
    passed: list[str]
    coming: dict[UUID, list[str]]


def board(hall: Hall, at: datetime) -> Board:
    """``now``: who is called or served, the last call first.  ``windows``: each open one, who is there, whether it pauses.
    ``coming``: by queue, the numbers that would be called next."""
    day = timezone.localdate(at)
    tickets = of_hall(hall.pk, day, (*AT_A_WINDOW, TicketState.MISSED, TicketState.WAITING))
    there = [t for t in tickets if t.state in AT_A_WINDOW]
    of_window = {t.window_id: t for t in there}
    sitting = Sitting.objects.filter(window__hall=hall, ended_at__isnull=True, day=day).select_related("window")
    windows = [(s.window, of_window.get(s.window_id), bool(s.paused_at)) for s in sitting.order_by("window__number")]
    called = sorted(there, key=lambda t: t.called_at or at, reverse=True)[:MOST_CALLED]
    missed = sorted((t for t in tickets if t.state == TicketState.MISSED), key=lambda t: t.ended_at or at)
    return Board(called, windows, lines(hall, at), [str(t) for t in missed[-12:]], _coming(tickets, at))


def _coming(tickets: Sequence[Ticket], at: datetime) -> dict[UUID, list[str]]:
    waiting = {t.pk: t for t in tickets if t.state == TicketState.WAITING}
    found: dict[UUID, list[str]] = {}
    for one in in_turn((t.waiting for t in waiting.values()), at):
        found.setdefault(waiting[one.id].queue_id, []).append(str(waiting[one.id]))
    return {queue: numbers[:MOST_COMING] for queue, numbers in found.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """A window's day.  ``waited`` and ``served`` are seconds, None before the first."""

    window: Window
    sitting: Sitting | None
    ticket: Ticket | None
    n: int
    waited: int | None
    served: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """A hall's day: how many came, wait, were served, did not wait; the means in seconds; by window and by queue."""

    taken: int
    waiting: int
    done: int
    missed: int
    waited: int | None
    served: int | None
    windows: list[Counted]
    lines: list[Line]


def day_of(hall: Hall, at: datetime) -> Day:
    """A recount over the tickets of today."""
    day = timezone.localdate(at)
    today = Ticket.objects.filter(hall=hall, day=day).order_by()
    served = Q(state=TicketState.SERVED)
    whole = today.aggregate(
        all=Count("pk"), waiting=Count("pk", filter=Q(state=TicketState.WAITING)), served=Count("pk", filter=served),
        missed=Count("pk", filter=Q(state=TicketState.MISSED)), waited=Avg(WAITED, filter=Q(began_at__isnull=False)),
        took=Avg(SERVED, filter=served),
    )  # fmt: skip
    of: dict[Any, Any] = {
        row["window"]: row
        for row in today.filter(served).values("window").annotate(n=Count("pk"), w=Avg(WAITED), s=Avg(SERVED))
    }
    there = {t.window_id: t for t in of_hall(hall.pk, day, AT_A_WINDOW)}
    sitting = Sitting.objects.filter(window__hall=hall, ended_at__isnull=True, day=day).select_related("staff")
    sits = {s.window_id: s for s in sitting}
    windows = [
        Counted(w, sits.get(w.pk), there.get(w.pk), row.get("n", 0), seconds(row.get("w")), seconds(row.get("s")))
        for w in Window.objects.filter(hall=hall, is_active=True).order_by("number")
        for row in [of.get(w.pk, {})]
    ]
    return Day(
        whole["all"], whole["waiting"], whole["served"], whole["missed"], seconds(whole["waited"]), seconds(whole["took"]),
        windows, lines(hall, at),
    )  # fmt: skip


def seconds(length: Any) -> int | None:
    """A span as whole seconds."""
    return None if length is None else round(length.total_seconds())


def halls(by: Actor, permission: str = MANAGE) -> QuerySet[Hall]:
    """The halls ``by`` manages, or (``hall.serve``) where there is a window to sit at."""
    if permission == SERVE:
        return Hall.objects.filter(pk__in=seats(by).values("hall"), is_active=True).order_by("name")
    return Hall.objects.filter(halls_q(by, permission)).order_by("name")


def managed_windows(by: Actor) -> QuerySet[Window]:
    """The windows of the halls ``by`` manages, whichever organ staffs them."""
    return Window.objects.filter(hall__in=halls(by))


def managed_hall(hall_id: UUID, by: Actor, missing: object) -> Hall:
    """One of them; ``NotFound`` with ``missing`` where it is another's or none."""
    hall = halls(by).filter(pk=hall_id).first()
    if hall is None:
        raise NotFound("no_hall", missing)
    return hall


def tablets(hall: Hall) -> dict[UUID, str]:
    """The codes of the tablets of its windows; none where the key is gone that a code follows from."""
    points = reviews.Point.objects.filter(pk__in=hall.windows.values("pk"), is_active=True)
    return {point.pk: code for point in points if (code := reviews.code_of_tablet(point))}


def open_halls() -> QuerySet[Hall]:
    """The halls that people may come to."""
    return Hall.objects.filter(is_active=True, queues__is_active=True).distinct().order_by("name")


def seats(by: Actor) -> QuerySet[Window]:
    """The windows at which ``by`` may sit."""
    return Window.objects.filter(windows_q(by), is_active=True, hall__is_active=True).order_by("hall__name", "number")


def sitting_of(by: Actor, at: datetime) -> Sitting | None:
    """Where ``by`` sits now; a sitting of yesterday is over."""
    if by.staff_id is None:
        return None
    rows = Sitting.objects.filter(staff=by.staff_id, ended_at__isnull=True, day=timezone.localdate(at))
    return rows.select_related("window__hall").first()


def ticket_of(by: Actor, at: datetime) -> Ticket | None:
    """Who is called to, or served at, the window where ``by`` sits now."""
    sitting = sitting_of(by, at)
    return Ticket.objects.filter(window=sitting.window_id, state__in=AT_A_WINDOW).first() if sitting else None


def who_sits(staff_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of people at windows."""
    return dict(Staff.objects.filter(pk__in=staff_ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody at a window sees: who is there, who is next, who was passed over."""

    sitting: Sitting
    ticket: Ticket | None
    waiting: list[Ticket]
    missed: list[Ticket]
    elsewhere: int
    targets: list[tuple[str, str]]


def desk(sitting: Sitting, at: datetime) -> Desk:
    """The own window.  ``elsewhere``: how many wait for other windows."""
    day, window = timezone.localdate(at), sitting.window
    tickets = of_hall(window.hall_id, day, (*OPEN_STATES, TicketState.MISSED))
    mine = next((t for t in tickets if t.window_id == window.pk and t.state in AT_A_WINDOW), None)
    waits = [t for t in tickets if t.state == TicketState.WAITING]
    own = {t.pk: t for t in waits if serves(window, t)}
    order = [own[one.id] for one in in_turn((t.waiting for t in own.values()), at)]
    others = Window.objects.filter(hall=window.hall_id, is_active=True).exclude(pk=window.pk).order_by("number")
    queues = Queue.objects.filter(hall=window.hall_id, is_active=True).order_by("prefix")
    targets = [(f"window:{w.pk}", f"{w.number} {w.name}") for w in others]
    targets += [(f"queue:{q.pk}", f"{q.prefix} {q.name}") for q in queues if not mine or q.pk != mine.queue_id]
    missed = [t for t in tickets if t.state == TicketState.MISSED and t.queue_id in queue_ids(window)]
    return Desk(sitting, mine, order, missed, len(waits) - len(own), targets)
