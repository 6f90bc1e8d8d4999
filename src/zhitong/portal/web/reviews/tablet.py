"""The page on a window's tablet: waits, asks when somebody was served, thanks, and waits again.  Nothing personal is on it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, public_page
from zhitong.kernel.reviews import public as r

from .forms import ReviewForm
from .giving import limited

MOST = 40


def _point(request: HttpRequest, code: str) -> r.Point:
    point = r.point_of_tablet(code)
    if point is None:
        limited(request)
        raise NotFound("no_tablet", _("评价器的链接已失效，请联系管理员更换。"))
    return point


@public_page
@never_cache
@require_safe
def tablet(request: HttpRequest, tablet_code: str) -> HttpResponse:
    """The page itself."""
    return render(request, "portal/reviews/tablet.html", _context(_point(request, tablet_code), tablet_code))


@public_page
@never_cache
@require_safe
def now(request: HttpRequest, tablet_code: str) -> HttpResponse:
    """Whether somebody is to be asked; nothing new, nothing sent."""
    point = _point(request, tablet_code)
    service = r.waiting_at(point, timezone.now())
    if service is None or str(service.pk) == request.GET.get("passed", "")[:MOST]:
        return (
            HttpResponse(status=204)
            if "waits" in request.GET
            else _part(request, "waiting", point, tablet_code, passed=_passed(request))
        )
    return _part(request, "faces", point, tablet_code, service=service)


def _passed(request: HttpRequest) -> str:
    """The service that is not asked about any more."""
    try:
        return str(UUID(request.GET.get("passed", "")))
    except ValueError:
        return ""


@public_page
@require_POST
def judge(request: HttpRequest, tablet_code: str) -> HttpResponse:
    """A face was tapped; of a bad one the reasons are asked, and it counts also when nobody answers."""
    point = _point(request, tablet_code)
    service = _service(point, request.POST.get("service", ""))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _part(
            request, "reasons" if "sure" in request.POST else "faces", point, tablet_code, service=service, form=form
        )
    is_bad = form.cleaned_data["mark"] not in r.SATISFIED
    if is_bad and "sure" not in request.POST:
        return _part(
            request,
            "reasons",
            point,
            tablet_code,
            service=service,
            form=ReviewForm({"mark": form.cleaned_data["mark"]}),
        )
    try:
        r.judge_service(service.pk, form.judgement(r.Source.TABLET), by=Actor.resident(), at=timezone.now())
    except Conflict:
        pass  # said already; thanks all the same
    except Refused as refused:
        form.refuse(refused)
        return _part(request, "reasons", point, tablet_code, service=service, form=form)
    return _part(request, "thanks", point, tablet_code, passed=service.pk)


def _service(point: r.Point, typed: str) -> r.Service:
    """The service the tablet asked about: of this window, and of just now."""
    found = r.just_served(point, typed, timezone.now())
    if found is None:
        raise NotFound("no_service", _("没有找到这次服务。"))
    return found


def _context(point: r.Point, code: str, **more: Any) -> dict[str, Any]:
    return {"point": point, "code": code, "form": ReviewForm(), "passed": "", "part": "waiting", **more}


def _part(request: HttpRequest, part: str, point: r.Point, code: str, **more: Any) -> HttpResponse:
    return render(request, "portal/reviews/tablet_part.html", _context(point, code, part=part, **more))


urlpatterns = [
    path("review/tablet/<str:tablet_code>", tablet, name="review_tablet"),
    path("review/tablet/<str:tablet_code>/now", now, name="review_tablet_now"),
    path("review/tablet/<str:tablet_code>/judge", judge, name="review_tablet_judge"),
]
