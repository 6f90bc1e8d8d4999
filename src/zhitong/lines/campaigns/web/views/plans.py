"""The plan of a drive: its points, one by one or as a table."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import ImportResult, organ_names
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import refusals_on

from ...actions import drives as do
from ...actions.importing import import_plan
from ...models import Drive
from ...permissions import MANAGE, demand_lead
from ...queries.drives import drive as drive_of
from ..forms import ListForm, PointForm

managing = requires(MANAGE)
SHOWN = 500


def _points(drive: Drive, *, without: str = "") -> list[do.Point]:
    return [
        do.Point(one.by_day, one.done, one.division_id, one.organ_id)
        for one in drive.plans.all()
        if str(one.pk) != without
    ]


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """The points; one is added, or a table takes the place of all."""
    by, result = actor_of(request), None
    drive = drive_of(by, drive_id)
    demand_lead(by, drive.organ_id)
    is_table = "file" in request.FILES or request.POST.get("do") in ("try", "write")
    form = PointForm(request.POST if request.method == "POST" and not is_table else None)
    table = ListForm(*((request.POST, request.FILES) if is_table else ()))
    try:
        if is_table and table.is_valid():
            content, is_trial = table.cleaned_data["file"].read(), request.POST.get("do") != "write"
            result = import_plan(drive_id, content, by=by, at=timezone.now(), dry_run=is_trial)
        elif form.is_bound and form.is_valid():
            do.plan(drive_id, [*_points(drive), do.Point(**form.cleaned_data)], by=by, at=timezone.now())
            messages.success(request, _("已加入计划。"))
            return redirect("campaigns:plan", drive_id)
    except Refused as refused:
        (table if is_table else form).refuse(refused)
    return _shown(request, drive, form, table, result)


def _shown(
    request: HttpRequest, drive: Drive, form: PointForm, table: ListForm, result: ImportResult | None
) -> HttpResponse:
    rows = list(drive.plans.order_by("division", "organ", "by_day")[:SHOWN])
    context = {
        "one": drive, "rows": rows, "form": form, "table": table, "result": result,
        "places": labels({row.division_id for row in rows}), "organs": organ_names({row.organ_id for row in rows}),
    }  # fmt: skip
    return render(request, "campaigns/plan.html", context, status=422 if form.errors or table.errors else 200)


@managing
@require_POST
@refusals_on("campaigns:plan", "drive_id")
def drop(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Take one point out, or all."""
    by = actor_of(request)
    drive = drive_of(by, drive_id)
    wanted = request.POST.get("point", "")
    do.plan(drive_id, [] if wanted == "all" else _points(drive, without=wanted), by=by, at=timezone.now())
    messages.success(request, _("已从计划中去掉。"))
    return redirect("campaigns:plan", drive_id)
