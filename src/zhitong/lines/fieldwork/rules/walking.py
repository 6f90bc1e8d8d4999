"""Where a worker stands and how much of a grid a track has come near, on plain shapes.

Grids are some hundred metres wide: degrees are taken for a plane at the latitude of the shape, which errs by less than a metre.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from zhitong.base.geometry import Area

Point = Sequence[float]  # seconds since the check-in, lon, lat, accuracy in metres

DEGREE_M = 111_320.0
BELIEVED_M = 50.0  # a fix may lie this far outside at most, however inexact the phone says it is
NEAR_M = 40.0  # what is this near has been looked at
MOST_POINTS = 5_000
WALKING_M_S = 12.0  # faster than this between two fixes is a fix that jumped


def _flat(shape: BaseGeometry, lat: float) -> BaseGeometry:
    east = DEGREE_M * math.cos(math.radians(lat))
    flat: BaseGeometry = shapely.transform(shape, lambda places: places * [east, DEGREE_M])
    return flat


def metres_outside(shape: Area, lon: float, lat: float) -> float:
    """How far outside the shape the point lies; 0 inside."""
    return float(_flat(shape, lat).distance(_flat(shapely.Point(lon, lat), lat)))


def is_there(outside_m: float, accuracy_m: float) -> bool:
    """Whether somebody may stand inside, as exact as the fix is."""
    return outside_m <= min(accuracy_m, BELIEVED_M)


def tidy(track: Sequence[Point]) -> list[list[float]]:
    """The track in order of time, without fixes that say nothing and those that nobody can have walked to."""
    kept: list[list[float]] = []
    for seconds, lon, lat, accuracy in sorted((list(map(float, point)) for point in track), key=lambda point: point[0]):
        if accuracy > 2 * BELIEVED_M or not (abs(lon) <= 180 and abs(lat) <= 90):
            continue
        here = [round(seconds, 1), round(lon, 6), round(lat, 6), round(accuracy, 1)]
        if kept and _apart(kept[-1], here) > WALKING_M_S * max(1.0, here[0] - kept[-1][0]) + accuracy:
            continue
        kept.append(here)
    return kept[:MOST_POINTS]


def _apart(one: Point, other: Point) -> float:
    east = DEGREE_M * math.cos(math.radians(one[2]))
    return math.hypot((one[1] - other[1]) * east, (one[2] - other[2]) * DEGREE_M)


def length_m(track: Sequence[Point]) -> float:
    """How far was walked."""
    return sum(_apart(one, other) for one, other in pairwise(track))


def seen(track: Sequence[Point], places: Sequence[tuple[float, float]]) -> int:
    """How many of these points (lon, lat) the track has come near."""
    return sum(any(_apart(point, (0, *place)) <= NEAR_M for point in track) for place in places)


def covered(shape: Area, track: Sequence[Point]) -> float:
    """The share of the shape that the track has come near, 0 to 1."""
    if not track:
        return 0.0
    lat = track[0][2]
    places = [(point[1], point[2]) for point in track]
    line = shapely.LineString(places) if len(places) > 1 else shapely.Point(places[0])
    area, near = _flat(shape, lat), _flat(line, lat).buffer(NEAR_M)
    return min(1.0, float(area.intersection(near).area / area.area)) if area.area else 0.0
