"""The coverage check 不漏一楼一院: what is wrong with the shapes of a level, and which divisions lack what they need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone

from zhitong.base.geometry import Floats, to_geojson
from zhitong.kernel.events.public import Kept

from ..choices import MARK, FaultKind, Level
from ..rules import coverage
from .tree import Node, Tree, tree

_SHAPES = """
SELECT s.division_id, s.geometry::text FROM territory_divisionshape s
WHERE s.division_id = ANY(%(ids)s) AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Land that is wrong: which divisions it is about, how large, where.

    An overlap is about two divisions of the level, a gap about the one that should be covered, what sticks out about a
    division and the one it should lie in.
    """

    kind: FaultKind
    divisions: tuple[Node, ...]
    area_m2: float
    lon: float
    lat: float
    shape: Any

    def feature(self) -> dict[str, Any]:
        """As GeoJSON, with what a map tells of it."""
        name = " / ".join(f"{node} {node.code}" for node in self.divisions)
        told = {
            "kind": self.kind.value, "name": name, "note": f"{self.kind.label} {round(self.area_m2):,} m²",
            "area_m2": round(self.area_m2), "tone": "bad" if self.kind == FaultKind.OVERLAP else "late", "opacity": 0.6,
        }  # fmt: skip
        return {"type": "Feature", "properties": told, "geometry": to_geojson(self.shape)}


@dataclass(frozen=True)
class Coverage:
    """What the check of one level found on one day.

    ``without_holder`` are divisions whose parent has no shape, so that neither gaps nor what sticks out can be seen there.
    """

    level: str
    on: date
    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    without_shape: tuple[Node, ...]
    without_holder: tuple[Node, ...]

    @cached_property
    def sums(self) -> dict[FaultKind, tuple[int, float]]:
        """How many of each kind, and their square metres together."""
        found = {kind: [fault.area_m2 for fault in self.faults if fault.kind == kind] for kind in FaultKind}
        return {kind: (len(sizes), sum(sizes)) for kind, sizes in found.items()}

    def without(self, staffed: Collection[UUID]) -> list[Node]:
        """The divisions that are not among those with a worker."""
        return [node for node in self.nodes if node.id not in staffed]


def nodes_of(level: str, within: UUID | None, kept: Tree) -> list[Node]:
    found = kept.nodes.values() if within is None else [n for n in kept.nodes.values() if within in n.path]
    return sorted((n for n in found if n.level == level), key=lambda n: (n.code, n.id))


def read_areas(ids: Sequence[UUID], on: date) -> dict[UUID, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, {"ids": list(ids), "on": on})
        rows = cursor.fetchall()
    return (
        dict(zip([row[0] for row in rows], shapely.from_geojson([row[1] for row in rows]), strict=True)) if rows else {}
    )


def array(shapes: Sequence[Any]) -> Any:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def _check(level: str, within: UUID | None, on: date) -> Coverage:
    kept = tree(on)
    every = nodes_of(level, None, kept)
    wanted = {n.id for n in nodes_of(level, within, kept)}
    holders = {n.parent_id: kept.nodes[n.parent_id] for n in every if n.id in wanted and n.parent_id in kept.nodes}
    shapes = read_areas([*(n.id for n in every), *holders], on)
    nodes = [n for n in every if n.id in shapes]
    areas = array([shapes[n.id] for n in nodes])
    if within is not None:
        nodes, areas = _near(nodes, areas, wanted, [shapes[i] for i in holders if i in shapes])
    faults = [*_overlaps(nodes, areas, wanted), *_outside(nodes, areas, wanted, shapes, kept)]
    faults += _gaps([n for i, n in holders.items() if i in shapes], areas, shapes)
    mine = tuple(n for n in every if n.id in wanted)
    return Coverage(
        level, on, mine, tuple(faults), tuple(n for n in mine if n.id not in shapes),
        tuple(n for n in mine if n.id in shapes and n.parent_id not in shapes),
    )  # fmt: skip


def _near(nodes: list[Node], areas: Any, wanted: set[UUID], holders: list[Any]) -> tuple[list[Node], Any]:
    """Those asked for and whatever may touch them or what holds them."""
    own = [area for node, area in zip(nodes, areas, strict=True) if node.id in wanted]
    if not len(areas):
        return [], areas
    touching = np.unique(shapely.STRtree(areas).query(array([*own, *holders]))[1])
    return [nodes[i] for i in touching], areas[touching]


def _fault(kind: FaultKind, piece: coverage.Piece, *divisions: Node) -> Fault:
    return Fault(kind, divisions, piece.area_m2, *piece.place, piece.shape)


def _overlaps(nodes: list[Node], areas: Any, wanted: set[UUID]) -> list[Fault]:
    found = ((piece, [nodes[i] for i in piece.about]) for piece in coverage.overlaps(areas))
    return [_fault(FaultKind.OVERLAP, piece, *two) for piece, two in found if any(n.id in wanted for n in two)]


def _outside(nodes: list[Node], areas: Any, wanted: set[UUID], shapes: dict[UUID, Any], kept: Tree) -> list[Fault]:
    mine = [i for i, node in enumerate(nodes) if node.id in wanted and node.parent_id in shapes]
    parents = [kept.nodes[p] for i in mine if (p := nodes[i].parent_id)]
    found = coverage.outside(areas[mine], array([shapes[parent.id] for parent in parents]))
    return [_fault(FaultKind.OUTSIDE, piece, nodes[mine[piece.about[0]]], parents[piece.about[0]]) for piece in found]


def _gaps(holders: list[Node], areas: Any, shapes: dict[UUID, Any]) -> list[Fault]:
    found = coverage.gaps(array([shapes[node.id] for node in holders]), areas)
    return [_fault(FaultKind.GAP, piece, holders[piece.about[0]]) for piece in found]


_kept: Kept[Coverage] = Kept(MARK, _check, most=6)


def check_coverage(level: str = Level.GRID, within: UUID | None = None, on: date | None = None) -> Coverage:
    """Overlaps, gaps and what sticks out among the divisions of a level, inside one division if asked, today or on a day.

    Gaps and what sticks out are told against the shapes of the divisions right above.  Kept in the process until divisions or
    shapes change.  Some 100,000 divisions take a minute or two, a district a second or two.
    """
    return _kept.get(level, within, on or timezone.localdate())


@dataclass(frozen=True, slots=True)
class Stray:
    """A point that is in no division of the level, or inside several."""

    position: int
    divisions: tuple[Node, ...]


def check_points(
    lons: Sequence[float] | Floats, lats: Sequence[float] | Floats, level: str = Level.GRID, on: date | None = None
) -> list[Stray]:
    """Which of any points (WGS-84) lie in no division of the level, or inside two: buildings, doors, lamps."""
    day = on or timezone.localdate()
    kept = tree(day)
    every = nodes_of(level, None, kept)
    shapes = read_areas([n.id for n in every], day)
    nodes = [n for n in every if n.id in shapes]
    found = coverage.placed(array([shapes[n.id] for n in nodes]), lons, lats)
    strays = [Stray(i, ()) for i in found.in_none]
    strays += [Stray(i, tuple(nodes[k] for k in several)) for i, several in found.in_several]
    return sorted(strays, key=lambda stray: stray.position)
