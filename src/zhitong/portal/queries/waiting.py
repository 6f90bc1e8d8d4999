"""What is waiting for a person: worked out from the tables of the kinds, so that a new line needs nothing here."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhitong.kernel.accounts.public import Actor, Scope
from zhitong.kernel.events.public import Event
from zhitong.kernel.matters.public import (
    KINDS,
    LATE_GRADES,
    Action,
    Extension,
    Gathered,
    Grade,
    Kind,
    Matter,
    Task,
    TaskRole,
    TaskState,
    Who,
    among,
    gathered_of,
    has_request,
    is_paused,
    own_shares,
    shares,
    standing,
    visible_matters,
    visible_q,
)
from zhitong.ui.public import counts

NOTHING = Q(pk__in=[])
TABS = ("mine", "organ", "co", "warning", "late", "done")


def own_organs(by: Actor) -> frozenset[UUID]:
    """The organs whose work is one's own: those of one's posts, and what is below where a grant reaches there."""
    below = (granted.organ_ids for granted in by.grants_for("matters.view") if granted.scope == Scope.ORGAN)
    return by.organ_ids.union(*below)


def _has_task(tasks: QuerySet[Task]) -> Q:
    return Q(Exists(tasks.filter(matter=OuterRef("pk"))))


def _open_tasks(by: Actor, *, co: bool) -> list[QuerySet[Any]]:
    is_lead = Q(role=TaskRole.LEAD)
    return shares(by, own_organs(by), ~is_lead if co else is_lead)


def open_tasks(by: Actor, *, co: bool) -> Q:
    """Matters of which one's organs have an open share, as lead or as co-handler."""
    return among(_open_tasks(by, co=co))


def share_q(by: Actor, condition: Q) -> Q:
    """Matters of which one's organs have an open share of that sort."""
    return among(shares(by, own_organs(by), condition))


def of_a_task(action: Action) -> bool:
    """Taken by the organ that has a share of the matter."""
    return Who.LEAD in action.who or Who.TASKED in action.who


def waiting_q(by: Actor, only: Callable[[Action], bool] = lambda action: True) -> Q:
    """Matters on which a main action (tone primary) of those in ``only`` is open to ``by`` now."""
    return among(_waiting(by, only))


def _waiting(by: Actor, only: Callable[[Action], bool] = lambda action: True) -> list[QuerySet[Any]]:
    found: list[QuerySet[Any]] = []
    tasks = _Shares()
    for kind in KINDS.values():
        shared = {a.permission for a in kind.actions if Who.TASKED in a.who}
        for actions in _alike(kind, by, only):
            first = actions[0]
            stages = sorted({stage for action in actions for stage in action.from_ if is_open(kind, stage)})
            here = Q(kind=kind.slug, stage__in=stages)
            for who in first.who:
                if who in (Who.LEAD, Who.TASKED):
                    of_tasks = here & _state(first, by, "matter_id")
                    tasks.add(of_tasks, first, by, is_lead=who is Who.LEAD, is_shared=first.permission in shared)
            if (stands := _standing(first, by)) is not None:
                found.append(standing(by, here & _state(first, by, "pk") & stands))
    return [*tasks.sources(by), *found]


def is_open(kind: Kind, stage: str) -> bool:
    """Whether a matter in that stage still waits for somebody; what has ended is asked for in its own lists."""
    return not kind.by_slug[stage].is_end


@dataclass
class _Shares:
    """Open tasks by which somebody may act: those of organs, and those in one's own hands."""

    of_organs: Q = NOTHING
    own: Q = NOTHING
    organs: set[UUID] = field(default_factory=set)

    def add(self, here: Q, action: Action, by: Actor, *, is_lead: bool, is_shared: bool) -> None:
        """One action more; work that is shared out waits for its assignee, or for all while it has none."""
        grants = by.grants_for(action.permission)
        organs = {i for g in grants if g.scope != Scope.OWN for i in (*g.organ_ids, g.organ_id) if i}
        here &= Q(role=TaskRole.LEAD) if is_lead else ~Q(role=TaskRole.LEAD)
        if organs:
            self.of_organs |= here & Q(organ__in=organs) & (Q(assignee=None) if is_shared else Q())
            self.organs |= organs
        self.own |= here

    def sources(self, by: Actor) -> list[QuerySet[Any]]:
        """The tasks."""
        of_organs = shares(by, self.organs, self.of_organs) if self.organs else []
        return [*of_organs, *(own_shares(by, self.own) if self.own is not NOTHING else [])]


def _alike(kind: Kind, by: Actor, only: Callable[[Action], bool]) -> Iterable[list[Action]]:
    """The main actions open to ``by``, those together that differ in their stages only."""
    found: dict[object, list[Action]] = defaultdict(list)
    for action in kind.actions:
        if action.tone == "primary" and action.permission and by.may(action.permission) and only(action):
            found[action.permission, action.who, action.shows, action.when_paused].append(action)
    return found.values()


def _state(action: Action, by: Actor, matter: str) -> Q:
    """What must be true of the matter besides its stage; ``matter`` is the name of its id."""
    if action.shows is has_request:
        asked = Extension.objects.filter(clock__matter=OuterRef(matter), is_granted=None)
        return Q(Exists(asked.exclude(asked_by=by.account_id) if by.account_id else asked))
    if action.shows is is_paused:
        return Q(is_paused=True)
    return Q() if action.when_paused else Q(is_paused=False)


def _standing(action: Action, by: Actor) -> Q | None:
    """How one must stand to the matter itself; None where it is asked by one's share of it only."""
    conditions = []
    for who in action.who:
        if who is Who.OUTSIDER:
            handled = _has_task(Task.objects.filter(organ__in=own_organs(by)))
            conditions.append(visible_q(by, action.permission) & ~handled)
        elif who in (Who.SCOPE, Who.ABOVE):
            conditions.append(visible_q(by, action.permission))
    if not conditions:
        return None
    # An empty condition lets everything through, where ``|`` would drop it.
    return reduce(or_, conditions) if all(conditions) else Q()


def tab_q(by: Actor) -> dict[str, Q]:
    """The condition of each tab of "my work"."""
    sources, tasks = _waiting(by), [_open_tasks(by, co=co) for co in (False, True)]
    waiting, lead, co = among(sources), *(among(one) for one in tasks)
    is_open = Q(closed_at=None)
    ours = among([*sources, *(source for one in tasks for source in one)]) & is_open
    return {
        "mine": waiting & is_open,
        "organ": lead & is_open,
        "co": co & is_open,
        "warning": ours & Q(grade=Grade.WARNING),
        "late": ours & Q(grade__in=LATE_GRADES),
        "done": _done(by) & ~lead & ~co & ~(waiting & is_open),
    }


def _done(by: Actor) -> Q:
    """One's organs have done their share, or one has acted oneself."""
    done = _has_task(Task.objects.filter(organ__in=own_organs(by), state=TaskState.DONE))
    if by.account_id is None:
        return done
    acted = Event.objects.filter(by_account=by.account_id, stream_kind="matter")
    return done | Q(pk__in=acted.values("stream"))


def work(by: Actor, tab: str) -> QuerySet[Matter]:
    """The matters of one tab."""
    return visible_matters(by).filter(tab_q(by)[tab])


def gathered(by: Actor, tab: str) -> Gathered | None:
    """Where the matters of a tab are read in their order; None for what is done."""
    return gathered_of(tab_q(by)[tab])


def work_counts(by: Actor) -> dict[str, int]:
    """How many matters stand in each tab, what is done left out.  One query."""
    return counts(by, {tab: condition for tab, condition in tab_q(by).items() if tab != "done"})
