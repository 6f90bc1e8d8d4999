"""From what a person asks for to the columns of facts and rollups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor, Scope
from zhitong.kernel.organisation.public import categories_within, headings, organs_within
from zhitong.kernel.territory import public as territory
from zhitong.kernel.territory.public import RANK, Level

from ..permissions import VIEW

Values = tuple[UUID | str, ...]
Clause = tuple[tuple[str, Values], ...]
# How a dimension is called, and the column it is read from.
COLUMN = {
    "area": "area", "organ": "organ", "category": "category", "category1": "category", "category2": "category",
    "category3": "category", "subkind": "subkind", "item": "item", "point": "point", "channel": "channel", "kind": "kind", "community": "division",
    "grid": "division", "division": "division", "day": "day", "month": "month",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What figures are narrowed to.  A division, an organ and a category each count with everything below them; ``items`` are any
    of several."""

    division: UUID | None = None
    organ: UUID | None = None
    category: UUID | None = None
    subkind: UUID | None = None
    channel: str = ""
    kind: str = ""
    item: UUID | None = None
    point: UUID | None = None
    items: tuple[UUID, ...] = ()


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Where:
    """All of the clauses must hold; a clause holds when one of its columns has one of its values."""

    clauses: tuple[Clause, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column that is asked for."""
        return frozenset(column for clause in self.clauses for column, _values in clause)

    def q(self) -> Q:
        """The same as a condition on ``Fact``."""
        condition = Q()
        for clause in self.clauses:
            one = Q(pk__in=[]) if not clause else Q()
            for column, values in clause:
                one |= Q(**{f"{column}__in": values})
            condition &= one
        return condition


EVERYWHERE = Where()


def where(filters: Filters, by: Actor, on: date, *, is_fine: bool = False) -> Where:
    """The filters, within what ``by`` may see; NotAllowed without any grant to see figures.

    A division holds what lay in it on the day ``on``, the last one of the figures; what ``by`` may see is a matter of
    today.  ``is_fine``: what is asked is broken down below the street, so that a street too is asked for by its divisions.
    """
    clauses: list[Clause] = []
    if filters.division:
        clauses.append((_division(filters.division, territory.as_stood(on), is_fine=is_fine),))
    if filters.organ:
        clauses.append((("organ", tuple(organs_within(filters.organ))),))
    if filters.category:
        clauses.append((("category", _categories(filters.category)),))
    plain = {
        "subkind": filters.subkind, "channel": filters.channel, "kind": filters.kind, "item": filters.item,
        "point": filters.point,
    }  # fmt: skip
    clauses += [((column, (value,)),) for column, value in plain.items() if value]
    if filters.items:
        clauses.append((("item", filters.items),))
    reach = _reach(by)
    return Where((*clauses, reach) if reach is not None else tuple(clauses))


def _reach(by: Actor) -> Clause | None:
    """None: everywhere."""
    grants = by.grants_for(VIEW)
    if not grants:
        raise NotAllowed("not_allowed", _("您没有查看指标的权限，请联系本单位管理员。"))
    if any(granted.scope == Scope.ALL for granted in grants):
        return None
    organs = [("organ", tuple(g.organ_ids)) for g in grants if g.scope == Scope.ORGAN]
    tops = {g.division_id for g in grants if g.scope == Scope.DIVISION and g.division_id}
    return (*organs, *(_division(top, territory.tree()) for top in sorted(tops)))


def _division(division_id: UUID, stood: territory.Tree, *, is_fine: bool = False) -> tuple[str, Values]:
    """A street and what is above it are asked by street, what is below by the division itself; ended ones count too."""
    found = {node.id: node.level for node in stood.nodes.values() if division_id in node.path}
    if not is_fine and RANK.get(found.get(division_id, ""), RANK[Level.GRID]) <= RANK[Level.STREET]:
        return "area", tuple(pk for pk, level in found.items() if level == Level.STREET)
    return "division", tuple(found) or (division_id,)


def _categories(category_id: UUID) -> Values:
    return tuple(categories_within(category_id))


def mapping(dimension: str, on: date) -> Mapping[UUID, UUID] | None:
    """What each value of the column counts for in ``dimension``, divisions as they stood on a day; None when it counts
    for itself."""
    if dimension in ("community", "grid"):
        return _divisions_up_to(dimension, on)
    if dimension in ("category1", "category2", "category3"):
        level = int(dimension[-1])
        return {one.id: one.path[min(level, len(one.path)) - 1] for one in headings(with_inactive=True)}
    return None


def _divisions_up_to(level: str, on: date) -> dict[UUID, UUID]:
    small = [name for name in Level.values if RANK[name] >= RANK[level]]
    rows = [node for node in territory.as_stood(on).nodes.values() if node.level in small]
    tops = {node.id for node in rows if node.level == level}
    found = ((node.id, next((one for one in node.path if one in tops), None)) for node in rows)
    return {pk: top for pk, top in found if top}


def check(by: Iterable[str]) -> None:
    """Refused for a dimension there is none of."""
    if unknown := [name for name in by if name not in COLUMN]:
        raise Refused("bad_dimension", _("没有名为“%(name)s”的维度。") % {"name": unknown[0]})
