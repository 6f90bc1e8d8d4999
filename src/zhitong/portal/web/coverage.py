"""No building missed, no courtyard missed: what the coverage check found, as a list and on a map."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from zhitong.base.books import EXCEL, new_book, on_disk
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import requires
from zhitong.kernel.organisation.public import staffed_divisions
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import SearchSelect

from .workbooks import add_rows

MOST_AT_ONCE = 5_000
MOST_LISTED = 200
LEVELS = (
    territory.Level.STREET, territory.Level.ZONE, territory.Level.COMMUNITY, territory.Level.GRID, territory.Level.MICROGRID,
)  # fmt: skip
Stray = territory.StrayKind
TONES = {
    territory.FaultKind.OVERLAP: "bad", territory.FaultKind.GAP: "warn", territory.FaultKind.OUTSIDE: "info", Stray.NOWHERE: "bad",
    Stray.TWICE: "bad", Stray.ASTRIDE: "warn", Stray.ELSEWHERE: "warn", Stray.UNPLACED: "neutral",
}  # fmt: skip


class CoverageForm(forms.Form):
    """What to check: a level, and inside which division."""

    level = forms.ChoiceField(label=_("层级"), required=False)
    within = forms.ChoiceField(label=_("范围"), required=False, widget=SearchSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = [level for level in LEVELS if territory.of_level(level)]
        self.fields["level"].choices = [(level.value, territory.level_label(level)) for level in used]  # type: ignore[attr-defined]
        streets = [(str(node.id), str(node)) for node in territory.of_level(territory.Level.STREET)]
        self.fields["within"].choices = [("", _("不限")), *streets]  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[str, UUID | None]:
    """The level and the division asked for, the finest level by default.  Refused for what there is none of."""
    form = CoverageForm(request.GET)
    if not form.is_valid():
        raise Refused("bad_coverage", _("没有这个层级或范围，请重新选择。"))
    used = [level for level, _label in form.fields["level"].choices]  # type: ignore[attr-defined]
    default = territory.Level.GRID.value if territory.Level.GRID in used or not used else used[-1]
    within = form.cleaned_data["within"]
    return form.cleaned_data["level"] or default, UUID(within) if within else None


def _found(request: HttpRequest) -> territory.Coverage | None:
    """What the check found; None where there is too much for one page and a street must be chosen."""
    level, within = _asked(request)
    if len(territory.of_level(level, within)) > MOST_AT_ONCE:
        return None
    return territory.check_coverage(level, within)


@requires(territory.MANAGE)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The page: sums, faults with place and size, divisions without shape or worker."""
    level, within = _asked(request)
    found = _found(request)
    context: dict[str, Any] = {
        "form": CoverageForm({"level": level, "within": within or ""}), "found": found, "most": MOST_LISTED, "level": level,
        "within": within or "", "tones": TONES, "bounds": territory.bounds(within) if within else None,
    }  # fmt: skip
    if found:
        alone = found.without(staffed_divisions(timezone.localdate()))
        shown = [node for nodes in (found.without_shape, alone) for node in nodes[:MOST_LISTED]]
        context |= {"alone": alone, "labels": territory.labels({node.id for node in shown})}
        context["sums"] = [
            (
                kind.label,
                ngettext("%(n)s处，%(area)s平方米", "%(n)s处，%(area)s平方米", n) % {"n": n, "area": f"{size:,.0f}"},
            )
            for kind, (n, size) in found.sums.items()
        ]
        context["lines"] = [
            {"fault": fault, "names": [(str(node), node.code) for node in fault.divisions]}
            for fault in found.faults[:MOST_LISTED]
        ]
        context |= _buildings(level, within)
    return render(request, "portal/territory/coverage.html", context)


def _buildings(level: str, within: UUID | None) -> dict[str, Any]:
    """What the page says of buildings: a sentence, sums, and the first of them."""
    found = territory.check_buildings(level, within)
    wrong = [(kind.label, ngettext("%(n)s栋", "%(n)s栋", n) % {"n": f"{n:,}"}) for kind, n in found.sums.items() if n]
    return {"standing": found, "standing_sums": wrong, "strays": found.found[:MOST_LISTED]}


@requires(territory.MANAGE)
@require_safe
@gzip_page
def coverage_areas(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the land that is wrong, and of buildings that stand wrong."""
    found = _found(request)
    features = [fault.feature() for fault in found.faults] if found else []
    if found:
        standing = territory.check_buildings(*_asked(request))
        features += [stray.feature() for stray in standing.found if stray.lon is not None]
    collection = {"type": "FeatureCollection", "features": features}
    return JsonResponse(collection, content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"})


@requires(territory.MANAGE)
@require_safe
def coverage_export(request: HttpRequest) -> FileResponse:
    """Everything the check found, as a workbook: land, buildings, divisions without shape or worker."""
    level, within = _asked(request)
    found, standing = _found(request), territory.check_buildings(level, within)
    if found is None:
        raise Refused("too_many_to_check", _("数量较多，请先选择街道。"), field="within")
    book, names = new_book(), _("、")
    land = (
        [fault.kind.label, names.join(f"{n} {n.code}" for n in fault.divisions), round(fault.area_m2), fault.lon, fault.lat]
        for fault in found.faults
    )  # fmt: skip
    add_rows(book, now_("区划"), [_("问题"), _("区划"), _("面积（平方米）"), _("经度"), _("纬度")], land)
    head = [_("问题"), _("楼栋"), _("登记区划"), _("所在区划"), _("面积（平方米）"), _("经度"), _("纬度")]
    add_rows(book, now_("楼栋"), head, (_stray_row(one) for one in standing.found))
    alone = found.without(staffed_divisions(timezone.localdate()))
    lacking = [(_("没有边界"), node) for node in found.without_shape] + [(_("无人负责"), node) for node in alone]
    rows = ([what, node.code, territory.label(node.id)] for what, node in lacking)
    add_rows(book, now_("无边界无人"), [_("问题"), _("编码"), _("区划")], rows)
    called = f"zhitong-coverage-{found.on.isoformat()}.xlsx"
    return FileResponse(on_disk(book), as_attachment=True, filename=called, content_type=EXCEL)


def _stray_row(one: territory.Misplaced) -> list[Any]:
    size = "" if one.area_m2 is None else round(one.area_m2)
    stands = _("、").join(f"{node} {node.code}" for node in one.stands)
    registered = f"{one.registered} {one.registered.code}" if one.registered else ""
    place = [one.lon, one.lat] if one.lon is not None else ["", ""]
    return [one.kind.label, one.name, registered, stands, size, *place]


urlpatterns = [
    path("setup/territory/check", coverage, name="territory_check"),
    path("setup/territory/check.json", coverage_areas, name="territory_check_areas"),
    path("setup/territory/check.xlsx", coverage_export, name="territory_check_export"),
]
