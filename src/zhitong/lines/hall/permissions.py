"""What may be done in the hall, and by which default roles."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, declare_permission, declare_role, scope_q

from .models import Item

CATALOGUE = "hall.catalogue"
ACCEPT, INSTANT, EXAMINE, DECIDE = "hall.accept", "hall.instant", "hall.examine", "hall.decide"
ISSUE, EXTEND, MOVE, SUPERVISE = "hall.issue", "hall.extend_decide", "hall.move", "hall.supervise"


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
