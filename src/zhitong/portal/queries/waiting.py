"""What is waiting for a person: worked out from the tables of the kinds, so that a new line needs nothing here."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhitong.kernel.accounts.public import Actor, Scope
from zhitong.kernel.events.public import Event
from zhitong.kernel.matters.public import (
    KINDS,
    LATE_GRADES,
    Action,
    Extension,
    Grade,
    Kind,
    Matter,
    Task,
    TaskRole,
    TaskState,
    Who,
    has_request,
    is_paused,
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


def open_tasks(by: Actor, *, co: bool) -> Q:
    """Matters of which one's organs have an open share, as lead or as co-handler."""
    mine = Task.objects.filter(organ__in=own_organs(by), state=TaskState.OPEN)
    return _has_task(mine.exclude(role=TaskRole.LEAD) if co else mine.filter(role=TaskRole.LEAD))


def of_a_task(action: Action) -> bool:
    """Taken by the organ that has a share of the matter."""
    return Who.LEAD in action.who or Who.TASKED in action.who


def waiting_q(by: Actor, only: Callable[[Action], bool] = lambda action: True) -> Q:
    """Matters on which a main action (tone primary) of those in ``only`` is open to ``by`` now."""
    condition = NOTHING
    for kind in KINDS.values():
        shared = {a.permission for a in kind.actions if Who.TASKED in a.who}
        for actions in _alike(kind, by, only):
            stages = sorted({stage for action in actions for stage in action.from_})
            first = actions[0]
            standing = _standing(first, by, is_shared=first.permission in shared)
            condition |= Q(kind=kind.slug, stage__in=stages) & _state(first, by) & standing
    return condition


def _alike(kind: Kind, by: Actor, only: Callable[[Action], bool]) -> Iterable[list[Action]]:
    """The main actions open to ``by``, those together that differ in their stages only."""
    found: dict[object, list[Action]] = defaultdict(list)
    for action in kind.actions:
        if action.tone == "primary" and action.permission and by.may(action.permission) and only(action):
            found[action.permission, action.who, action.shows, action.when_paused].append(action)
    return found.values()


def _state(action: Action, by: Actor) -> Q:
    """What must be true of the matter besides its stage."""
    if action.shows is has_request:
        asked = Extension.objects.filter(clock__matter=OuterRef("pk"), is_granted=None)
        return Q(Exists(asked.exclude(asked_by=by.account_id) if by.account_id else asked))
    if action.shows is is_paused:
        return Q(is_paused=True)
    return Q() if action.when_paused else Q(is_paused=False)


def _standing(action: Action, by: Actor, *, is_shared: bool) -> Q:
    conditions = []
    for who in action.who:
        if who in (Who.LEAD, Who.TASKED):
            conditions.append(_has_task(_tasks(action, by, is_lead=who is Who.LEAD, is_shared=is_shared)))
        elif who is Who.OUTSIDER:
            conditions.append(
                visible_q(by, action.permission) & ~_has_task(Task.objects.filter(organ__in=own_organs(by)))
            )
        elif who in (Who.SCOPE, Who.ABOVE):
            conditions.append(visible_q(by, action.permission))
    return _any(conditions)


def _any(conditions: list[Q]) -> Q:
    """One of them holds.  An empty condition lets everything through, where ``|`` would drop it."""
    if not all(conditions):
        return Q()
    return reduce(or_, conditions, NOTHING)


def _tasks(action: Action, by: Actor, *, is_lead: bool, is_shared: bool) -> QuerySet[Task]:
    """Open tasks by which ``by`` may act; work that is shared out waits for its assignee, or for all while it has none."""
    grants = by.grants_for(action.permission)
    organs = {i for g in grants if g.scope != Scope.OWN for i in (*g.organ_ids, g.organ_id) if i}
    tasks = Task.objects.filter(state=TaskState.OPEN)
    tasks = tasks.filter(role=TaskRole.LEAD) if is_lead else tasks.exclude(role=TaskRole.LEAD)
    own = Q(assignee=by.staff_id) if by.staff_id else NOTHING
    in_organs = Q(organ__in=organs) & (own | Q(assignee=None)) if is_shared else Q(organ__in=organs)
    return tasks.filter(in_organs | own)


def tab_q(by: Actor) -> dict[str, Q]:
    """The condition of each tab of "my work"."""
    waiting, lead, co = waiting_q(by), open_tasks(by, co=False), open_tasks(by, co=True)
    is_open = Q(closed_at=None)
    ours = (waiting | lead | co) & is_open
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


def work_counts(by: Actor) -> dict[str, int]:
    """How many matters stand in each tab, what is done left out.  One query."""
    return counts(by, {tab: condition for tab, condition in tab_q(by).items() if tab != "done"})
