"""What editors of the catalogue see: their items, and where each stands."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from zhitong.base.errors import NotFound
from zhitong.base.text import tsquery
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import KnownOrgan, organs

from ..choices import VersionState
from ..models import BaseItem, Item, Version, in_force
from ..permissions import CATALOGUE, editable

PAGE = 30
STATES = ("draft", "in_force", "never", "ended", "unchecked")


def editable_items(by: Actor) -> QuerySet[Item]:
    """The items ``by`` may edit."""
    by.demand(CATALOGUE)
    return Item.objects.filter(editable(by))


def editable_item(item_id: UUID, by: Actor, missing: object) -> Item:
    """One of them; ``NotFound`` with ``missing`` where it is another's or none."""
    item = editable_items(by).filter(pk=item_id).select_related("base").first()
    if item is None:
        raise NotFound("no_item", missing)
    return item


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list."""

    rows: list[Item]
    total: int
    pages: int


def listed(
    by: Actor, on: date, *, words: str = "", state: str = "", organ: UUID | None = None, number: int = 1
) -> Listed:
    """Items by code, each with ``has_draft``, ``current`` (number of the version in force) and ``latest_end``."""
    versions = Version.objects.filter(item=OuterRef("pk"))
    rows = editable_items(by).annotate(
        has_draft=Exists(versions.filter(state=VersionState.DRAFT)),
        is_in_force=Exists(versions.filter(in_force(on))),
        is_checked=Exists(
            versions.filter(in_force(on), basis=OuterRef("basis_checked"), item__basis_checked_on__isnull=False)
        ),
        was_published=Exists(versions.exclude(state=VersionState.DRAFT)),
    )
    conditions = {
        "draft": Q(has_draft=True), "in_force": Q(is_in_force=True), "never": Q(was_published=False),
        "ended": Q(was_published=True, is_in_force=False), "unchecked": Q(is_in_force=True, is_checked=False),
    }  # fmt: skip
    rows = rows.filter(conditions.get(state, Q()))
    if organ:
        rows = rows.filter(organ=organ)
    rows = worded(rows, words)
    total = rows.count()
    pages = -(-total // PAGE)
    at = (max(1, min(number, pages)) - 1) * PAGE
    return Listed(list(rows.order_by(F("code"))[at : at + PAGE]) if total else [], total, pages)


def worded(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those whose code begins so, or that are called so."""
    if not words:
        return rows
    found = Q(code__startswith=words)
    if query := tsquery(words):
        found |= Q(pk__in=RawSQL("SELECT id FROM hall_item WHERE words @@ %s::tsquery", [query]))
    return rows.filter(found)


@dataclass(frozen=True, slots=True)
class ListedBases:
    """A page of the base list, each with ``item_count``."""

    rows: list[BaseItem]
    total: int
    pages: int


def listed_bases(by: Actor, *, words: str = "", number: int = 1) -> ListedBases:
    """Base items by code."""
    by.demand(CATALOGUE)
    rows = (
        BaseItem.objects.filter(Q(code__startswith=words) | Q(name__contains=words))
        if words
        else BaseItem.objects.all()
    )
    total = rows.count()
    pages = -(-total // PAGE)
    at = (max(1, min(number, pages)) - 1) * PAGE
    return ListedBases(list(rows.annotate(item_count=Count("items"))[at : at + PAGE]) if total else [], total, pages)


def organs_edited(by: Actor) -> list[KnownOrgan]:
    """The organs whose items ``by`` may edit, as far as they have some."""
    ids = set(editable_items(by).order_by().values_list("organ", flat=True).distinct())
    return [organ for organ in organs() if organ.id in ids]
