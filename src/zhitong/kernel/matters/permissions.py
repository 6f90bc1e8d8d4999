"""Who may take which action on which matter."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, Granted, Scope, declare_permission, scope_q

from .choices import TaskRole, TaskState
from .models import Matter, Task
from .rules import Action, Who


def declare() -> None:
    """The permissions every kind of matter shares."""
    declare_permission("matters.view", _("查看事项"))
    declare_permission("matters.export", _("导出事项"))
    declare_permission("matters.assign", _("分派承办人"))


def _task_of(organs: Iterable[UUID]) -> Q:
    return Q(Exists(Task.objects.filter(matter=OuterRef("pk"), organ__in=organs)))


def _live_task_of(organs: Iterable[UUID]) -> Q:
    return Q(Exists(Task.objects.filter(matter=OuterRef("pk"), organ__in=organs, is_live=True)))


def _task_besides(organs: Iterable[UUID]) -> Q:
    """The same as one alternative of several: each matter is asked for.  Were it an equation, PostgreSQL would read every task
    the organs ever had, to look up the few that are asked about."""
    return Q(Exists(Task.objects.filter(matter__gte=OuterRef("pk"), matter__lte=OuterRef("pk"), organ__in=organs)))


def visible_q(by: Actor, permission: str = "matters.view", *, is_open: bool = False) -> Q:
    """Condition for the matters that ``by`` may see; asked of what is open alone, no task of what is closed is read for it."""
    if by.is_resident:
        return Q(pk__in=by.tracked)
    return reach_q(by, by.grants_for(permission), is_open=is_open)


def reach_q(by: Actor, grants: Iterable[Granted], *, is_open: bool = False) -> Q:
    """Condition for the matters that these grants of ``by`` reach; as in `visible_q`."""
    grants = list(grants)
    alone = _live_task_of if is_open else _task_of
    return scope_q(
        grants,
        organ=alone if all(granted.scope == Scope.ORGAN for granted in grants) else _task_besides,
        division=lambda top: Q(path__contains=[top]),
        own=lambda granted: _own(by),
    )


def _own(by: Actor) -> Q:
    """Assigned to the person, or opened by the account; somebody who is neither owns nothing.

    Two short lists by an index each: as alternatives of one condition they would be looked for in every matter.
    """
    opened = Matter.objects.filter(opened_by=by.account_id).values("pk") if by.account_id else Matter.objects.none()
    if not by.staff_id:
        return Q(pk__in=opened)
    assigned = Task.objects.filter(assignee=by.staff_id).values("matter")
    return Q(pk__in=opened.union(assigned, all=True) if by.account_id else assigned)


def within_organs(by: Actor, permission: str = "matters.view") -> frozenset[UUID]:
    """The organs of which ``visible_q`` asks that one has or had a task; none where it asks for something else, or less."""
    grants = by.grants_for(permission)
    if by.is_resident or any(granted.scope != Scope.ORGAN for granted in grants):
        return frozenset()
    return frozenset(pk for granted in grants for pk in granted.organ_ids)


def sees(by: Actor, matter: Matter, tasks: list[Task]) -> bool:
    """``visible_q`` for a matter that is in memory with all its tasks; residents may also look at what is public."""
    if by.is_resident:
        return matter.pk in by.tracked or matter.is_public
    return any(_reaches(granted, matter, tasks, by) for granted in by.grants_for("matters.view"))


def _reaches(granted: Granted, matter: Matter, tasks: list[Task], by: Actor) -> bool:
    """Whether the matter lies within the scope of the grant."""
    match granted.scope:
        case Scope.ALL:
            return True
        case Scope.DIVISION:
            return granted.division_id in matter.path
        case Scope.ORGAN:
            return any(t.organ_id in granted.organ_ids for t in tasks)
        case _:
            opened = by.account_id is not None and matter.opened_by == by.account_id
            return opened or any(t.assignee_id == by.staff_id for t in tasks if by.staff_id)


def _holds(granted: Granted, tasks: list[Task], by: Actor, roles: tuple[str, ...]) -> bool:
    """Whether an open task in one of ``roles`` is the own organ's (or, for the narrowest scope, the own)."""
    mine = [t for t in tasks if t.state == TaskState.OPEN and t.role in roles]
    if granted.scope == Scope.OWN:
        return any(t.assignee_id == by.staff_id for t in mine if by.staff_id)
    return any(t.organ_id in granted.organ_ids or t.organ_id == granted.organ_id for t in mine)


def _stands(who: Who, granted: Granted, matter: Matter, tasks: list[Task], by: Actor) -> bool:
    match who:
        case Who.LEAD:
            return _holds(granted, tasks, by, (TaskRole.LEAD,))
        case Who.TASKED:
            return _holds(granted, tasks, by, tuple(TaskRole))
        case Who.OUTSIDER:
            handled = {t.organ_id for t in tasks}
            return _reaches(granted, matter, tasks, by) and not handled & (granted.organ_ids | {granted.organ_id})
        case Who.SCOPE | Who.ABOVE:
            return _reaches(granted, matter, tasks, by)
    return False


def through(action: Action, matter: Matter, tasks: list[Task], by: Actor) -> Granted | None:
    """The grant by which ``by`` may take ``action``; None when none allows it."""
    if by.is_system:
        return Granted(permissions=frozenset({action.permission}))
    if by.is_resident:
        allowed = Who.REPORTER in action.who and matter.pk in by.tracked
        allowed = allowed or (Who.ANY_RESIDENT in action.who and matter.is_public)
        return Granted(permissions=frozenset()) if allowed else None
    if not action.permission:
        return None
    for granted in by.grants_for(action.permission):
        if any(_stands(who, granted, matter, tasks, by) for who in action.who):
            return granted
    return None


def demand(action: Action, matter: Matter, tasks: list[Task], by: Actor) -> Granted:
    """The grant, or ``NotAllowed``."""
    granted = through(action, matter, tasks, by)
    if granted is None:
        raise NotAllowed("not_allowed", _("您没有办理此操作的权限。"))
    return granted
