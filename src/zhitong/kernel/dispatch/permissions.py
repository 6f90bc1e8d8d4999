"""Who sees how good the suggestions are, and who decides what they may do by themselves."""

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, declare_permission

VIEW, MANAGE, TOLD, INSIST = "dispatch.view", "dispatch.manage", "dispatch.told", "dispatch.insist"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(VIEW, _("查看智能转办的成效"), roles=("dispatcher", "supervisor", "leader", "administrator"))
    declare_permission(TOLD, _("接收热点上升提醒"), roles=("leader", "supervisor"))
    declare_permission(INSIST, _("说明理由后仍按被拦截的答复办结"), roles=("organ_head",))
    declare_permission(MANAGE, _("设置智能转办（阈值、自动转办、分派规则）"), roles=("administrator",))


def demand_manage(by: Actor) -> None:
    """Raise NotAllowed unless ``by`` may set up help for the dispatcher."""
    if not by.may_everywhere(MANAGE):
        raise NotAllowed("not_allowed", _("您没有设置智能转办的权限，请联系管理员。"))
