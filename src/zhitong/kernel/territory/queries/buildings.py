"""Buildings: whether each stands in one division and is registered there, and where they go when borders change.

Who knows the buildings stands above this component and says so with `declare_buildings`.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import numpy as np
import shapely
from django.utils import timezone

from zhitong.base.geometry import Area
from zhitong.kernel.events.public import Kept

from ..choices import MARK, Level, StrayKind
from ..permissions import By
from ..rules.standing import Lies, Stood, stood
from .coverage import array, nodes_of, read_areas
from .tree import Node, Tree, tree

Box = tuple[float, float, float, float]
Key = UUID | int
"""A division, or the place of a new one among the new ones."""


class Row(NamedTuple):
    """A building: the division it is registered in, and where it stands (GeoJSON as text, WGS-84), as far as that is known."""

    id: UUID
    division_id: UUID
    name: str
    lon: float | None
    lat: float | None
    footprint: str | None


class Buildings(Protocol):
    """What the register can do.  ``change`` is what moves are taken back by."""

    def read(
        self, *, divisions: Collection[UUID] | None = None, box: Box | None = None, on: date | None = None
    ) -> Iterator[Sequence[Row]]:
        """All that stood on a day, or those registered in ``divisions`` or inside ``box``, some thousands at a time."""

    def version(self) -> Hashable:
        """Another one after every change."""

    def tell(self, building_ids: Collection[UUID]) -> str:
        """How many they are, with what is in them: 37栋楼、412户."""

    def move(self, moves: Mapping[UUID, UUID], *, change: UUID | None, on: date, by: By, at: datetime) -> None:
        """Register buildings in other divisions from a day on."""

    def take_back(self, change: UUID, *, by: By, at: datetime) -> None:
        """Undo the moves of a change, of those buildings that have not been moved again."""


_declared: list[Buildings] = []


def declare_buildings(source: Buildings) -> None:
    """Called once, at start, by whoever keeps the buildings."""
    _declared[:] = [source]


def buildings() -> Buildings | None:
    """Who keeps the buildings; None where nobody does."""
    return _declared[0] if _declared else None


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A building that is not in exactly one division of the level and registered there.

    ``stands`` are the divisions it is in, the one with most of it first; ``area_m2`` what of its footprint is wrong (in none, in
    two, in others than the first), None where only a point is known.
    """

    kind: StrayKind
    id: UUID
    name: str
    registered: Node | None
    stands: tuple[Node, ...]
    area_m2: float | None
    lon: float | None
    lat: float | None

    def feature(self) -> dict[str, Any]:
        """As GeoJSON, with what a map tells of it."""
        size = "" if self.area_m2 is None else f" {round(self.area_m2):,} m²"
        places = " / ".join(f"{node} {node.code}" for node in self.stands)
        tone = "bad" if self.kind == StrayKind.NOWHERE else "late"
        told = {
            "kind": self.kind.value,
            "title": self.name,
            "note": f"{self.kind.label}{size} {places}".strip(),
            "tone": tone,
        }
        return {
            "type": "Feature",
            "properties": told,
            "geometry": {"type": "Point", "coordinates": [self.lon, self.lat]},
        }


@dataclass(frozen=True)
class BuildingsChecked:
    """What the check of buildings found on one day, by kind and name."""

    level: str
    on: date
    total: int
    found: tuple[Misplaced, ...]

    @cached_property
    def sums(self) -> dict[StrayKind, int]:
        """How many of each kind."""
        counted = dict.fromkeys(StrayKind, 0)
        for one in self.found:
            counted[one.kind] += 1
        return counted

    @property
    def faults(self) -> int:
        """How many stand wrongly; those without a place are not known to."""
        return len(self.found) - self.sums[StrayKind.UNPLACED]


def check_buildings(level: str = Level.GRID, within: UUID | None = None, on: date | None = None) -> BuildingsChecked:
    """Buildings in no division of the level, in two, across a border, registered in another one, or without a place.

    Inside ``within``: those registered there and those that stand there.  Kept until shapes or buildings change.
    """
    source = buildings()
    day = on or timezone.localdate()
    return _kept.get(level, within, day, source.version()) if source else BuildingsChecked(level, day, 0, ())


