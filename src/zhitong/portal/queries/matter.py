"""Everything the page of a matter shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, read_together, stream
from zhitong.kernel.matters.public import (
    KINDS,
    Attachment,
    Clock,
    ClockState,
    Extension,
    Link,
    Matter,
    Offer,
    Participant,
    Purpose,
    Reach,
    Record,
    Relation,
    Somebody,
    Stage,
    SubKind,
    Task,
    TaskState,
    catalogue,
    clocks_of,
    note_done,
    offers,
    people_of,
    request_of,
    visible_matters,
    why,
)
from zhitong.kernel.organisation.public import Answer, category_label, responsible
from zhitong.kernel.papers.public import Paper, papers_told
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import Contact, contacts_of
from zhitong.kernel.territory import public as territory

from .history import Entry, Step, entries, steps
from .said import Said, said

LIVE = (ClockState.RUNNING, ClockState.PAUSED)


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock with the sentence that says why it ends when it does."""

    clock: Clock
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a matter, masked, with what may be revealed."""

    name: str
    part: str
    contacts: Sequence[Reach]
    has_citizen_id: bool
    participant: Participant


@dataclass(frozen=True, slots=True)
class Tie:
    """Another matter this one hangs together with."""

    label: str
    matter: Matter
    stage: str
    may_open: bool


@dataclass
class Sight:
    """A matter and its live parts, as one person sees them at one moment."""

    matter: Matter
    by: Actor
    at: datetime
    tasks: list[Task] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return KINDS[self.matter.kind].by_slug[self.matter.stage]

    @property
    def subkind(self) -> SubKind:
        """Its variety."""
        return catalogue().subkinds[self.matter.subkind_id]

    def offers(self) -> list[Offer]:
        """What ``by`` may do now."""
        return offers(self.matter, self.tasks, self.clocks, self.by, self.at)


@dataclass
class Detail(Sight):
    """All of it."""

    category: str = ""
    place: str = ""
    text: str = ""
    title: str = ""
    address: str = ""
    chips: list[Chip] = field(default_factory=list)
    earlier_chips: list[Chip] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    report_files: list[Attachment] = field(default_factory=list)
    records: list[Said] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    request: Extension | None = None
    papers: Sequence[Paper] = ()


def find(matter_id: UUID, by: Actor) -> Matter:
    """A visible matter with its organ, or NotFound."""
    rows = visible_matters(by).select_related("lead", "division")
    found = rows.filter(pk=matter_id).first()
    if found is None:
        raise NotFound("no_matter", _("没有找到这件事项，或者您无权查看。"))
    return found


def sight(matter_id: UUID, by: Actor, at: datetime) -> Sight:
    """What is needed to act on a matter.  Three queries."""
    seen = Sight(find(matter_id, by), by, at)
    _load(seen)
    return seen


def _load(seen: Sight) -> None:
    seen.tasks = list(_tasks(seen.matter))
    seen.clocks = clocks_of(seen.matter)


def _tasks(matter: Matter) -> QuerySet[Task]:
    return matter.tasks.select_related("organ", "assignee").order_by("id")


def _attached(matter: Matter) -> QuerySet[Attachment]:
    return matter.attachments.order_by("added_at", "id")


def _records(matter: Matter) -> QuerySet[Record]:
    return matter.records.select_related("organ").order_by("-at", "-id")


def detail(matter_id: UUID, by: Actor, at: datetime, *, with_course: bool = True) -> Detail:
    """Everything the page shows; ``with_course`` False leaves out what happened, for who asks for that apart."""
    matter = find(matter_id, by)
    seen = Detail(matter, by, at)
    tasks, attached, records, links = _tasks(matter), _attached(matter), _records(matter), _links(matter, by)
    course = stream(matter.pk)
    read_together(tasks, attached, records, links, *([course] if with_course else []))
    seen.tasks, seen.clocks = list(tasks), clocks_of(matter)
    knows_people = by.may("register.reveal")
    texts = (matter.title, matter.text, matter.address)
    seen.title, seen.text, seen.address = texts if knows_people else map(mask_inline, texts)
    seen.category = category_label(matter.category_id) if matter.category_id else ""
    seen.place = territory.label(matter.division_id)
    seen.chips, seen.earlier_chips = _chips(seen), _earlier_chips(seen)
    seen.people = [_person(one) for one in people_of(matter)]
    files = list(attached)
    seen.report_files = [f for f in files if f.record_id is None and f.purpose == Purpose.REPORT]
    note_done(matter.pk, records)
    seen.records = said(matter, list(records), files)
    if with_course:
        events = list(course)
        seen.entries, seen.steps = entries(matter, events)[::-1], steps(matter, events)
        seen.papers = papers_told(events, matter.erased_at)
    seen.ties = [_tie(link, matter) for link in links]
    seen.request = request_of(seen.clocks)
    return seen


def _chips(seen: Sight) -> list[Chip]:
    """Live clocks by due date, then those that ended in this round."""
    ended = [c for c in seen.clocks if c.state == ClockState.STOPPED and c.round == seen.matter.round]
    live = sorted((c for c in seen.clocks if c.state in LIVE), key=lambda c: c.due_at)
    return [_chip(clock, seen.matter) for clock in [*live, *ended]]


def _earlier_chips(seen: Sight) -> list[Chip]:
    """The clocks of earlier rounds, so that every due date there was can still be explained."""
    return [_chip(c, seen.matter) for c in seen.clocks if c.state == ClockState.STOPPED and c.round < seen.matter.round]


def _chip(clock: Clock, matter: Matter) -> Chip:
    return Chip(clock, clock_labels(matter).get(clock.slug, clock.slug), why(clock))


def clock_labels(matter: Matter) -> dict[str, str]:
    """What each clock of the kind is called."""
    return {spec.slug: str(spec.label) for spec in KINDS[matter.kind].clocks}


def _person(one: Somebody) -> Person:
    row, person = one.participant, one.participant.person
    return Person(str(person), row.get_part_display(), one.contacts, bool(person.citizen_id_masked), row)


def contact_of(matter: Matter, participant_id: UUID, contact_id: UUID | None) -> Contact | register.Person:
    """What is to be revealed of somebody of this matter: one contact, or the person's citizen id."""
    row = matter.participants.select_related("person").filter(pk=participant_id).first()
    found: Contact | register.Person | None = row.person if row else None
    if row and contact_id:
        found = next((c for c in contacts_of([row.person_id]).get(row.person_id, []) if c.pk == contact_id), None)
    if found is None:
        raise NotFound("no_contact", _("没有找到这条联系方式。"))
    return found


