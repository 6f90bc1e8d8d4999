"""Appeals that tell of the same: as what somebody is typing, and as one that the dispatcher has before him."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhitong.base.likeness import Message
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import how_many, likely_same, message_of
from zhitong.kernel.matters.public import KINDS, Matter, title_from, visible_matters
from zhitong.kernel.territory import public as territory

from .public import KIND, Shown, public_appeals, shown

TOLD, STAFF_TOLD, LEAST_TYPED = 3, 5, 6


@dataclass(frozen=True, slots=True)
class Similar:
    """A public appeal, masked, and how many have said the same, it and its supporters included."""

    one: Shown
    people: int
    metres: int | None


def similar(text: str, at: datetime, *, lon: float | None, lat: float | None, division: UUID | None) -> list[Similar]:
    """At most three open public appeals that probably tell of what somebody is typing.  Nothing of others is shown but what is
    public; those that are not are only counted."""
    if len(text) < LEAST_TYPED:
        return []
    spot = (lon, lat) if lon is not None and lat is not None else None
    place = territory.locate(*spot) if spot else division
    street = territory.ancestor(place, "street") if place else None
    rows = public_appeals().filter(closed_at=None).select_related("reporter", "appeal")
    found = likely_same(Message("", title_from(text), text, at, spot=spot), rows, at, TOLD, area=street)
    counted = how_many(one.matter.pk for one in found)
    return [
        Similar(seen, counted.get(one.matter.pk, 1) + seen.supporters, one.metres)
        for one, seen in zip(found, shown(one.matter for one in found), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Alike:
    """Another open appeal, how alike it is (0 to about 1), the names and words that both hold, and how far away it is."""

    matter: Matter
    score: float
    words: tuple[str, ...]
    metres: int | None
    stage: str


def alike(matter: Matter, by: Actor, at: datetime) -> list[Alike]:
    """At most five open appeals that ``by`` may see and that probably tell of the same."""
    rows = visible_matters(by).filter(kind=KIND, closed_at=None).defer("tracking", "path")
    found = likely_same(message_of(matter), rows, at, STAFF_TOLD, area=matter.area_id)
    stages = KINDS[KIND].by_slug
    return [
        Alike(
            one.matter, min(one.score, 1.0), tuple(dict.fromkeys((*one.names, *one.words))), one.metres,
            str(stages[one.matter.stage].label),
        )
        for one in found
    ]  # fmt: skip
