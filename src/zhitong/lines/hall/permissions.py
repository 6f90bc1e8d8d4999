"""What may be done in the hall, and by which default roles."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, Granted, declare_permission, declare_role, scope_q
from zhitong.kernel.territory.public import within

from .models import Hall, Item, Window

CATALOGUE = "hall.catalogue"
ACCEPT, INSTANT, EXAMINE, DECIDE = "hall.accept", "hall.instant", "hall.examine", "hall.decide"
ISSUE, EXTEND, MOVE, SUPERVISE = "hall.issue", "hall.extend_decide", "hall.move", "hall.supervise"
SERVE = "hall.serve"
AGENT = "hall.agent"
MANAGE = "hall.manage"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(CATALOGUE, _("编制服务事项"), roles=("administrator", "organ_head"))
    declare_role("examiner", "审查人", "Examiner", ["matters.view", "register.reveal"], sort=25)
    declare_role("decider", "决定人", "Decider", ["matters.view", "matters.assign", "register.reveal"], sort=26)
    declare_permission(ACCEPT, _("受理办件"), roles=("clerk", "examiner"))
    declare_permission(INSTANT, _("当场办结即办件"), roles=("clerk", "decider"))
    declare_permission(EXAMINE, _("审查办件"), roles=("examiner", "decider"))
    declare_permission(DECIDE, _("决定办件"), roles=("decider", "organ_head"))
    declare_permission(ISSUE, _("制发和送达结果"), roles=("clerk", "examiner"))
    declare_permission(EXTEND, _("审批办件延期"), roles=("organ_head",))
    declare_permission(MOVE, _("变更办件适用版本"), roles=("decider", "organ_head"))
    declare_permission(SUPERVISE, _("督办办件"), roles=("supervisor",))
    declare_permission(SERVE, _("在大厅窗口叫号受理"), roles=("clerk", "hall_manager"))
    declare_permission(MANAGE, _("管理政务大厅"), roles=("administrator", "hall_manager"))
    declare_permission(AGENT, _("帮办代办"), roles=("agent", "grid_worker"))
    declare_role("agent", "帮办代办员", "Agent", ("matters.view", "register.reveal"), sort=141)
    declare_role("hall_manager", "大厅主任", "Manager of a hall", ("matters.view", "figures.view"), sort=140)


def editable(by: Actor) -> Q:
    """The items ``by`` may edit: those of the own organ and of those below it, or all.  A scope by division reaches none."""
    return scope_q(
        by.grants_for(CATALOGUE),
        organ=lambda ids: Q(organ__in=ids),
        division=lambda _top: Q(pk__in=[]),
        own=lambda granted: Q(organ__in=granted.organ_ids),
    )


def may_edit_organ(by: Actor, organ_id: object) -> bool:
    """Whether ``by`` may edit the items of that organ."""
    granted = by.grants_for(CATALOGUE)
    return by.may_everywhere(CATALOGUE) or any(organ_id in one.organ_ids for one in granted if one.scope != "division")


def demand_organ(by: Actor, organ_id: object) -> None:
    """Raise ``NotAllowed`` unless ``by`` may give an item to that organ."""
    if not may_edit_organ(by, organ_id):
        raise NotAllowed("not_allowed", _("只能编制本单位的事项，请联系管理员。"), "organ")


def demand_item(by: Actor, item: Item) -> None:
    """Raise ``NotAllowed`` unless ``by`` may edit the item."""
    demand_organ(by, item.organ_id)


def _of_hall(by: Actor, permission: str, at_organ: Callable[[frozenset[UUID]], Q], prefix: str) -> Q:
    """Halls or windows within the scope of the permission: by their organs, or by where they are."""

    def own(granted: Granted) -> Q:
        return at_organ(granted.organ_ids)

    def division(top: UUID) -> Q:
        return Q(**{f"{prefix}division__in": within(top)})

    return scope_q(by.grants_for(permission), organ=at_organ, division=division, own=own)


def halls_q(by: Actor, permission: str = MANAGE) -> Q:
    """The halls in which ``by`` may do that: those kept by the own organs, or in the own division, or all."""
    return _of_hall(by, permission, lambda ids: Q(organ__in=ids), "")


def windows_q(by: Actor) -> Q:
    """The windows at which ``by`` may sit: of the own organs, or of the halls that these keep."""
    return _of_hall(by, SERVE, lambda ids: Q(organ__in=ids) | Q(hall__organ__in=ids), "hall__")


def demand_hall(by: Actor, hall: Hall) -> None:
    """Raise ``NotAllowed`` unless ``by`` manages that hall."""
    if not Hall.objects.filter(halls_q(by), pk=hall.pk).exists():
        raise NotAllowed("not_allowed", _("您不管理这个大厅，请联系大厅主任。"))


def demand_window(by: Actor, window: Window) -> None:
    """Raise ``NotAllowed`` unless ``by`` may sit there."""
    if not Window.objects.filter(windows_q(by), pk=window.pk).exists():
        raise NotAllowed("not_allowed", _("您不能在这个窗口办公，请联系大厅主任。"))
