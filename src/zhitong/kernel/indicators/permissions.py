"""Who may see figures, and who says what they mean."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import declare_permission

VIEW = "figures.view"
DEFINE = "figures.define"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(
        VIEW, _("查看指标"), roles=("leader", "supervisor", "administrator", "dispatcher", "arbiter", "organ_head")
    )
    declare_permission(DEFINE, _("制定指标口径"), roles=("administrator",))
