"""The list of a drive's targets: found, filtered, filled, taken away, on the map."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL
from zhitong.base.errors import Refused
from zhitong.base.geometry import read_box
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import ImportResult, organ_names
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import refusals_on

from ...actions import moving
from ...actions import targets as do
from ...actions.exporting import export as exported
from ...actions.exporting import template_csv
from ...actions.importing import import_targets
from ...choices import Source, TargetState
from ...models import Drive, Target
from ...permissions import MANAGE, VIEW, WORK, demand_lead, may_lead
from ...queries import targets as reading
from ...queries.drives import drive as drive_of
from ..forms import ListForm, RegisterForm, TargetForm, day_of, place_choices

seeing = requires(VIEW, WORK, MANAGE)
managing = requires(MANAGE)


def wanted_of(request: HttpRequest) -> reading.Wanted:
    """What the address asks for; what is none is left out."""
    said = request.GET
    state = said.get("state", "")
    return reading.Wanted(
        text=said.get("q", ""), state=state if state in TargetState.values else "", stage=uuid_of(said.get("stage", "")),
        inside=uuid_of(said.get("in", "")), organ=uuid_of(said.get("organ", "")), sort=said.get("kind", "")[:40],
        is_late=said.get("late") == "yes", done_on=day_of(said.get("done", "")), found_on=day_of(said.get("found", "")),
        aside_on=day_of(said.get("aside", "")),
    )  # fmt: skip


@seeing
@never_cache
@require_safe
def targets(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """The targets, as far as one sees them."""
    by, today = actor_of(request), timezone.localdate()
    drive, wanted = drive_of(by, drive_id), wanted_of(request)
    order = request.GET.get("sort", "")
    rows = reading.filtered(reading.targets(by, drive), wanted, today)
    found = reading.page(rows, order, uuid_of(request.GET.get("after", "")))
    stages = list(drive.stages.all())
    context: dict[str, Any] = {
        "one": drive, "found": found, "wanted": wanted, "params": request.GET, "stages": stages, "states": TargetState.choices,
        "places": labels({row.division_id for row in found.rows} | {wanted.inside}),
        "organs": organ_names({row.organ_id for row in found.rows} | {wanted.organ}), "today": today,
        "divisions": place_choices(), "may_lead": may_lead(by, drive.organ_id), "may_work": (by.may(WORK) or by.may(MANAGE)) and not drive.ended_at,
        "chips": _chips(request, wanted, stages), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "campaigns/targets.html", context)


def _chips(request: HttpRequest, wanted: reading.Wanted, stages: list[Any]) -> list[tuple[str, str]]:
    """What is asked for, each in words with the name it has in the address."""
    names = {stage.pk: stage.name for stage in stages}
    place = labels([wanted.inside]).get(wanted.inside, "") if wanted.inside else ""
    organ = organ_names([wanted.organ]).get(wanted.organ, "") if wanted.organ else ""
    said = [
        ("q", wanted.text), ("state", str(TargetState(wanted.state).label) if wanted.state else ""),
        ("stage", names.get(wanted.stage, "") if wanted.stage else ""), ("in", place), ("organ", organ), ("kind", wanted.sort),
        ("late", _("逾期未完成") if wanted.is_late else ""), ("done", _("%(day)s完成") % {"day": wanted.done_on} if wanted.done_on else ""),
        ("found", _("%(day)s登记") % {"day": wanted.found_on} if wanted.found_on else ""),
        ("aside", _("%(day)s设为不计入") % {"day": wanted.aside_on} if wanted.aside_on else ""),
    ]  # fmt: skip
    return [(name, words) for name, words in said if words]


@requires(WORK, MANAGE)
@require_POST
@refusals_on("campaigns:targets", "drive_id")
def move(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Move the ticked ones on, all or none."""
    by = actor_of(request)
    drive_of(by, drive_id)
    ids = [one for said in request.POST.getlist("target") if (one := uuid_of(said))]
    stage = uuid_of(request.POST.get("stage", ""))
    if not ids or stage is None:
        raise Refused("nothing_chosen", _("请勾选对象，并选择推进到哪个环节。"))
    count = moving.move_many(ids, stage, by=by, at=timezone.now())
    messages.success(request, _("已推进%(count)s个对象。") % {"count": count})
    return redirect("campaigns:targets", drive_id)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """One target by hand."""
    by = actor_of(request)
    drive = drive_of(by, drive_id)
    demand_lead(by, drive.organ_id)
    form = TargetForm(drive, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            division = do.placed(said.pop("division"), said["lon"], said["lat"])
            new = do.NewTarget(division=division, **said)
            added = do.add(drive_id, [new], source=Source.ENTERED, by=by, at=timezone.now())
            if added.new:
                messages.success(request, _("已登记“%(name)s”。") % {"name": new.name})
                return redirect("campaigns:add", drive_id)
            form.add_error("name", _("清单上已有同一辖区的同名对象。"))
        except Refused as refused:
            form.refuse(refused)
    return render(request, "campaigns/add.html", {"form": form, "one": drive}, status=422 if form.errors else 200)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """Many at once: from a table, or from what the district has."""
    by, result = actor_of(request), None
    drive = drive_of(by, drive_id)
    demand_lead(by, drive.organ_id)
    is_post, is_register = request.method == "POST", "of" in request.POST
    table = ListForm(*((request.POST, request.FILES) if is_post and not is_register else ()))
    register = RegisterForm(request.POST if is_register else None)
    try:
        if register.is_bound and register.is_valid():
            added = _from_register(drive, register, by)
            messages.success(
                request, _("新增%(new)s个对象，%(known)s个已在清单上。") % {"new": added.new, "known": added.known}
            )
            return redirect("campaigns:targets", drive_id)
        if table.is_bound and table.is_valid():
            result = _from_table(request, drive, table)
    except Refused as refused:
        (register if is_register else table).refuse(refused)
    context = {"one": drive, "table": table, "register": register, "result": result}
    return render(request, "campaigns/fill.html", context, status=422 if table.errors or register.errors else 200)


def _from_table(request: HttpRequest, drive: Drive, table: ListForm) -> ImportResult:
    content, is_trial = table.cleaned_data["file"].read(), request.POST.get("do") != "write"
    return import_targets(drive.pk, content, by=actor_of(request), at=timezone.now(), dry_run=is_trial)


def _from_register(drive: Drive, form: RegisterForm, by: Any) -> do.Added:
    new = do.registered(form.cleaned_data["of"], form.cleaned_data["within"])
    return do.add(drive.pk, new, source=Source.REGISTER, by=by, at=timezone.now())


@managing
@require_safe
def template(request: HttpRequest, drive_id: UUID, sheet: str) -> HttpResponse:
    """The headings of a list or a plan, with an example."""
    drive_of(actor_of(request), drive_id)
    headers = {"Content-Disposition": f'attachment; filename="zhitong-{sheet}-template.csv"'}
    return HttpResponse(template_csv(sheet), content_type="text/csv; charset=utf-8", headers=headers)


@seeing
@require_safe
def export(request: HttpRequest, drive_id: UUID) -> FileResponse:
    """The list as a workbook, as it is filtered; that it was taken away is on record."""
    by = actor_of(request)
    drive = drive_of(by, drive_id)
    rows = reading.filtered(reading.targets(by, drive), wanted_of(request), timezone.localdate())
    file = exported(drive, rows, by=by, at=timezone.now())
    return FileResponse(file, as_attachment=True, filename=f"drive-{drive.starts_on:%Y%m%d}.xlsx", content_type=EXCEL)


@seeing
@never_cache
@require_safe
def map_(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """The targets on the map, and in words below it."""
    by = actor_of(request)
    drive = drive_of(by, drive_id)
    rows = reading.filtered(reading.targets(by, drive), wanted_of(request), timezone.localdate())
    unplaced = rows.filter(lon__isnull=True).count()
    context = {"one": drive, "query": request.GET.urlencode(), "unplaced": unplaced, "most": reading.MOST_POINTS}
    return render(request, "campaigns/map.html", context)


@seeing
@require_safe
@gzip_page
@never_cache
def points(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """GeoJSON of the places of the targets, of those in ``bbox`` if given."""
    by, today = actor_of(request), timezone.localdate()
    drive = drive_of(by, drive_id)
    try:
        box = read_box(request.GET["bbox"]) if request.GET.get("bbox") else None
    except ValueError:
        raise Refused("bad_box", _("地图范围无效，请刷新页面。"), field="bbox") from None
    rows = reading.filtered(reading.targets(by, drive), wanted_of(request), today)
    found = [_feature(one, one.state == TargetState.OPEN and one.due_on < today) for one in reading.points(rows, box)]
    return JsonResponse({"type": "FeatureCollection", "features": found}, content_type="application/geo+json")


TONES = {TargetState.DONE: "good", TargetState.ASIDE: "neutral", TargetState.OPEN: "info"}


def _feature(one: Target, is_late: bool) -> dict[str, Any]:
    told = {
        "title": one.name, "note": f"{one.stage.name} · {one.get_state_display()}", "tone": "bad" if is_late else TONES[TargetState(one.state)],
        "href": reverse("campaigns:target", args=[one.pk]),
    }  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]}, "properties": told}
