"""Shapes for maps and for those who cut them."""

import gzip
import json
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

from zhitong.base.geometry import Area, Datum, area_m2, convert_shape, from_geojson, to_geojson
from zhitong.base.text import in_language
from zhitong.kernel.events.public import Kept, mark

from ..choices import MARK, aside
from ..models import DivisionShape, valid_on
from ..rules.outlines import digits, outline_zoom, pixel
from .tree import of_level

_FEATURES = """
SELECT d.id, d.code, d.name, d.name_en, d.kind, d.parent_id, s.is_provisional, s.lon, s.lat, s.geometry::text
FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE d.level = %(level)s AND (%(within)s::uuid IS NULL OR d.path @> ARRAY[%(within)s::uuid])
  AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
"""
# By the index `division_shape_level_box`.
MET = """box(point(s.west + s.aside, s.south), point(s.east + s.aside, s.north))
    && box(point(%(west)s + %(aside)s::float8, %(south)s), point(%(east)s + %(aside)s::float8, %(north)s))"""
_IN_BOX = f"""
FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE d.level = %(level)s AND (%(within)s::uuid IS NULL OR d.path @> ARRAY[%(within)s::uuid])
  AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
  AND {MET}
  AND (s.east - s.west > %(pixel)s OR s.north - s.south > %(pixel)s)
ORDER BY s.area_m2 DESC, d.code LIMIT %(most)s + 1
"""
_IN_VIEW = f"""
SELECT d.id, d.code, d.name, d.name_en, d.kind, d.parent_id, s.is_provisional, s.lon, s.lat, s.geometry::text {_IN_BOX}
"""
# The features as one text: what PostgreSQL has in hand anyway need not become rows first.
_TOLD = """
SELECT count(*), coalesce(string_agg('{"type":"Feature","id":"' || v.id || '","properties":{"id":"' || v.id || '","code":"' || v.code
  || '","name":' || to_json(v.name)::text || ',"kind":"' || v.kind || '","parent":' || coalesce('"' || v.parent_id || '"', 'null')
  || ',"is_provisional":' || v.is_provisional || ',"lon":' || v.lon || ',"lat":' || v.lat || '},"geometry":' || v.outline || '}', ','
  ORDER BY v.code, v.id) FILTER (WHERE v.at <= %(most)s), '')
FROM (SELECT w.*, row_number() OVER (ORDER BY w.area_m2 DESC, w.code) AS at FROM (
  SELECT d.id, d.code, d.kind, d.parent_id, s.is_provisional, s.lon, s.lat, s.area_m2, coalesce(s.{outline}, s.geometry::text) AS outline,
    CASE WHEN %(english)s AND d.name_en <> '' THEN d.name_en ELSE d.name END AS name
  {box}) w) v
"""
_WORLD = (-180.0, -90.0, 180.0, 90.0)
MOST_IN_VIEW = 4_000
EXACT = 17  # from this zoom on a pixel is half a metre and shapes are given as they are
# A level with at most so many divisions is one answer at the zooms at which a screen shows many of them: the same for every view.
FEW, FEW_ZOOM = 300, 13


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows: its box in degrees (None for everything), its zoom, and in which coordinates it wants the shapes."""

    box: tuple[float, float, float, float] | None
    zoom: int
    datum: str = Datum.WGS84

    @property
    def pixel(self) -> float:
        """Degrees of longitude in a pixel; 0 where shapes are given as they are."""
        return 0.0 if self.zoom >= EXACT else pixel(self.zoom)


def shapes_json(level: str, within: UUID | None = None, on: date | None = None, view: View | None = None) -> str:
    """A GeoJSON collection of the divisions of a level, inside one if asked, with what a map needs to label them.

    For a view only what lies in it and is larger than a pixel, with corners as fine as its zoom shows: the largest
    `MOST_IN_VIEW`; ``left_out`` says that there is more.
    """
    if view:
        return gzip.decompress(shapes_gzip(level, within, on, view)).decode()
    day = on or timezone.localdate()
    return _collection([_feature(*row) for row in _read(_FEATURES, level=level, within=within, on=day)])


def shapes_gzip(level: str, within: UUID | None, on: date | None, view: View) -> bytes:
    """`shapes_json` of a view, packed: what is kept, and what browsers take."""
    if view.box and view.zoom <= FEW_ZOOM and len(of_level(level)) <= FEW:
        view = View(None, view.zoom, view.datum)
    return _in_view.get(level, within, on or timezone.localdate(), view, get_language())


def _collection(features: list[str], *, is_cut: bool = False) -> str:
    more = ',"left_out":true' if is_cut else ""
    return '{"type":"FeatureCollection"' + more + ',"features":[' + ",".join(features) + "]}"


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


def _drawn(level: str, within: UUID | None, on: date, view: View, language: str | None) -> bytes:
    said = {
        "level": level,
        "within": within,
        "on": on,
        "pixel": view.pixel,
        "most": MOST_IN_VIEW,
        "aside": aside(level),
        **_sides(view),
    }
    zoom = outline_zoom(view.zoom)
    text = _strung(said, zoom, language) if zoom and view.datum == Datum.WGS84 else _fitted(said, view)
    return gzip.compress(text.encode(), compresslevel=_PACKED, mtime=0)


_PACKED = 2  # a tenth larger than at 6, in a third of the time


def _strung(said: dict[str, Any], zoom: int, language: str | None) -> str:
    """From the outlines that were made when the shapes were written."""
    sql = _TOLD.replace("{outline}", f"at_{zoom}").replace("{box}", _IN_BOX)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**said, "english": in_language("", "en", language) == "en"})
        count, features = cursor.fetchone()
    return _collection([features] if features else [], is_cut=count > said["most"])


def _fitted(said: dict[str, Any], view: View) -> str:
    """Corner by corner: near views, and other coordinates."""
    rows = _read(_IN_VIEW, **said)
    is_cut = len(rows) > said["most"]
    if is_cut:
        rows.remove(min(rows, key=lambda row: area_m2(shapely.from_geojson(row[-1]))))
    if not rows or (view.zoom >= EXACT and view.datum == Datum.WGS84):
        return _collection([_feature(*row) for row in rows], is_cut=is_cut)
    tolerance = view.pixel / 2
    places = digits(view.zoom) if tolerance else 7
    found = shapely.simplify(shapely.from_geojson([row[-1] for row in rows]), tolerance)
    features = []
    for row, shape in zip(rows, found, strict=True):
        area = shape if view.datum == Datum.WGS84 else convert_shape(shape, Datum.WGS84, view.datum)
        told = (*row[:-1], json.dumps(to_geojson(area, places), separators=(",", ":")))
        features.append(_feature(*told))
    return _collection(features, is_cut=is_cut)


_in_view: Kept[bytes] = Kept(MARK, _drawn, most=64)


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
