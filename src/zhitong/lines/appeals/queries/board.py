"""What the dispatcher's board shows: the queue of each tab, and everything that helps to send one appeal the right way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import Alarm, Suggestions, alarm_of, suggest
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters.public import (
    KINDS,
    Attachment,
    Clock,
    ClockState,
    Matter,
    Offer,
    Participant,
    Purpose,
    Reach,
    Record,
    SubKind,
    Task,
    Urgency,
    catalogue,
    clocks_of,
    offers,
    people_of,
    visible_matters,
)
from zhitong.kernel.organisation.public import KnownOrgan, headings, known_organ
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import named, set_counts, set_q

from . import sets

TABS = {"new": sets.NEW, "returned": sets.RETURNED, "arbitrate": sets.ARBITRATE, "urgent": sets.URGENT}
MOST_QUEUED = 60
URGENT_FIRST = Case(
    When(urgency=Urgency.DANGER, then=Value(0)), When(urgency=Urgency.URGENT, then=Value(1)), default=Value(2),
    output_field=IntegerField(),
)  # fmt: skip
LIVE = (ClockState.RUNNING, ClockState.PAUSED)


def in_tab(by: Actor, tab: str, at: datetime) -> QuerySet[Matter]:
    """The appeals of one tab."""
    return visible_matters(by).filter(set_q(TABS[tab], by, at), closed_at=None)


def queue(by: Actor, tab: str, at: datetime) -> list[Matter]:
    """The first of them in the order in which to take them: the most urgent, then the soonest due.  One query."""
    order = (URGENT_FIRST, "due_at", "pk")
    ids = in_tab(by, tab, at).order_by(*order).values("pk")[:MOST_QUEUED]
    rows = Matter.objects.filter(pk__in=ids).select_related("area").defer("text", "tracking", "path")
    return list(rows.order_by(*order))


def tab_counts(by: Actor, at: datetime) -> dict[str, int]:
    """How many each tab holds.  One query."""
    found = set_counts(by, at, list(TABS.values()))
    return {tab: found[slug] for tab, slug in TABS.items()}


def newest(by: Actor, tab: str, at: datetime) -> UUID | None:
    """The one that came last into a tab."""
    return in_tab(by, tab, at).order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who raised it, masked."""

    name: str
    part: str
    contact: str


@dataclass(frozen=True, slots=True)
class Returned:
    """An organ said that it is not its own."""

    organ: KnownOrgan | None
    at: datetime
    reason: str
    ground: str
    suggested: KnownOrgan | None


@dataclass
class Chosen:
    """One appeal as the board shows it."""

    matter: Matter
    by: Actor
    at: datetime
    tasks: list[Task] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    people: list[Somebody] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    alarm: Alarm = field(default_factory=Alarm)
    title: str = ""
    text: str = ""
    address: str = ""
    place: str = ""

    @property
    def subkind(self) -> SubKind:
        """Its variety."""
        return catalogue().subkinds[self.matter.subkind_id]

    @property
    def stage(self) -> Any:
        """Where it stands, in words."""
        return KINDS[self.matter.kind].by_slug[self.matter.stage].label

    def offers(self) -> list[Offer]:
        """What ``by`` may do now."""
        return offers(self.matter, self.tasks, self.clocks, self.by, self.at)


def choose(matter_id: UUID, by: Actor, at: datetime) -> Chosen:
    """One appeal with its tasks, clocks and returns; NotFound for one that may not be seen.  Three queries, or four."""
    rows = visible_matters(by).select_related("area", "lead", "belonging").filter(sets.of_kind(), pk=matter_id)
    matter = rows.first()
    if matter is None:
        raise NotFound("no_matter", _("没有找到这件事项，或者您无权查看。"))
    tasks, clocks = (
        list(matter.tasks.select_related("organ").order_by("id")),
        clocks_of(matter),
    )
    alarm = alarm_of(matter.pk, matter.text, matter.title)
    return Chosen(matter, by, at, tasks, clocks, returned=_returned(matter) if matter.returns else [], alarm=alarm)


def look_into(found: Chosen) -> Chosen:
    """The text, the place, the people and the photos of it.  Two queries."""
    matter = found.matter
    texts = (matter.title, matter.text, matter.address)
    shown = texts if found.by.may("register.reveal") else tuple(map(mask_inline, texts))
    found.title, found.text, found.address = shown
    found.place = territory.label(matter.division_id) if matter.division_id else ""
    found.files = list(matter.attachments.filter(purpose=Purpose.REPORT).order_by("added_at", "id"))
    found.people = [_somebody(one.participant, one.contacts) for one in people_of(matter)]
    return found


def _returned(matter: Matter) -> list[Returned]:
    """Who said that it is not theirs, and on what ground, the latest first."""
    rows = list(matter.records.filter(action="return", erased_at=None).order_by("-at", "-id"))
    return [_return(row) for row in rows]


def _return(row: Record) -> Returned:
    reason = catalogue().reasons[UUID(row.data["reason"])]
    suggested = known_organ(UUID(row.data["suggest"])) if row.data.get("suggest") else None
    return Returned(known_organ(row.organ_id), row.at, named(reason), row.data["ground"], suggested)


def _somebody(row: Participant, contacts: Sequence[Reach]) -> Somebody:
    return Somebody(str(row.person), row.get_part_display(), contacts[0].masked if contacts else "")


def categories(matter: Matter) -> tuple[Suggestions, dict[UUID, str]]:
    """The categories the appeal speaks for, and the whole list as "城乡建设 / 市政设施 / 路灯照明".  What is suggested, and what it has
    already, is in the list even where others lie below it: a rare category falls back to the one above."""
    rows = {row.id: row for row in headings()}
    above = {row.parent_id for row in rows.values()}
    found = suggest(matter.kind, matter.title, matter.text)
    extra = {one.category_id for one in found.found} | {matter.category_id}
    labels = {
        pk: " / ".join(named(rows[i]) for i in row.path if i in rows)
        for pk, row in rows.items()
        if pk not in above or pk in extra
    }
    return found, labels


def last_event(matter: Matter) -> Event | None:
    """What somebody did with it last; that time went by is nobody's doing."""
    return (
        stream(matter.pk)
        .exclude(kind__endswith=".clock")
        .exclude(kind__startswith="dispatch.")
        .order_by("-seq")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What the same people raised before, and what others raised that is much the same."""

    earlier: list[tuple[Matter, str]]
    earlier_total: int
    alike: list[Any]


EARLIER = 5


def earlier(matter: Matter, by: Actor) -> tuple[list[tuple[Matter, str]], int]:
    """What the people of this appeal raised or joined before, the newest first.  Three queries."""
    people = Participant.objects.filter(matter=matter).values("person")
    theirs = Participant.objects.filter(person__in=people).values("matter")
    rows = (
        visible_matters(by)
        .filter(Q(pk__in=theirs), pk__lt=matter.pk)
        .only("pk", "number", "title", "kind", "stage", "opened_at", "closed_at")
    )
    found = list(rows.order_by("-pk")[:EARLIER])
    total = rows.count() if len(found) == EARLIER else len(found)
    return [(m, str(KINDS[m.kind].by_slug[m.stage].label)) for m in found], total
