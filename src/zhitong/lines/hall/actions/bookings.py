"""Appointments: making one, calling it off, coming, and not coming."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..choices import BookingState, Source
from ..models import Booking, Hall, Item, Queue, Ticket
from ..queries.bookings import MOST_DAYS, free_slots
from .tickets import take_ticket

DIGITS = 8
EARLY_MINUTES = 60  # a code is taken from an hour before the appointment on


def book(
    queue_id: UUID, starts_at: datetime, *, by: Actor, at: datetime, item_id: UUID | None = None
) -> Booking:  # fmt: skip
    """An appointment in a slot that has a place left.  The queue is locked: the last place is given once."""
    with transaction.atomic():
        rows = Queue.objects.select_for_update(of=("self",)).select_related("hall")
        queue = rows.filter(pk=queue_id, is_active=True, hall__is_active=True).first()
        if queue is None:
            raise NotFound("no_queue", _("没有这个队列，请重新选择。"))
        if item_id and not Item.objects.filter(pk=item_id).exists():
            raise NotFound("no_item", _("没有这个事项，请重新选择。"))
        day = timezone.localdate(starts_at)
        free = next((slot for slot in free_slots(queue, day, at) if slot.starts_at == starts_at), None)
        if free is None or not free.left:
            raise Conflict(
                "slot_taken",
                _("这个时段已约满或不能预约（可约%(n)d天内），请换一个时段。") % {"n": MOST_DAYS},
                "slot",
            )
        booking = _saved(queue, day, starts_at, item_id, at)
        _told("hall.booking.made", booking, by, at, {"starts_at": starts_at.isoformat()}, is_first=True)
    return booking


def _saved(queue: Queue, day: date, starts_at: datetime, item_id: UUID | None, at: datetime) -> Booking:
    """With a code that no other appointment of the day has."""
    for _attempt in range(20):
        code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
        booking = Booking(queue=queue, day=day, starts_at=starts_at, code=code, item_id=item_id, made_at=at)
        try:
            with transaction.atomic():
                booking.save(force_insert=True)
        except IntegrityError:
            continue
        return booking
    raise Conflict("no_code", _("暂时无法预约，请稍后再试。"))


def call_off(booking_id: UUID, *, by: Actor, at: datetime) -> Booking:
    """Whoever has the appointment does not come."""
    with transaction.atomic():
        booking = _locked(pk=booking_id)
        if booking.state == BookingState.CANCELLED:
            return booking
        if booking.state != BookingState.BOOKED:
            raise Conflict("too_late", _("预约已到场或已过期，不能再取消。"))
        booking.state = BookingState.CANCELLED
        booking.save(update_fields=["state"])
        _told("hall.booking.called_off", booking, by, at, {})
    return booking


def arrive(hall: Hall, code: str, *, by: Actor, at: datetime) -> Ticket:
    """Somebody with an appointment is there: it becomes a ticket with its time.  Coming twice gives the same ticket."""
    code = "".join(c for c in code if c in "0123456789")[:DIGITS]
    with transaction.atomic():
        booking = _locked(day=timezone.localdate(at), code=code, queue__hall=hall)
        if booking.state == BookingState.ARRIVED and booking.ticket:
            return booking.ticket
        if booking.state != BookingState.BOOKED:
            raise Conflict("not_booked", _("这个预约已取消，请重新取号。"))
        if (booking.starts_at - at).total_seconds() > EARLY_MINUTES * 60:
            raise Refused(
                "too_early", _("还没到预约时间，请提前%(n)d分钟以内再来签到。") % {"n": EARLY_MINUTES}, "code"
            )
        ticket = take_ticket(
            booking.queue_id, source=Source.BOOKED, item_id=booking.item_id, due_at=booking.starts_at, by=by, at=at
        )
        booking.state, booking.ticket = BookingState.ARRIVED, ticket
        booking.save(update_fields=["state", "ticket"])
        _told("hall.booking.arrived", booking, by, at, {"ticket": str(ticket)})
    return ticket


def expire_bookings(day: date, *, by: Actor, at: datetime) -> int:
    """Appointments of days before ``day`` to which nobody came; how many."""
    with transaction.atomic():
        rows = Booking.objects.select_for_update(skip_locked=True, of=("self",)).select_related("queue__hall")
        missed = list(rows.filter(day__lt=day, state=BookingState.BOOKED)[:500])
        for booking in missed:
            booking.state = BookingState.MISSED
            booking.save(update_fields=["state"])
            _told("hall.booking.no_show", booking, by, at, {})
    return len(missed)


def _locked(**which: Any) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("queue__hall", "ticket")
    booking = rows.filter(**which).first()
    if booking is None:
        raise NotFound("no_booking", _("没有这个预约，请核对预约码和日期。"), "code")
    return booking


def _told(
    kind: str, booking: Booking, by: Actor, at: datetime, data: dict[str, Any], *, is_first: bool = False
) -> None:
    hall = booking.queue.hall
    dims = {"organ": str(hall.organ_id), "division": str(hall.division_id), "kind": "hall_booking"}
    record(kind, booking.pk, stream_kind="hall_booking", at=at, by=by, data={"dims": dims, **data}, is_first=is_first)
