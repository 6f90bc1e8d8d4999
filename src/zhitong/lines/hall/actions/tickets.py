"""Taking a ticket, giving it up, and what a window does with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import Priority, Source, TicketState
from ..models import AT_A_WINDOW, Item, LastNumber, Queue, Sitting, Ticket, Window
from ..queries.window import dims, hall_is_open, of_hall, serves
from ..rules.window import in_turn
from .judged import visit_served

NEXT = """INSERT INTO hall_lastnumber (id, queue_id, day, last) VALUES (%s, %s, %s, 1)
ON CONFLICT ON CONSTRAINT hall_lastnumber_once DO UPDATE SET last = hall_lastnumber.last + 1 RETURNING last"""


def take_ticket(
    queue_id: UUID, *, source: str, by: Actor, at: datetime, priority: str = "", item_id: UUID | None = None,
    due_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """A place in line; numbers begin at one every day.  Outside the hours of the hall only staff hand tickets out."""
    queue = Queue.objects.select_related("hall").filter(pk=queue_id, is_active=True, hall__is_active=True).first()
    if queue is None:
        raise NotFound("no_queue", _("没有这个队列，请重新选择。"))
    if source != Source.CLERK and not hall_is_open(queue.hall, at):
        raise Refused("hall_closed", _("大厅现在不办公，请在办公时间取号，或者预约改天来。"))
    if priority and priority not in Priority.values:
        raise Refused("not_a_choice", _("请从列表中选择。"), "priority")
    if item_id and not Item.objects.filter(pk=item_id).exists():
        raise NotFound("no_item", _("没有这个事项，请重新选择。"))
    day = timezone.localdate(at)
    with transaction.atomic():
        ticket = Ticket(
            hall=queue.hall, queue=queue, day=day, prefix=queue.prefix, number=_next_number(queue.pk, day),
            source=source, priority=priority, item_id=item_id, due_at=due_at, taken_at=at, place_at=at,
        )  # fmt: skip
        ticket.save(force_insert=True)
        _told("hall.ticket.taken", ticket, by, at, {"source": source, "priority": bool(priority)}, is_first=True)
    return ticket


def _next_number(queue_id: UUID, day: Any) -> int:
    """The next of the day; whoever asks at the same moment waits for the row."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [uuid7(), queue_id, day])
        return int(cursor.fetchone()[0])


def give_up(ticket_id: UUID, *, by: Actor, at: datetime) -> Ticket:
    """Whoever holds the ticket does not wait any longer."""
    with transaction.atomic():
        ticket = _locked(ticket_id)
        if ticket.state == TicketState.CANCELLED:
            return ticket
        if ticket.state != TicketState.WAITING:
            raise Conflict("called_already", _("这个号已经叫到，不能再取消。"))
        _set(ticket, state=TicketState.CANCELLED, ended_at=at)
        _told("hall.ticket.given_up", ticket, by, at, {})
    return ticket


def call_next(*, by: Actor, at: datetime) -> Ticket:
    """The next in turn comes to the own window; what was served there is over.

    Two windows that call at the same moment get two tickets: who finds the first locked takes the one after.
    """
    with transaction.atomic():
        sitting = own_sitting(by)
        _demand_unpaused(sitting)
        current = at_window(sitting.window_id)
        if current and current.state == TicketState.CALLED:
            message = _("%(ticket)s还没有开始办理：人到了请按“开始”，没有来请按“过号”。")
            raise Conflict("called_already", message % {"ticket": current})
        if current:
            _end(current, by, at)
        waiting = of_hall(sitting.window.hall_id, timezone.localdate(at), states=(TicketState.WAITING,))
        for one in in_turn((t.waiting for t in waiting if serves(sitting.window, t)), at):
            locked = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
            if ticket := locked.filter(pk=one.id, state=TicketState.WAITING).first():
                return _call(ticket, sitting, by, at)
    raise Refused("nobody_waits", _("现在没有人在等。"))


