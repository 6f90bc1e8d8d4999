"""Drives: the list, how far one is, and what whoever leads it does."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import page_of, uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import ancestors, labels, node
from zhitong.ui.public import refusals_on, short_moment

from ...actions import drives as do
from ...choices import DriveKind
from ...permissions import MANAGE, VIEW, WORK, demand_lead, leads, may_lead
from ...queries import drives as reading
from ...queries import figures
from ...queries.targets import targets
from ..forms import DriveForm

seeing = requires(VIEW, WORK, MANAGE)
managing = requires(MANAGE)
DAYS_SHOWN = 31


@seeing
@never_cache
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """The drives one has to do with, the newest first, and how far they are."""
    by, page = actor_of(request), page_of(request.GET.get("page", ""))
    typed, kind, state = clean(request.GET.get("q", ""))[:60], request.GET.get("kind", ""), request.GET.get("state", "")
    rows = reading.drives(by).select_related("organ")
    rows = rows.filter(name__contains=typed) if typed else rows
    rows = rows.filter(kind=kind) if kind in DriveKind.values else rows
    rows = rows.filter(ended_at__isnull=state == "running") if state in ("running", "ended") else rows
    found = list(rows[(page - 1) * reading.SHOWN : page * reading.SHOWN + 1])
    shown, today = found[: reading.SHOWN], timezone.localdate()
    context = {
        "rows": shown, "has_more": len(found) > reading.SHOWN, "page": page, "far": figures.shares([row.pk for row in shown], today),
        "may_make": by.may(MANAGE), "today": today, "q": typed, "kind": kind, "state": state, "kinds": DriveKind.choices,
        "may_work": by.may(WORK), "params": request.GET,
    }  # fmt: skip
    return render(request, "campaigns/list.html", context)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a drive."""
    by = actor_of(request)
    form = DriveForm(request.POST if request.method == "POST" else None, only=leads(by))
    if form.is_bound and form.is_valid():
        try:
            drive = do.begin(do.Said(**form.cleaned_data), by=by, at=timezone.now())
            messages.success(request, _("专项行动已建立，请补充行动对象。"))
            return redirect("campaigns:fill", drive.pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "campaigns/edit.html", {"form": form, "one": None}, status=422 if form.errors else 200)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Change what it is."""
    by = actor_of(request)
    drive = reading.drive(by, drive_id)
    demand_lead(by, drive.organ_id)
    form = DriveForm(*([request.POST] if request.method == "POST" else []), initial=DriveForm.of(drive), only=leads(by))
    if form.is_bound and form.is_valid():
        try:
            do.change(drive_id, do.Said(**form.cleaned_data), by=by, at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("campaigns:drive", drive_id)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "campaigns/edit.html", {"form": form, "one": drive}, status=422 if form.errors else 200)


@seeing
@never_cache
@require_safe
def drive(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """How far it is: in all, by division and organ against the plan, day by day."""
    by, today = actor_of(request), timezone.localdate()
    one = reading.drive(by, drive_id)
    inside = uuid_of(request.GET.get("in", ""))
    inside = inside if inside and node(inside) else None
    rows = None if reading.sees_all(by, one) else targets(by, one)
    far, burn = figures.far(rows, one, today, inside=inside), figures.burn(rows, one, today, inside=inside)
    above = [*ancestors(inside), found] if inside and (found := node(inside)) else []
    context: dict[str, Any] = {
        "one": one, "far": far, "burn": burn, "sorts": figures.by_sort(rows, one, inside=inside), "inside": inside,
        "days": list(reversed(burn.days))[:DAYS_SHOWN], "today": today,
        "above": [(str(place), place.id) for place in above if place.level != "district"], "deepest": bool(above) and above[-1].level == "community",
        "may_lead": may_lead(by, one.organ_id), "may_work": by.may(WORK), "taking_part": _names(one.divisions), "as_of": None,
        "counted_at": short_moment(timezone.now()), "categories": [f"{day:%m-%d}" for day in burn.drawn],
    }  # fmt: skip
    return render(request, "campaigns/drive.html", context)


def _names(division_ids: Iterable[UUID]) -> list[str]:
    return sorted(labels(list(division_ids)).values())


@managing
@require_POST
@refusals_on("campaigns:drive", "drive_id")
def end(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Nothing of it is worked on any more."""
    by = actor_of(request)
    do.end(reading.drive(by, drive_id).pk, by=by, at=timezone.now())
    messages.success(request, _("行动已结束，需要时可以恢复。"))
    return redirect("campaigns:drive", drive_id)


@managing
@require_POST
@refusals_on("campaigns:drive", "drive_id")
def reopen(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """It goes on."""
    by = actor_of(request)
    do.reopen(reading.drive(by, drive_id).pk, by=by, at=timezone.now())
    messages.success(request, _("行动已恢复。"))
    return redirect("campaigns:drive", drive_id)


@managing
@require_POST
@refusals_on("campaigns:drive", "drive_id")
def publish(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Show how far it is to everybody, or no longer."""
    is_public = request.POST.get("public") == "yes"
    by = actor_of(request)
    do.publish(reading.drive(by, drive_id).pk, is_public=is_public, by=by, at=timezone.now())
    messages.success(request, _("进度已向居民公开。") if is_public else _("进度不再公开。"))
    return redirect("campaigns:drive", drive_id)
