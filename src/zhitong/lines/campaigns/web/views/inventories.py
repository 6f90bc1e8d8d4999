"""Inventories: defined, published, their entries listed, filled in, taken away and on the map."""

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
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import refusals_on

from ...actions import inventories as do
from ...actions.entering import import_entries
from ...actions.exporting import export_entries, headings_csv
from ...actions.targets import placed
from ...models import Entry, Inventory
from ...permissions import INSPECT, KEEP, VIEW, demand_keep, leads, may_lead
from ...queries import inventories as reading
from ...rules.sheets import entry_sheet
from ..forms import ListForm, place_choices
from ..inventory_forms import EntryForm, InventoryForm

seeing, keeping = requires(VIEW, INSPECT, KEEP), requires(KEEP)


@seeing
@never_cache
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """The inventories, and how much of each wants something done."""
    by, today = actor_of(request), timezone.localdate()
    rows = list(reading.inventories(by).select_related("organ").order_by("name")[: reading.SHOWN])
    context = {"rows": rows, "counts": reading.counts(by, [row.pk for row in rows], today), "may_keep": by.may(KEEP)}
    return render(request, "campaigns/inventories.html", context)


@keeping
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Define an inventory."""
    return _define(request, None)


@keeping
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Change what an inventory is."""
    one = reading.inventory(actor_of(request), inventory_id)
    demand_keep(actor_of(request), one.organ_id)
    return _define(request, one)


def _define(request: HttpRequest, one: Inventory | None) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    sent = [request.POST] if request.method == "POST" else []
    form = InventoryForm(*sent, only=leads(by, KEEP), initial=InventoryForm.of(one) if one else {})
    if form.is_bound and form.is_valid():
        said = do.Defined(**form.said())
        try:
            kept = do.redefine(one.pk, said, by=by, at=at) if one else do.define(said, by=by, at=at)
            messages.success(request, _("已保存。"))
            return redirect("campaigns:inventory", kept.pk)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "one": one}
    return render(request, "campaigns/inventory_form.html", context, status=422 if form.errors else 200)


@keeping
@require_POST
@refusals_on("campaigns:inventory", "inventory_id")
def publish(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Show it to the public, or no longer."""
    is_shown, one = request.POST.get("shown") == "yes", reading.inventory(actor_of(request), inventory_id)
    do.publish(one.pk, is_shown=is_shown, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已向居民公开。") if is_shown else _("已停止公开。"))
    return redirect("campaigns:inventory", inventory_id)


def wanted_of(request: HttpRequest) -> reading.Wanted:
    """What the address asks for; what is none is left out."""
    said = request.GET
    standing, after = said.get("state", ""), said.get("after", "")
    return reading.Wanted(
        text=said.get("q", ""), standing=standing if standing in reading.STANDINGS else "there", inside=uuid_of(said.get("in", "")),
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0,
    )  # fmt: skip


@seeing
@never_cache
@require_safe
def inventory(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """What stands in it, and what of it wants something done."""
    by, today = actor_of(request), timezone.localdate()
    one, wanted = reading.inventory(by, inventory_id), wanted_of(request)
    found = list(reading.entries(by, one, wanted, today)[: reading.SHOWN + 1])
    rows = found[: reading.SHOWN]
    context: dict[str, Any] = {
        "one": one, "rows": rows, "wanted": wanted, "params": request.GET, "query": request.GET.urlencode(),
        "counts": reading.counts(by, [one.pk], today)[one.pk], "after": rows[-1].number if len(found) > len(rows) else 0,
        "places": labels({row.division_id for row in rows}), "marks": reading.marks(rows, today), "divisions": place_choices(),
        "may_keep": may_lead(by, one.organ_id, KEEP), "stalls": reading.stall_counts(rows) if one.has_stalls else {},
    }  # fmt: skip
    return render(request, "campaigns/inventory.html", context)


@keeping
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """One entry by hand."""
    by = actor_of(request)
    one = reading.inventory(by, inventory_id)
    demand_keep(by, one.organ_id)
    form = EntryForm(one, *([request.POST] if request.method == "POST" else []))
    if form.is_bound and form.is_valid():
        said = form.said()
        try:
            said["division"] = placed(said["division"], said["lon"], said["lat"])
            if do.enter(one.pk, [do.NewEntry(**said)], by=by, at=timezone.now()):
                messages.success(request, _("已登记“%(name)s”。") % {"name": said["name"]})
                return redirect("campaigns:add_entry", one.pk)
            form.add_error("name", _("这个辖区已有同名的条目。"))
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "one": one, "entry": None}
    return render(request, "campaigns/entry_form.html", context, status=422 if form.errors else 200)


@keeping
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Many at once, from a table."""
    by, result = actor_of(request), None
    one = reading.inventory(by, inventory_id)
    demand_keep(by, one.organ_id)
    form = ListForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        content, is_trial = form.cleaned_data["file"].read(), request.POST.get("do") != "write"
        try:
            result = import_entries(one.pk, content, by=by, at=timezone.now(), dry_run=is_trial)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "one": one, "result": result}
    return render(request, "campaigns/fill_inventory.html", context, status=422 if form.errors else 200)


@keeping
@require_safe
def template(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """The headings of the table."""
    one = reading.inventory(actor_of(request), inventory_id)
    headers = {"Content-Disposition": 'attachment; filename="zhitong-inventory-template.csv"'}
    return HttpResponse(headings_csv(entry_sheet(one)), content_type="text/csv; charset=utf-8", headers=headers)


@seeing
@require_safe
def export(request: HttpRequest, inventory_id: UUID) -> FileResponse:
    """The list as a workbook, as it is filtered; that it was taken away is on record."""
    by = actor_of(request)
    one = reading.inventory(by, inventory_id)
    file = export_entries(one, wanted_of(request), by=by, at=timezone.now())
    return FileResponse(file, as_attachment=True, filename="inventory.xlsx", content_type=EXCEL)


@seeing
@never_cache
@require_safe
def map_(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """The entries on the map."""
    one = reading.inventory(actor_of(request), inventory_id)
    context = {"one": one, "query": request.GET.urlencode(), "most": reading.MOST_POINTS}
    return render(request, "campaigns/inventory_map.html", context)


@seeing
@require_safe
@gzip_page
@never_cache
def points(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """GeoJSON of the places of the entries."""
    by, today = actor_of(request), timezone.localdate()
    one = reading.inventory(by, inventory_id)
    rows = reading.located(reading.entries(by, one, wanted_of(request), today))
    seen = reading.marks(rows, today)
    return geojson([feature(row, seen[row.pk], reverse("campaigns:entry", args=[row.pk])) for row in rows])


def geojson(features: list[dict[str, Any]]) -> JsonResponse:
    """Points for a map."""
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def feature(row: Entry, seen: list[tuple[str, str]], href: str) -> dict[str, Any]:
    """One entry, in the colour of what is worst about it."""
    tones = {tone for _words, tone in seen}
    tone = next((one for one in ("bad", "warn", "neutral") if one in tones), "good")
    told = {
        "title": row.name,
        "note": "、".join(words for words, _tone in seen) or row.address,
        "tone": tone,
        "href": href,
    }
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]}, "properties": told}
