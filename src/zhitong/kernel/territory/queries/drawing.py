"""What a border drawn on the map would change: worked out and shown before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from django.db import connection
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.geometry import Area, areas_m2, only_areas

from ..choices import RANK, FaultKind, Level, RedrawingKind, aside
from ..models import DivisionShape, DivisionVersion, Redrawing
from ..rules import coverage, drawing
from .buildings import Following, Key, where_buildings_go
from .coverage import array
from .shapes import MET, areas
from .tree import Node, node, tree

MOST_MERGED = 50
MOST_PARTS = 20
_NEAR = f"""
SELECT s.division_id, s.geometry::text FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE d.level = %(level)s AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND {MET}
ORDER BY s.division_id
"""  # noqa: S608 - own text


@dataclass(frozen=True, slots=True)
class Told:
    """Something that would be wrong: which kind, between whom ("" is what is new), how large and where."""

    kind: FaultKind
    names: tuple[str, ...]
    area_m2: float
    shape: Area


@dataclass(frozen=True, slots=True)
class Line:
    """A division, or the place of a new one among the new ones; its square metres before and after, and in words which buildings come
    to it.  Where no land is won or lost, both columns add up to the same."""

    node: Node | None
    part: int | None
    before: int
    after: int
    comes: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be so from ``on``: areas of those that begin, of those that are reshaped, and who ends.

    ``before`` holds the area of whoever is changed or ends.  ``codes`` are free ones for those that begin,
    ``following`` the buildings that go with their land.
    """

    kind: RedrawingKind
    on: date
    level: str
    new: tuple[Area, ...]
    reshaped: Mapping[UUID, Area]
    ended: tuple[UUID, ...]
    before: Mapping[UUID, Area]
    codes: tuple[str, ...]
    faults: tuple[Told, ...]
    following: Following

    @property
    def lines(self) -> list[Line]:
        """Those that begin, those that end, and those that are reshaped; of these what changes most first."""
        nodes, comes = tree(self.on).nodes, self.following.tell
        kept = {i: (_size(self.before.get(i)), _size(area)) for i, area in self.reshaped.items()}
        order = sorted(kept, key=lambda i: -abs(kept[i][1] - kept[i][0]))
        ended = [_size(self.before.get(i)) for i in self.ended]
        before = [*(0.0 for _area in self.new), *ended, *(kept[i][0] for i in order)]
        after = [*_sizes(self.new), *(0.0 for _size in ended), *(kept[i][1] for i in order)]
        is_same_land = abs(sum(after) - sum(before)) < coverage.LEAST_M2
        sizes = drawing.whole_m2(before), drawing.whole_m2(after, round(sum(before)) if is_same_land else None)
        about: list[tuple[Node | None, int | None, str]] = [
            *((None, n, comes(n)) for n in range(len(self.new))), *((nodes[i], None, "") for i in self.ended),
            *((nodes[i], None, comes(i)) for i in order),
        ]  # fmt: skip
        return [Line(who, part, was, now, told) for (who, part, told), was, now in zip(about, *sizes, strict=True)]


def _sizes(found: Sequence[Area]) -> list[float]:
    return [float(size) for size in areas_m2(array(found))] if found else []


def _size(area: Area | None) -> float:
    return _sizes([area])[0] if area else 0.0


def near(level: str, shape: BaseGeometry, on: date) -> dict[UUID, Area]:
    """The areas of a level whose boxes touch that of ``shape``, through the index of boxes."""
    west, south, east, north = shapely.box(*shape.bounds).buffer(drawing.REACH).bounds
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAR,
            {
                "level": level,
                "on": on,
                "west": west,
                "south": south,
                "east": east,
                "north": north,
                "aside": aside(level),
            },
        )
        rows = cursor.fetchall()
    return dict(zip([row[0] for row in rows], shapely.from_geojson([row[1] for row in rows]), strict=True))


def live(division_id: UUID, on: date) -> Node:
    """The division as it is on the day; NotFound when there is none."""
    found = node(division_id, on)
    if found is None:
        raise NotFound("unknown_division", _("没有这个区划，请重新选择。"), field="divisions")
    return found


