"""Who has said the same: by text, place and time, at the same cost in a city of any size."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from zhitong.base.geometry import distance_m
from zhitong.base.likeness import (
    ALIKE,
    LEAST_SHARED,
    MOST_TEXT,
    Message,
    Sketch,
    Sought,
    Vocabulary,
    likeness,
    sketch,
    sought,
)
from zhitong.kernel.matters.public import Matter, holding_any

from ..models import Belonging
from ..rules.nearness import by_place, by_time
from .wording import wording_of

WITHIN = timedelta(days=90)
CANDIDATES, WORDS_TOLD = 200, 6
STEPS = (0, 4, 12)  # of the likeliest so many are measured at first, then on to so many
RANKED_BY = ("pk", "title", Left("text", MOST_TEXT), "lon", "lat", "area", "opened_at")
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Same:
    """A matter that probably tells of the same: how alike, place and time included; by words and names alone; the names and the
    words that both hold; metres between them where both have a spot."""

    matter: Matter
    score: float
    text: float
    names: tuple[str, ...]
    words: tuple[str, ...]
    metres: int | None


def message_of(row: Matter) -> Message:
    """What a matter is compared by."""
    spot = (row.lon, row.lat) if row.lon is not None and row.lat is not None else None
    area = str(row.area_id or "")
    return Message(str(row.pk), row.title, row.text, row.opened_at, str(row.reporter_id or ""), spot=spot, area=area)


def likely_same(
    asked: Message, rows: QuerySet[Matter], at: datetime, most: int, *, area: UUID | None = None
) -> list[Same]:
    """Of ``rows`` opened in the last 90 days those that probably tell of what ``asked`` tells, the likeliest first.

    Looks at the newest 200 that hold one of the words it is looked for by, by the index of the words, ranks them by how many of its
    words they hold, how near and how old they are, and measures the likeliest four, of many never those that share next to nothing;
    where one of these tells of it, eight more.  ``area`` is the street it lies in, which counts where one has no spot.  Two or three
    queries, besides those of `wording_of`.
    """
    words = wording_of()
    wanted = sought(asked, words)
    ids = holding_any(wanted.words, at - WITHIN, CANDIDATES)
    if not ids:
        return []
    # another street weighs less here than in a gathering: a person decides
    mine = sketch(replace(asked, area=""), words)
    others = [pk for pk in ids if pk not in _itself(asked)]
    pool = rows.filter(pk__in=others)
    likeliest = _likeliest(pool, wanted, asked.spot, at, area) if len(others) > STEPS[1] else others
    found: list[Same] = []
    near = {row.pk: row for row in rows.filter(pk__in=likeliest)}
    for chosen in (likeliest[start:end] for start, end in pairwise(STEPS)):
        measured = (_same(mine, wanted, near[pk], words, at, area) for pk in chosen if pk in near)
        more = [one for one in measured if one.score >= ALIKE]
        found += more
        if not more or len(found) >= most:
            break
    return sorted(found, key=lambda one: (-one.score, one.matter.pk))[:most]


def _likeliest(
    rows: QuerySet[Matter], wanted: Sought, spot: Spot | None, at: datetime, area: UUID | None
) -> list[UUID]:
    """The twelve of ``rows`` that hold most of the words by what they are worth, the nearer and newer the more; of each no more is
    read than it takes.  One query."""
    ranked = []
    for pk, title, text, lon, lat, street, opened in rows.order_by().values_list(*RANKED_BY):
        share = wanted.share(f"{title}\n{text}")
        if share < LEAST_SHARED:
            continue
        where = (lon, lat) if lon is not None and lat is not None else None
        ranked.append((-share * _nearness(spot, where, area, street) * _newness(opened, at), pk))
    return [pk for _rank, pk in sorted(ranked)[: STEPS[-1]]]


def _nearness(spot: Spot | None, other: Spot | None, area: UUID | None, street: UUID | None) -> float:
    metres = distance_m(*spot, *other) if spot and other else None
    return by_place(metres, is_elsewhere=area is not None and street is not None and street != area)


def _newness(opened: datetime, at: datetime) -> float:
    return by_time((at - opened) / timedelta(days=1))


def _itself(asked: Message) -> set[UUID]:
    return {UUID(asked.key)} if asked.key else set()


def _same(mine: Sketch, wanted: Sought, row: Matter, words: Vocabulary, at: datetime, area: UUID | None) -> Same:
    theirs = message_of(row)
    pair = likeness(mine, sketch(theirs, words), words)
    metres = round(distance_m(*mine.spot, *theirs.spot)) if mine.spot and theirs.spot else None
    score = pair.score * _nearness(mine.spot, theirs.spot, area, row.area_id) * _newness(row.opened_at, at)
    held = tuple(word for word in wanted.worth if word in f"{row.title}\n{row.text}")
    return Same(row, score, pair.score, pair.shared, held[:WORDS_TOLD], metres)


def how_many(matters: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters there are of what each of these tells, itself included; whether or not anybody may see them.  One query."""
    rows = Belonging.objects.filter(matter__in=list(matters), thing__isnull=False)
    return dict(rows.annotate(n=Count("thing__belongings")).values_list("matter", "n"))