def call_this(ticket_id: UUID, *, by: Actor, at: datetime) -> Ticket:
    """One who was passed over or waits is called out of turn; it stays in the log that it was so."""
    with transaction.atomic():
        sitting = own_sitting(by)
        _demand_unpaused(sitting)
        if at_window(sitting.window_id):
            raise Conflict("busy", _("窗口还有正在办理的号，请先办完。"))
        ticket = _locked(ticket_id)
        if ticket.hall_id != sitting.window.hall_id or ticket.day != timezone.localdate(at):
            raise NotFound("no_ticket", _("没有这个号。"))
        if ticket.state not in (TicketState.WAITING, TicketState.MISSED):
            raise Conflict("taken_meanwhile", _("这个号已经叫到或已办完，请刷新后再看。"))
        return _call(ticket, sitting, by, at, out_of_turn=True)


def recall(*, by: Actor, at: datetime) -> Ticket:
    """Call once more who has been called."""
    with transaction.atomic():
        _sitting, ticket = _current(by, TicketState.CALLED)
        _set(ticket, called_at=at, calls=ticket.calls + 1)
        _told("hall.ticket.recalled", ticket, by, at, {"calls": ticket.calls})
    return ticket


def begin(*, by: Actor, at: datetime) -> Ticket:
    """Whoever was called is there."""
    with transaction.atomic():
        _sitting, ticket = _current(by, TicketState.CALLED)
        _set(ticket, state=TicketState.SERVING, began_at=at)
        waited = int((at - ticket.taken_at).total_seconds())
        _told("hall.ticket.begun", ticket, by, at, {"waited": waited})
    return ticket


def end(*, by: Actor, at: datetime) -> Ticket:
    """The service is over."""
    with transaction.atomic():
        _sitting, ticket = _current(by, TicketState.SERVING)
        _end(ticket, by, at)
    return ticket


def pass_over(*, by: Actor, at: datetime) -> Ticket:
    """Whoever was called did not come.  They may take their place again with ``rejoin``."""
    with transaction.atomic():
        _sitting, ticket = _current(by, TicketState.CALLED)
        _told("hall.ticket.passed_over", ticket, by, at, {"calls": ticket.calls})
        _set(ticket, state=TicketState.MISSED, window=None, ended_at=at)
    return ticket


def rejoin(ticket_id: UUID, *, by: Actor, at: datetime) -> Ticket:
    """Somebody who was passed over has come back: at the end of the line, unless called at once by ``call_this``."""
    with transaction.atomic():
        sitting = own_sitting(by)
        ticket = _locked(ticket_id)
        if ticket.hall_id != sitting.window.hall_id or ticket.day != timezone.localdate(at):
            raise NotFound("no_ticket", _("没有这个号。"))
        if ticket.state != TicketState.MISSED:
            raise Conflict("not_passed_over", _("这个号没有过号，请刷新后再看。"))
        _set(ticket, state=TicketState.WAITING, place_at=at, due_at=None, ended_at=None, called_at=None)
        _told("hall.ticket.rejoined", ticket, by, at, {})
    return ticket


def send_on(*, by: Actor, at: datetime, window_id: UUID | None = None, queue_id: UUID | None = None) -> Ticket:
    """Somebody at the own window belongs to another one: they wait there, in the place of when they came."""
    with transaction.atomic():
        sitting, ticket = _current(by, *AT_A_WINDOW)
        queue: Queue | None = ticket.queue
        window = None
        if queue_id:
            queue = Queue.objects.filter(pk=queue_id, hall=ticket.hall_id, is_active=True).first()
        if window_id:
            window = Window.objects.filter(pk=window_id, hall=ticket.hall_id, is_active=True).first()
        if queue is None or (window_id and window is None) or (window is None and queue.pk == ticket.queue_id):
            raise Refused("no_target", _("请选择要转到的窗口或队列。"), "target")
        if window and window.pk == sitting.window_id:
            raise Refused("same_window", _("已经在这个窗口，请选择另一个。"), "target")
        _told("hall.ticket.sent_on", ticket, by, at, {"to": str(window.pk if window else queue.pk)})
        _set(
            ticket, state=TicketState.WAITING, queue=queue, window=None, only_window=window, sitting=None,
            called_at=None, began_at=None,
        )  # fmt: skip
    return ticket


