"""Which actions a person is offered on a matter right now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhitong.kernel.accounts.public import Actor

from ..choices import ClockState
from ..models import Clock, Matter, Task
from ..permissions import through
from ..rules.kinds import KINDS, Action


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that would be allowed now."""

    action: Action
    slug: str
    label: object
    icon: str
    tone: str


@dataclass
class Seen:
    """What ``Action.shows`` may look at: the reading half of a context."""

    matter: Matter
    tasks: Sequence[Task]
    clocks: Sequence[Clock]
    by: Actor
    at: datetime
    own_tasks: Sequence[Task]


def offers(matter: Matter, tasks: Sequence[Task], clocks: Sequence[Clock], by: Actor, at: datetime) -> list[Offer]:
    """The actions open to ``by``, the straight way first (in the order of the kind's table)."""
    found = []
    for action in KINDS[matter.kind].moves.values():
        if matter.stage not in action.from_ or (matter.is_paused and not action.when_paused):
            continue
        granted = through(action, matter, list(tasks), by)
        if granted is None:
            continue
        mine = [t for t in tasks if t.state == "open" and t.organ_id in (granted.organ_ids | {granted.organ_id})]
        live = [c for c in clocks if c.state in (ClockState.RUNNING, ClockState.PAUSED)]
        if action.shows and not action.shows(Seen(matter, tasks, live, by, at, mine)):
            continue
        found.append(Offer(action, action.slug, action.label, action.icon, action.tone))
    return found
