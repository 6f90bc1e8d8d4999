"""Raising an appeal on the portal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import (
    Actor,
    TooMany,
    address_of_client,
    come_again,
    limit_rate,
    public_page,
    tracked,
)
from zhitong.kernel.dispatch.public import advise, alarm
from zhitong.kernel.matters.public import Channel, Upload
from zhitong.kernel.territory import public as territory

from ... import queries
from ...actions import Raised, raise_appeal
from ..forms import KIND, RaiseForm
from .receipt import keep_receipt

TEMPLATE = "appeals/new.html"
SENT_AN_HOUR, RAISED_AN_HOUR, HINTS_A_MINUTE = 120, 30, 40
MOST_HINTED = 2000


def refused_form(request: HttpRequest, form: RaiseForm, refused: Refused, template: str) -> HttpResponse:
    """The form again with the sentence, everything that was typed, and the photos."""
    form.refuse(refused)
    form.keep(with_new_key=refused.code == "key_reused")
    return come_again(render(request, template, {"form": form}, status=refused.status), refused)


def faulty_form(request: HttpRequest, form: RaiseForm, template: str) -> HttpResponse:
    """The form again with what is wrong in it."""
    form.keep()
    return render(request, template, {"form": form}, status=422)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, it leads to the receipt."""
    if request.method != "POST":
        return render(request, TEMPLATE, {"form": RaiseForm()})
    try:  # before photos are looked into and set aside
        limit_rate(f"appeal-sent:{address_of_client(request)}", SENT_AN_HOUR, 3600)
    except TooMany as refused:
        return _too_often(request, refused)
    form = RaiseForm(request.POST, request.FILES)
    if not form.is_valid():
        return faulty_form(request, form, TEMPLATE)
    try:
        limit_rate(f"appeal:{address_of_client(request)}", RAISED_AN_HOUR, 3600)
        raised = _raise(request, form, form.uploads)
    except Refused as refused:
        return refused_form(request, form, refused, TEMPLATE)
    keep_receipt(request, raised)
    return redirect("appeals:receipt", raised.number)


def _too_often(request: HttpRequest, refused: TooMany) -> HttpResponse:
    """The form with what was typed; files that came with it are not looked at."""
    form = RaiseForm(request.POST)
    form.is_valid()
    form.refuse(refused)
    return come_again(render(request, TEMPLATE, {"form": form}, status=refused.status), refused)


def _raise(request: HttpRequest, form: RaiseForm, uploads: list[Upload]) -> Raised:
    return raise_appeal(form.said(), uploads, by=Actor.resident(tracked(request)), at=timezone.now())


@public_page
@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """What to know while typing: whom to call in danger, and who has said the same already."""
    try:
        limit_rate(f"hints:{address_of_client(request)}", HINTS_A_MINUTE, 60)
    except TooMany:
        return HttpResponse(status=204)
    return render(request, "appeals/parts/hints.html", hinted(request, timezone.now()))


def hinted(request: HttpRequest, at: datetime, *, channel: str = Channel.PORTAL) -> dict[str, Any]:
    """What is known of a text that is being typed; it is kept nowhere.  Ten queries."""
    text = clean(request.POST.get("text", "")[:MOST_HINTED])
    lon, lat, picked = _number(request, "lon", 180), _number(request, "lat", 90), _division(request)
    place = territory.locate(lon, lat) if lon is not None and lat is not None else None
    advice, category = None, _uuid(request.POST.get("category", ""))
    if len(text) >= queries.LEAST_TYPED:
        advice = advise(KIND, text, at, division_id=place or picked, channel=channel, category_id=category)
    return {
        "alarm": advice.alarm if advice else alarm(text), "advice": advice, "chosen": category,
        "has_place": bool(place or picked),
        "similar": queries.similar(text, at, lon=lon, lat=lat, division=picked),
        "joined": request.session.get("joined", []),
    }  # fmt: skip


def _number(request: HttpRequest, name: str, most: int) -> float | None:
    try:
        value = float(request.POST.get(name, ""))
    except ValueError:
        return None
    return value if abs(value) <= most else None


def _division(request: HttpRequest) -> UUID | None:
    given = _uuid(request.POST.get("division", ""))
    found = territory.node(given) if given else None
    return found.id if found else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