class _Place:
    """The land around a change: the parent's area, and everybody of the level near by."""

    def __init__(self, level: str, parent: UUID | None, drawn: BaseGeometry, on: date) -> None:
        self.level, self.parent_id, self.on = level, parent, on
        self.parent = areas([parent], on).get(parent) if parent else None
        self.all = near(level, shapely.union_all([drawn, *([self.parent] if self.parent else ())]), on)
        self.nodes = tree(on).nodes
        box = shapely.box(*drawn.bounds).buffer(drawing.REACH)
        self.close = {i: area for i, area in self.all.items() if area.intersects(box)}

    def others(self, *but: UUID) -> dict[Key, Area]:
        return {i: area for i, area in self.close.items() if i not in but}

    def siblings(self, keys: Mapping[Key, Area]) -> list[Key]:
        return [i for i in keys if isinstance(i, UUID) and self.nodes[i].parent_id == self.parent_id]

    def fitted(self, drawn: Area, others: Mapping[Key, Area]) -> Area:
        """On the borders of the others and inside the parent."""
        around = [*others.values(), *([self.parent] if self.parent else ())]
        area = drawing.snapped(drawn, around)
        whole = area if area.is_valid else shapely.make_valid(area, method="structure")
        try:
            return only_areas(shapely.intersection(whole, self.parent) if self.parent else whole)
        except ValueError as error:
            raise Refused("outside_parent", _("绘制的范围在上级边界之外，请重新绘制。"), field="points") from error

    def draft(self, kind: RedrawingKind, found: Mapping[Key, Area], ended: Sequence[UUID] = ()) -> Draft:
        """What differs from what is there, and what would be wrong then."""
        reshaped = {
            i: area
            for i, area in found.items()
            if isinstance(i, UUID) and not (i in self.all and drawing.is_same(area, self.all[i]))
        }
        new = tuple(found[i] for i in sorted(i for i in found if isinstance(i, int)))
        before = {i: self.all[i] for i in (*reshaped, *ended) if i in self.all}
        codes = free_codes(self.parent_id, len(new), self.on)
        after: dict[Key, Area] = {**{i: a for i, a in self.all.items() if i not in ended}, **found}
        faults = self._faults(after, {*reshaped, *(i for i in found if isinstance(i, int))})
        following = where_buildings_go(
            [*enumerate(new), *reshaped.items()], ended=ended, before={i: before[i] for i in reshaped if i in before},
            above=self.parent_id if kind == RedrawingKind.NEW else None,
        )  # fmt: skip
        return Draft(kind, self.on, self.level, new, reshaped, tuple(ended), before, codes, tuple(faults), following)

    def _faults(self, after: Mapping[Key, Area], changed: set[Key]) -> list[Told]:
        keys, shapes = list(after), array(list(after.values()))
        names = ["" if isinstance(key, int) else str(self.nodes[key]) for key in keys]
        told = [
            Told(FaultKind.OVERLAP, tuple(names[i] for i in piece.about), piece.area_m2, piece.shape)
            for piece in coverage.overlaps(shapes)
            if any(keys[i] in changed for i in piece.about)
        ]
        if self.parent is None:
            return told
        mine = [i for i, key in enumerate(keys) if key in changed and self._is_mine(key)]
        out = coverage.outside(shapes[mine], array([self.parent] * len(mine)))
        told += [Told(FaultKind.OUTSIDE, (names[mine[p.about[0]]],), p.area_m2, p.shape) for p in out]
        gaps = coverage.gaps(array([self.parent]), shapes)
        return told + [Told(FaultKind.GAP, (), piece.area_m2, piece.shape) for piece in gaps]

    def _is_mine(self, key: Key) -> bool:
        return isinstance(key, int) or self.nodes[key].parent_id == self.parent_id


def _demand_nobody_gone(place: _Place, others: Mapping[Key, Area], found: Mapping[Key, Area]) -> None:
    gone = next((i for i in others if i not in found), None)
    if isinstance(gone, UUID):
        said = {"name": str(place.nodes[gone])}
        raise Refused("nothing_left", _("“%(name)s”将被全部占用，请改用合并。") % said, field="points")


def plan_shape(division_id: UUID, drawn: Area, on: date, *, is_fitted: bool = True) -> Draft:
    """A division with another area.  Fitted, neighbours below the same parent give way or take over, borders are shared and
    what sticks out of the parent is cut off; otherwise it is taken as drawn."""
    mine = live(division_id, on)
    old = areas([division_id], on).get(division_id)
    place = _Place(mine.level, mine.parent_id, shapely.union_all([drawn, *([old] if old else ())]), on)
    if not is_fitted:
        return place.draft(RedrawingKind.SHAPE, {division_id: drawn})
    others = place.others(division_id)
    wanted: dict[Key, Area] = {division_id: place.fitted(drawn, others)}
    found = drawing.settled(wanted, others, freed=old, yielding=place.siblings(others))
    _demand_nobody_gone(place, others, found)
    return place.draft(RedrawingKind.SHAPE, found)


