"""Where the open matters lie: points and counts by street, for the map of the desk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When
from django.urls import reverse

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, LATE_GRADES, Grade, Matter
from zhitong.kernel.territory import public as territory

from . import listing

MOST_POINTS = 2000
LATE = Q(grade__in=LATE_GRADES)
STEPS = 5  # of colour
COLOURS = ("#f3e3d3", "#eec39a", "#e0935a", "#c05313", "#7d1410")
NONE = "#eef2f0"
WORST_FIRST = Case(
    *(When(grade=grade, then=Value(n)) for n, grade in enumerate((Grade.SEVERE, Grade.MODERATE, Grade.OVERDUE, Grade.WARNING))),
    default=Value(9), output_field=IntegerField(),
)  # fmt: skip


def open_matters(by: Actor, wanted: Mapping[str, Any]) -> QuerySet[Matter]:
    """The open matters ``by`` may see, within the filters of the list."""
    return listing.filtered(by, wanted).filter(closed_at=None)


def version(rows: QuerySet[Matter]) -> str:
    """Changes whenever one of the rows does.  One query."""
    found = rows.order_by().aggregate(
        n=Count("pk"), v=Sum("version"), last=Max("stage_at"), grade=Count("pk", filter=LATE)
    )
    return "-".join(str(found[name]) for name in ("n", "v", "last", "grade"))


def points(rows: QuerySet[Matter], box: tuple[float, float, float, float] | None = None) -> dict[str, Any]:
    """GeoJSON of at most ``MOST_POINTS`` places, in a box or everywhere, the latest of grade first, then the newest.
    One query."""
    found = rows.filter(lon__isnull=False).order_by(WORST_FIRST, "-pk")
    if box:
        west, south, east, north = box
        found = found.filter(lon__range=(west, east), lat__range=(south, north))
    shown = found.values_list("pk", "kind", "stage", "title", "lon", "lat", "grade")[:MOST_POINTS]
    return {"type": "FeatureCollection", "features": [_point(*row) for row in shown]}


def _point(
    pk: UUID, kind: str, stage: str, title: str, lon: float | None, lat: float | None, grade: str
) -> dict[str, Any]:
    label = KINDS[kind].by_slug[stage].label
    told = {
        "title": mask_inline(title), "note": f"{label} · {Grade(grade).label}", "grade": grade,
        "href": reverse("portal:matter", args=[pk]),
    }  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": told}


@dataclass(frozen=True, slots=True)
class Area:
    """What lies open in one street; ``id`` None: what has no place."""

    id: UUID | None
    name: str
    open: int
    warning: int
    late: int
    unplaced: int


def areas(rows: QuerySet[Matter]) -> list[Area]:
    """Every street with its counts, by code; what has no street last.  One query."""
    counted = rows.order_by().values_list("area").annotate(
        n=Count("pk"), warning=Count("pk", filter=Q(grade=Grade.WARNING)), late=Count("pk", filter=LATE),
        unplaced=Count("pk", filter=Q(lon=None)),
    )  # fmt: skip
    found = {area: numbers for area, *numbers in counted}
    streets = [
        Area(node.id, str(node), *found.pop(node.id, (0, 0, 0, 0)))
        for node in territory.of_level(territory.Level.STREET)
    ]
    rest = [sum(numbers) for numbers in zip(*found.values(), strict=True)] if found else []
    return [*streets, Area(None, "", *rest)] if rest else streets


def shapes(rows: QuerySet[Matter], measure: str, query: Mapping[str, str]) -> str:
    """GeoJSON of the streets, coloured by how much of ``measure`` (open or late) each has."""
    counted = {str(area.id): area for area in areas(rows)}
    most = max([getattr(area, measure) for area in counted.values()], default=0)
    collection = json.loads(territory.shapes_json(territory.Level.STREET))
    for feature in collection["features"]:
        if area := counted.get(feature["id"]):
            n = getattr(area, measure)
            feature["properties"] |= {
                "open": area.open, "late": area.late, "n": n, "colour": COLOURS[min(STEPS * n // (most + 1), STEPS - 1)] if n else NONE,
                "href": f"{reverse('portal:matters')}?{urlencode({**query, 'stage': listing.OPEN, 'division': feature['id']})}",
            }  # fmt: skip
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
