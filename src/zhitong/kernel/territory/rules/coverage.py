"""Whether areas cover what they should: overlaps, gaps, what sticks out, places in none or in two.

Areas are compared in degrees, where the edges of GeoJSON are straight (RFC 7946, 3.1.1), and pieces are measured on the
ellipsoid.  Nothing is snapped: what is told is what is stored.  A piece nowhere wider than two `GAP` (four centimetres) is what
rounding to seven places leaves between neighbours, and a point there has its division all the same; it is not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from zhitong.base.geometry import GAP, Area, Floats, areas_m2, only_areas

Areas = NDArray[Any]
Positions = NDArray[np.int64]
LEAST_M2 = 0.5  # smaller pieces are nothing when written in whole square metres


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of land, the positions of the areas it is about, and its size."""

    about: tuple[int, ...]
    area_m2: float
    shape: Area

    @property
    def place(self) -> tuple[float, float]:
        """Longitude and latitude of a point in it."""
        point = shapely.point_on_surface(self.shape)
        return round(point.x, 7), round(point.y, 7)


def overlaps(areas: Areas) -> list[Piece]:
    """Land in two areas, pair by pair; each piece is about the two."""
    if not len(areas):
        return []
    one, other = STRtree(areas).query(areas, predicate="intersects")
    one, other = one[one < other], other[one < other]
    return pieces(shapely.intersection(areas[one], areas[other]), np.column_stack((one, other)))


def outside(areas: Areas, holders: Areas) -> list[Piece]:
    """Land of an area that is not in its holder; each piece is about the area.  A holder may be None: it is left out."""
    known = np.flatnonzero(~shapely.is_missing(holders))
    return pieces(shapely.difference(areas[known], holders[known]), known[:, None])


def gaps(holders: Areas, areas: Areas) -> list[Piece]:
    """Land of the holders that is in none of the areas; each piece is about a holder."""
    if not len(holders):
        return []
    holder, area = STRtree(areas).query(holders, predicate="intersects") if len(areas) else (np.empty(0, int),) * 2
    order = np.argsort(holder, kind="stable")
    cuts = np.searchsorted(holder[order], np.arange(1, len(holders)))
    near = np.split(area[order], cuts)
    covered = np.array([shapely.union_all(areas[which]) for which in near], dtype=object)
    return pieces(shapely.difference(holders, covered), np.arange(len(holders))[:, None])


def pieces(shapes: Areas, about: Positions) -> list[Piece]:
    """The polygons among the shapes that are worth telling, the largest first."""
    collections, at = shapely.get_parts(shapes, return_index=True)
    parts, again = shapely.get_parts(collections, return_index=True)
    at = at[again]
    is_area = shapely.area(parts) > 0
    parts, at = parts[is_area], at[is_area]
    sizes = areas_m2(parts)
    is_large = sizes >= LEAST_M2
    parts, at, sizes = parts[is_large], at[is_large], sizes[is_large]
    is_wide = ~shapely.is_empty(shapely.buffer(parts, -GAP, quad_segs=1, join_style="mitre"))
    rows = zip(parts[is_wide], about[at[is_wide]].tolist(), sizes[is_wide].tolist(), strict=True)
    found = [Piece(tuple(positions), size, only_areas(shape)) for shape, positions, size in rows]
    return sorted(found, key=lambda piece: (-piece.area_m2, piece.about))


@dataclass(frozen=True, slots=True)
class Placed:
    """How points lie: positions of those in no area, and of those inside two or more with the areas' positions."""

    in_none: tuple[int, ...]
    in_several: tuple[tuple[int, tuple[int, ...]], ...]


def placed(areas: Areas, lons: Sequence[float] | Floats, lats: Sequence[float] | Floats) -> Placed:
    """Which points lie in no area, and which in several.  A point on a common border is in one; one within `GAP` of an
    area is in it.  NaN counts as no place, hence as in none."""
    x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
    points = np.asarray(shapely.points(x, y))
    if not len(areas):
        return Placed(tuple(range(len(x))), ())
    tree = STRtree(areas)
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    which, area = tree.query(points[finite], predicate="within")
    which = finite[which]
    held = np.bincount(which, minlength=len(x))
    left = np.setdiff1d(finite, which)
    near, _area = tree.query_nearest(points[left], max_distance=GAP) if len(left) else (np.empty(0, int),) * 2
    is_none = held == 0
    is_none[left[near]] = False
    several = np.flatnonzero(held > 1)
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], several)
    found = (
        (int(i), tuple(sorted(area[order][s : s + held[i]].tolist()))) for i, s in zip(several, starts, strict=True)
    )
    return Placed(tuple(np.flatnonzero(is_none).tolist()), tuple(found))
