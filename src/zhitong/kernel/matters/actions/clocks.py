"""Starting, stopping, pausing, extending and passing the moments of clocks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from zhitong.base.identifiers import uuid7

from ..choices import ClockState, Grade
from ..models import Clock, Matter
from ..queries.catalogue import Catalogue, catalogue
from ..rules.clocks import Moments, Terms, moments
from ..rules.kinds import OwnTerms
from .rows import Asked, fetched, made

GRADES = list(Grade.values)
LIVE = "WHERE matter_id = %s AND state IN ('running', 'paused') ORDER BY id"


def terms_of(clock: Clock) -> Terms:
    """The limit as the clock took it over."""
    return Terms(
        clock.amount, clock.unit, clock.basis, clock.basis_en, clock.moderate_percent, clock.severe_percent
    )  # fmt: skip


def limit_for(matter: Matter, slug: str, known: Catalogue, path: Sequence[UUID], own: OwnTerms) -> Terms | None:
    """The limit the matter brings along, or else the district's; ``path`` is the category's."""
    brought = own.get(matter.id, {})
    if slug in brought:
        return brought[slug]
    return known.terms(matter.kind, slug, matter.subkind_id, path, matter.urgency)


def new_clock(
    matter: Matter, slug: str, at: datetime, known: Catalogue, path: Sequence[UUID], own: OwnTerms
) -> Clock | None:  # fmt: skip
    """A running clock (not saved); None where no limit is set or there is no calendar."""
    terms = limit_for(matter, slug, known, path, own)
    if terms is None or known.default_calendar is None:
        return None
    found = moments(terms, at, known.calendars[known.default_calendar], at)
    clock = made(
        Clock, id=uuid7(), matter_id=matter.id, slug=slug, round=matter.round, calendar_id=known.default_calendar,
        amount=terms.amount, unit=terms.unit, basis=terms.basis, basis_en=terms.basis_en,
        moderate_percent=terms.moderate_percent, severe_percent=terms.severe_percent, started_at=at,
    )  # fmt: skip
    place(clock, found)
    return clock


def place(clock: Clock, found: Moments) -> None:
    """Write computed moments into the row."""
    clock.due_at, clock.warn_at = found.due.at, found.due.warn_at
    clock.is_provisional, clock.grade, clock.next_at = found.due.is_provisional, found.grade, found.next_at


def recompute(clock: Clock, now: datetime, known: Catalogue | None = None) -> Moments:
    """Place a running or paused clock anew from its history and today's calendar."""
    calendar = (known or catalogue()).calendars[clock.calendar_id]
    found = moments(terms_of(clock), clock.started_at, calendar, now, clock.pauses, clock.extensions)
    place(clock, found)
    return found


def stop(clock: Clock, at: datetime, state: str = ClockState.STOPPED) -> dict[str, Any]:
    """Stop a clock; what the log says of it: whether in time and how long it took."""
    if clock.state == ClockState.PAUSED:
        resume(clock, at)
    was = clock.grade
    recompute(clock, at)
    clock.state, clock.stopped_at, clock.next_at = state, at, None
    return {
        "slug": clock.slug, "did": str(state), "round": clock.round, "started_at": clock.started_at, "due_at": clock.due_at,
        "grade": clock.grade, "was": was, "in_time": at <= clock.due_at, "seconds": int((at - clock.started_at).total_seconds()),
    }  # fmt: skip


def pause(clock: Clock, at: datetime, reason: str) -> None:
    """Let a running clock stand still."""
    clock.pauses = [*clock.pauses, [at.isoformat(), None, reason]]
    clock.state = ClockState.PAUSED
    recompute(clock, at)
    clock.next_at = None


def resume(clock: Clock, at: datetime) -> None:
    """Let a paused clock run on."""
    *before, last = clock.pauses
    clock.pauses = [*before, [last[0], at.isoformat(), last[2]]]
    clock.state = ClockState.RUNNING
    recompute(clock, at)


def extend(clock: Clock, amount: int, reason: str, at: datetime) -> None:
    """Add to the limit, in its own unit."""
    clock.extensions = [*clock.extensions, [amount, reason]]
    recompute(clock, at)
    if clock.state == ClockState.PAUSED:
        clock.next_at = None


def summarise(matter: Matter, clocks: Iterable[Clock]) -> None:
    """The earliest due date and the worst grade among the running clocks, for lists."""
    running = [c for c in clocks if c.state == ClockState.RUNNING]
    matter.due_at = min((c.due_at for c in running), default=None)
    matter.grade = max((c.grade for c in running), key=GRADES.index, default=Grade.ON_TIME)


def started(clock: Clock) -> dict[str, Any]:
    """What the log says when a clock starts."""
    return {"slug": clock.slug, "did": "started", "due_at": clock.due_at, "round": clock.round}


def live(matter_id: UUID) -> list[Clock]:
    """Running and paused clocks of one matter."""
    return fetched(Asked(Clock, LIVE, (matter_id,)))[0]
