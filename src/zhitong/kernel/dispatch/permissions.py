"""Who sees how good the suggestions are, and who decides what they may do by themselves."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import declare_permission

VIEW, MANAGE = "dispatch.view", "dispatch.manage"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(VIEW, _("查看智能转办的成效"), roles=("dispatcher", "supervisor", "leader", "administrator"))
    declare_permission(MANAGE, _("设置智能转办（阈值、自动转办、分派规则）"), roles=("administrator",))
