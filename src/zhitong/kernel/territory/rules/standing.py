"""In which area a thing stands: the one that holds its point, or most of its footprint; and what of it is in none, or in two.

Compared and measured as in `coverage`: a strip nowhere wider than two `GAP`, or smaller than half a square metre, is nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import STRtree

from zhitong.base.geometry import GAP

from .coverage import Areas, Positions, pieces


@dataclass(slots=True)
class Lies:
    """A thing that does not simply stand in one area.

    ``held``: square metres in each area that holds a part; ``outside``: square metres in none, None for a point that is in none;
    ``twice``: square metres in two areas at once, None for a point in two, by the two areas.
    """

    held: dict[int, float] = field(default_factory=dict)
    outside: float | None = 0.0
    twice: dict[tuple[int, int], float | None] = field(default_factory=dict)

    @property
    def main(self) -> int:
        """The area with most of it, the first of equals; -1 for none."""
        return min(self.held, key=lambda area: (-self.held[area], area)) if self.held else -1


@dataclass(frozen=True, slots=True)
class Stood:
    """The area of each thing by position, -1 for none; and whatever does not simply stand in one."""

    main: Positions
    odd: Mapping[int, Lies]


def stood(areas: Areas, things: Areas, tree: STRtree | None = None) -> Stood:
    """Where points and footprints stand among areas.  A point on a common border is in the area that comes first.

    ``tree`` is that of the areas, for who asks more than once.
    """
    main = np.full(len(things), -1, dtype=np.int64)
    if not len(areas):
        return Stood(main, {i: _nowhere(thing) for i, thing in enumerate(things)})
    tree = tree or STRtree(areas)
    met, area = tree.query(things, predicate="intersects")
    covered, by = tree.query(things, predicate="covered_by")
    plain = (np.bincount(met, minlength=len(things)) == 1) & (np.bincount(covered, minlength=len(things)) == 1)
    is_plain = plain[covered]
    main[covered[is_plain]] = by[is_plain]
    is_point = shapely.get_dimensions(things) == 0
    odd = _points(tree, things, np.flatnonzero(~plain & is_point), covered, by)
    odd |= _footprints(areas, things, np.flatnonzero(~plain & ~is_point), met, area)
    for position, lies in odd.items():
        main[position] = lies.main
    return Stood(main, {i: lies for i, lies in odd.items() if _is_odd(lies)})


def _is_odd(lies: Lies) -> bool:
    return lies.outside is None or lies.outside > 0 or bool(lies.twice) or len(lies.held) != 1


def _nowhere(thing: shapely.Geometry) -> Lies:
    is_point = shapely.get_dimensions(thing) == 0
    return Lies(outside=None if is_point else sum(p.area_m2 for p in pieces(np.array([thing]), np.zeros((1, 1), int))))


def _points(tree: STRtree, things: Areas, which: Positions, covered: Positions, by: Positions) -> dict[int, Lies]:
    """Points on a border, in two areas, or in none."""
    found = {int(i): Lies(outside=None) for i in which}
    if not found:
        return found
    at, area = tree.query(things[which], predicate="within")
    inside: dict[int, list[int]] = {}
    for i, one in zip(which[at].tolist(), area.tolist(), strict=True):
        inside.setdefault(i, []).append(one)
    touched = np.isin(covered, which)
    for i, one in zip(covered[touched].tolist(), by[touched].tolist(), strict=True):
        found[i] = Lies({min(one, *found[i].held): 0.0} if found[i].held else {one: 0.0})
    for i, several in inside.items():
        several.sort()
        found[i] = Lies({several[0]: 0.0}, twice={(several[0], other): None for other in several[1:]})
    left = np.array([i for i, lies in found.items() if lies.main < 0], dtype=np.int64)
    if len(left):
        at, area = tree.query_nearest(things[left], max_distance=GAP)
        for i, one in zip(left[at].tolist(), area.tolist(), strict=True):
            found[i] = Lies({min(one, *found[i].held): 0.0} if found[i].held else {one: 0.0})
    return found


def _footprints(areas: Areas, things: Areas, which: Positions, met: Positions, area: Positions) -> dict[int, Lies]:
    """Footprints that more than one area, or not one area wholly, holds."""
    found = {int(i): Lies() for i in which}
    mine = np.isin(met, which)
    met, area = met[mine], area[mine]
    for piece in pieces(shapely.intersection(things[met], areas[area]), np.column_stack((met, area))):
        thing, one = piece.about
        found[thing].held[one] = found[thing].held.get(one, 0.0) + piece.area_m2
    near: dict[int, list[int]] = {int(i): [] for i in which}
    for thing, one in zip(met.tolist(), area.tolist(), strict=True):
        near[thing].append(one)
    unions = np.array([shapely.union_all(areas[near[int(i)]]) for i in which], dtype=object)
    for piece in pieces(shapely.difference(things[which], unions), which[:, None]):
        lies = found[piece.about[0]]
        lies.outside = (lies.outside or 0.0) + piece.area_m2
    for thing, lies in found.items():
        if not lies.held and not lies.outside and near[thing]:
            lies.held[min(near[thing])] = 0.0  # smaller than anything that is told
    _twice(areas, things, found)
    return found


def _twice(areas: Areas, things: Areas, found: Mapping[int, Lies]) -> None:
    pairs = [
        (thing, one, other) for thing, lies in found.items() for one in lies.held for other in lies.held if one < other
    ]
    if not pairs:
        return
    about = np.array(pairs, dtype=np.int64)
    common = shapely.intersection(things[about[:, 0]], shapely.intersection(areas[about[:, 1]], areas[about[:, 2]]))
    for piece in pieces(common, about):
        thing, one, other = piece.about
        so_far = found[thing].twice.get((one, other)) or 0.0
        found[thing].twice[one, other] = so_far + piece.area_m2
