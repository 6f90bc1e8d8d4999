"""What is drawn on the map, written: each change with its reason, each can be taken back while nothing has come after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.geometry import Area, to_geojson
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.events.public import record

from .. import rules
from ..choices import DivisionKind, RedrawingKind, ShapeSource, SuccessionKind
from ..models import Division, DivisionShape, DivisionVersion, Redrawing, Succession
from ..permissions import By
from ..queries import drawing
from ..queries.buildings import where_buildings_go
from ..queries.shapes import areas
from ..queries.tree import Node, tree
from .changes import create_division, merge, renumber, split
from .following import follow, take_back
from .shapes import tell_reshaped, write_shapes
from .writing import STREAM, VERSIONED, writing

Rows = dict[str, dict[str, dict[str, Any]]]
Part = tuple[str, str]
"""Code and name of a division that begins."""

_KEPT: tuple[tuple[str, type[Model], str, tuple[str, ...]], ...] = (
    ("division", Division, "id", (*VERSIONED, "official_name", "spelling", "valid_from", "valid_to")),
    ("version", DivisionVersion, "division_id", (*VERSIONED, "valid_from", "valid_to")),
    ("shape", DivisionShape, "division_id", ("valid_from", "valid_to")),
)


def draw_shape(
    division_id: UUID, drawn: Area, *, reason: str, by: By, at: datetime, on: date | None = None, is_fitted: bool = True
) -> Redrawing:
    """Give a division the area that was drawn, and its neighbours what follows from it; see `plan_shape`."""
    with writing(by, at, on) as day:
        draft = drawing.plan_shape(division_id, drawn, day, is_fitted=is_fitted)
        if not draft.reshaped:
            raise Refused("nothing_changed", _("边界没有变化，请先修改。"), field="points")
        return _carried_out(draft, lambda _change: [], reason, by, at)


def draw_new(
    parent_id: UUID, level: str, drawn: Area, part: Part, *, reason: str, by: By, at: datetime, on: date | None = None,
    kind: str = DivisionKind.BASE, is_fitted: bool = True,
) -> Redrawing:  # fmt: skip
    """A new division where it was drawn; see `plan_new`."""
    with writing(by, at, on) as day:
        draft = drawing.plan_new(parent_id, level, drawn, day, is_fitted=is_fitted)

        def begin(_change: UUID) -> list[UUID]:
            made = create_division(*part, level, parent_id, by=by, at=at, on=day, kind=kind)
            write_shapes({made.id: draft.new[0]}, on=day, source=ShapeSource.DRAWN, is_provisional=False)
            return [made.id]

        return _carried_out(draft, begin, reason, by, at)


def draw_split(
    division_id: UUID, line: Any, parts: Sequence[Part], *, reason: str, by: By, at: datetime, on: date | None = None
) -> Redrawing:
    """A division gives way to the pieces a line cuts it into, from west to east; see `plan_split`."""
    with writing(by, at, on) as day:
        draft = drawing.plan_split(division_id, line, day)
        if len(parts) != len(draft.new):
            said = {"n": len(draft.new)}
            raise Refused("parts_differ", _("分割后共%(n)s个，请先预览，再逐个填写编码和名称。") % said, field="parts")
        given = [(code, name, to_geojson(area)) for (code, name), area in zip(parts, draft.new, strict=True)]
        return _carried_out(
            draft, lambda change: split(division_id, given, by=by, at=at, on=day, change=change), reason, by, at
        )


def draw_merge(
    division_ids: Sequence[UUID], part: Part, *, reason: str, by: By, at: datetime, on: date | None = None
) -> Redrawing:
    """Several divisions give way to one; see `plan_merge`."""
    with writing(by, at, on) as day:
        draft = drawing.plan_merge(division_ids, day)
        return _carried_out(
            draft, lambda change: [merge(draft.ended, *part, by=by, at=at, on=day, change=change)], reason, by, at
        )


def draw_renumber(
    division_id: UUID, code: str, *, reason: str, by: By, at: datetime, on: date | None = None
) -> Redrawing:
    """A new code, and with it for everything below whose code begins with the old one."""
    with writing(by, at, on) as day:
        mine = drawing.live(division_id, day)
        _demand_level(mine, code)
        below = [n.id for n in tree().below(division_id) if n.code.startswith(mine.code)]
        with _on_record(RedrawingKind.RENUMBER, [division_id, *below], day, reason, by, at) as kept:
            renumber(division_id, code, by=by, at=at, on=day)
        return kept.row


def try_renumber(
    division_id: UUID, code: str, *, by: By, at: datetime, on: date | None = None
) -> dict[UUID, str]:  # fmt: skip
    """Who would have which code after `draw_renumber`, which would be refused for the same; nothing is kept."""
    with writing(by, at, on) as day:
        _demand_level(drawing.live(division_id, day), code)
        with transaction.atomic():
            renumber(division_id, code, by=by, at=at, on=day)
            below = Division.objects.filter(path__contains=[division_id], valid_to=None).order_by("code")
            codes = dict(below.values_list("id", "code"))
            transaction.set_rollback(True)
    return codes


def _demand_level(mine: Node, code: str) -> None:
    """Raise Refused for a code of another length, where the present one says by its length of which level the division is."""
    if rules.is_code(mine.code) and rules.level_of(mine.code) == mine.level:
        new = clean(code)
        if not rules.is_code(new) or rules.level_of(new) != mine.level:
            said = {"n": len(mine.code)}
            raise Refused("bad_code", _("这一层级的编码应为%(n)s位数字，请更正。") % said, field="code")


def _carried_out(
    draft: drawing.Draft, begin: Callable[[UUID], list[UUID]], reason: str, by: By, at: datetime
) -> Redrawing:
    touched = [*draft.ended, *draft.reshaped]
    drawing.demand_nothing_later(touched, draft.on)
    with _on_record(draft.kind, touched, draft.on, reason, by, at) as kept:
        begun = begin(kept.id)
        kept.divisions += begun
        write_shapes(draft.reshaped, on=draft.on, source=ShapeSource.DRAWN, is_provisional=False)
        tell_reshaped(draft.reshaped, draft.on, ShapeSource.DRAWN, by, at)
        follow(draft.following, begun, change=kept.id, on=draft.on, by=by, at=at)
    return kept.row


class _Kept:
    """Which divisions a change is about, and in the end its row, which will have this ``id``."""

    def __init__(self, divisions: Sequence[UUID]) -> None:
        self.id = uuid7()
        self.divisions = list(divisions)
        self.row: Redrawing


@contextmanager
def _on_record(
    kind: RedrawingKind, divisions: Sequence[UUID], on: date, reason: str, by: By, at: datetime
) -> Iterator[_Kept]:
    """Keep what was so before and what is so after, and tell of it on the first division."""
    told = clean(reason)[:200]
    if not told:
        raise Refused("no_reason", _("请填写变更原因。"), field="reason")
    kept, before = _Kept(divisions), _rows(divisions)
    yield kept
    kept.row = Redrawing.objects.create(
        id=kept.id, kind=kind, on=on, reason=told, at=at, by_label=by.label[:200], divisions=kept.divisions, before=before,
        after=_rows(kept.divisions),
    )  # fmt: skip
    data = {"reason": told, "how": kind.value, "on": on.isoformat(), "count": len(kept.divisions)}
    record("territory.redrawn", kept.divisions[0], stream_kind=STREAM, at=at, by=by, data=data)


def _rows(divisions: Sequence[UUID]) -> Rows:
    """The rows of the divisions, their versions and shapes, as JSON holds them, without what was never in force."""
    found: Rows = {}
    for name, model, key, fields in _KEPT:
        rows: QuerySet[Any, Any] = model._default_manager.filter(**{f"{key}__in": divisions})
        rows = rows.exclude(valid_to=F("valid_from"))
        found[name] = {str(row["id"]): {f: _plain(row[f]) for f in fields} for row in rows.values("id", *fields)}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def undo_redrawing(redrawing_id: UUID, *, by: By, at: datetime) -> Redrawing:
    """Take a change back: what it began was never in force, what it ended goes on.

    Conflict when it was taken back already, or when one of its divisions was changed after it.
    """
    with writing(by, at, None):
        row = Redrawing.objects.select_for_update().filter(id=redrawing_id).first()
        if row is None:
            raise NotFound("unknown_redrawing", _("没有这次边界调整，请刷新页面。"))
        if row.undone_at is not None:
            raise Conflict("undone_already", _("这次边界调整已经撤销。"))
        begun = {UUID(i) for i in row.after["division"] if i not in row.before["division"]}
        if _rows(row.divisions) != row.after or Division.objects.filter(parent__in=begun).exists():
            raise Conflict("changed_since", _("所涉区划此后又有变更，请先撤销后来的变更。"))
        was = areas(row.divisions, row.on)
        _void(row)
        _restore(row.before)
        _turn_back(row, begun)
        _bring_back(row, begun, was, by, at)
        row.undone_at, row.undone_label = at, by.label[:200]
        row.save(update_fields=["undone_at", "undone_label"])
        data = {"reason": row.reason, "how": row.kind, "on": row.on.isoformat(), "begun": sorted(map(str, begun))}
        record("territory.undone", row.divisions[0], stream_kind=STREAM, at=at, by=by, data=data)
    return row


def _bring_back(row: Redrawing, begun: set[UUID], was: Mapping[UUID, Area], by: By, at: datetime) -> None:
    """Buildings go back, also those that were registered meanwhile in what was never there."""
    take_back(row.id, by=by, at=at)
    there = [UUID(i) for i in row.before["division"]]
    after = areas(there, row.on)
    above = None if there else next(iter(Division.objects.filter(id__in=begun).values_list("parent", flat=True)), None)
    left = where_buildings_go(
        after.items(), ended=begun, before={i: area for i, area in was.items() if i in after},
        fallback=there[0] if there else above,
    )  # fmt: skip
    follow(left, (), change=None, on=row.on, by=by, at=at)


def _void(row: Redrawing) -> None:
    """What the change wrote ends on the day it began."""
    for name, model, _key, _fields in reversed(_KEPT):
        new = set(row.after[name]) - set(row.before[name])
        model._default_manager.filter(pk__in=new).update(valid_to=F("valid_from"))


def _restore(before: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """What was there has its values again."""
    for name, model, _key, fields in _KEPT:
        rows = [_filled(one, before[name][str(one.pk)]) for one in model._default_manager.filter(pk__in=before[name])]
        model._default_manager.bulk_update(rows, fields, batch_size=500)


def _filled(one: Any, values: Mapping[str, Any]) -> Any:
    for name, value in values.items():
        setattr(one, name, type(one)._meta.get_field(name).to_python(value))
    return one


def _turn_back(row: Redrawing, begun: set[UUID]) -> None:
    """Whatever was put into what began belongs again to what was there before."""
    turned = {SuccessionKind.SPLIT.value: SuccessionKind.MERGE, SuccessionKind.MERGE.value: SuccessionKind.SPLIT}
    pairs = Succession.objects.filter(successor__in=begun, predecessor__in=list(row.before["division"]))
    back = [
        Succession(predecessor_id=one.successor_id, successor_id=one.predecessor_id, kind=turned[one.kind], on=one.on)
        for one in pairs
    ]
    pairs.delete()
    Succession.objects.bulk_create(back)
