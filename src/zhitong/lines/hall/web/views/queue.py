"""Coming to a hall, for people on their phones: which halls, how long it takes, a ticket, an appointment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.base.qr import qr_svg
from zhitong.kernel.accounts.public import Actor, address_of_client, come_again, limit_rate, public_page
from zhitong.kernel.reviews import public as reviews

from ...actions import bookings, tickets
from ...choices import Source
from ...models import Booking, Hall, Item, Queue, Ticket
from ...queries import bookings as slots
from ...queries import window as reading
from ..links import link_token, opened

TAKEN_AN_HOUR, BOOKED_AN_HOUR = 12, 12
BY = Actor.resident()


def _hall(hall_id: UUID) -> Hall:
    hall = reading.open_halls().filter(pk=hall_id).first()
    if hall is None:
        raise NotFound("no_hall", _("没有这个大厅，或者暂不对外。"))
    return hall


def _item(request: HttpRequest) -> Item | None:
    """What somebody comes for, where they said so."""
    wanted = uuid_of((request.POST if request.method == "POST" else request.GET).get("item"))
    return Item.objects.filter(pk=wanted).first() if wanted else None


@public_page
@never_cache
@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """Where one can go, and whether it is open now."""
    now = timezone.now()
    found = [(hall, reading.hall_is_open(hall, now)) for hall in reading.open_halls()]
    return render(request, "hall/queue/halls.html", {"halls": found, "item": _item(request)})


@public_page
@never_cache
@require_safe
def hall(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """One hall: its queues with the waiting time, and the two ways to come."""
    return _shown(request, _hall(hall_id), _item(request))


def _shown(request: HttpRequest, hall: Hall, item: Item | None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "hall": hall, "item": item, "is_open": reading.hall_is_open(hall, now), "lines": reading.lines_for(hall, item, now),
    }  # fmt: skip
    return render(request, "hall/queue/hall.html", context, status=status)


@public_page
@require_POST
def take(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """A ticket by phone."""
    hall, item = _hall(hall_id), _item(request)
    queue = uuid_of(request.POST.get("queue"))
    try:
        limit_rate(f"hall-ticket:{address_of_client(request)}", TAKEN_AN_HOUR, 3600)
        if queue is None or not Queue.objects.filter(pk=queue, hall=hall).exists():
            raise Refused("no_queue", _("没有这个队列，请重新选择。"), "queue")
        source = Source.GUIDE if item else Source.PHONE
        ticket = tickets.take_ticket(queue, source=source, item_id=item.pk if item else None, by=BY, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return come_again(_shown(request, hall, item, refused.status), refused)
    return redirect("hall:ticket", link_token("ticket", ticket.pk))


def _ticket(token: str) -> Ticket:
    return opened("ticket", token, Ticket.objects.select_related("hall", "queue", "window", "item", "service"))


@public_page
@never_cache
@require_safe
def ticket(request: HttpRequest, ticket: str) -> HttpResponse:
    """The ticket: how many are before, how long it will take, and where to go once called.  ``?part``: as it stands now."""
    found = _ticket(ticket)
    context = {
        "place": reading.place_of(found, timezone.now()), "ticket": found, "token": ticket,
        "review_code": reviews.code_of(found.service) if found.service else "",
    }  # fmt: skip
    return render(request, "hall/queue/place.html" if "part" in request.GET else "hall/queue/ticket.html", context)


@public_page
@require_POST
def give_up(request: HttpRequest, ticket: str) -> HttpResponse:
    """Not waiting any longer."""
    found = _ticket(ticket)
    try:
        tickets.give_up(found.pk, by=BY, at=timezone.now())
        messages.success(request, _("已取消。需要时可以重新取号。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:ticket", ticket)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """Choose queue, day and time; sent, it leads to the appointment."""
    hall, item = _hall(hall_id), _item(request)
    if request.method != "POST":
        return _choices(request, hall, item)
    queue, starts_at = uuid_of(request.POST.get("queue")), _moment(request.POST.get("slot", ""))
    try:
        limit_rate(f"hall-booking:{address_of_client(request)}", BOOKED_AN_HOUR, 3600)
        if queue is None or starts_at is None or not Queue.objects.filter(pk=queue, hall=hall).exists():
            raise Refused("no_slot", _("请选择时段。"), "slot")
        booking = bookings.book(queue, starts_at, item_id=item.pk if item else None, by=BY, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return come_again(_choices(request, hall, item, refused.status), refused)
    return redirect("hall:booking", link_token("booking", booking.pk))


def _choices(request: HttpRequest, hall: Hall, item: Item | None, status: int = 200) -> HttpResponse:
    now, given = timezone.now(), request.POST if request.method == "POST" else request.GET
    lines = [one for one in reading.lines_for(hall, item, now) if one.queue.slot_places]
    queues = [one.queue for one in lines]
    queue = next((one for one in queues if one.pk == uuid_of(given.get("queue"))), queues[0] if queues else None)
    days = slots.bookable_days(now)
    day = _day(given.get("day", ""), days)
    context: dict[str, Any] = {
        "hall": hall, "item": item, "queues": queues, "queue": queue, "days": days, "day": day,
        "slots": slots.free_slots(queue, day, now) if queue and day else [],
    }  # fmt: skip
    return render(request, "hall/queue/book.html", context, status=status)


def _day(text: str, days: list[date]) -> date | None:
    found = next((day for day in days if day.isoformat() == text), None)
    return found or (days[0] if days else None)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _booking(token: str) -> Booking:
    return opened("booking", token, Booking.objects.select_related("queue__hall", "ticket", "item"))


@public_page
@never_cache
@require_safe
def booking(request: HttpRequest, booking: str) -> HttpResponse:
    """The appointment: its code, time and place."""
    found = _booking(booking)
    token = link_token("ticket", found.ticket.pk) if found.ticket else ""
    return render(request, "hall/queue/booking.html", {"booking": found, "token": booking, "ticket_token": token})


@public_page
@require_POST
def call_off(request: HttpRequest, booking: str) -> HttpResponse:
    """Not coming."""
    try:
        bookings.call_off(_booking(booking).pk, by=BY, at=timezone.now())
        messages.success(request, _("预约已取消。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:booking", booking)


def qr_of(request: HttpRequest, name: str, token: str) -> Markup:
    """An SVG with the full address of that page."""
    return qr_svg(request.build_absolute_uri(reverse(name, args=[token])))
