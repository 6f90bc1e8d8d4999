"""Shapes for maps and for those who cut them."""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from zhitong.base.geometry import Area, Datum, convert_shape, from_geojson, to_geojson
from zhitong.base.text import in_language
from zhitong.kernel.events.public import Kept, mark

from ..choices import MARK
from ..models import DivisionShape, valid_on

_FEATURES = """
SELECT d.id, d.code, d.name, d.name_en, d.kind, d.parent_id, s.is_provisional, s.lon, s.lat, s.geometry::text
FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE d.level = %(level)s AND (%(within)s::uuid IS NULL OR d.path @> ARRAY[%(within)s::uuid])
  AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
"""
_IN_VIEW = f"""{_FEATURES}
  AND box(point(s.west, s.south), point(s.east, s.north)) && box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
  AND (s.east - s.west > %(pixel)s OR s.north - s.south > %(pixel)s)
ORDER BY s.area_m2 DESC, d.code LIMIT %(most)s
"""
_WORLD = (-180.0, -90.0, 180.0, 90.0)
MOST_IN_VIEW = 4_000
EXACT = 17  # from this zoom on a pixel is half a metre and shapes are given as they are
_WIDTH = 512  # pixels of the whole world at zoom 0


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows: its box in degrees (None for everything), its zoom, and in which coordinates it wants the shapes."""

    box: tuple[float, float, float, float] | None
    zoom: int
    datum: str = Datum.WGS84

    @property
    def pixel(self) -> float:
        """Degrees of longitude in a pixel; 0 where shapes are given as they are."""
        return 0.0 if self.zoom >= EXACT else 360 / (_WIDTH * 2**self.zoom)


def shapes_json(level: str, within: UUID | None = None, on: date | None = None, view: View | None = None) -> str:
    """A GeoJSON collection of the divisions of a level, inside one if asked, with what a map needs to label them.

    For a view only what lies in it and is larger than a pixel, with corners as fine as its zoom shows: the largest
    `MOST_IN_VIEW`.
    """
    day = on or timezone.localdate()
    if view:
        return _in_view.get(level, within, day, view, get_language())
    return _collection([_feature(*row) for row in _read(_FEATURES, level=level, within=within, on=day)])


def _collection(features: list[str]) -> str:
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def _read(sql: str, **said: Any) -> list[tuple[Any, ...]]:
    """By code."""
    with connection.cursor() as cursor:
        cursor.execute(sql, said)
        return sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))


def _sides(view: View) -> dict[str, float]:
    """The box of the view, in the coordinates of what is stored."""
    sides = view.box or _WORLD
    if view.box and view.datum != Datum.WGS84:
        sides = convert_shape(shapely.box(*view.box), view.datum, Datum.WGS84).buffer(_BENT).bounds
    return dict(zip(("west", "south", "east", "north"), sides, strict=True))


_BENT = 1e-4  # degrees by which the edges of a box may bend between two systems of coordinates


def _drawn(level: str, within: UUID | None, on: date, view: View, _language: str | None) -> str:
    said = {"level": level, "within": within, "on": on, "pixel": view.pixel, "most": MOST_IN_VIEW, **_sides(view)}
    rows = _read(_IN_VIEW, **said)
    if not rows or (view.zoom >= EXACT and view.datum == Datum.WGS84):
        return _collection([_feature(*row) for row in rows])
    tolerance = view.pixel / 2
    digits = min(7, math.ceil(-math.log10(tolerance)) + 1) if tolerance else 7
    found = shapely.simplify(shapely.from_geojson([row[-1] for row in rows]), tolerance)
    features = []
    for row, shape in zip(rows, found, strict=True):
        area = shape if view.datum == Datum.WGS84 else convert_shape(shape, Datum.WGS84, view.datum)
        told = (*row[:-1], json.dumps(to_geojson(area, digits), separators=(",", ":")))
        features.append(_feature(*told))
    return _collection(features)


_in_view: Kept[str] = Kept(MARK, _drawn, most=32)


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
