"""Appeals that are much the same: as what somebody is typing, and as one that the dispatcher has before him."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from zhitong.base.geometry import distance_m
from zhitong.base.text import words
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Matter, visible_matters
from zhitong.kernel.territory import public as territory

from .. import rules
from .public import KIND, Shown, public_appeals, shown

NEAR_M = 600
DEGREES = 0.007  # a little more than NEAR_M anywhere in the country
WITHIN = timedelta(days=90)
LOOKED_AT, TOLD = 200, 3
LEAST_TYPED = 6


def similar(text: str, at: datetime, *, lon: float | None, lat: float | None, division: UUID | None) -> list[Shown]:
    """At most three open public appeals of the last 90 days with much the same words, near the point or in the street.

    Looks at the 200 newest of the place, so that it costs the same in a city of any size.
    """
    if len(text) < LEAST_TYPED:
        return []
    rows = _near(_open(at), lon, lat, division).select_related("reporter", "appeal").order_by("-id")[:LOOKED_AT]
    typed = set(words(text[:500]))
    ranked = sorted(((_score(typed, row, lon, lat), row) for row in rows), key=lambda pair: -pair[0])
    return shown(row for score, row in ranked[:TOLD] if score >= rules.ALIKE)


def _open(at: datetime) -> QuerySet[Matter]:
    ends = [s.slug for s in KINDS[KIND].stages if s.is_end]
    return public_appeals().filter(opened_at__gte=at - WITHIN).exclude(stage__in=ends)


def _near(rows: QuerySet[Matter], lon: float | None, lat: float | None, division: UUID | None) -> QuerySet[Matter]:
    if lon is not None and lat is not None:
        box = Q(lon__range=(lon - DEGREES, lon + DEGREES), lat__range=(lat - DEGREES, lat + DEGREES))
        street = territory.ancestor(found, "street") if (found := territory.locate(lon, lat)) else None
        return rows.filter(box | Q(lon=None, area=street)) if street else rows.filter(box)
    if division:
        return rows.filter(path__contains=[division])
    return rows


def _score(typed: set[str], row: Matter, lon: float | None, lat: float | None) -> float:
    """Likeness of the words, less when it is farther away; nothing beyond 600 m."""
    like = rules.likeness(typed, set(words(f"{row.title} {row.text[:500]}")))
    if like < rules.ALIKE or lon is None or lat is None or row.lon is None or row.lat is None:
        return like
    metres = distance_m(lon, lat, row.lon, row.lat)
    return like + (1 - metres / NEAR_M) / 10 if metres <= NEAR_M else 0.0


@dataclass(frozen=True, slots=True)
class Alike:
    """Another open appeal, how much of the words it shares (0 to 1), which, and how far away it is."""

    matter: Matter
    score: float
    words: tuple[str, ...]
    metres: int | None
    stage: str


STAFF_ALIKE, STAFF_TOLD, WORDS_TOLD = 0.3, 5, 6


def alike(matter: Matter, by: Actor, at: datetime) -> list[Alike]:
    """At most five open appeals of the last 90 days that ``by`` may see, near it or in its street, with the same words."""
    ends = [s.slug for s in KINDS[KIND].stages if s.is_end]
    rows = (
        visible_matters(by).filter(kind=KIND, opened_at__gte=at - WITHIN).exclude(stage__in=ends).exclude(pk=matter.pk)
    )
    near = _near(rows, matter.lon, matter.lat, matter.area_id).defer("tracking", "path").order_by("-id")[:LOOKED_AT]
    mine = set(words(f"{matter.title} {matter.text[:500]}"))
    found = [one for row in near if (one := _alike(mine, matter, row)) and one.score >= STAFF_ALIKE]
    return sorted(found, key=lambda one: (-one.score, one.metres or 0))[:STAFF_TOLD]


def _alike(mine: set[str], matter: Matter, row: Matter) -> Alike:
    theirs = set(words(f"{row.title} {row.text[:500]}"))
    common = sorted((w for w in mine & theirs if len(w) > 1), key=lambda word: (-len(word), word))
    metres = None
    if None not in (matter.lon, matter.lat, row.lon, row.lat):
        metres = round(distance_m(matter.lon, matter.lat, row.lon, row.lat))  # type: ignore[arg-type]
    stage = str(KINDS[KIND].by_slug[row.stage].label)
    return Alike(row, rules.likeness(mine, theirs), tuple(common[:WORDS_TOLD]), metres, stage)
