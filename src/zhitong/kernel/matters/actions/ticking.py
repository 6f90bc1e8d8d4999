"""Moments that have passed: warnings and overdue grades, taken in small batches by any number of workers."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor, holders_of
from zhitong.kernel.events.public import Channel, Happening, Telling, notify_many, record_many

from ..choices import LATE_GRADES, ClockState, TaskState
from ..models import Clock, Matter
from ..rules.dims import dims
from ..rules.kinds import KINDS
from . import clocks as timing
from .acting import act

PUT_OFF = timedelta(minutes=5)
SYSTEM = Actor.system("计时")
log = logging.getLogger(__name__)


def tick(at: datetime, *, most: int = 500) -> int:
    """Move every clock whose next moment has come; how many.  A row that fails is put off and jams nobody."""
    moved = 0
    while moved < most:
        due = Clock.objects.filter(state=ClockState.RUNNING, next_at__lte=at).order_by("next_at")
        ids = list(due.values_list("pk", "matter_id")[:50])
        taken = sum(_tick_one(clock_id, matter_id, at) for clock_id, matter_id in ids)
        if not taken:
            return moved
        moved += taken
    return moved


def _tick_one(clock_id: UUID, matter_id: UUID, at: datetime) -> bool:
    """Whether the clock was moved here; a matter somebody is acting on right now is left for the next round."""
    try:
        with transaction.atomic():
            matter = Matter.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=matter_id).first()
            if matter is None:
                return False
            clocks = timing.live(matter_id)
            clock = next((c for c in clocks if c.pk == clock_id and c.next_at and c.next_at <= at), None)
            if clock is None:
                return False
            _pass(matter, clock, clocks, at)
            return True
    except Exception:
        log.exception("clock %s could not be moved", clock_id)
        Clock.objects.filter(pk=clock_id).update(next_at=at + PUT_OFF)
        return False


def _pass(matter: Matter, clock: Clock, clocks: Sequence[Clock], at: datetime) -> None:
    """Take the clock through every moment up to ``at``: each grade is on the record when it began, the last one is told."""
    happened = []
    while clock.next_at and clock.next_at <= at:
        before, moment = clock.grade, clock.next_at
        timing.recompute(clock, moment)
        if clock.grade != before:
            happened.append(_happening(matter, clock, before, moment))
    clock.save(update_fields=["grade", "next_at", "due_at", "warn_at", "is_provisional"])
    if happened:
        timing.summarise(matter, clocks)
        matter.save(update_fields=["grade", "due_at"])
        record_many(happened)
        _tell(matter, clock, happened[-1])
    if clock.due_at <= at:
        _run_out(matter, clock, at)


def _run_out(matter: Matter, clock: Clock, at: datetime) -> None:
    """Take the action that is declared for the end of this clock, where the matter still is where it can be taken."""
    spec = KINDS[matter.kind].spec(clock.slug)
    action = KINDS[matter.kind].moves.get(spec.on_due) if spec else None
    if action and matter.stage in action.from_ and (action.when_paused or not matter.is_paused):
        act(matter.pk, action.slug, by=SYSTEM, at=at)


def _happening(matter: Matter, clock: Clock, before: str, moment: datetime) -> Happening:
    data = {
        "clock": clock.slug, "grade": clock.grade, "was": before, "due_at": clock.due_at, "round": clock.round,
        "dims": dims(matter), "stage": matter.stage,
    }  # fmt: skip
    return Happening(f"{matter.kind}.clock", matter.pk, "matter", moment, SYSTEM, data)


def _tell(matter: Matter, clock: Clock, happening: Happening) -> None:
    """The people of the organs that have it; once it is late, their supervisors too."""
    organs = set(matter.tasks.filter(state=TaskState.OPEN).values_list("organ_id", flat=True))
    accounts = {a for organ in organs for a in holders_of("matters.view", organ)}
    late, above = clock.grade in LATE_GRADES, KINDS[matter.kind].supervise_permission
    if late and above:
        accounts |= set(holders_of(above))
    letter = "matter.overdue" if late else "matter.warning"
    context = {
        "number": matter.number,
        "title": matter.title,
        "due": timezone.localtime(clock.due_at).strftime("%Y-%m-%d %H:%M"),
    }
    notify_many(
        [
            Telling(happening.id, matter.pk, letter, Channel.IN_APP, to_account=a, context=context)
            for a in sorted(accounts)
        ]
    )