def _check(level: str, within: UUID | None, on: date, _version: Hashable) -> BuildingsChecked:
    kept, source = tree(on), buildings()
    assert source
    every = nodes_of(level, None, kept)
    shapes = read_areas([*(n.id for n in every), *([within] if within else ())], on)
    nodes = [n for n in every if n.id in shapes]
    areas = array([shapes[n.id] for n in nodes])
    asked: dict[str, Any] = {"on": on}
    if within:
        mine = [i for i, n in kept.nodes.items() if within in n.path]
        asked |= {"divisions": mine, "box": shapes[within].bounds if within in shapes else None}
    total, found, index = 0, [], shapely.STRtree(areas)
    for rows in source.read(**asked):
        batch = _Batch(rows, nodes, kept, level, index)
        wanted = None if within is None else batch.of(within, shapes.get(within), areas)
        total += len(rows) if wanted is None else len(wanted)
        found += [one for i, one in batch.misplaced(areas) if wanted is None or i in wanted]
    order = list(StrayKind)
    found.sort(key=lambda one: (order.index(one.kind), one.registered.code if one.registered else "", one.name, one.id))
    return BuildingsChecked(level, on, total, tuple(found))


_kept: Kept[BuildingsChecked] = Kept(MARK, _check, most=6)


def _geometries(rows: Sequence[Row]) -> tuple[list[int], Any]:
    """Which rows have a place, and the place: the footprint, or else the point."""
    which = [i for i, row in enumerate(rows) if row.footprint or row.lon is not None]
    things = np.empty(len(which), dtype=object)
    drawn = [k for k, i in enumerate(which) if rows[i].footprint]
    things[drawn] = shapely.from_geojson([rows[which[k]].footprint for k in drawn], on_invalid="ignore")
    for k in drawn:  # what cannot be read is a point, or nothing
        if things[k] is None or things[k].is_empty:
            things[k] = None
        elif not things[k].is_valid:
            things[k] = shapely.make_valid(things[k], method="structure")
    dotted = [k for k, i in enumerate(which) if things[k] is None and rows[i].lon is not None]
    things[dotted] = shapely.points(
        np.array([(rows[which[k]].lon, rows[which[k]].lat) for k in dotted], dtype=float).reshape(-1, 2)
    )
    is_there = [k for k in range(len(which)) if things[k] is not None]
    return [which[k] for k in is_there], things[is_there]


class _Batch:
    """Some thousand buildings looked at together."""

    def __init__(
        self, rows: Sequence[Row], nodes: Sequence[Node], kept: Tree, level: str, index: shapely.STRtree
    ) -> None:
        self.rows, self.nodes, self.kept, self.level, self.tree = rows, nodes, kept, level, index
        self.which, self.things = _geometries(rows)
        self._stood: Stood | None = None

    def stood(self, areas: Any) -> Stood:
        if self._stood is None:
            self._stood = stood(areas, self.things, self.tree)
        return self._stood

    def of(self, within: UUID, shape: Area | None, areas: Any) -> set[int]:
        """The rows that are registered in the division or stand in it."""
        mine = {
            i for i, row in enumerate(self.rows) if (n := self.kept.nodes.get(row.division_id)) and within in n.path
        }
        main = self.stood(areas).main
        mine |= {
            i for i, at in zip(self.which, main.tolist(), strict=True) if at >= 0 and within in self.nodes[at].path
        }
        if shape is not None:
            free = [k for k in range(len(self.which)) if main[k] < 0]
            inside = shapely.intersects(self.things[free], shape)
            mine |= {self.which[k] for k, is_in in zip(free, inside.tolist(), strict=True) if is_in}
        return mine

    def misplaced(self, areas: Any) -> Iterator[tuple[int, Misplaced]]:
        """Row by row what is wrong, more than one thing of a building if need be."""
        found = self.stood(areas)
        placed = set(self.which)
        yield from ((i, self._one(i, StrayKind.UNPLACED)) for i in range(len(self.rows)) if i not in placed)
        for k, i in enumerate(self.which):
            lies = found.odd.get(k)
            if lies:
                yield from ((i, one) for one in self._odd(i, k, lies))
            at = int(found.main[k])
            if (
                at >= 0
                and self.nodes[at].id != self.rows[i].division_id
                and not self._is_home(self.rows[i].division_id, at, lies)
            ):
                yield (
                    i,
                    self._one(i, StrayKind.ELSEWHERE, k, [at, *(a for a in lies.held if a != at)] if lies else [at]),
                )

    def _odd(self, i: int, k: int, lies: Lies) -> Iterable[Misplaced]:
        held = sorted(lies.held, key=lambda area: (-lies.held[area], area))
        if lies.outside is None and not held:
            yield self._one(i, StrayKind.NOWHERE, k)
        elif lies.outside:
            yield self._one(i, StrayKind.NOWHERE, k, held, lies.outside)
        if lies.twice:
            sizes = [size for size in lies.twice.values() if size is not None]
            both = list(dict.fromkeys(area for pair in lies.twice for area in pair))
            yield self._one(i, StrayKind.TWICE, k, both, sum(sizes) if sizes else None)
        elif len(held) > 1:
            yield self._one(i, StrayKind.ASTRIDE, k, held, sum(lies.held[area] for area in held[1:]))

    def _is_home(self, registered: UUID, at: int, lies: Lies | None) -> bool:
        """Registered in what holds it, or below; a building that several hold may be registered in any of them."""
        mine = self.kept.nodes.get(registered)
        if mine is None:
            return False
        holders = {at, *(lies.held if lies else ()), *(a for pair in (lies.twice if lies else ()) for a in pair)}
        if any(self.nodes[a].id in mine.path for a in holders):
            return True
        return self.level == Level.MICROGRID and registered in self.nodes[at].path

    def _one(
        self, i: int, kind: StrayKind, k: int | None = None, at: Sequence[int] = (), size: float | None = None
    ) -> Misplaced:
        row, place = self.rows[i], shapely.point_on_surface(self.things[k]) if k is not None else None
        lon, lat = (round(place.x, 7), round(place.y, 7)) if place is not None else (None, None)
        stands = tuple(self.nodes[a] for a in at)
        return Misplaced(kind, row.id, row.name, self.kept.nodes.get(row.division_id), stands, size, lon, lat)