def own_sitting(by: Actor) -> Sitting:
    """Where ``by`` sits now, locked: somebody with two browsers acts once."""
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("window__hall")
    sitting = rows.filter(staff=by.staff_id, ended_at__isnull=True).first() if by.staff_id else None
    if sitting is None:
        raise Conflict("not_sitting", _("您还没有在窗口上岗，请先选择窗口。"))
    return sitting


def at_window(window_id: UUID) -> Ticket | None:
    """Who is called to that window or served there, locked."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("queue", "window")
    return rows.filter(window=window_id, state__in=AT_A_WINDOW).first()


def _demand_unpaused(sitting: Sitting) -> None:
    if sitting.paused_at:
        raise Conflict("window_paused", _("窗口已暂停，请先恢复再叫号。"))


def _current(by: Actor, *states: str) -> tuple[Sitting, Ticket]:
    sitting = own_sitting(by)
    ticket = at_window(sitting.window_id)
    if ticket is None:
        raise Conflict("nobody_here", _("窗口现在没有叫到的号，请先叫号。"))
    if ticket.state not in states:
        raise Conflict("wrong_state", _("%(ticket)s已经变化，请刷新后再操作。") % {"ticket": ticket})
    return sitting, ticket


def _locked(ticket_id: UUID) -> Ticket:
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("queue").filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound("no_ticket", _("没有这个号。"))
    return ticket


def _call(ticket: Ticket, sitting: Sitting, by: Actor, at: datetime, *, out_of_turn: bool = False) -> Ticket:
    _set(
        ticket, state=TicketState.CALLED, window=sitting.window, sitting=sitting, called_at=at, calls=ticket.calls + 1,
        ended_at=None,
    )  # fmt: skip
    _told("hall.ticket.called", ticket, by, at, {"out_of_turn": out_of_turn})
    return ticket


def _end(ticket: Ticket, by: Actor, at: datetime) -> None:
    _set(ticket, state=TicketState.SERVED, ended_at=at)
    served = int((at - (ticket.began_at or at)).total_seconds())
    _told("hall.ticket.served", ticket, by, at, {"served": served})
    visit_served(ticket, by=by, at=at)


def _set(ticket: Ticket, **values: Any) -> None:
    for name, value in values.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=[*values])


def _told(kind: str, ticket: Ticket, by: Actor, at: datetime, data: dict[str, Any], *, is_first: bool = False) -> None:
    """With what figures are broken down by: the organ of the window, or of the hall while there is none."""
    data = {"ticket": str(ticket), "window": str(ticket.window_id or ""), "dims": dims(ticket), **data}
    record(kind, ticket.pk, stream_kind="hall_ticket", at=at, by=by, data=data, is_first=is_first)


def issue_at_desk(queue_id: UUID, *, priority: str, by: Actor, at: datetime, item_id: UUID | None = None) -> Ticket:
    """A ticket handed out by somebody at the entrance, also with a reason for preference that no machine lists."""
    return take_ticket(queue_id, source=Source.CLERK, priority=priority, item_id=item_id, by=by, at=at)


def close_day(day: Any, *, by: Actor, at: datetime) -> int:
    """What was left over from days before ``day`` is closed; safe to run twice.  The number of tickets closed."""
    left = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).select_related("queue", "window")
    with transaction.atomic():
        tickets = list(left.filter(day__lt=day, state__in=("waiting", *AT_A_WINDOW))[:500])
        for ticket in tickets:
            if ticket.state == TicketState.SERVING:
                _end(ticket, by, at)
            else:
                _set(ticket, state=TicketState.LEFT, ended_at=at)
                _told("hall.ticket.day_over", ticket, by, at, {})
        Sitting.objects.filter(day__lt=day, ended_at__isnull=True).update(ended_at=at)
        LastNumber.objects.filter(day__lt=day).delete()
    return len(tickets)
