"""Shapes and places.  Coordinates are longitude and latitude in degrees, WGS-84 (CGCS2000 differs by centimetres).

Maps made in China use GCJ-02 (offset by some 500 m) or BD-09 (GCJ-02 offset again); they are converted on the way in
and out and never stored.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

Area = Polygon | MultiPolygon
Floats = NDArray[np.float64]
K = TypeVar("K")

GAP = 2e-7  # degrees, two centimetres: neighbours rounded to seven places may lie this far from one another
_EARTH = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)


def read_box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees, written with commas, kept to where there are degrees.  ValueError for anything else."""
    west, south, east, north = (float(part) for part in text.split(","))
    if not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("not a box")
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


# GeoJSON


def from_geojson(data: Mapping[str, Any]) -> Area:
    """The area of a GeoJSON geometry or feature (RFC 7946), made valid.  ValueError when there is none."""
    return as_area(read_geojson(data))


def read_geojson(data: Mapping[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry or feature as it is.  ValueError when it is none."""
    geometry = data.get("geometry") if data.get("type") == "Feature" else data
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise ValueError("not a GeoJSON geometry") from error


def as_area(shape: BaseGeometry | None) -> Area:
    """``shape`` as a valid polygon or multipolygon on the globe, in two dimensions.  ValueError when it is not one."""
    if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError("not a polygon")
    west, south, east, north = shape.bounds
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):
        raise ValueError("coordinates are not longitude and latitude")
    valid = shapely.force_2d(shape if shape.is_valid else shapely.make_valid(shape, method="structure"))
    return only_areas(valid)


def only_areas(shape: BaseGeometry) -> Area:
    """The polygons in ``shape`` without left-over lines and points.  ValueError when none is left."""
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon" and p.area > 0]
    if not parts:
        raise ValueError("the polygon has no area")
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def to_geojson(shape: BaseGeometry, digits: int = 7) -> dict[str, Any]:
    """GeoJSON of ``shape``, rounded to ``digits`` places (7 is a centimetre)."""
    return {"type": shape.geom_type, "coordinates": _rounded(shapely.geometry.mapping(shape)["coordinates"], digits)}


def _rounded(value: Any, digits: int) -> Any:
    return round(value, digits) if isinstance(value, float) else [_rounded(v, digits) for v in value]


def read_features(data: Mapping[str, Any]) -> list[tuple[dict[str, Any], Area]]:
    """Properties and area of every feature of a GeoJSON collection.  ValueError names the first bad one by position."""
    found = []
    for position, feature in enumerate(data.get("features") or (), start=1):
        try:
            found.append((dict(feature.get("properties") or {}), from_geojson(feature)))
        except (ValueError, AttributeError) as error:
            raise ValueError(f"feature {position}: {error}") from error
    return found


# Coordinate systems


class Datum(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Pair = tuple[Any, Any]
"""Longitude and latitude: two floats, or two arrays of one length.  What goes in comes out."""

_GCJ_AXIS = 6_378_245.0
_GCJ_E2 = 0.00669342162296594323
_BD_TURN = math.pi * 3000 / 180


def _in_china(lon: Any, lat: Any) -> Any:
    return (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)


def _waves(x: Any, *terms: tuple[float, float]) -> Any:
    return sum(size * np.sin(x * math.pi * speed) for size, speed in terms) * 2 / 3


def _gcj_offset(lon: Any, lat: Any) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    both = _waves(x, (20.0, 6.0), (20.0, 2.0))
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north = north + _waves(y, (20.0, 1.0), (40.0, 1 / 3)) + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east = east + _waves(x, (20.0, 1.0), (40.0, 1 / 3)) + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    phi = np.radians(lat)
    magic = 1 - _GCJ_E2 * np.sin(phi) ** 2
    north = np.degrees(north / (_GCJ_AXIS * (1 - _GCJ_E2) / magic**1.5))
    east = np.degrees(east / (_GCJ_AXIS / np.sqrt(magic) * np.cos(phi)))
    inside = _in_china(lon, lat)
    return np.where(inside, east, 0.0), np.where(inside, north, 0.0)


def _plain(lon: Any, lat: Any) -> Pair:
    """Floats when the values are single ones."""
    return (lon, lat) if np.ndim(lon) else (float(lon), float(lat))


def _arrays(lon: Any, lat: Any) -> Pair:
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def _inverse(forward: Callable[[Any, Any], Pair], lon: Any, lat: Any) -> Pair:
    """The point that ``forward`` takes to (lon, lat), to well under a millimetre."""
    lon, lat = _arrays(lon, lat)
    x, y = lon, lat
    for _ in range(5):
        moved_x, moved_y = forward(x, y)
        x, y = x - (moved_x - lon), y - (moved_y - lat)
    return _plain(x, y)


def wgs84_to_gcj02(lon: Any, lat: Any) -> Pair:
    """Outside China nothing is moved."""
    lon, lat = _arrays(lon, lat)
    east, north = _gcj_offset(lon, lat)
    return _plain(lon + east, lat + north)


def gcj02_to_wgs84(lon: Any, lat: Any) -> Pair:
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: Any, lat: Any) -> Pair:
    lon, lat = _arrays(lon, lat)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return _plain(radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006)


def bd09_to_gcj02(lon: Any, lat: Any) -> Pair:
    return _inverse(gcj02_to_bd09, lon, lat)


_TO_WGS: dict[Datum, Callable[[Any, Any], Pair]] = {
    Datum.WGS84: lambda lon, lat: (lon, lat),
    Datum.GCJ02: gcj02_to_wgs84,
    Datum.BD09: lambda lon, lat: gcj02_to_wgs84(*bd09_to_gcj02(lon, lat)),
}
_FROM_WGS: dict[Datum, Callable[[Any, Any], Pair]] = {
    Datum.WGS84: lambda lon, lat: (lon, lat),
    Datum.GCJ02: wgs84_to_gcj02,
    Datum.BD09: lambda lon, lat: gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)),
}


def convert(lon: Any, lat: Any, source: Datum | str, target: Datum | str) -> Pair:
    """A place, or arrays of them, from one system to the other."""
    return _FROM_WGS[Datum(target)](*_TO_WGS[Datum(source)](lon, lat))


def convert_shape(shape: Area, source: Datum | str, target: Datum | str) -> Area:
    def moved(xy: Floats) -> Floats:
        return np.column_stack(convert(xy[:, 0], xy[:, 1], source, target))

    return shapely.transform(shape, moved)


# Measures


def _authalic(xy: Floats) -> Floats:
    """Onto a cylinder of equal area around the WGS-84 ellipsoid, in metres (Snyder 1987, 10-15 and 3-12)."""
    e = math.sqrt(_E2)
    sine = np.sin(np.radians(xy[:, 1]))
    q = (1 - _E2) * (sine / (1 - _E2 * sine**2) + np.arctanh(e * sine) / e)
    return np.column_stack((_EARTH * np.radians(xy[:, 0]), _EARTH * q / 2))


def area_m2(shape: Area) -> float:
    """`areas_m2` of one shape: what is written down of a division is what is measured of its pieces."""
    return float(areas_m2(np.array([shape], dtype=object))[0])


_STEP = 2e-4  # degrees: an edge so long bends by a hundredth of a millimetre on the cylinder


def areas_m2(shapes: NDArray[Any]) -> Floats:
    """Square metres of each shape, its edges straight in longitude and latitude; exact to a square metre where edges add up
    to less than some hundred kilometres.  Nothing has none.

    Ring by ring: when GEOS puts corners into a whole polygon it mends the outcome, and where one nearly touches itself it has
    thrown most of it away.
    """
    parts, of_shape = _polygons(shapes)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    dense = shapely.transform(shapely.segmentize(rings, _STEP), _authalic)
    sizes = np.asarray(shapely.area(shapely.polygons(dense)), dtype=float)
    sizes[1:][of_part[1:] == of_part[:-1]] *= -1  # a polygon's first ring is around it, the others are holes in it
    return np.bincount(of_shape[of_part], sizes, minlength=len(shapes)).astype(float)


def _polygons(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The polygons of all shapes, also in collections, and to which of the shapes each belongs."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    inner, of_inner = shapely.get_parts(parts, return_index=True)
    return inner, of_shape[of_inner]


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two places along the sphere; within 0.6 % of the ellipsoid."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - other_lon) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


# Cutting an area into pieces

_SAMPLES = 40
_ROUNDS = 8


def divide(polygon: Area, n: int, seed: int) -> list[Area]:
    """``n`` areas of about the same size that tile ``polygon`` without gap or overlap; the same for the same seed.

    Seeds are spread by k-means over sample points, and the polygon is cut along the lines midway between them.
    Neighbours share their corners exactly.  ValueError when ``n`` is not positive.
    """
    if n < 1:
        raise ValueError("n must be positive")
    if n == 1:
        return [polygon]
    squeeze = math.cos(math.radians(polygon.centroid.y))
    seeds = _spread(polygon, n, squeeze, np.random.default_rng(seed))
    faces = _faces(polygon, seeds, squeeze)
    owners = _nearest(seeds, _scaled(shapely.get_coordinates(shapely.point_on_surface(faces)), squeeze))
    return [only_areas(shapely.coverage_union_all(faces[owners == k])) for k in range(n)]


def _scaled(xy: Floats, squeeze: float) -> Floats:
    scaled: Floats = xy * np.array([squeeze, 1.0])
    return scaled


def _points(x: Floats, y: Floats) -> NDArray[Any]:
    return np.asarray(shapely.points(x, y))


def _nearest(seeds: Floats, xy: Floats) -> NDArray[np.int64]:
    return np.asarray(STRtree(_points(*seeds.T)).nearest(_points(*xy.T)))


def _samples(polygon: Area, wanted: int, rng: np.random.Generator) -> Floats:
    """At least ``wanted`` points inside, on a jittered grid."""
    west, south, east, north = polygon.bounds
    side = math.sqrt(max((east - west) * (north - south), 1e-18) / wanted)
    while True:
        x, y = np.meshgrid(np.arange(west, east, side), np.arange(south, north, side))
        xy = np.column_stack((x.ravel(), y.ravel())) + rng.uniform(0, side, (x.size, 2))
        inside: Floats = xy[shapely.contains_xy(polygon, xy[:, 0], xy[:, 1])]
        if len(inside) >= wanted:
            return inside
        side *= 0.7


def _spread(polygon: Area, n: int, squeeze: float, rng: np.random.Generator) -> Floats:
    """``n`` different sample points, evenly spread (Lloyd's rounds), in squeezed coordinates."""
    shapely.prepare(polygon)
    samples = _scaled(_samples(polygon, n * _SAMPLES, rng), squeeze)
    seeds = first = samples[rng.choice(len(samples), n, replace=False)]
    for _ in range(_ROUNDS):
        owners = _nearest(seeds, samples)
        sizes = np.bincount(owners, minlength=n)
        sums = np.column_stack([np.bincount(owners, samples[:, axis], n) for axis in (0, 1)])
        seeds = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], seeds)
    chosen = _nearest(samples, seeds)
    return samples[chosen] if len(set(chosen.tolist())) == n else first


def _faces(polygon: Area, seeds: Floats, squeeze: float) -> NDArray[Any]:
    """The pieces of the polygon between its own boundary and the lines midway between the seeds."""
    reach = shapely.box(*_scaled(np.array(polygon.bounds).reshape(2, 2), squeeze).ravel()).buffer(0.01)
    edges = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=reach, only_edges=True)
    lines = shapely.transform(edges, lambda xy: _scaled(xy, 1 / squeeze))
    network = shapely.union(polygon.boundary, lines)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    inner = shapely.get_coordinates(shapely.point_on_surface(pieces))
    return np.asarray(pieces[shapely.contains_xy(polygon, inner[:, 0], inner[:, 1])])


