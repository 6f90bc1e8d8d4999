"""What the catalogue promises, in figures: how often one has to come, at once or not, and how much of the legal limit is cut.

Counted over the versions in force on a day, so that any day gone by gives the same figures again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from zhitong.kernel.accounts.public import Actor, Granted, Scope, scope_q
from zhitong.kernel.indicators.public import VIEW
from zhitong.kernel.organisation.public import organs_within

from ..choices import Visits
from ..models import Hall, Item, Version, Window, in_force
from ..permissions import MANAGE, halls_q
from .editing import worded


@dataclass(frozen=True, slots=True)
class Offer:
    """Items in force, of one organ or of several together.  Limits are added up over ``limited``, the items that have a statutory one;
    ``cut`` adds up the share of it that each promise leaves out."""

    organ: UUID | None = None
    items: int = 0
    none: int = 0
    one: int = 0
    agent: int = 0
    instant: int = 0
    limited: int = 0
    statutory: int = 0
    promised: int = 0
    cut: Decimal = Decimal()


_LIMITED = Q(statutory_days__gt=0, promised_days__isnull=False)
_PART = (F("statutory_days") - F("promised_days")) / Cast(F("statutory_days"), FloatField())
_VISITS = {visits.value: Count("pk", filter=Q(visits=visits)) for visits in Visits}
_COUNTED = {
    "items": Count("pk"),
    "instant": Count("pk", filter=Q(is_instant=True)),
    "limited": Count("pk", filter=_LIMITED),
    "statutory": Sum("statutory_days", filter=_LIMITED, default=0),
    "promised": Sum("promised_days", filter=_LIMITED, default=0),
    "cut": Sum(_PART, filter=_LIMITED, default=0.0, output_field=FloatField()),
}
_ADDED = ("items", "none", "one", "agent", "instant", "limited", "statutory", "promised")


def offers(on: date, *, organ: UUID | None = None, by: Actor) -> list[Offer]:
    """One for each organ that offers something on that day, within what ``by`` sees figures of.  One query."""
    rows = Version.objects.filter(in_force(on), _reach(by, "item__"))
    if organ:
        rows = rows.filter(item__organ__in=organs_within(organ))
    visits = {f"v_{name}": count for name, count in _VISITS.items()}
    found: Iterable[Any] = rows.order_by().values("item__organ").annotate(**_COUNTED, **visits)
    return [
        Offer(
            row["item__organ"], row["items"], row["v_none"], row["v_one"], row["v_agent"], row["instant"], row["limited"],
            row["statutory"], row["promised"], Decimal(str(round(row["cut"], 9))),
        )
        for row in found
    ]  # fmt: skip


def together(found: Iterable[Offer]) -> Offer:
    """All of them as one."""
    rows = list(found)
    counts = {name: sum(getattr(row, name) for row in rows) for name in _ADDED}
    return Offer(**counts, cut=sum((row.cut for row in rows), Decimal()))


def seen_in_halls(by: Actor) -> Actor:
    """``by``, who as the manager of a hall sees the figures of every organ that has a window there."""
    if not (by.may(MANAGE) and by.may(VIEW)) or by.may_everywhere(VIEW):
        return by
    halls = Hall.objects.filter(halls_q(by))
    organs = frozenset(Window.objects.filter(hall__in=halls, is_active=True).values_list("organ", flat=True))
    seen = Granted(frozenset({VIEW}), Scope.ORGAN, organ_ids=organs)
    return replace(by, grants=(*by.grants, seen)) if organs else by


def _reach(by: Actor, prefix: str = "") -> Q:
    """Items whose figures one sees.  A division has no catalogue of its own: whoever sees one sees all."""

    def of(ids: Collection[UUID]) -> Q:
        return Q(**{f"{prefix}organ__in": ids})

    return scope_q(
        by.grants_for(VIEW), organ=of, division=lambda _top: Q(pk__isnull=False), own=lambda g: of(g.organ_ids)
    )


@dataclass(frozen=True, slots=True)
class Sought:
    """Items one looks for; anything may be empty."""

    words: str = ""
    organ: UUID | None = None
    visits: str = ""
    is_instant: bool = False

    @property
    def is_of_version(self) -> bool:
        """Whether it asks for something that only a version in force says."""
        return bool(self.visits or self.is_instant)


def items_sought(sought: Sought, on: date, *, also: Collection[UUID] = (), by: Actor) -> list[tuple[UUID, str]]:
    """(item, code) of those in force on that day, and ``also`` of these that are not; as far as they fit.  One query."""
    versions = Version.objects.filter(in_force(on))
    if sought.visits:
        versions = versions.filter(visits=sought.visits)
    if sought.is_instant:
        versions = versions.filter(is_instant=True)
    wanted = Q(pk__in=versions.values("item"))
    if also and not sought.is_of_version:
        wanted |= Q(pk__in=also)
    rows = worded(Item.objects.filter(wanted, _reach(by)), sought.words)
    if sought.organ:
        rows = rows.filter(organ__in=organs_within(sought.organ))
    return list(rows.order_by("code").values_list("pk", "code"))


def items_on(ids: Collection[UUID], on: date) -> dict[UUID, tuple[Item, Version | None]]:
    """Items with the version in force on that day, if one is.  Two queries."""
    now = {row.item_id: row for row in Version.objects.filter(in_force(on), item__in=ids).defer("questions")}
    return {item.pk: (item, now.get(item.pk)) for item in Item.objects.filter(pk__in=ids)}


def item_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """What items are called.  One query."""
    return dict(Item.objects.filter(pk__in=ids).values_list("pk", "name"))