def plan_new(parent_id: UUID, level: str, drawn: Area, on: date, *, is_fitted: bool = True) -> Draft:
    """A new division of a level below ``parent_id``; fitted as in `plan_shape`."""
    above = live(parent_id, on)
    if level not in Level.values or RANK[above.level] >= RANK[level]:
        raise Refused("parent_not_above", _("上级区划的层级必须高于本级。"), field="parent")
    place = _Place(level, parent_id, drawn, on)
    if not is_fitted:
        return place.draft(RedrawingKind.NEW, {0: drawn})
    others = place.others()
    wanted: dict[Key, Area] = {0: place.fitted(drawn, others)}
    found = drawing.settled(wanted, others, yielding=place.siblings(others))
    _demand_nobody_gone(place, others, found)
    return place.draft(RedrawingKind.NEW, found)


def plan_split(division_id: UUID, line: BaseGeometry, on: date) -> Draft:
    """A division cut by a line into two or more.  Refused when the line does not cross it."""
    mine = live(division_id, on)
    old = _area(division_id, mine, on)
    place = _Place(mine.level, mine.parent_id, old, on)
    others = place.others(division_id)
    pieces = drawing.cut(old, drawing.snapped(line, [old, *others.values()]))
    if len(pieces) < 2:
        raise Refused(
            "line_must_cross",
            _("分割线没有穿过“%(name)s”，请从边界外画到边界外。") % {"name": str(mine)},
            field="points",
        )
    if len(pieces) > MOST_PARTS:
        raise Refused("too_many_parts", _("一次最多拆分为20个，请减少分割线的转折。"), field="points")
    wanted: dict[Key, Area] = {**dict(enumerate(pieces))}
    found = drawing.settled(wanted, others, freed=old)
    return place.draft(RedrawingKind.SPLIT, found, [division_id])


def plan_merge(division_ids: Sequence[UUID], on: date) -> Draft:
    """Two or more divisions of one level below one parent as one."""
    nodes = [live(i, on) for i in dict.fromkeys(division_ids)]
    if len(nodes) < 2 or len({(n.level, n.parent_id) for n in nodes}) > 1:
        raise Refused("merge_unlike", _("只能合并同一上级下的两个以上同级区划。"), field="divisions")
    if len(nodes) > MOST_MERGED:
        raise Refused("too_many_merged", _("一次最多合并50个，请分次办理。"), field="divisions")
    old = [_area(n.id, n, on) for n in nodes]
    place = _Place(nodes[0].level, nodes[0].parent_id, shapely.union_all(old), on)
    wanted: dict[Key, Area] = {0: drawing.joined(old)}
    found = drawing.settled(wanted, place.others(*(n.id for n in nodes)))
    return place.draft(RedrawingKind.MERGE, found, [n.id for n in nodes])


def _area(division_id: UUID, mine: Node, on: date) -> Area:
    found = areas([division_id], on).get(division_id)
    if found is None:
        raise Refused("no_shape", _("“%(name)s”还没有边界，请先导入。") % {"name": str(mine)}, field="divisions")
    return found


def free_codes(parent_id: UUID | None, count: int, on: date) -> tuple[str, ...]:
    """Codes below the parent that nobody has or had, the next after the last; fewer when there are no more."""
    above = tree(on).nodes.get(parent_id) if parent_id else None
    if above is None or not count:
        return ()
    used = DivisionVersion.objects.filter(code__startswith=above.code).values_list("code", flat=True)
    numbers = {int(code[len(above.code) :]) for code in used if len(code) == len(above.code) + 3 and code.isdigit()}
    first = max((n for n in numbers if n < 900), default=0) + 1
    return tuple(f"{above.code}{n:03d}" for n in range(first, min(first + count, 1000)) if n not in numbers)


def demand_nothing_later(division_ids: Sequence[UUID], on: date) -> None:
    """Conflict when one of the divisions has a shape that begins after the day."""
    later = DivisionShape.objects.filter(division__in=division_ids, valid_from__gt=on).exclude(valid_to__lte=on)
    if any(row.valid_to is None or row.valid_to > row.valid_from for row in later.only("valid_from", "valid_to")):
        raise Conflict("before_last_change", _("在此日期之后另有变更，请选择更晚的日期。"), field="on")


def redrawings(most: int = 10) -> list[Redrawing]:
    """The last changes made on the map, the latest first, without what they kept for undoing."""
    return list(Redrawing.objects.defer("before", "after")[:most])
