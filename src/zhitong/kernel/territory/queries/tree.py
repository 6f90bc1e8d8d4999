"""The tree of divisions as it is, or as it was on a day, kept in the process."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from zhitong.base.text import in_language
from zhitong.kernel.events.public import Kept

from ..choices import MARK, RANK, Level
from ..models import LevelName

SEPARATOR = " · "

_BELOW = {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}


@dataclass(frozen=True, slots=True)
class Node:
    """A division as it is, or as it was on the day that was asked for."""

    id: UUID
    code: str
    name: str
    name_en: str
    level: str
    kind: str
    parent_id: UUID | None
    path: tuple[UUID, ...]
    valid_from: date
    valid_to: date | None

    def __str__(self) -> str:
        return in_language(self.name, self.name_en, get_language())

    def is_valid_on(self, on: date) -> bool:
        """Whether the division exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class Tree:
    """Divisions by id, by code and by parent.  Those that are no more are in the present tree, but no children."""

    def __init__(self, nodes: Iterable[Node], on: date) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.by_code: dict[str, Node] = {}
        self.children: dict[UUID | None, list[Node]] = {}
        for node in self.in_order:
            self.by_code[node.code] = node
            if node.is_valid_on(on):
                self.children.setdefault(node.parent_id, []).append(node)

    @cached_property
    def in_order(self) -> list[Node]:
        """All of them by code, those that are no more in the order in which they began."""
        return sorted(self.nodes.values(), key=lambda n: (n.code, n.valid_from))

    @cached_property
    def of_level(self) -> dict[str, list[Node]]:
        """What there is of each level, by code."""
        found: dict[str, list[Node]] = {}
        for node in sorted(self.below(None), key=lambda n: n.code):
            found.setdefault(node.level, []).append(node)
        return found

    def below(self, division_id: UUID | None) -> list[Node]:
        """Everything below, parents before children."""
        found: list[Node] = []
        for child in self.children.get(division_id, ()):
            found += [child, *self.below(child.id)]
        return found


_NOW = """
SELECT id, code, name, name_en, level, kind, parent_id, path, valid_from, valid_to FROM territory_division
"""
_THEN = """
SELECT d.id, coalesce(v.code, d.code), coalesce(v.name, d.name), coalesce(v.name_en, d.name_en), d.level,
  coalesce(v.kind, d.kind), CASE WHEN v.id IS NULL THEN d.parent_id ELSE v.parent_id END, coalesce(v.path, d.path),
  d.valid_from, d.valid_to
FROM territory_division d LEFT JOIN territory_divisionversion v
  ON v.division_id = d.id AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s)
WHERE d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
"""


def _node(*row: Any) -> Node:
    division_id, code, name, name_en, level, kind, parent, path, *days = row
    return Node(division_id, code, name, name_en, level, kind, parent, tuple(path), days[0], days[1])


def read_nodes(sql: str, on: date | None) -> list[Node]:
    """The divisions a statement gives, in the order of columns used here."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on} if on else None)
        return [_node(*row) for row in cursor.fetchall()]


def _build(on: date | None) -> Tree:
    return Tree(read_nodes(_THEN if on else _NOW, on), on or timezone.localdate())


_trees: Kept[Tree] = Kept(MARK, _build)


def tree(on: date | None = None) -> Tree:
    """The tree as it was on a day; without a day as it is now, with the divisions that are no more."""
    return _trees.get(on)


def node(division_id: UUID, on: date | None = None) -> Node | None:
    """One division; None when there is none, or was none on that day."""
    return tree(on).nodes.get(division_id)


def by_code(code: str, on: date | None = None) -> Node | None:
    """The division that has the code, or had it on that day; without a day also the last one that had it."""
    return tree(on).by_code.get(code)


def children(parent_id: UUID | None, on: date | None = None) -> list[Node]:
    """The divisions right below, by code; those without a parent for None."""
    return list(tree(on).children.get(parent_id, ()))


def descendants(division_id: UUID, on: date | None = None, level: str | None = None) -> list[Node]:
    """Everything below a division, without itself; only of one level if asked."""
    return [n for n in tree(on).below(division_id) if level is None or n.level == level]


def within(division_id: UUID, on: date | None = None) -> frozenset[UUID]:
    """The ids of a division and of everything below it."""
    return frozenset({division_id, *(n.id for n in tree(on).below(division_id))})


def of_level(level: str, within: UUID | None = None, on: date | None = None) -> list[Node]:
    """All divisions of a level, by code, inside one division if asked."""
    kept = tree(on)
    if within is None:
        return list(kept.of_level.get(level, ()))
    top = kept.nodes.get(within)
    found = [*kept.below(within), *([top] if top else [])]
    return sorted((n for n in found if n.level == level), key=lambda n: n.code)


def ancestors(division_id: UUID, on: date | None = None) -> list[Node]:
    """What a division lies in, the largest first, without itself.  Empty for an unknown division."""
    nodes = tree(on).nodes
    return [nodes[i] for i in nodes[division_id].path[:-1] if i in nodes] if division_id in nodes else []


def ancestor(division_id: UUID, level: str, on: date | None = None) -> UUID | None:
    """The division of that level that holds the division or is it; None when there is none."""
    nodes = tree(on).nodes
    path = nodes[division_id].path if division_id in nodes else ()
    return next((i for i in path if i in nodes and nodes[i].level == level), None)


def level_below(division_id: UUID | None) -> Level:
    """By what a figure of a division is broken down: of the district, or of none, by streets, then communities, then grids."""
    nodes = tree().nodes
    found = nodes.get(division_id) if division_id else None
    return _BELOW.get(Level(found.level), Level.GRID) if found else Level.STREET


def paths(division_ids: Collection[UUID], on: date | None = None) -> dict[UUID, tuple[list[UUID], UUID | None]]:
    """For each known division its path, from the top down to itself, and the one on it at street level."""
    nodes = tree(on).nodes
    return {
        i: (
            list(nodes[i].path),
            next((p for p in nodes[i].path if p in nodes and nodes[p].level == Level.STREET), None),
        )
        for i in division_ids
        if i in nodes
    }


def labels(division_ids: Collection[UUID | None], on: date | None = None) -> dict[UUID, str]:
    """The names from the street down to each division, in the reader's language."""
    nodes = tree(on).nodes
    return {i: _label(nodes, nodes[i]) for i in set(division_ids) if i in nodes}


def _label(nodes: dict[UUID, Node], node: Node) -> str:
    line = [nodes[i] for i in node.path if i in nodes]
    small = [n for n in line if RANK[n.level] > RANK[Level.DISTRICT]]
    return SEPARATOR.join(str(n) for n in small or line[-1:])


def label(division_id: UUID | None, on: date | None = None) -> str:
    """七里山街道 · 七东社区 · 第3网格; empty for no division."""
    return labels([division_id], on).get(division_id, "") if division_id else ""


def district_name() -> str:
    """The name of the topmost division, in the reader's language; empty before the first import."""
    tops = children(None)
    return str(min(tops, key=lambda n: RANK[n.level])) if tops else ""


def _own_names() -> dict[str, LevelName]:
    return {one.level: one for one in LevelName.objects.all()}


_names: Kept[dict[str, LevelName]] = Kept(MARK, _own_names, most=2)


def level_label(level: str) -> str:
    """What this district calls a level."""
    own = _names.get().get(level)
    return str(own) if own else str(Level(level).label)
