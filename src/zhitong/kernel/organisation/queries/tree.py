"""Organs and categories as trees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from zhitong.base.text import in_language

from ..models import Category, Organ, valid_on

T = TypeVar("T", Organ, Category)

_BELOW = """
WITH RECURSIVE below AS (
    SELECT id FROM organisation_organ WHERE id = %s
    UNION
    SELECT organ.id FROM organisation_organ AS organ JOIN below ON organ.parent_id = below.id
)
SELECT id FROM below
"""


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


def organ_tree(on: date) -> list[Node[Organ]]:
    """The organs in being on that day, by pinyin; an organ whose parent is gone stands at the top.  One query."""
    return _tree(Organ.objects.filter(valid_on(on)))


def organs_within(organ_id: UUID) -> frozenset[UUID]:
    """The ids of the organ and of every organ below it, closed ones too: what they left behind is still theirs."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [organ_id])
        return frozenset(row[0] for row in cursor.fetchall())


def organs_covering(division_id: UUID, on: date) -> QuerySet[Organ]:
    """Organs in being on that day whose area is this division or lies inside it."""
    return Organ.objects.filter(valid_on(on), division__path__contains=[division_id])


def category_tree(*, with_inactive: bool = False) -> list[Node[Category]]:
    """The category list in its order, up to three levels deep.  One query."""
    rows = Category.objects.all() if with_inactive else Category.objects.filter(is_active=True)
    return _tree(rows)


def category_labels(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Each category as "城乡建设 / 市政设施 / 路灯照明", in the reader's language.  Two queries for any number."""
    paths = dict(Category.objects.filter(pk__in=set(ids)).values_list("pk", "path"))
    names = category_names({step for path in paths.values() for step in path})
    return {pk: " / ".join(names[step] for step in path) for pk, path in paths.items()}


def category_label(category_id: UUID) -> str:
    """One category with what stands above it; empty when there is no such category."""
    return category_labels([category_id]).get(category_id, "")


def category_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Bare names in the reader's language.  One query."""
    language = get_language()
    rows = Category.objects.filter(pk__in=set(ids)).values_list("pk", "name", "name_en")
    return {pk: in_language(name, name_en, language) for pk, name, name_en in rows}