# Finding the area of a place


class Locator(Generic[K]):
    """Finds the one area that holds a point, among areas that do not overlap.

    A point on a common border belongs to the area that comes first; a point within `GAP` of an area and in none belongs
    to the nearest.  Safe to use from several threads.
    """

    def __init__(self, ids: Sequence[K], polygons: Sequence[Area] | NDArray[Any]) -> None:
        if len(ids) != len(polygons):
            raise ValueError("as many ids as polygons")
        self.ids = list(ids)
        self._areas = np.array(polygons, dtype=object)
        self._tree = STRtree(self._areas)
        self._warm_up()

    def __len__(self) -> int:
        return len(self.ids)

    def _warm_up(self) -> None:
        """Ask each area once: what GEOS builds for the first question must not be built by two threads at once."""
        shapely.prepare(self._areas)
        inner = shapely.point_on_surface(self._areas)
        shapely.intersects_xy(self._areas, shapely.get_x(inner), shapely.get_y(inner))

    def locate(self, lon: float, lat: float) -> K | None:
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return None
        point = shapely.Point(lon, lat)
        near = self._tree.query(point)
        hits = near[shapely.intersects_xy(self._areas[near], lon, lat)]
        if not len(hits):
            hits = self._tree.query_nearest(point, max_distance=GAP)
        return self.ids[hits.min()] if len(hits) else None

    def locate_many(self, lons: ArrayLike, lats: ArrayLike) -> list[K | None]:
        """The same for many points at once."""
        return [self.ids[i] if i >= 0 else None for i in self.positions(lons, lats).tolist()]

    def positions(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.int64]:
        """The positions in ``ids`` of the areas of the points; -1 for none."""
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        found = np.full(len(x), len(self.ids), dtype=np.int64)
        points = _points(x, y)
        which, area = self._tree.query(points)
        hit = shapely.intersects_xy(self._areas[area], x[which], y[which])
        np.minimum.at(found, which[hit], area[hit])
        missed = np.flatnonzero((found == len(self.ids)) & np.isfinite(x) & np.isfinite(y))
        if len(missed):
            which, area = self._tree.query_nearest(points[missed], max_distance=GAP)
            np.minimum.at(found, missed[which], area)
        found[found == len(self.ids)] = -1
        return found
