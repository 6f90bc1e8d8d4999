"""What an effect may do to a matter: everything goes through here, so that the engine can write it all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.events.public import Happening

from ..choices import Channel, ClockState, Relation, TaskRole, TaskState
from ..models import Clock, Link, Matter, Record, Task
from ..rules.kinds import Action, Kind
from . import clocks as timing
from .rows import made


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter the effect asked for, and to whom: whoever acts for these organs, one of the staff, or the people of the matter."""

    letter: str
    context: dict[str, Any]
    organs: frozenset[UUID] = frozenset()
    staff_id: UUID | None = None
    to_people: bool = False


@dataclass
class Context:
    """One action under way.  ``stage`` is where the matter goes; ``facts`` are written into the event (no personal data);
    ``files`` is how many files came with it; ``people`` are those who raised or joined the matter, where that is known already;
    ``beside`` are events of other matters that it touches."""

    kind: Kind
    action: Action
    matter: Matter
    by: Actor
    granted: Granted
    at: datetime
    tasks: list[Task]
    clocks: list[Clock]
    stage: str
    files: int = 0
    event_id: UUID = field(default_factory=uuid7)
    facts: dict[str, Any] = field(default_factory=dict)
    task_facts: list[dict[str, Any]] = field(default_factory=list)
    clock_facts: list[dict[str, Any]] = field(default_factory=list)
    letters: list[Sending] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    kept: dict[UUID, Clock | Task] = field(default_factory=dict)
    people: list[UUID] | None = None
    beside: list[Happening] = field(default_factory=list)

    # the matter

    def set(self, **values: Any) -> None:
        """Change columns of the matter."""
        for name, value in values.items():
            setattr(self.matter, name, value)
        self.changed |= set(values)

    def keep(self, row: Clock | Task) -> None:
        """Have a clock or a task written when the action ends, once, however often it changes."""
        self.kept[row.pk] = row

    def next_round(self) -> None:
        """Begin another handling: clocks of later rounds apply from now on."""
        self.set(round=self.matter.round + 1)

    # tasks

    def open_tasks(self, role: str | None = None) -> list[Task]:
        """Tasks that are still to be done."""
        return [t for t in self.tasks if t.state == TaskState.OPEN and role in (None, t.role)]

    @property
    def lead(self) -> Task | None:
        """The task of the lead organ."""
        return next(iter(self.open_tasks(TaskRole.LEAD)), None)

    @property
    def own_tasks(self) -> list[Task]:
        """Open tasks of the organ the actor acts for."""
        mine = self.granted.organ_ids | {self.granted.organ_id}
        return [t for t in self.open_tasks() if t.organ_id in mine]

    def send(self, organ_id: UUID, role: str, *, brief: str = "", binding: bool = False) -> Task:
        """Give an organ its share.  The organ's clock starts now, when it is sent."""
        if any(t.organ_id == organ_id for t in self.open_tasks()):
            raise Refused("already_has_task", _("该单位已在办理此事项，请勿重复派发。"), field=role)
        task = made(
            Task, id=uuid7(), matter_id=self.matter.pk, organ_id=organ_id, role=role, brief=brief, round=self.matter.round,
            is_binding=binding, sent_at=self.at,
        )  # fmt: skip
        self.keep(task)
        self.tasks.append(task)
        self.task_facts.append({"organ": str(organ_id), "role": str(role), "did": "sent"})
        if role == TaskRole.LEAD:
            self.set(lead_id=organ_id)
        return task

    def end(self, tasks: Iterable[Task], state: str) -> None:
        """Close tasks as done, returned or cancelled."""
        for task in tasks:
            task.state, task.ended_at = state, self.at
            self.keep(task)
            seconds = int((self.at - task.sent_at).total_seconds())
            self.task_facts.append(
                {"organ": str(task.organ_id), "role": str(task.role), "did": str(state), "seconds": seconds}
            )

    # clocks

    def clock(self, slug: str) -> Clock | None:
        """The live clock of that slug."""
        return next((c for c in self.clocks if c.slug == slug and c.state in LIVE), None)

    def pause(self, reason: str) -> None:
        """Let the running clocks stand still, but for those that a pause does not hold."""
        for clock in self.clocks:
            spec = self.kind.spec(clock.slug)
            if clock.state == ClockState.RUNNING and (spec is None or spec.is_held):
                timing.pause(clock, self.at, reason)
                self.keep(clock)
        self.set(is_paused=True)

    def resume(self) -> None:
        """Let them run on; the due dates move by the time that was not counted."""
        for clock in self.clocks:
            if clock.state == ClockState.PAUSED:
                timing.resume(clock, self.at)
                self.keep(clock)
                self.clock_facts.append({"slug": clock.slug, "did": "resumed", "due_at": clock.due_at})
        self.set(is_paused=False)

    def stop_clock(self, slug: str) -> None:
        """Let one clock end before its stage does: what it was for is done."""
        if (clock := self.clock(slug)) is not None:
            self.clock_facts.append(timing.stop(clock, self.at))
            self.keep(clock)

    def cancel_clocks(self) -> None:
        """Let all live clocks end without a result, as when a resident withdraws."""
        for clock in self.clocks:
            if clock.state in LIVE:
                self.clock_facts.append(timing.stop(clock, self.at, ClockState.CANCELLED))
                self.keep(clock)

    # telling

    def tell_organs(self, letter: str, organ_ids: Iterable[UUID | None], **context: Any) -> None:
        """Notify whoever acts for these organs."""
        if ids := frozenset(i for i in organ_ids if i):
            self.letters.append(Sending(letter, context, organs=ids))

    def tell_people(self, letter: str, **context: Any) -> None:
        """Notify everybody who raised or joined the matter and left a contact."""
        self.letters.append(Sending(letter, context, to_people=True))

    def tell_staff(self, letter: str, staff_id: UUID, **context: Any) -> None:
        """Notify one of the staff."""
        self.letters.append(Sending(letter, context, staff_id=staff_id))

    # other matters

    def link(self, source: UUID, target: UUID, relation: str = Relation.RELATED) -> None:
        """Tie two matters together; the same tie twice is one."""
        Link.objects.get_or_create(source_id=source, target_id=target, relation=relation, defaults={"at": self.at})

    def tell_beside(self, kind: str, other: UUID, **facts: Any) -> None:
        """Write into the log of another matter what this action means for it."""
        self.beside.append(Happening(kind, other, "matter", self.at, self.by, facts))

    def has_record(self, *actions: str) -> bool:
        """Whether one of these actions was taken before, in any round."""
        return Record.objects.filter(matter=self.matter.pk, action__in=actions).exists()

    @property
    def is_anonymous(self) -> bool:
        """Nobody can be visited."""
        return self.matter.reporter_id is None and self.matter.channel in (Channel.PORTAL, Channel.SYSTEM, Channel.GRID)


LIVE = (ClockState.RUNNING, ClockState.PAUSED)
