"""What hangs on one matter, each part in one query: its clocks with what was asked for them, its people with their contacts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from zhitong.kernel.events.public import Once

from ..choices import ClockState
from ..models import Clock, Extension, Matter, Participant, Record

LIVE = (ClockState.RUNNING, ClockState.PAUSED)
_ASKED = ("id", "amount", "reason", "asked_by", "asked_label", "asked_at")


def clocks_of(matter: Matter) -> list[Clock]:
    """Every clock by its start; ``asked`` of each is the request for more time that waits for a decision, or None."""
    waiting = FilteredRelation("requests", condition=Q(requests__is_granted=None))
    rows = Clock.objects.filter(matter=matter).annotate(waiting=waiting).order_by("started_at", "id")
    found: list[Clock] = list(rows.annotate(**{f"asked_{name}": F(f"waiting__{name}") for name in _ASKED}))
    for clock in found:
        values = {name: getattr(clock, f"asked_{name}") for name in _ASKED}
        clock.asked = Extension(clock=clock, **values) if values["id"] else None
    return found


def request_of(clocks: Iterable[Clock]) -> Extension | None:
    """The request for more time that waits for a decision; asks the database only about clocks not read by ``clocks_of``."""
    live = [clock for clock in clocks if clock.state in LIVE]
    if all("asked" in vars(clock) for clock in live):
        return next((clock.asked for clock in live if clock.asked), None)
    waiting = Extension.objects.filter(clock__in=[clock.pk for clock in live], is_granted=None)
    return waiting.select_related("clock").first()


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach somebody, masked."""

    pk: UUID
    kind: str
    masked: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A participant with the person, and how to reach them, the preferred way first."""

    participant: Participant
    contacts: list[Reach] = field(default_factory=list)


def people_of(matter: Matter) -> Sequence[Somebody]:
    """Whoever raised or joined it, in that order."""
    rows = Participant.objects.filter(matter=matter).select_related("person")
    rows = rows.annotate(
        contact=F("person__contacts__id"), kind=F("person__contacts__kind"), masked=F("person__contacts__masked")
    )
    first = ("-person__contacts__is_primary", "person__contacts__created_at", "person__contacts__id")
    found: dict[UUID, Somebody] = {}
    for row in rows.order_by("joined_at", "id", *first):
        somebody = found.setdefault(row.pk, Somebody(row))
        if row.contact:
            somebody.contacts.append(Reach(row.contact, row.kind, row.masked))
    return list(found.values())


def _actions_of(matter_id: UUID) -> frozenset[str]:
    return frozenset(Record.objects.filter(matter=matter_id).values_list("action", flat=True))


_done: Once[frozenset[str]] = Once(_actions_of)


def note_done(matter_id: UUID, records: Iterable[Record]) -> None:
    """A page has read everything that was done with the matter: whoever draws a part of it need not ask."""
    _done.put(frozenset(one.action for one in records), matter_id)


def is_known_undone(matter_id: UUID, action: str) -> bool:
    """Whether the page that is being drawn has read the history already, and that was never done.  Asks nothing."""
    return _done.knows(matter_id) and action not in _done.get(matter_id)