# Where they go


@dataclass(frozen=True, slots=True)
class Following:
    """Which buildings go where when borders change.  ``guessed`` are those without a place, which go to the largest."""

    moves: Mapping[UUID, Key]
    guessed: tuple[UUID, ...] = ()

    def tell(self, key: Key | None = None) -> str:
        """How many go, with what is in them, to one division if asked; empty for none."""
        source = buildings()
        ids = [i for i, to in self.moves.items() if key is None or to == key]
        return source.tell(ids) if source and ids else ""


NOBODY = Following({})


def where_buildings_go(
    after: Iterable[tuple[Key, Area]], *, ended: Collection[UUID] = (), before: Mapping[UUID, Area] | None = None,
    above: UUID | None = None, fallback: Key | None = None,
) -> Following:  # fmt: skip
    """Buildings of divisions that end go to whichever of ``after`` holds them; those without a place, or outside all, to the largest.

    Those of divisions that had ``before`` another area go where they stand now if they stood in it; those registered only with the
    division ``above`` go to a new one that holds them.  ``fallback`` is where to go when nothing has a shape.
    """
    source, was, found = buildings(), dict(before or {}), dict(after)
    asked = {*ended, *was, *([above] if above else ())}
    keys = list(found)
    largest = max(keys, key=lambda key: (found[key].area, str(key))) if keys else fallback
    if source is None or not asked or largest is None:
        return NOBODY
    areas = array([found[key] for key in keys])
    moves: dict[UUID, Key] = {}
    guessed: list[UUID] = []
    for rows in source.read(divisions=asked):
        which, things = _geometries(rows)
        places = dict(zip(which, zip(stood(areas, things).main.tolist(), things, strict=True), strict=True))
        for i, row in enumerate(rows):
            at, thing = places.get(i, (-1, None))
            if row.division_id in ended:
                moves[row.id] = keys[at] if at >= 0 else largest
                if at < 0:
                    guessed.append(row.id)
            elif at >= 0 and keys[at] != row.division_id and _goes(row, keys[at], thing, was, above):
                moves[row.id] = keys[at]
    return Following(moves, tuple(guessed))


def _goes(row: Row, to: Key, thing: Any, was: Mapping[UUID, Area], above: UUID | None) -> bool:
    """Whether a building of a division that goes on leaves it: it stood in it, or it had only the one above."""
    if row.division_id in was:
        return bool(stood(array([was[row.division_id]]), array([thing])).main[0] == 0)
    return row.division_id == above and isinstance(to, int)


def buildings_within(division_ids: Collection[UUID]) -> str:
    """How many buildings are registered in these divisions, with what is in them; empty for none."""
    source = buildings()
    ids = [row.id for rows in source.read(divisions=division_ids) for row in rows] if source else []
    return source.tell(ids) if source and ids else ""


def written(found: Following, made: Sequence[UUID]) -> dict[UUID, UUID]:
    """The moves with the ids of the new divisions, which are known once they are written."""
    return {building: made[key] if isinstance(key, int) else key for building, key in found.moves.items()}
