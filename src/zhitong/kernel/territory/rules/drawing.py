"""Borders that are drawn: snapped to what is there, cut by a line, joined, so that neighbours share one border.

All lines near by are brought onto one lattice of seven places and cut wherever they meet; the land between them is then dealt
out whole, piece by piece.  Neighbours have the same corners, no land is lost and none is counted twice.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zhitong.base.geometry import GAP, Area, Floats, area_m2, only_areas

K = TypeVar("K")
G = TypeVar("G", bound=BaseGeometry)

LATTICE = 1e-7  # degrees, one centimetre: what shapes are stored in
REACH = 1e-5  # degrees, about a metre: a corner drawn nearer to a border was meant to lie on it
LEAST_M2 = 1.0  # a piece smaller than this is not what anybody cut off


def snapped(drawn: G, around: Sequence[Area]) -> G:
    """``drawn`` with its corners on the corners and edges of what lies around, where they are within ``REACH``; corners of
    the others that lie on its edges become its own."""
    near = [area for area in around if area.distance(drawn) <= REACH]
    if not near:
        return drawn
    borders = shapely.union_all([area.boundary for area in near])
    corners = np.unique(shapely.get_coordinates(near), axis=0)
    moved: Any = shapely.transform(drawn, lambda xy: _onto(xy, corners, borders))
    found: Any = shapely.snap(moved, shapely.multipoints(corners), REACH)
    return cast(G, found)


def _onto(xy: Floats, corners: Floats, borders: BaseGeometry) -> Floats:
    points = np.asarray(shapely.points(xy))
    moved = xy.copy()
    is_near = shapely.distance(points, borders) <= REACH
    if is_near.any():
        moved[is_near] = shapely.get_coordinates(shapely.shortest_line(points[is_near], borders))[1::2]
    which, corner = shapely.STRtree(np.asarray(shapely.points(corners))).query_nearest(
        points, max_distance=REACH, all_matches=False
    )
    moved[which] = corners[corner]
    return moved


def cut(area: Area, line: BaseGeometry) -> list[Area]:
    """The pieces into which a line cuts an area, from west to east; the area itself when the line does not cross it."""
    network = shapely.union_all([area.boundary, line], grid_size=LATTICE)
    pieces = [piece for piece in _faces(network) if _is_in(piece, area) and area_m2(piece) >= LEAST_M2]
    return sorted(pieces, key=lambda piece: piece.centroid.coords[0])


def joined(areas: Sequence[Area]) -> Area:
    """The land of several areas as one, without the slits that rounding left between them."""
    whole = only_areas(shapely.union_all(areas, grid_size=LATTICE))
    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if not _is_narrow(shapely.Polygon(hole))])
        for part in shapely.get_parts(whole)
    ]
    return only_areas(shapely.multipolygons(parts))


def settled(
    wanted: Mapping[K, Area], others: Mapping[K, Area], *, freed: Area | None = None, yielding: Collection[K] = ()
) -> dict[K, Area]:
    """Everybody's area after some have got the areas they want: all borders noded on one lattice.

    ``yielding`` are those of the others that give up what is wanted and take over what is left of ``freed``, each bit the one
    with the longest common border.  Who gives up everything is not in the result.  Slits between them are closed.
    """
    lines = [area.boundary for area in (*wanted.values(), *others.values(), *([freed] if freed else ()))]
    faces = _faces(shapely.union_all(lines, grid_size=LATTICE))
    inner = shapely.point_on_surface(faces)
    is_taken, taken = np.zeros(len(faces), bool), _held(wanted, inner)
    for mine in taken.values():
        mine &= ~is_taken
        is_taken |= mine
    held = _held(others, inner)
    slits = is_taken & np.array([_is_narrow(face) for face in faces], bool)
    for key, mine in held.items():
        mine &= ~(is_taken if key in yielding else slits)
    shares = {**held, **taken}
    is_owned = np.logical_or.reduce([*shares.values(), np.zeros(len(faces), bool)])
    is_free = shapely.intersects(freed, inner) & ~is_owned if freed else np.zeros(len(faces), bool)
    _inherit(faces, shares, np.flatnonzero(is_free).tolist(), set(yielding))
    left = [i for i in np.flatnonzero(~is_owned).tolist() if _is_narrow(faces[i])]
    _inherit(faces, shares, left, set(shares))
    return {key: only_areas(shapely.coverage_union_all(faces[mine])) for key, mine in shares.items() if mine.any()}


def _faces(network: BaseGeometry) -> NDArray[Any]:
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(network))))


def _held(areas: Mapping[K, Area], points: NDArray[Any]) -> dict[K, NDArray[np.bool_]]:
    """Which points lie in each area."""
    for area in areas.values():
        shapely.prepare(area)
    return {key: np.asarray(shapely.intersects(area, points)) for key, area in areas.items()}


def _inherit(faces: NDArray[Any], shares: dict[K, NDArray[np.bool_]], ownerless: list[int], heirs: set[K]) -> None:
    """Give each face to the heir with the longest common border, those that touch an heir first."""
    waiting = [i for i in ownerless if not any(mine[i] for mine in shares.values())]
    while waiting:
        found = {i: heir for i in waiting if (heir := _heir(faces, shares, i, heirs)) is not None}
        for i, heir in found.items():
            shares[heir][i] = True
        waiting = [i for i in waiting if i not in found] if found else []


def _heir(faces: NDArray[Any], shares: Mapping[K, NDArray[np.bool_]], face: int, heirs: Iterable[K]) -> K | None:
    border = faces[face].boundary
    lengths = {
        key: float(shapely.length(shapely.intersection(faces[shares[key]], border)).sum())
        for key in heirs
        if shares[key].any()
    }
    best = max(lengths, key=lambda key: (lengths[key], str(key)), default=None)
    return best if best is not None and lengths[best] > 0 else None


def _is_in(piece: BaseGeometry, area: Area) -> bool:
    return bool(area.intersects(shapely.point_on_surface(piece)))


def _is_narrow(piece: BaseGeometry) -> bool:
    """Nowhere wider than the rounding of neighbours."""
    return bool(shapely.is_empty(shapely.buffer(piece, -GAP, quad_segs=1, join_style="mitre")))


def whole_m2(sizes: Sequence[float], total: int | None = None) -> list[int]:
    """Whole square metres that add up to ``total``, by default the rounded sum: each size rounded up or down, the largest remainders up."""
    found = [math.floor(size) for size in sizes]
    left = (round(sum(sizes)) if total is None else total) - sum(found)
    order = sorted((i for i, size in enumerate(sizes) if size > 0), key=lambda i: (found[i] - sizes[i], i))
    for i in order[:left] if left > 0 else order[left:] if left else []:
        found[i] += 1 if left > 0 else -1
    return found


def is_same(one: Area, other: Area) -> bool:
    """Whether two areas have the same corners."""
    return bool(shapely.equals_exact(one.normalize(), other.normalize(), tolerance=LATTICE / 4))
