"""Shapes for maps and for those who cut them."""

import json
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from zhitong.base.geometry import Area, from_geojson
from zhitong.base.text import in_language
from zhitong.kernel.events.public import mark

from ..choices import MARK
from ..models import DivisionShape, valid_on

_FEATURES = """
SELECT d.id, d.code, d.name, d.name_en, d.kind, d.parent_id, s.is_provisional, s.lon, s.lat, s.geometry::text
FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE d.level = %(level)s AND (%(within)s::uuid IS NULL OR d.path @> ARRAY[%(within)s::uuid])
  AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
ORDER BY d.code
"""


def shapes_json(level: str, within: UUID | None = None, on: date | None = None) -> str:
    """A GeoJSON collection of the divisions of a level, inside one if asked, with what a map needs to label them."""
    with connection.cursor() as cursor:
        cursor.execute(_FEATURES, {"level": level, "within": within, "on": on or timezone.localdate()})
        features = [_feature(*row) for row in cursor.fetchall()]
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def _feature(
    division_id: UUID, code: str, name: str, name_en: str, kind: str, parent: UUID | None,
    is_provisional: bool, lon: float, lat: float, geometry: str,
) -> str:  # fmt: skip
    properties = {
        "id": str(division_id),
        "code": code,
        "name": in_language(name, name_en, get_language()),
        "kind": kind,
        "parent": str(parent) if parent else None,
        "is_provisional": is_provisional,
        "lon": lon,
        "lat": lat,
    }
    told = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","id":"{division_id}","properties":{told},"geometry":{geometry}}}'


def shapes_version(on: date | None = None) -> str:
    """Changes whenever a collection of shapes may have changed: for an ETag."""
    return f"{mark(MARK).hex}-{on or timezone.localdate()}-{get_language()}"


def shapes(division_ids: Collection[UUID], on: date | None = None) -> QuerySet[DivisionShape]:
    """The shapes of some divisions, today or on a day."""
    return DivisionShape.objects.filter(valid_on(on or timezone.localdate()), division__in=division_ids)


def areas(division_ids: Collection[UUID], on: date | None = None) -> dict[UUID, Area]:
    """The same as geometries by division."""
    rows = shapes(division_ids, on).values_list("division_id", "geometry")
    return {division_id: from_geojson(geometry) for division_id, geometry in rows}


def shape(division_id: UUID, on: date | None = None) -> DivisionShape | None:
    """The shape of one division, today or on a day."""
    return shapes([division_id], on).first()


def bounds(division_id: UUID | None = None) -> tuple[float, float, float, float] | None:
    """West, south, east and north of a division, or of all of them; None where nothing has a shape."""
    chosen = Q(division=division_id) if division_id else Q(division__parent=None)
    boxes = DivisionShape.objects.filter(chosen, valid_on(timezone.localdate())).values_list(
        "west", "south", "east", "north"
    )
    found = list(boxes)
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)
