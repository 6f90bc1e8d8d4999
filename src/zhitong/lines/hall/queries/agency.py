"""What waits for agents, who they are, and what they have done: a recount over the rows, as the source counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import open_matters

from ..models import Agent, Errand, Park, Thing
from ..permissions import AGENT
from .following import Course, course, followed

KIND = "agency"
MOST = 50


def agents_of(by: Actor, on: date) -> list[Agent]:
    """As what ``by`` acts on that day."""
    if by.staff_id is None:
        return []
    rows = Agent.objects.filter(staff=by.staff_id, since__lte=on).exclude(until__lte=on)
    return list(rows.select_related("park", "staff"))


def through_areas(by: Actor, on: date) -> Actor:
    """``by`` with what the own areas give: to see what waits there, and to take it."""
    by.demand(AGENT)
    main = by.grants_for(AGENT)[0] if by.grants_for(AGENT) else None
    areas = [
        Granted(
            frozenset({"matters.view", AGENT}), scope="division", post_id=by.post_id, division_id=one.division_id,
            organ_id=main.organ_id if main else None, organ_ids=main.organ_ids if main else frozenset(),
        )
        for one in agents_of(by, on)
    ]  # fmt: skip
    return replace(by, grants=(*by.grants, *areas))


@dataclass(frozen=True, slots=True)
class Pool:
    """What waits in one's areas, and what one has in hand."""

    areas: list[Agent]
    waiting: list[Errand]
    mine: list[Errand]


def waiting(by: Actor, on: date) -> QuerySet[m.Matter]:
    """The errands that nobody has taken yet, in the own areas."""
    return open_matters(through_areas(by, on)).filter(kind=KIND, stage="asked")


def pool(by: Actor, at: datetime) -> Pool:
    """Parks and grids of one's own first, then by age."""
    day = timezone.localdate(at)
    areas = agents_of(by, day)
    rows = Errand.objects.select_related("matter", "item", "park")
    near = waiting(by, day) if areas else None
    parks = [one.park_id for one in areas if one.park_id]
    found = rows.filter(matter__in=near).order_by("matter__opened_at")[:MOST] if near is not None else []
    ordered = sorted(found, key=lambda one: (one.park_id not in parks, one.matter.opened_at))
    mine = rows.filter(agent__staff=by.staff_id, matter__stage="taken").order_by("matter__opened_at")
    return Pool(areas, ordered, list(mine[:MOST]) if by.staff_id else [])


@dataclass(kw_only=True)
class Asked(Course):
    """How it stands with an errand, for whoever asked for it; ``things`` are what the agent has in hand."""

    errand: Errand
    things: list[Thing]
    offers: list[m.Offer]


def asked(by: Actor, number: str, at: datetime) -> Asked:
    """The errand of that number, when this browser has shown its code; otherwise NotFound.  A handful of queries."""
    matter = followed(by, number, KIND)
    errand = Errand.objects.select_related("item").get(pk=matter.pk)
    tasks, clocks = list(matter.tasks.all()), list(matter.clocks.all())
    return Asked(
        **course(matter), errand=errand, things=list(errand.things.filter(returned_at=None).order_by("taken_at", "id")),
        offers=m.offers(matter, tasks, clocks, Actor.resident(by.tracked), at),
    )  # fmt: skip


def agents(on: date) -> QuerySet[Agent]:
    """Everybody who acts on that day."""
    rows = Agent.objects.filter(since__lte=on).exclude(until__lte=on).select_related("staff", "division", "park")
    return rows.order_by("staff__sort_key", "id")


def parks() -> QuerySet[Park]:
    """All parks, by name."""
    return Park.objects.order_by("name")


@dataclass(frozen=True, slots=True)
class Whole:
    """All agents of the district together: what waits and is under way now, since when the oldest waits, what was finished between two
    days."""

    waiting: int
    since: datetime | None
    taken: int
    done: Mapping[str, Any]


def whole(first: date, last: date) -> Whole:
    """The district.  Two queries."""
    open_ = m.Matter.objects.filter(kind=KIND, closed_at=None).aggregate(
        waiting=Count("pk", filter=Q(stage="asked")), since=Min("opened_at", filter=Q(stage="asked")), taken=Count("pk", filter=Q(stage="taken")),
    )  # fmt: skip
    return Whole(**open_, done=_done(first, last).aggregate(**COUNTS))


def waiting_by_area() -> dict[str | None, int]:
    """How many wait in the pool, by the name of the street.  One query."""
    rows = m.Matter.objects.filter(kind=KIND, stage="asked", closed_at=None).order_by().values("area__name")
    return dict(rows.annotate(n=Count("pk")).values_list("area__name", "n"))


COUNTS = {
    "n": Count("pk"), "took": Avg(F("matter__closed_at") - F("matter__opened_at")), "parks": Count("pk", filter=Q(park__isnull=False)),
    "units": Count("matter__reporter", distinct=True), "on_site": Count("pk", filter=Exists(Thing.objects.filter(errand=OuterRef("pk")))),
}  # fmt: skip


def _done(first: date, last: date) -> QuerySet[Errand]:
    days = {"matter__closed_at__date__gte": first, "matter__closed_at__date__lte": last}
    return Errand.objects.filter(matter__stage="done", **days).order_by()


def counted(by: str, first: date, last: date) -> list[dict[str, Any]]:
    """What was finished between two days, ``by`` agent, organ or area: how many, the mean time, units served, in parks, on the spot."""
    key = {"agent": F("agent__staff__name"), "organ": F("matter__lead__name"), "area": F("matter__area__name")}[by]
    rows = _done(first, last).annotate(who=key).values("who").annotate(**COUNTS)
    return [dict(row) for row in rows.order_by(F("n").desc(), "who")]
