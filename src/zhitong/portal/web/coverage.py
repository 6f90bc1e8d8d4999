"""No building missed, no courtyard missed: what the coverage check found, as a list and on a map."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.db.models import TextChoices
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from zhitong.base.books import EXCEL, new_book, on_disk
from zhitong.base.errors import Refused
from zhitong.base.geometry import to_geojson
from zhitong.kernel.accounts.public import requires
from zhitong.kernel.organisation.public import staffed_divisions
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import SearchSelect

from .workbooks import add_rows

MOST_AT_ONCE = 5_000
ON_A_PAGE = 50
NEAR = 18  # the zoom at which a place is shown
LEVELS = (
    territory.Level.STREET, territory.Level.ZONE, territory.Level.COMMUNITY, territory.Level.GRID, territory.Level.MICROGRID,
)  # fmt: skip
Fault, Stray = territory.FaultKind, territory.StrayKind


class Lack(TextChoices):
    """What a division has not got."""

    SHAPE = "no_shape", _("没有边界")
    WORKER = "no_worker", _("无人负责")


KINDS = (*Fault, *Stray, *Lack)
TONES = {
    Fault.OVERLAP: "bad", Fault.GAP: "warn", Fault.OUTSIDE: "info", Stray.NOWHERE: "bad", Stray.TWICE: "bad",
    Stray.ASTRIDE: "warn", Stray.ELSEWHERE: "warn", Stray.UNPLACED: "neutral", Lack.SHAPE: "warn", Lack.WORKER: "warn",
}  # fmt: skip


class CoverageForm(forms.Form):
    """What to check: a level, inside which division; and which kind of what was found to show."""

    level = forms.ChoiceField(label=_("层级"), required=False)
    within = forms.ChoiceField(label=_("范围"), required=False, widget=SearchSelect)
    kind = forms.ChoiceField(
        label=_("问题"), required=False, choices=[("", _("不限")), *((kind.value, kind.label) for kind in KINDS)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = [level for level in LEVELS if territory.of_level(level)]
        self.fields["level"].choices = [(level.value, territory.level_label(level)) for level in used]  # type: ignore[attr-defined]
        streets = [(str(node.id), str(node)) for node in territory.of_level(territory.Level.STREET)]
        self.fields["within"].choices = [("", _("不限")), *streets]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a level, inside which division, one kind or all of them."""

    level: str
    within: UUID | None
    kind: str

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address."""
        return {"level": self.level, "within": str(self.within or ""), "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found of land, of buildings, and of divisions that lack something."""

    land: territory.Coverage
    homes: territory.BuildingsChecked
    lacking: tuple[tuple[Lack, territory.Node], ...]

    def faults(self, kind: str = "") -> list[territory.Fault]:
        """Land that is wrong, the largest first."""
        return [one for one in self.land.faults if kind in ("", one.kind)]

    def strays(self, kind: str = "") -> list[territory.Misplaced]:
        """Buildings that stand wrong."""
        return [one for one in self.homes.found if kind in ("", one.kind)]

    def lacks(self, kind: str = "") -> list[tuple[Lack, territory.Node]]:
        """Divisions without shape or worker."""
        return [one for one in self.lacking if kind in ("", one[0])]

    def rows(self, kind: str) -> Sequence[Any]:
        """Those of one kind."""
        return self.faults(kind) or self.strays(kind) or self.lacks(kind)

    def sums(self) -> Iterator[dict[str, Any]]:
        """Kind by kind how many, and their square metres where it is land."""
        for kind in KINDS:
            size = self.land.sums[kind][1] if isinstance(kind, Fault) else None
            yield {"kind": kind, "n": len(self.rows(kind)), "area": size, "tone": TONES[kind]}


def _asked(request: HttpRequest) -> Asked:
    """The level and the division asked for, the finest level by default.  Refused for what there is none of."""
    form = CoverageForm(request.GET)
    if not form.is_valid():
        raise Refused("bad_coverage", _("没有这个层级或范围，请重新选择。"))
    used = [level for level, _label in form.fields["level"].choices]  # type: ignore[attr-defined]
    default = territory.Level.GRID.value if territory.Level.GRID in used or not used else used[-1]
    said = form.cleaned_data
    return Asked(said["level"] or default, UUID(said["within"]) if said["within"] else None, said["kind"])


def _found(asked: Asked) -> Checked | None:
    """What the check found; None where there is too much for one page and a street must be chosen."""
    if len(territory.of_level(asked.level, asked.within)) > MOST_AT_ONCE:
        return None
    land = territory.check_coverage(asked.level, asked.within)
    alone = land.without(staffed_divisions(timezone.localdate()))
    lacking = [(Lack.SHAPE, node) for node in land.without_shape] + [(Lack.WORKER, node) for node in alone]
    return Checked(land, territory.check_buildings(asked.level, asked.within), tuple(lacking))


