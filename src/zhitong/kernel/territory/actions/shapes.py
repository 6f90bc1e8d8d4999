"""Giving divisions their shapes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import copy_rows
from zhitong.base.errors import Refused
from zhitong.base.geometry import (
    Area,
    Datum,
    area_m2,
    as_area,
    convert_shape,
    divide,
    from_geojson,
    only_areas,
    to_geojson,
)
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import Happening, record_many

from ..choices import ShapeSource, aside
from ..models import Division, DivisionShape
from ..permissions import By
from ..queries.buildings import where_buildings_go
from ..queries.coverage import array
from ..queries.shapes import areas
from ..queries.tree import Node, tree
from ..rules.outlines import ZOOMS, outlines
from .following import follow
from .writing import STREAM, locked, open_after, writing

_DIGITS = 7
_BATCH = 2_000
_COLUMNS = (
    "id", "division_id", "geometry", "west", "south", "east", "north", "lon", "lat", "area_m2", "source",
    "is_provisional", "valid_from", *(f"at_{zoom}" for zoom in ZOOMS), "aside",
)  # fmt: skip


@dataclass(slots=True)
class ShapesImported:
    """What an import of shapes did, and the rows it could not use: (position from 1, code, what to do)."""

    written: int = 0
    errors: list[tuple[int, str, Any]] = field(default_factory=list)


def write_shapes(shapes: Mapping[UUID, Area], *, on: date, source: str, is_provisional: bool) -> None:
    """Write shapes that hold from a day on; those that held until then end, those that began on it give way."""
    older = DivisionShape.objects.filter(division__in=list(shapes))
    older.filter(valid_from__gte=on).update(valid_to=F("valid_from"))
    older.filter(open_after(on)).update(valid_to=on)
    asides = {pk: aside(level) for pk, level in Division.objects.filter(pk__in=list(shapes)).values_list("pk", "level")}
    with connection.cursor() as cursor:
        rows = ((*row, asides[row[1]]) for part in _batches(shapes) for row in _rows(part, on, source, is_provisional))
        copy_rows(cursor, "territory_divisionshape", _COLUMNS, rows)


def _batches(shapes: Mapping[UUID, Area]) -> Iterator[list[tuple[UUID, Area]]]:
    left = iter(shapes.items())
    while part := list(islice(left, _BATCH)):
        yield part


def _rows(part: Sequence[tuple[UUID, Area]], on: date, source: str, is_provisional: bool) -> Iterator[tuple[Any, ...]]:
    coarse = outlines(array([shape for _division, shape in part]))
    for i, (division_id, shape) in enumerate(part):
        yield *_row(division_id, shape, on, source, is_provisional), *(coarse[zoom][i] for zoom in ZOOMS)


def _row(division_id: UUID, shape: Area, on: date, source: str, is_provisional: bool) -> tuple[Any, ...]:
    geometry = json.dumps(to_geojson(shape, _DIGITS), separators=(",", ":"))
    label = shapely.point_on_surface(shape)
    place = (round(label.x, _DIGITS), round(label.y, _DIGITS))
    stored = shapely.transform(shape, lambda xy: np.round(xy, _DIGITS))  # what is written is what is measured
    return (uuid7(), division_id, geometry, *shape.bounds, *place, area_m2(stored), str(source), is_provisional, on)


def set_shape(
    division_id: UUID, geometry: Mapping[str, Any], *, by: By, at: datetime, on: date | None = None,
    source: str = ShapeSource.DRAWN, datum: str = Datum.WGS84,
) -> None:  # fmt: skip
    """Give one division a real shape from a day on.  Refused when the GeoJSON is no area on the globe."""
    with writing(by, at, on) as day:
        try:
            area = convert_shape(from_geojson(geometry), datum, Datum.WGS84)
        except ValueError as error:
            raise Refused("bad_shape", _("边界不是有效的多边形，请重新绘制或检查文件。"), field="geometry") from error
        locked([division_id], day)
        reshape({division_id: area}, day, source, by, at)


def import_shapes(
    shapes: Iterable[tuple[str, Area]], *, by: By, at: datetime, on: date | None = None, datum: str = Datum.WGS84
) -> ShapesImported:
    """Give divisions real shapes by code; rows without a division of that code are reported, the rest are written."""
    done = ShapesImported()
    with writing(by, at, on) as day:
        wanted = _usable(shapes, datum, done)
        locked(wanted, day)
        wanted = changed_shapes(wanted, day)
        reshape(wanted, day, ShapeSource.IMPORTED, by, at)
    done.written = len(wanted)
    return done


def _usable(shapes: Iterable[tuple[str, Area]], datum: str, done: ShapesImported) -> dict[UUID, Area]:
    """The shapes of known divisions in WGS-84; the others are noted in ``done``."""
    known = tree().by_code
    wanted: dict[UUID, Area] = {}
    for position, (code, shape) in enumerate(shapes, start=1):
        node = known.get(code)
        if node is None or node.valid_to is not None:
            done.errors.append((position, code, _("没有编码为“%(code)s”的区划。") % {"code": code}))
            continue
        try:
            wanted[node.id] = as_area(convert_shape(shape, datum, Datum.WGS84))
        except ValueError:
            done.errors.append((position, code, _("边界不是有效的多边形，请重新绘制或检查文件。")))
    return wanted


def reshape(shapes: Mapping[UUID, Area], on: date, source: str, by: By, at: datetime) -> None:
    """Write real shapes, tell of them, and let the buildings go with the land."""
    before = areas(shapes.keys(), on)
    write_shapes(shapes, on=on, source=source, is_provisional=False)
    tell_reshaped(shapes, on, source, by, at)
    follow(where_buildings_go(shapes.items(), before=before), (), change=None, on=on, by=by, at=at)


def changed_shapes(wanted: Mapping[UUID, Area], on: date) -> dict[UUID, Area]:
    """Without the shapes that are there already, so that the same file twice changes nothing."""
    present = DivisionShape.objects.filter(open_after(on), division__in=list(wanted), is_provisional=False)
    have = dict(present.values_list("division_id", "geometry"))
    return {i: area for i, area in wanted.items() if have.get(i) != _plain(area)}


def _plain(area: Area) -> Any:
    """As it comes back from the database."""
    return json.loads(json.dumps(to_geojson(area, _DIGITS)))


def tell_reshaped(division_ids: Iterable[UUID], on: date, source: str, by: By, at: datetime) -> None:
    """An event for each new shape."""
    data = {"on": on.isoformat(), "source": str(source)}
    record_many([Happening("territory.reshaped", i, STREAM, at, by, dict(data)) for i in division_ids])


def make_provisional_shapes(
    division_id: UUID, *, by: By, at: datetime, on: date | None = None, seed: int = 0, renew: bool = False
) -> int:
    """Give everything below a division that has no shape one, by dividing what its parent has; how many were made.

    Children with a real shape keep it, the rest of the parent is divided among the others.  With ``renew`` provisional
    shapes are made anew.  Refused when the division itself has no shape.
    """
    with writing(by, at, on) as day:
        top = locked([division_id], day)[division_id]
        nodes = tree().below(division_id)
        have = {s.division_id: s for s in _present([division_id, *(n.id for n in nodes)], day)}
        if division_id not in have:
            raise Refused("no_shape", _("“%(name)s”还没有边界，请先导入。") % {"name": top.name})
        kept = {i for i, s in have.items() if not (renew and s.is_provisional and i != division_id)}
        made = _fill(division_id, areas(kept, day), seed)
        write_shapes(made, on=day, source=ShapeSource.DIVIDED, is_provisional=True)
        data = {"count": len(made), "on": day.isoformat()}
        record_many([Happening("territory.divided", division_id, STREAM, at, by, data)])
    return len(made)


def _present(division_ids: Sequence[UUID], on: date) -> Iterable[DivisionShape]:
    return DivisionShape.objects.filter(Q(division__in=division_ids) & open_after(on)).defer("geometry")


def _fill(top: UUID, have: dict[UUID, Area], seed: int) -> dict[UUID, Area]:
    """Shapes for all below ``top`` that are not in ``have``, parents first."""
    made: dict[UUID, Area] = {}
    below = tree().children
    waiting = [top]
    while waiting:
        parent = waiting.pop()
        children = below.get(parent, [])
        waiting += [child.id for child in children]
        without = [child for child in children if child.id not in have]
        if without and parent in have:
            taken = [have[child.id] for child in children if child.id in have]
            parts = _parts(have[parent], taken, without, seed)
            made.update(parts)
            have.update(parts)
    return made


def _parts(parent: Area, taken: list[Area], children: list[Node], seed: int) -> dict[UUID, Area]:
    """What is left of the parent, divided among children; the same for the same code and seed."""
    left = parent.difference(shapely.union_all(taken)) if taken else parent
    try:
        parts = divide(only_areas(left), len(children), seed + int.from_bytes(children[0].code.encode()[-6:]))
    except ValueError as error:
        name = children[0].name
        raise Refused("no_room", _("上级区划的边界已全部划出，“%(name)s”没有可用的范围。") % {"name": name}) from error
    return {child.id: part for child, part in zip(children, parts, strict=True)}
