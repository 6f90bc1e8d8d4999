"""What residents find: items in force today, by everyday words and by filters."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from zhitong.base.text import asked, tsquery
from zhitong.kernel.organisation.public import KnownOrgan, known_organ, organs

from ..choices import VersionState
from ..models import Item, Version, in_force
from .versions import COUNTS

PAGE = 20
_OFFERING = f"""
    SELECT o FROM unnest(%s::uuid[]) AS o CROSS JOIN LATERAL (
        SELECT FROM (SELECT id FROM hall_item WHERE organ_id = o OFFSET 0) AS i CROSS JOIN LATERAL (
            SELECT FROM hall_version AS v WHERE v.item_id = i.id AND {COUNTS} LIMIT 1
        ) AS counts LIMIT 1
    ) AS one
"""  # noqa: S608 - names of ours
MOST_TYPED = 60
# What says nothing of the matter.
FILLERS = re.compile(
    "我家|我们|我|想要|想|请问|怎么办|怎么|怎样|如何|能不能|可不可以|可以|有没有|是不是|什么|哪里|哪些|这儿|那儿|手续|办理|[一几]?个(?![人体税])"
)
SAYS = (
    "(SELECT sum(w.says) FROM (VALUES (%(expressions)s)) AS v(words, queries, weights),"
    " unnest(v.queries, v.weights) AS w(query, says) WHERE v.words @@ w.query::tsquery)"
)
# What a line says of an item, on a page and to machines: the questions of a version are long.
TOLD = (
    "is_instant", "promised_days", "visits",
    "item__code", "item__name", "item__everyday", "item__organ", "item__for_persons", "item__for_firms",
)  # fmt: skip
LOOSE = 0.5  # how much less than the best one may say of what was typed to be shown with it


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
    """A page of what is in force on that day and fits, best first.  Two queries, and three more where nothing holds all the words."""
    rows = Version.objects.filter(in_force(on), wanted.condition())
    typed = wanted.words[:MOST_TYPED]
    if not typed:
        return _page(rows.select_related("item").only(*TOLD).order_by("item__code"), number)
    strict = tsquery(typed)
    found = _best(_ranked(rows, strict, typed), number) if strict else Found([], 0, 0)
    if found.total or not (telling := _telling(typed)):
        return found
    ids = _loosely(rows, telling)
    pages = -(-len(ids) // PAGE)
    at = (max(1, min(number, pages)) - 1) * PAGE
    return Found(_whole(ids[at : at + PAGE]), len(ids), pages, is_loose=bool(ids))


def offered(on: date) -> QuerySet[Item]:
    """Every item that is offered on that day."""
    return Item.objects.filter(pk__in=Version.objects.filter(in_force(on)).values("item"))


def versions_of(items: Collection[Item], on: date) -> list[Version]:
    """What counts for each on that day, in their order.  One query."""
    rows = Version.objects.filter(in_force(on), item__in=[item.pk for item in items]).select_related("item").only(*TOLD)
    return sorted(rows, key=lambda version: version.item.code)


def _page(rows: QuerySet[Version], number: int) -> Found:
    total = rows.count()
    pages = -(-total // PAGE)
    at = (max(1, min(number, pages)) - 1) * PAGE
    return Found(list(rows[at : at + PAGE]) if total else [], total, pages)


def _best(ranked: QuerySet[Version], number: int) -> Found:
    """A page of what was found.  All that is found is ranked, so that it is counted on the way, and only by its keys: a page of it is
    then read whole."""
    at = (max(1, number) - 1) * PAGE
    keys = ranked.annotate(total=Window(Count("*"))).values_list("pk", "total")[at : at + PAGE]
    ids = dict(keys)  # in their order
    if not ids and at:  # fewer than that
        last = -(-ranked.count() // PAGE)
        return _best(ranked, last) if last else Found([], 0, 0)
    total = next(iter(ids.values()), 0)
    return Found(_whole(ids), total, -(-total // PAGE))


def _whole(ids: Collection[UUID]) -> list[Version]:
    """They themselves, in their order."""
    whole = Version.objects.select_related("item").only(*TOLD).in_bulk(ids)
    return [whole[pk] for pk in ids]


def _telling(typed: str) -> dict[str, float]:
    """The words of two characters or more that some item holds, each as a query, with how much it says: the longer and the rarer, the
    more.  我想开饭店 is found by 饭店.  One query."""
    words = {
        word for readings in asked(FILLERS.sub("", typed)) for reading in readings for word in reading if len(word) > 1
    }
    queries = {query: len(word) for word in sorted(words) if (query := tsquery(word))}
    statement = "SELECT q, (SELECT count(*) FROM hall_item WHERE words @@ q::tsquery) FROM unnest(%s::text[]) AS q"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(queries)])
        return {query: queries[query] / sqrt(count) for query, count in cursor.fetchall() if count}


def _loosely(rows: QuerySet[Version], telling: dict[str, float]) -> list[UUID]:
    """Those that hold some of the words, by how much these say; what says far less than the best is left out.  One query: all are
    scored anyway, once."""
    score: Any = Func(
        F("item__words"), RawSQL("%s::text[]", [list(telling)]), RawSQL("%s::float8[]", [list(telling.values())]),
        template=SAYS, output_field=FloatField(),
    )  # fmt: skip
    any_of = " | ".join(f"({query})" for query in telling)
    held = RawSQL("SELECT id FROM hall_item WHERE words @@ %s::tsquery", [any_of])
    found = list(
        rows.filter(item__in=held).annotate(score=score).order_by("-score", "item__code").values_list("pk", "score")
    )
    return [pk for pk, says in found if says >= found[0][1] * LOOSE]


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
    """The organs that offer something on that day, by pinyin: of each is looked for one item."""
    known = organs()
    with connection.cursor() as cursor:
        cursor.execute(_OFFERING, [[organ.id for organ in known], on, on])
        ids = {pk for (pk,) in cursor.fetchall()}
    return [organ for organ in known if organ.id in ids]
