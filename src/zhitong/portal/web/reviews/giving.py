"""Where whoever was served says how it was: by the code of a receipt, or by the poster of a window."""

import secrets
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import (
    Actor,
    TooMany,
    address_of_client,
    come_again,
    give_back,
    limit_rate,
    public_page,
)
from zhitong.kernel.matters.public import KINDS
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.reviews import public as r

from ...queries import reviews as reading
from .forms import ReviewForm

DEVICE = "review_device"


def _resident() -> Actor:
    return Actor.resident()


def limited(request: HttpRequest) -> None:
    """Count a code that opens nothing; TooMany for whoever tries many."""
    limit_rate(f"review-code:{address_of_client(request)}", r.TRIES_BY_ADDRESS, r.TRIES_SECONDS)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code of a receipt."""
    problem, status = "", 200
    typed = (request.POST.get("code") or "")[:40]
    if request.method == "POST":
        service = r.service_of_code(typed)
        if service is not None:
            return redirect("portal:review", r.code_of(service))
        try:
            limited(request)
            problem, status = _("没有找到这个评价码，请核对回执上的字母和数字。"), 422
        except TooMany as refused:
            told = {"typed": typed, "problem": str(refused)}
            return come_again(render(request, "portal/reviews/ask.html", told, status=refused.status), refused)
    return render(request, "portal/reviews/ask.html", {"typed": typed, "problem": problem}, status=status)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_code: str) -> HttpResponse:
    """Two taps: a face, and send.  Afterwards: thanks, and what becomes of a bad one."""
    code, service = review_code, r.service_of_code(review_code)
    if service is None:
        limited(request)
        raise NotFound("no_review_code", _("没有找到这个评价码，请核对回执上的字母和数字。"))
    given = reading.given(service)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            r.judge(code, form.judgement(r.Source.CODE), by=_resident(), at=timezone.now())
            return redirect("portal:review", code)
        except Conflict:
            return redirect("portal:review", code)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.errors else 200
    return render(request, "portal/reviews/review.html", {"code": code, **_shown(service, given, form)}, status=status)


def _shown(service: r.Service, given: reading.Given, form: forms.Form) -> dict[str, Any]:
    names = organ_names([service.organ_id])
    is_over = not given.reviews and timezone.now() > service.open_until
    steps = []
    if given.matter is not None:
        kind = KINDS[given.matter.kind]
        steps = [str(label) for _slug, label in kind.steps]
    return {
        "service": service, "organ": names.get(service.organ_id, ""), "given": given, "form": form, "is_over": is_over,
        "steps": steps, "asks": given.asks and not is_over,
    }  # fmt: skip


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def poster(request: HttpRequest, poster_code: str) -> HttpResponse:
    """At any time, without a service: one device says it once a day of one window."""
    point = r.point_of_poster(poster_code)
    if point is None or not point.is_active:
        limited(request)
        raise NotFound("no_review_code", _("这个二维码已失效，请向窗口工作人员索取评价码。"))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer = _taken(request, point, form)
        except Refused as refused:
            form.refuse(refused)
            return come_again(_poster_page(request, point, form, refused.status), refused)
        return render(request, "portal/reviews/thanks.html", {"point": point, "code": answer})
    return _poster_page(request, point, form, 422 if form.errors else 200)


def _poster_page(request: HttpRequest, point: r.Point, form: ReviewForm, status: int) -> HttpResponse:
    context = {"form": form, "point": point, "organ": organ_names([point.organ_id]).get(point.organ_id, "")}
    return render(request, "portal/reviews/poster.html", context, status=status)


def _taken(request: HttpRequest, point: r.Point, form: ReviewForm) -> str:
    """The code for following it up; a use is given back where the form was refused."""
    device = request.session.setdefault(DEVICE, secrets.token_urlsafe(12))
    mine = f"review-poster:{device}:{point.pk}"
    address = f"review-poster:{address_of_client(request)}:{point.pk}"
    try:
        limit_rate(mine, 1, r.DAY_SECONDS)
    except TooMany:
        raise Refused("reviewed_today", _("您今天已经评价过这个窗口，谢谢；明天可以再次评价。")) from None
    try:
        limit_rate(address, r.POSTER_BY_ADDRESS, r.DAY_SECONDS)
    except TooMany:  # others behind the same address were many: this device has said nothing yet
        give_back(mine, 1, r.DAY_SECONDS)
        raise
    try:
        _review, code = r.judge_at_point(point, form.judgement(r.Source.POSTER), by=_resident(), at=timezone.now())
    except Refused:
        give_back(mine, 1, r.DAY_SECONDS)
        give_back(address, r.POSTER_BY_ADDRESS, r.DAY_SECONDS)
        raise
    return code


urlpatterns = [
    path("review/", ask, name="review_ask"),
    path("review/w/<str:poster_code>", poster, name="review_poster"),
    path("review/<str:review_code>", review, name="review"),
]
