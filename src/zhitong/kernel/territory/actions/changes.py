"""Changing single divisions: each keeps what was so before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.geometry import Area, divide, from_geojson
from zhitong.base.text import clean
from zhitong.kernel.events.public import Happening, record, record_many

from .. import rules
from ..choices import RANK, DivisionKind, ShapeSource, SuccessionKind
from ..models import Division, LevelName, Succession
from ..permissions import By
from ..queries.shapes import areas, shape
from ..queries.tree import tree
from ..rules.drawing import joined
from .following import follow_ended
from .shapes import write_shapes
from .writing import STREAM, New, amend, check_texts, close, demand_free_codes, locked, write_new, writing


def create_division(
    code: str, name: str, level: str, parent: UUID | None, *, by: By, at: datetime, on: date | None = None,
    name_en: str = "", kind: str = DivisionKind.BASE, official_name: str = "",
) -> Division:  # fmt: skip
    """A new division below ``parent``.  Conflict when the code is in use, Refused when the levels do not fit."""
    with writing(by, at, on) as day:
        above = locked([parent], day)[parent] if parent else None
        new = New(code, name, level, above, name_en or rules.english_name(clean(name)), official_name or name, kind)
        demand_free_codes([new.code], day)
        write_new([new], on=day, by=by, at=at)
    return Division.objects.get(id=new.id)


def rename(
    division_id: UUID, name: str, *, by: By, at: datetime, on: date | None = None, name_en: str | None = None
) -> None:
    """A new name from a day on."""
    new = clean(name)
    english = rules.english_name(new) if name_en is None else clean(name_en)
    _change(division_id, {"name": new, "name_en": english}, "territory.renamed", "name", by, at, on)


def change_kind(division_id: UUID, kind: str, *, by: By, at: datetime, on: date | None = None) -> None:
    """Base or dedicated from a day on."""
    _change(division_id, {"kind": DivisionKind(kind).value}, "territory.kind_changed", "kind", by, at, on)


def _change(
    division_id: UUID, values: dict[str, Any], event: str, told: str, by: By, at: datetime, on: date | None
) -> None:
    with writing(by, at, on) as day:
        divisions = locked([division_id], day)
        division = divisions[division_id]
        was = getattr(division, told)
        check_texts(division.code, values.get("name", division.name))
        amend(divisions, {division_id: values}, on=day)
        data = {told: values[told], "was": was, "on": day.isoformat()}
        record(event, division_id, stream_kind=STREAM, at=at, by=by, data=data)


def renumber(
    division_id: UUID, code: str, *, by: By, at: datetime, on: date | None = None, with_below: bool = True
) -> int:
    """A new code from a day on; how many divisions have a new code.

    With ``with_below`` the codes below that begin with the old code begin with the new one.
    """
    with writing(by, at, on) as day:
        node = tree().nodes.get(division_id)
        below = [n.id for n in tree().below(division_id) if n.code.startswith(node.code)] if node and with_below else []
        divisions = locked([division_id, *below], day)
        old, new = divisions[division_id].code, clean(code)
        check_texts(new, divisions[division_id].name)
        codes = {i: rules.recoded(d.code, old, new) for i, d in divisions.items()}
        demand_free_codes(list(codes.values()), day, but=list(codes))
        was = {i: d.code for i, d in divisions.items()}
        amend(divisions, {i: {"code": c} for i, c in codes.items()}, on=day)
        happenings = [
            Happening("territory.renumbered", i, STREAM, at, by, {"code": c, "was": was[i], "on": day.isoformat()})
            for i, c in codes.items()
        ]
        record_many(happenings)
    return len(codes)


def move(division_id: UUID, parent: UUID, *, by: By, at: datetime, on: date | None = None) -> None:
    """Under another parent from a day on, with everything below.  Refused when the levels do not fit."""
    with writing(by, at, on) as day:
        below = [n.id for n in tree().below(division_id)]
        divisions = locked({division_id, parent, *below}, day)
        division, above = divisions[division_id], divisions[parent]
        if RANK[above.level] >= RANK[division.level]:
            raise Refused("parent_not_above", _("上级区划的层级必须高于本级。"), field="parent")
        cut, was = len(division.path) - 1, division.parent_id
        changes: dict[UUID, dict[str, Any]] = {i: {"path": [*above.path, *divisions[i].path[cut:]]} for i in below}
        changes[division_id] = {"path": [*above.path, division_id], "parent_id": parent}
        amend(divisions, changes, on=day)
        data = {"parent": parent, "was": was, "on": day.isoformat()}
        record("territory.moved", division_id, stream_kind=STREAM, at=at, by=by, data=data)


def end_division(division_id: UUID, *, by: By, at: datetime, on: date | None = None) -> None:
    """A division is no more from a day on.  Refused while it has others below it."""
    with writing(by, at, on) as day:
        close([locked([division_id], day)[division_id]], on=day)
        record("territory.ended", division_id, stream_kind=STREAM, at=at, by=by, data={"on": day.isoformat()})


def split(
    division_id: UUID, parts: Sequence[tuple[str, str, Mapping[str, Any] | None]], *, by: By, at: datetime,
    on: date | None = None, change: UUID | None = None,
) -> list[UUID]:  # fmt: skip
    """A division gives way to several (code, name, GeoJSON); the new ones.  It must have nothing below it.

    Without shapes the area is divided, provisionally.  Its buildings go along, under ``change`` (see `follow`).
    """
    if len(parts) < 2:
        raise Refused("too_few_parts", _("拆分至少需要两个新区划。"))
    with writing(by, at, on) as day:
        old = locked([division_id], day)[division_id]
        area = areas([division_id], day).get(division_id)
        new = [_like(old, code, name) for code, name, _shape in parts]
        close([old], on=day)
        demand_free_codes([n.code for n in new], day)
        write_new(new, on=day, by=by, at=at, told={"split_from": old.id})
        given = [geometry for _code, _name, geometry in parts]
        _shape_parts(new, given, area, day)
        _succeed([(old.id, n.id) for n in new], SuccessionKind.SPLIT, day)
        follow_ended([old.id], [n.id for n in new], change=change, on=day, by=by, at=at)
        data = {"into": [n.id for n in new], "on": day.isoformat()}
        record("territory.split", old.id, stream_kind=STREAM, at=at, by=by, data=data)
    return [n.id for n in new]


def _like(old: Division, code: str, name: str) -> New:
    return New(code, name, old.level, old.parent, rules.english_name(clean(name)), name, old.kind)


def _shape_parts(new: Sequence[New], given: Sequence[Mapping[str, Any] | None], area: Area | None, on: date) -> None:
    try:
        real = {n.id: from_geojson(g) for n, g in zip(new, given, strict=True) if g is not None}
    except ValueError as error:
        raise Refused("bad_shape", _("边界不是有效的多边形，请重新绘制或检查文件。"), field="geometry") from error
    if real:
        write_shapes(real, on=on, source=ShapeSource.DRAWN, is_provisional=False)
    elif area is not None:
        made = dict(zip([n.id for n in new], divide(area, len(new), 0), strict=True))
        write_shapes(made, on=on, source=ShapeSource.DIVIDED, is_provisional=True)


def merge(
    division_ids: Sequence[UUID], code: str, name: str, *, by: By, at: datetime, on: date | None = None,
    change: UUID | None = None,
) -> UUID:  # fmt: skip
    """Several divisions of one level and one parent give way to one with their joint area; the new one.

    Their buildings go along, under ``change`` (see `follow`).
    """
    with writing(by, at, on) as day:
        old = list(locked(set(division_ids), day).values())
        if len(old) < 2 or len({(d.level, d.parent_id) for d in old}) > 1:
            raise Refused("merge_unlike", _("只能合并同一上级下的两个以上同级区划。"))
        held = [s for d in old if (s := shape(d.id, day))]
        joint = list(areas([s.division_id for s in held], day).values())
        new = _like(old[0], code, name)
        close(old, on=day)
        demand_free_codes([new.code], day)
        write_new([new], on=day, by=by, at=at, told={"merged_from": [d.id for d in old]})
        if held:
            provisional = any(s.is_provisional for s in held)
            source = ShapeSource.DIVIDED if provisional else ShapeSource.DRAWN
            write_shapes({new.id: joined(joint)}, on=day, source=source, is_provisional=provisional)
        _succeed([(d.id, new.id) for d in old], SuccessionKind.MERGE, day)
        follow_ended([d.id for d in old], [new.id], change=change, on=day, by=by, at=at)
        data = {"into": new.id, "on": day.isoformat()}
        record_many([Happening("territory.merged", d.id, STREAM, at, by, dict(data)) for d in old])
    return new.id


def _succeed(pairs: Sequence[tuple[UUID, UUID]], kind: str, on: date) -> None:
    Succession.objects.bulk_create(Succession(predecessor_id=a, successor_id=b, kind=kind, on=on) for a, b in pairs)


def name_level(level: str, name: str, name_en: str, *, by: By, at: datetime) -> None:
    """What this district calls a level; with an empty name the usual one again."""
    with writing(by, at, None):
        if clean(name):
            LevelName.objects.update_or_create(
                level=level, defaults={"name": clean(name)[:20], "name_en": name_en[:40]}
            )
        else:
            LevelName.objects.filter(level=level).delete()
