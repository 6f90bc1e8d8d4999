"""What residents find: items in force today, by everyday words and by filters."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from zhitong.base.text import asked, tsquery
from zhitong.kernel.organisation.public import KnownOrgan, known_organ, organs

from ..choices import VersionState
from ..models import Item, Version, in_force

PAGE = 20
MOST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; anything may be empty.  ``audience``: persons or firms."""

    words: str = ""
    audience: str = ""
    topic: str = ""
    organ: UUID | None = None
    visits: str = ""
    is_instant: bool = False

    def condition(self) -> Q:
        """The versions that fit, words left out."""
        found = Q()
        if self.audience:
            found &= Q(**{f"item__for_{self.audience}": True})
        if self.topic:
            found &= Q(item__topic=self.topic)
        if self.organ:
            found &= Q(item__organ=self.organ)
        if self.visits:
            found &= Q(visits=self.visits)
        return found & Q(is_instant=True) if self.is_instant else found


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the guide.  ``is_loose``: nothing holds all the words, these hold some."""

    rows: list[Version]
    total: int
    pages: int
    is_loose: bool = False


def guide(wanted: Wanted, on: date, number: int = 1) -> Found:
    """A page of what is in force on that day and fits, best first.  Three queries at most."""
    rows = Version.objects.filter(in_force(on), wanted.condition()).select_related("item")
    typed = wanted.words[:MOST_TYPED]
    if not typed:
        return _page(rows.order_by("item__code"), number)
    strict = tsquery(typed)
    found = _page(_ranked(rows, strict, typed), number) if strict else Found([], 0, 0)
    if found.total or not (loose := _any_of(typed)):
        return found
    found = _page(_ranked(rows, loose, typed), number)
    return Found(found.rows, found.total, found.pages, is_loose=bool(found.total))


def _page(rows: QuerySet[Version], number: int) -> Found:
    total = rows.count()
    pages = -(-total // PAGE)
    at = (max(1, min(number, pages)) - 1) * PAGE
    return Found(list(rows[at : at + PAGE]) if total else [], total, pages)


def _any_of(typed: str) -> str:
    """A query for any word of two characters or more: 我想开饭店 is found by 饭店."""
    words = {word for readings in asked(typed) for reading in readings for word in reading if len(word) > 1}
    return " | ".join(f"({query})" for word in sorted(words) if (query := tsquery(word)))


def _ranked(rows: QuerySet[Version], query: str, typed: str) -> QuerySet[Version]:
    """Those the query finds: called just so first, then named so, then by how much of it is there."""
    called = Concat(Value(" "), F("item__everyday"), Value(" "))
    rank: Any = Func(F("item__words"), RawSQL("%s::tsquery", [query]), function="ts_rank", output_field=FloatField())
    return (
        rows.filter(item__in=RawSQL("SELECT id FROM hall_item WHERE words @@ %s::tsquery", [query]))
        .alias(called=called, rank=rank)
        .alias(
            nearness=Case(
                When(called__contains=f" {typed} ", then=0),
                When(item__name__contains=typed, then=1),
                default=2,
                output_field=IntegerField(),
            )
        )
        .order_by("nearness", "-rank", "item__code")
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as residents see it; ``next`` is published and begins later."""

    item: Item
    version: Version
    organ: KnownOrgan | None
    next: Version | None


def shown(item_id: UUID, on: date) -> Shown | None:
    """What counts for the item on that day, or None where it is not offered."""
    versions = Version.objects.filter(item=item_id, state__in=(VersionState.PUBLISHED, VersionState.WITHDRAWN))
    rows = list(versions.select_related("item__base", "item__division").prefetch_related("materials"))
    now = next((row for row in rows if row.is_in_force_on(on)), None)
    if now is None:
        return None
    later = [r for r in rows if r.state == VersionState.PUBLISHED and r.effective_on and r.effective_on > on]
    following = min(later, key=lambda row: row.number, default=None)
    return Shown(now.item, now, known_organ(now.item.organ_id), following)


def offering(on: date) -> list[KnownOrgan]:
    """The organs that offer something on that day, by pinyin."""
    ids = set(Version.objects.filter(in_force(on)).values_list("item__organ", flat=True).distinct())
    return [organ for organ in organs() if organ.id in ids]
