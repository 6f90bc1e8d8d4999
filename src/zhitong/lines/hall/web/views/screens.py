"""What stands in the hall: the ticket machine, the screen of the waiting room, the small display of a window."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, come_again, limit_rate, public_page

from ...actions import bookings, tickets
from ...choices import Priority, Source
from ...models import Hall, Queue, Ticket, Window
from ...queries import window as reading
from ..links import link_token, opened
from .queue import qr_of

BY = Actor(kind="resident", label="取号机")
TRIES = 60  # codes a machine takes in ten minutes; a code has eight digits


def _hall(purpose: str, token: str) -> Hall:
    return opened(purpose, token, Hall.objects.filter(is_active=True), lambda hall: hall.links)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, kiosk: str) -> HttpResponse:
    """The machine at the entrance: a queue is touched, or the code of an appointment typed; the ticket is printed."""
    hall = _hall("kiosk", kiosk)
    if request.method != "POST":
        return _kiosk(request, hall, kiosk)
    now, code = timezone.now(), request.POST.get("code", "")
    try:
        if code:
            limit_rate(f"hall-kiosk:{hall.pk}", TRIES, 600)
            ticket = bookings.arrive(hall, code, by=BY, at=now)
        else:
            ticket = _take(request, hall)
    except Refused as refused:
        return come_again(_kiosk(request, hall, kiosk, refused), refused)
    place = reading.place_of(ticket, now)
    qr = qr_of(request, "hall:ticket", link_token("ticket", ticket.pk))
    context = {"hall": hall, "ticket": ticket, "place": place, "kiosk": kiosk, "qr": qr}
    return render(request, "hall/screens/printed.html", context)


def _take(request: HttpRequest, hall: Hall) -> Ticket:
    wanted = uuid_of(request.POST.get("queue"))
    queue = Queue.objects.filter(pk=wanted, hall=hall).first() if wanted else None
    if queue is None:
        raise Refused("no_queue", _("没有这个队列，请重新选择。"))
    priority = request.POST.get("priority", "")
    return tickets.take_ticket(queue.pk, source=Source.KIOSK, priority=priority, by=BY, at=timezone.now())


def _kiosk(request: HttpRequest, hall: Hall, kiosk: str, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "hall": hall, "kiosk": kiosk, "lines": reading.lines(hall, now), "is_open": reading.hall_is_open(hall, now),
        "priorities": [one for one in Priority.choices if one[0] != Priority.OTHER], "refused": refused,
    }  # fmt: skip
    return render(request, "hall/screens/kiosk.html", context, status=refused.status if refused else 200)


@public_page
@never_cache
@require_safe
def screen(request: HttpRequest, screen: str) -> HttpResponse:
    """The waiting room's screen.  ``?part``: as it stands now, which the page asks for every few seconds."""
    hall, now = _hall("screen", screen), timezone.now()
    context = {"hall": hall, "screen": screen, "board": reading.board(hall, now), "at": now}
    return render(request, "hall/screens/board.html" if "part" in request.GET else "hall/screens/screen.html", context)


@public_page
@never_cache
@require_safe
def display(request: HttpRequest, display: str) -> HttpResponse:
    """The small display over a window."""
    windows = Window.objects.select_related("hall").filter(is_active=True)
    window, now = opened("display", display, windows, lambda one: one.hall.links), timezone.now()
    board = reading.board(window.hall, now)
    here = next(((ticket, paused) for one, ticket, paused in board.windows if one.pk == window.pk), None)
    context = {"window": window, "display": display, "here": here, "at": now}
    return render(request, "hall/screens/over.html" if "part" in request.GET else "hall/screens/display.html", context)
