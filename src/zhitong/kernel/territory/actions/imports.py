"""Importing the division list, and the grids below it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.geometry import Area
from zhitong.base.text import clean
from zhitong.kernel.events.public import Happening, record_many

from .. import rules
from ..choices import DivisionKind, Level
from ..models import Division
from ..permissions import By
from ..queries.shapes import shapes
from ..queries.tree import Node, tree
from .shapes import import_shapes, make_provisional_shapes
from .writing import STREAM, New, amend, demand_free_codes, locked, write_new, writing

DEDICATED = (
    ("农贸市场专属网格", "Market Grid"),
    ("公园广场专属网格", "Park Grid"),
    ("学校周边专属网格", "School Grid"),
    ("车站枢纽专属网格", "Station Grid"),
    ("商业楼宇专属网格", "Business Grid"),
    ("医院周边专属网格", "Hospital Grid"),
)
_MOST_GRIDS = 999
ONE_IN = 12


@dataclass(slots=True)
class ListImported:
    """What an import of a list did.

    ``missing`` are codes that exist and are not in the list: they are left as they are.  ``errors`` are (position from
    1, code, what to do).
    """

    created: int = 0
    renamed: int = 0
    kept: int = 0
    missing: list[str] = field(default_factory=list)
    errors: list[tuple[int, str, object]] = field(default_factory=list)


def import_list(lines: Iterable[rules.Listed], *, by: By, at: datetime, on: date | None = None) -> ListImported:
    """Bring divisions up to date with a list of codes and names: new ones are created, renamed ones renamed.

    Safe to run again.  Rows whose code is not a unified code, or whose parent is nowhere, are reported and left out.
    """
    done = ListImported()
    with writing(by, at, on) as day:
        listed = _checked(lines, done)
        live = {n.code: n for n in tree().nodes.values() if n.valid_to is None}
        new = _new_ones(listed, live, done)
        demand_free_codes([n.code for n in new], day)
        write_new(new, on=day, by=by, at=at)
        _rename_known(listed, live, day, by, at, done)
        tops = {line.code[:6] for line in listed}
        codes = {line.code for line in listed}
        levels = {rules.level_of(code) for code in codes}
        done.missing = sorted(c for c, n in live.items() if c[:6] in tops and c not in codes and n.level in levels)
    done.created = len(new)
    return done


def _checked(lines: Iterable[rules.Listed], done: ListImported) -> list[rules.Listed]:
    good = []
    for position, line in enumerate(lines, start=1):
        line = rules.Listed(clean(line.code), clean(line.name))
        if not rules.is_code(line.code):
            done.errors.append((position, line.code, _("编码应为6位、9位、12位、15位或18位数字，请更正。")))
        elif not line.name or len(line.name) > 80:
            done.errors.append((position, line.code, _("请填写名称，不超过80个字。")))
        else:
            good.append(line)
    return rules.in_order(good)


def _new_ones(listed: Sequence[rules.Listed], live: Mapping[str, Node], done: ListImported) -> list[New]:
    known = Division.objects.in_bulk([n.id for n in live.values()])
    parents: dict[str, Division | New] = {code: known[n.id] for code, n in live.items()}
    new = []
    for line in listed:
        above = rules.parent_code(line.code)
        if line.code in parents:
            continue
        if above is not None and above not in parents:
            done.errors.append((0, line.code, _("没有编码为“%(code)s”的上级区划。") % {"code": above}))
            continue
        level = rules.level_of(line.code)
        name = rules.display_name(line.name, level)
        division = New(
            line.code, name, level, parents.get(above or ""), rules.english_name(name), official_name=line.name
        )
        parents[line.code] = division
        new.append(division)
    return new


def _rename_known(
    listed: Sequence[rules.Listed], live: Mapping[str, Node], on: date, by: By, at: datetime, done: ListImported
) -> None:
    changes = {}
    happenings = []
    for line in listed:
        node = live.get(line.code)
        if node is None:
            continue
        name = rules.display_name(line.name, node.level)
        if name == node.name:
            done.kept += 1
            continue
        changes[node.id] = {"name": name, "name_en": rules.english_name(name), "official_name": line.name}
        data = {"name": name, "was": node.name, "on": on.isoformat()}
        happenings.append(Happening("territory.renamed", node.id, STREAM, at, by, data))
    amend(locked(changes, on), changes, on=on)
    record_many(happenings)
    done.renamed = len(changes)


def make_grids(
    within: UUID, total: int, *, by: By, at: datetime, on: date | None = None, seed: int = 0, by_area: bool = False
) -> int:
    """Create grids, without shapes, under a division's communities until there are ``total``; how many were created.

    They are shared out evenly, or by the communities' areas; one in twelve is a dedicated one (a market, a park, a
    school, a station).  Refused when communities are missing or the number does not fit.
    """
    with writing(by, at, on) as day:
        locked([within], day)
        communities = sorted((n for n in tree().below(within) if n.level == Level.COMMUNITY), key=lambda n: n.code)
        if not communities:
            raise Refused("no_communities", _("请先导入社区（村），再划分网格。"))
        new = _grids(communities, total, _weights(communities, by_area), random.Random(seed))
        demand_free_codes([n.code for n in new], day)
        write_new(new, on=day, by=by, at=at)
    return len(new)


def _weights(communities: Sequence[Node], by_area: bool) -> list[float]:
    if not by_area:
        return [1.0] * len(communities)
    sizes = dict(shapes([c.id for c in communities]).values_list("division_id", "area_m2"))
    return [sizes.get(c.id, 0.0) or 1.0 for c in communities]


def _grids(communities: Sequence[Node], total: int, weights: Sequence[float], chance: random.Random) -> list[New]:
    try:
        counts = rules.shares(total, weights)
    except ValueError as error:
        raise Refused("bad_total", _("网格总数不能少于社区数，请更正。"), field="total") from error
    if max(counts) > _MOST_GRIDS:
        raise Refused("bad_total", _("每个社区最多划分999个网格，请减少总数。"), field="total")
    parents = Division.objects.in_bulk([c.id for c in communities])
    existing = tree().children
    new = []
    for community, count in zip(communities, counts, strict=True):
        have = len(existing.get(community.id, ()))
        new += [_grid(parents[community.id], n, chance) for n in range(have + 1, count + 1)]
    return new


def _grid(community: Division, number: int, chance: random.Random) -> New:
    kind, name, name_en = DivisionKind.BASE, f"第{number}网格", f"Grid {number}"
    if number > 1 and chance.randrange(ONE_IN) == 0:
        kind, (name, name_en) = DivisionKind.DEDICATED, chance.choice(DEDICATED)
    return New(f"{community.code}{number:03d}", name, Level.GRID, community, name_en, kind=kind)


@dataclass(slots=True)
class DistrictImported:
    """What `import_district` made."""

    district: UUID
    listed: ListImported
    grids: int
    shapes: int


def import_district(
    code: str,
    lines: Iterable[rules.Listed],
    shape: Area | None,
    *,
    by: By,
    at: datetime,
    on: date | None = None,
    grids: int = 0,
    seed: int = 0,
) -> DistrictImported:
    """A whole district in one transaction: the list, its shape, ``grids`` grids, provisional shapes for all below."""
    with transaction.atomic():
        listed = import_list(lines, by=by, at=at, on=on)
        top = tree().by_code.get(code)
        if top is None:
            raise Refused("unknown_division", _("名录中没有编码为“%(code)s”的区划。") % {"code": code})
        made = make_grids(top.id, grids, by=by, at=at, on=on, seed=seed) if grids else 0
        shaped = 0
        if shape is not None:
            shaped = import_shapes([(code, shape)], by=by, at=at, on=on).written
            shaped += make_provisional_shapes(top.id, by=by, at=at, on=on, seed=seed)
        data = {"created": listed.created, "renamed": listed.renamed, "grids": made, "shapes": shaped}
        record_many([Happening("territory.imported", top.id, STREAM, at, by, data)])
    return DistrictImported(top.id, listed, made, shaped)