TIES = {
    (Relation.DUPLICATE_OF, True): _("已并入"),
    (Relation.DUPLICATE_OF, False): _("并入本件"),
    (Relation.SPLIT_FROM, True): _("拆分自"),
    (Relation.SPLIT_FROM, False): _("由本件拆出"),
    (Relation.REPEAT_OF, True): _("重复反映"),
    (Relation.REPEAT_OF, False): _("再次反映"),
    (Relation.RAISED_IN, True): _("提出于"),
    (Relation.RAISED_IN, False): _("提出的事项"),
    (Relation.CHECK_OF, True): _("核查对象"),
    (Relation.CHECK_OF, False): _("履诺核查"),
}


def _links(matter: Matter, by: Actor) -> QuerySet[Link]:
    """What it hangs together with."""
    other = Case(When(source=matter, then=F("target")), default=F("source"))
    links = Link.objects.filter(Q(source=matter) | Q(target=matter)).annotate(other=other)
    seen = links.annotate(may_open=Exists(visible_matters(by).filter(pk=OuterRef("other"))))
    return seen.select_related("source", "target").order_by("at", "id")


def _tie(link: Any, matter: Matter) -> Tie:
    is_source = link.source_id == matter.pk
    other = link.target if is_source else link.source
    label = TIES.get((Relation(link.relation), is_source), _("相关"))
    return Tie(str(label), other, str(KINDS[other.kind].by_slug[other.stage].label), link.may_open)


def suggestions(matter: Matter, category_id: UUID | None, at: datetime) -> list[Answer]:
    """Who answers for this category here today, the most exact duty first; nobody without a category."""
    return responsible(category_id, matter.division_id, timezone.localdate(at)) if category_id else []


def since(matter: Matter, seq: int) -> list[Entry]:
    """What happened after the event a page has shown last."""
    events: Sequence[Event] = list(stream(matter.pk).filter(seq__gt=seq))
    return entries(matter, events)


def last_seq(matter: Matter) -> int:
    """The number of the newest event."""
    return stream(matter.pk).order_by("-seq").values_list("seq", flat=True).first() or 0


def open_share(seen: Sight) -> list[Task]:
    """Shares that are still to be done, the lead's first."""
    return sorted((t for t in seen.tasks if t.state == TaskState.OPEN), key=lambda t: (t.role != "lead", t.sent_at))


def file_for(attachment_id: UUID, by: Actor) -> Attachment:
    """An attachment ``by`` may see: of a visible matter (residents: what was reported, and what is meant for them), or a
    public one of a public matter.  NotFound otherwise."""
    found = Attachment.objects.select_related("matter").filter(pk=attachment_id).first()
    if found is not None and ((found.is_for_all and found.matter.is_public) or _may_see(found, by)):
        return found
    raise NotFound("no_file", _("没有找到这个文件，或者您无权查看。"))


def _may_see(file: Attachment, by: Actor) -> bool:
    if by.is_resident and not (file.is_public or file.purpose in (Purpose.REPORT, Purpose.MATERIAL)):
        return False
    return visible_matters(by).filter(pk=file.matter_id).exists()
