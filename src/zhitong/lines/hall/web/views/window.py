"""The clerk's window: sit down, call, serve, send on; every move has a key."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires

from ...actions import sitting, tickets
from ...models import Ticket
from ...permissions import SERVE
from ...queries import window as reading

serving = requires(SERVE)
Move = Callable[[HttpRequest, dict[str, Any]], Any]


@serving
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The own window, or the choice of one.  ``?part``: who waits, as it stands now."""
    by, now = actor_of(request), timezone.now()
    mine = reading.sitting_of(by, now)
    if mine is None:
        return render(request, "hall/window/sit.html", _free_seats(request))
    context = {"desk": reading.desk(mine, now), "now": now}
    return render(request, "hall/window/waiting.html" if "part" in request.GET else "hall/window/desk.html", context)


def _free_seats(request: HttpRequest) -> dict[str, Any]:
    windows = list(reading.seats(actor_of(request)).select_related("hall").prefetch_related("queues"))
    taken = {s.window_id: s for s in _sittings(windows)}
    halls: dict[UUID, tuple[Any, list[Any]]] = {}
    for window in windows:
        halls.setdefault(window.hall_id, (window.hall, []))[1].append((window, taken.get(window.pk)))
    return {"halls": list(halls.values())}


def _sittings(windows: list[Any]) -> Any:
    from ...models import Sitting

    rows = Sitting.objects.filter(window__in=windows, ended_at__isnull=True, day=timezone.localdate())
    return rows.select_related("staff")


def _sit(request: HttpRequest, who: dict[str, Any]) -> None:
    window = uuid_of(request.POST.get("window"))
    if window is None:
        raise Refused("no_window", _("请选择窗口。"), "window")
    sitting.sit(window, **who)


def _send_on(request: HttpRequest, who: dict[str, Any]) -> Ticket:
    what, _colon, pk = request.POST.get("target", "").partition(":")
    target = uuid_of(pk)
    return tickets.send_on(
        window_id=target if what == "window" else None, queue_id=target if what == "queue" else None, **who
    )


def _one(action: Callable[..., Ticket]) -> Move:
    def done(request: HttpRequest, who: dict[str, Any]) -> Ticket:
        ticket = uuid_of(request.POST.get("ticket"))
        if ticket is None:
            raise NotFound("no_ticket", _("没有这个号。"))
        return action(ticket, **who)

    return done


def _plain(action: Callable[..., Any]) -> Move:
    return lambda _request, who: action(**who)


MOVES: Mapping[str, Move] = {
    "sit": _sit,
    "leave": _plain(sitting.leave),
    "pause": _plain(sitting.pause),
    "resume": _plain(sitting.resume),
    "next": _plain(tickets.call_next),
    "recall": _plain(tickets.recall),
    "begin": _plain(tickets.begin),
    "accept": _plain(tickets.begin),  # and on to the counter
    "end": _plain(tickets.end),
    "pass-over": _plain(tickets.pass_over),
    "send-on": _send_on,
    "call": _one(tickets.call_this),
    "rejoin": _one(tickets.rejoin),
}


@serving
@require_POST
def move(request: HttpRequest, move: str) -> HttpResponse:
    """One move; what is refused is said on the page of the window."""
    if move not in MOVES:
        raise NotFound("no_move", _("没有这项操作。"))
    try:
        MOVES[move](request, {"by": actor_of(request), "at": timezone.now()})
        if move == "accept":
            return redirect("hall:counter")
    except Refused as refused:
        if refused.code == "nobody_waits":
            messages.info(request, str(refused))
        else:
            messages.error(request, str(refused))
    return redirect("hall:desk")
