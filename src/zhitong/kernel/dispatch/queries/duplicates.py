"""Who has said the same: by text, place and time, at the same cost in a city of any size."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from zhitong.base.geometry import distance_m
from zhitong.base.likeness import ALIKE, Message, Sketch, Vocabulary, likeness, sketch, telling
from zhitong.kernel.matters.public import Matter, holding_any

from ..models import Belonging
from ..rules.nearness import by_place, by_time
from .wording import wording_of

WITHIN = timedelta(days=90)
CANDIDATES, MEASURED, WORDS_TOLD = 200, 20, 6
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

    Looks at the newest 200 that hold one of its rarest words, by the index of the words, and measures the 20 of them that
    hold most of these.  ``area`` is the street it lies in, which counts where one has no spot.  Two queries, besides those of
    `wording_of`.
    """
    words = wording_of()
    wanted = telling(asked, words)
    ids = holding_any(wanted, at - WITHIN, CANDIDATES)
    if not ids:
        return []
    mine = sketch(
        replace(asked, area=""), words
    )  # another street weighs less here than in a gathering: a person decides
    near = sorted(rows.filter(pk__in=set(ids) - _itself(asked)), key=lambda row: -_held(row, wanted, words))[:MEASURED]
    found = [_same(mine, wanted, row, words, at, area) for row in near]
    return sorted((one for one in found if one.score >= ALIKE), key=lambda one: -one.score)[:most]


def _itself(asked: Message) -> set[UUID]:
    return {UUID(asked.key)} if asked.key else set()


def _held(row: Matter, wanted: Iterable[str], words: Vocabulary) -> float:
    """How many of the words it holds, by their rarity."""
    text = f"{row.title}\n{row.text}"
    return sum(words.rarity(word[:2]) for word in wanted if word in text)


def _same(mine: Sketch, wanted: Iterable[str], row: Matter, words: Vocabulary, at: datetime, area: UUID | None) -> Same:
    theirs = message_of(row)
    pair = likeness(mine, sketch(theirs, words), words)
    metres = round(distance_m(*mine.spot, *theirs.spot)) if mine.spot and theirs.spot else None
    is_elsewhere = area is not None and row.area_id is not None and row.area_id != area
    score = pair.score * by_place(metres, is_elsewhere=is_elsewhere) * by_time((at - row.opened_at) / timedelta(days=1))
    held = tuple(word for word in wanted if word in f"{row.title}\n{row.text}")
    return Same(row, score, pair.score, pair.shared, held[:WORDS_TOLD], metres)


def how_many(matters: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters there are of what each of these tells, itself included; whether or not anybody may see them.  One query."""
    rows = Belonging.objects.filter(matter__in=list(matters), thing__isnull=False)
    return dict(rows.annotate(n=Count("thing__belongings")).values_list("matter", "n"))
