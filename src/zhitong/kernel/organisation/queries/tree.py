"""Organs and categories as trees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from ..models import Organ, valid_on
from .kept import Heading, KnownOrgan, headings, organs_on

T = TypeVar("T", KnownOrgan, Heading)


@dataclass(slots=True)
class Node(Generic[T]):
    """A row and what hangs below it."""

    item: T
    children: "list[Node[T]]" = field(default_factory=list)


def _tree(rows: Iterable[T]) -> list[Node[T]]:
    nodes = {row.id: Node(row) for row in rows}
    tops: list[Node[T]] = []
    for node in nodes.values():
        above = nodes.get(node.item.parent_id) if node.item.parent_id else None
        (above.children if above else tops).append(node)
    return tops


def organ_tree(on: date) -> list[Node[KnownOrgan]]:
    """The organs in being on that day, by pinyin; an organ whose parent is gone stands at the top."""
    return _tree(organs_on(on))


def organs_covering(division_id: UUID, on: date) -> QuerySet[Organ]:
    """Organs in being on that day whose area is this division or lies inside it."""
    return Organ.objects.filter(valid_on(on), division__path__contains=[division_id])


def category_tree(*, with_inactive: bool = False) -> list[Node[Heading]]:
    """The category list in its order, up to three levels deep."""
    return _tree(headings(with_inactive=with_inactive))
