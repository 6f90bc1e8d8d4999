"""What is waiting for a person: worked out from the tables of the kinds, so that a new line needs nothing here."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
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
    reach_q,
    shares,
    standing,
    visible_matters,
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


def share_q(by: Actor, condition: Q) -> Q:
    """Matters of which one's organs have an open share of that sort."""
    return among(_shares(by, condition))


def open_tasks(by: Actor, *, co: bool) -> Q:
    """Matters of which one's organs have an open share, as lead or as co-handler."""
    is_lead = Q(role=TaskRole.LEAD)
    return share_q(by, ~is_lead if co else is_lead)


def _shares(by: Actor, condition: Q) -> list[QuerySet[Any]]:
    return shares(by, own_organs(by), condition & Q(state=TaskState.OPEN))


def of_a_task(action: Action) -> bool:
    """Taken by the organ that has a share of the matter."""
    return Who.LEAD in action.who or Who.TASKED in action.who


def waiting_q(by: Actor, only: Callable[[Action], bool] = lambda action: True) -> Q:
    """Matters on which a main action (tone primary) of those in ``only`` is open to ``by`` now."""
    return among(_waiting(by, only))


def _waiting(by: Actor, only: Callable[[Action], bool] = lambda action: True) -> list[QuerySet[Any]]:
    found = _Sources(by)
    for kind in KINDS.values():
        shared = {a.permission for a in kind.actions if Who.TASKED in a.who}
        for actions in _alike(kind, by, only):
            first = actions[0]
            stages = sorted({stage for action in actions for stage in action.from_ if is_open(kind, stage)})
            here = partial(_here, Q(kind=kind.slug, stage__in=stages), first, by)
            for who in first.who:
                if who in (Who.LEAD, Who.TASKED):
                    found.of_share(
                        here("matter_id"), first, is_lead=who is Who.LEAD, is_shared=first.permission in shared
                    )
            if any(who in (Who.SCOPE, Who.ABOVE) for who in first.who):
                found.within(first.permission, here)
            elif Who.OUTSIDER in first.who:
                found.within(first.permission, here, but_of=own_organs(by))
    return found.all()


def is_open(kind: Kind, stage: str) -> bool:
    """Whether a matter in that stage still waits for somebody; what has ended is asked for in its own lists."""
    return not kind.by_slug[stage].is_end


@dataclass
class _Sources:
    """By what somebody may act: tasks of organs, tasks in one's own hands, and what else one's grants reach; each read once."""

    by: Actor
    of_organs: dict[frozenset[UUID], Q] = field(default_factory=dict)
    own: Q = NOTHING
    others: Q = NOTHING

    def of_share(self, here: Q, action: Action, *, is_lead: bool, is_shared: bool) -> None:
        """One action of an organ's share; work that is shared out waits for its assignee, or for all while it has none."""
        grants = self.by.grants_for(action.permission)
        organs = frozenset(i for g in grants if g.scope != Scope.OWN for i in (*g.organ_ids, g.organ_id) if i)
        here &= Q(role=TaskRole.LEAD) if is_lead else ~Q(role=TaskRole.LEAD)
        self._add(organs, here & Q(state=TaskState.OPEN) & (Q(assignee=None) if is_shared else Q()))
        self.own |= here

    def within(self, permission: str, here: Callable[[str], Q], but_of: frozenset[UUID] = frozenset()) -> None:
        """One action on what ``permission`` reaches, not on that in which organs of ``but_of`` have or had a task.  What it
        reaches by an organ's task is read from there."""
        grants = self.by.grants_for(permission)
        is_everywhere = any(g.scope == Scope.ALL for g in grants)
        of_organs = [] if is_everywhere else [g.organ_ids for g in grants if g.scope == Scope.ORGAN]
        self._add(frozenset[UUID]().union(*of_organs), here("matter_id") & _without(but_of, "matter_id"))
        others = grants if is_everywhere else [g for g in grants if g.scope != Scope.ORGAN]
        if others:
            self.others |= here("pk") & _without(but_of, "pk") & reach_q(self.by, others)

    def _add(self, organs: frozenset[UUID], condition: Q) -> None:
        if organs:
            self.of_organs[organs] = self.of_organs.get(organs, NOTHING) | condition

    def all(self) -> list[QuerySet[Any]]:
        """The sources."""
        found = [source for organs, q in self.of_organs.items() for source in shares(self.by, organs, q)]
        found += own_shares(self.by, self.own) if self.own is not NOTHING else []
        return [*found, standing(self.by, self.others)] if self.others is not NOTHING else found


def _without(organs: frozenset[UUID], matter: str) -> Q:
    """Matters in which none of the organs has or had a task."""
    return ~Q(Exists(Task.objects.filter(organ__in=organs, matter=OuterRef(matter)))) if organs else Q()


def _alike(kind: Kind, by: Actor, only: Callable[[Action], bool]) -> Iterable[list[Action]]:
    """The main actions open to ``by``, those together that differ in their stages only."""
    found: dict[object, list[Action]] = defaultdict(list)
    for action in kind.actions:
        if action.tone == "primary" and action.permission and by.may(action.permission) and only(action):
            found[action.permission, action.who, action.shows, action.when_paused].append(action)
    return found.values()


def _here(in_stages: Q, action: Action, by: Actor, matter: str) -> Q:
    """What must be true of the matter; ``matter`` is the name of its id."""
    if action.shows is has_request:
        asked = Extension.objects.filter(clock__matter=OuterRef(matter), is_granted=None)
        return in_stages & Q(Exists(asked.exclude(asked_by=by.account_id) if by.account_id else asked))
    if action.shows is is_paused:
        return in_stages & Q(is_paused=True)
    return in_stages if action.when_paused else in_stages & Q(is_paused=False)


def tab_q(by: Actor) -> dict[str, Q]:
    """The condition of each tab of "my work"."""
    sources = _waiting(by)
    waiting, lead, co = among(sources), open_tasks(by, co=False), open_tasks(by, co=True)
    is_open = Q(closed_at=None)
    ours = among([*sources, *_shares(by, Q())]) & is_open
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


def listed(by: Actor, tab: str) -> tuple[QuerySet[Matter], Gathered | None]:
    """`work` as `paging` takes it."""
    return listed_of(by, tab_q(by)[tab])


def listed_of(by: Actor, condition: Q) -> tuple[QuerySet[Matter], Gathered | None]:
    """The matters ``by`` may see that fulfil it, as `paging` takes them: what is gathered needs no other condition."""
    found, seen = gathered_of(condition), visible_matters(by)
    return seen if found else seen.filter(condition), found


def work_counts(by: Actor) -> dict[str, int]:
    """How many matters stand in each tab, what is done left out.  One query."""
    return counts(by, {tab: condition for tab, condition in tab_q(by).items() if tab != "done"})
