"""Who is here for a firm: bound to the session, for a short time, and never beside somebody of the staff."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from zhitong.kernel.accounts.public import Actor, Protection, protect_with, tracked

from ..choices import FirmState
from ..models import Firm

IDLE_SECONDS, LONGEST_SECONDS, NOTED_EVERY = 30 * 60, 2 * 60 * 60, 60
_FIRM = "firm"
View = Callable[..., HttpResponseBase]


def enter(request: HttpRequest, firm: Firm) -> None:
    """Whoever has this browser is here for the firm from now on, under a new session key."""
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    now = int(time.time())
    request.session[_FIRM] = {"id": str(firm.pk), "at": now, "seen": now}
    request.__dict__.pop("_zhitong_firm", None)


def leave(request: HttpRequest) -> None:
    """Nobody is here for a firm any more; what the browser follows as a resident stays."""
    if request.session.pop(_FIRM, None):
        request.session.cycle_key()
    request.__dict__.pop("_zhitong_firm", None)


def firm_of(request: HttpRequest) -> Firm | None:
    """The firm somebody is here for, worked out once for each request; None after half an hour without one, after two hours, for staff."""
    if not hasattr(request, "_zhitong_firm"):
        request._zhitong_firm = _firm(request)  # type: ignore[attr-defined]
    found: Firm | None = request._zhitong_firm  # type: ignore[attr-defined]
    return found


def _firm(request: HttpRequest) -> Firm | None:
    kept = request.session.get(_FIRM)
    if not kept or request.user.is_authenticated:
        return None
    now = int(time.time())
    if now - kept["seen"] > IDLE_SECONDS or now - kept["at"] > LONGEST_SECONDS:
        leave(request)
        return None
    if now - kept["seen"] > NOTED_EVERY:
        request.session[_FIRM] = {**kept, "seen": now}
    rows = Firm.objects.select_related("legal", "liaison").exclude(state=FirmState.CANCELLED)
    return rows.filter(pk=UUID(kept["id"])).first()


def actor_for_firm(request: HttpRequest, firm: Firm) -> Actor:
    """Whoever acts for the firm: without an account, and told in the log by the firm's name."""
    return Actor.resident(tracked(request), label=firm.name)


def as_firm(view: View) -> View:
    """Whoever is here for a firm may open this page, which gets the ``firm``; others sign in for theirs first and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        firm = firm_of(request)
        return to_sign_in(request) if firm is None else view(request, *args, firm=firm, **kwargs)

    return protect_with(guarded, Protection("firm"))


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the page where firms sign in, and back afterwards."""
    place = resolve_url("register:firm_sign_in")
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = place
        return answer
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect(f"{place}?{urlencode({'next': wanted})}" if wanted else place)
