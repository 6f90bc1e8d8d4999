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
CANDIDATES, MEASURED, AT_ONCE, WORDS_TOLD = 200, 20, 8, 6
RANKED_BY = ("pk", "title", "text", "lon", "lat", "area", "opened_at")
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

    Looks at the newest 200 that hold one of its rarest words, by the index of the words, ranks them by how many they hold, how near
    and how old they are, and measures the likeliest eight; where too few of these tell of it, twelve more.  ``area`` is the street
    it lies in, which counts where one has no spot.  Three or four queries, besides those of `wording_of`.
    """
    words = wording_of()
    wanted = telling(asked, words)
    ids = holding_any(wanted, at - WITHIN, CANDIDATES)
    if not ids:
        return []
    # another street weighs less here than in a gathering: a person decides
    mine = sketch(replace(asked, area=""), words)
    others = [pk for pk in ids if pk not in _itself(asked)]
    pool = rows.filter(pk__in=others)
    likeliest = _likeliest(pool, wanted, words, asked.spot, at, area) if len(others) > AT_ONCE else others
    found: list[Same] = []
    for chosen in (likeliest[:AT_ONCE], likeliest[AT_ONCE:]):
        if len(found) < most and chosen:
            measured = (_same(mine, wanted, row, words, at, area) for row in rows.filter(pk__in=chosen))
            found += (one for one in measured if one.score >= ALIKE)
    return sorted(found, key=lambda one: (-one.score, one.matter.pk))[:most]


def _likeliest(
    rows: QuerySet[Matter], wanted: Iterable[str], words: Vocabulary, spot: Spot | None, at: datetime, area: UUID | None
) -> list[UUID]:
    """The twenty of ``rows`` that hold most of the words by their rarity, the nearer and newer the more; of each no more is read
    than it takes.  One query."""
    weights = [(word, words.rarity(word[:2])) for word in wanted]
    ranked = []
    for pk, title, text, lon, lat, street, opened in rows.order_by().values_list(*RANKED_BY):
        own = f"{title}\n{text}"
        held = sum(weight for word, weight in weights if word in own)
        where = (lon, lat) if lon is not None and lat is not None else None
        ranked.append((-held * _nearness(spot, where, area, street) * _newness(opened, at), pk))
    return [pk for _rank, pk in sorted(ranked)[:MEASURED]]


def _nearness(spot: Spot | None, other: Spot | None, area: UUID | None, street: UUID | None) -> float:
    metres = distance_m(*spot, *other) if spot and other else None
    return by_place(metres, is_elsewhere=area is not None and street is not None and street != area)


def _newness(opened: datetime, at: datetime) -> float:
    return by_time((at - opened) / timedelta(days=1))


def _itself(asked: Message) -> set[UUID]:
    return {UUID(asked.key)} if asked.key else set()


def _same(mine: Sketch, wanted: Iterable[str], row: Matter, words: Vocabulary, at: datetime, area: UUID | None) -> Same:
    theirs = message_of(row)
    pair = likeness(mine, sketch(theirs, words), words)
    metres = round(distance_m(*mine.spot, *theirs.spot)) if mine.spot and theirs.spot else None
    score = pair.score * _nearness(mine.spot, theirs.spot, area, row.area_id) * _newness(row.opened_at, at)
    held = tuple(word for word in wanted if word in f"{row.title}\n{row.text}")
    return Same(row, score, pair.score, pair.shared, held[:WORDS_TOLD], metres)


def how_many(matters: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters there are of what each of these tells, itself included; whether or not anybody may see them.  One query."""
    rows = Belonging.objects.filter(matter__in=list(matters), thing__isnull=False)
    return dict(rows.annotate(n=Count("thing__belongings")).values_list("matter", "n"))