@requires(territory.MANAGE)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The page: how much of each kind was found; of the kind that is chosen one after the other, with place and size."""
    asked = _asked(request)
    found, at = _found(asked), _place(request)
    context: dict[str, Any] = {
        "form": CoverageForm(asked.query), "found": found, "asked": asked, "query": asked.query, "tones": TONES, "at": at,
        "near": NEAR, "bounds": territory.bounds(asked.within) if asked.within and not at else None,
    }  # fmt: skip
    if found:
        context |= {"sums": list(found.sums()), **_page(request, found, asked.kind)}
    return render(request, "portal/territory/coverage.html", context)


def _page(request: HttpRequest, found: Checked, kind: str) -> dict[str, Any]:
    """What is listed of the kind that is chosen."""
    if not kind:
        return {"listed": None}
    rows = found.rows(kind)
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    number = _whole(request.GET.get("page", ""), pages)
    listed = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    what = "land" if kind in Fault.values else "homes" if kind in Stray.values else "lack"
    lacking = {node.id for _lack, node in listed} if what == "lack" else set()
    title = next(one.label for one in KINDS if one == kind)
    return {
        "listed": listed, "what": what, "title": title, "total": len(rows), "number": number, "pages": pages,
        "labels": territory.labels(lacking), "spots": _spots(lacking),
    }  # fmt: skip


class Spot(NamedTuple):
    """Where a division lies, and its square metres."""

    lon: float
    lat: float
    area_m2: float


def _spots(division_ids: Collection[UUID]) -> dict[UUID, Spot]:
    """Of those that have a shape."""
    rows = territory.shapes(division_ids).values_list("division", "lon", "lat", "area_m2")
    return {division: Spot(*where) for division, *where in rows}


def _whole(text: str, most: int) -> int:
    """The number of a page; the nearest there is."""
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _place(request: HttpRequest) -> tuple[float, float] | None:
    """The place that the map is to show, where one is asked for."""
    try:
        lon, lat = (float(request.GET.get(name, "")) for name in ("lon", "lat"))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


@requires(territory.MANAGE)
@require_safe
@gzip_page
def coverage_areas(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the land that is wrong, and of buildings that stand wrong; of one kind if asked."""
    asked = _asked(request)
    found = _found(asked)
    features = [fault.feature() for fault in found.faults(asked.kind)] if found else []
    if found:
        features += [stray.feature() for stray in found.strays(asked.kind) if stray.lon is not None]
        features += _alone(found) if asked.kind == Lack.WORKER else ()
    collection = {"type": "FeatureCollection", "features": features}
    return JsonResponse(collection, content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"})


def _alone(found: Checked) -> Iterator[dict[str, Any]]:
    """The divisions without a worker, for the map."""
    nodes = {node.id: node for _lack, node in found.lacks(Lack.WORKER)}
    for division, area in territory.areas(nodes.keys()).items():
        told = {
            "kind": Lack.WORKER.value, "name": f"{nodes[division]} {nodes[division].code}", "note": str(Lack.WORKER.label),
            "tone": TONES[Lack.WORKER], "opacity": 0.4,
        }  # fmt: skip
        yield {"type": "Feature", "properties": told, "geometry": to_geojson(area, 6)}


@requires(territory.MANAGE)
@require_safe
def coverage_export(request: HttpRequest) -> FileResponse:
    """Everything the check found, or all of one kind, as a workbook: land, buildings, divisions without shape or worker."""
    asked = _asked(request)
    found = _found(asked)
    if found is None:
        raise Refused("too_many_to_check", _("数量较多，请先选择街道。"), field="within")
    book, names = new_book(), _("、")
    land = (
        [fault.kind.label, names.join(f"{n} {n.code}" for n in fault.divisions), round(fault.area_m2), fault.lon, fault.lat]
        for fault in found.faults(asked.kind)
    )  # fmt: skip
    add_rows(book, now_("区划"), [_("问题"), _("区划"), _("面积（平方米）"), _("经度"), _("纬度")], land)
    head = [_("问题"), _("楼栋"), _("登记区划"), _("所在区划"), _("面积（平方米）"), _("经度"), _("纬度")]
    add_rows(book, now_("楼栋"), head, (_stray_row(one) for one in found.strays(asked.kind)))
    lacks = found.lacks(asked.kind)
    spots = _spots({node.id for _lack, node in lacks})
    head = [_("问题"), _("编码"), _("区划"), _("面积（平方米）"), _("经度"), _("纬度")]
    rows = ([lack.label, node.code, territory.label(node.id), *_where(spots.get(node.id))] for lack, node in lacks)
    add_rows(book, now_("无边界无人"), head, rows)
    called = f"zhitong-coverage-{found.land.on.isoformat()}.xlsx"
    return FileResponse(on_disk(book), as_attachment=True, filename=called, content_type=EXCEL)


def _where(spot: Spot | None) -> list[Any]:
    return [round(spot.area_m2), spot.lon, spot.lat] if spot else ["", "", ""]


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
