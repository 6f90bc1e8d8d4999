"""What may be done with appeals, and by which default roles."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import declare_permission

IMPORT = "appeals.import"


def declare() -> None:
    """Tell the kernel."""
    declare_permission("appeals.register", _("登记诉求"), roles=("organ_head",))
    declare_permission("appeals.pass", _("转办诉求"))
    declare_permission("appeals.arbitrate", _("裁定承办单位"))
    declare_permission("appeals.handle", _("办理诉求"))
    declare_permission("appeals.approve", _("审批办结"))
    declare_permission("appeals.visit", _("回访"))
    declare_permission("appeals.supervise", _("督办"))
    declare_permission("appeals.extend_decide", _("审批延期"), roles=("dispatcher",))
    declare_permission("appeals.publish", _("决定公开"), roles=("arbiter",))
    declare_permission("appeals.on_spot", _("自办自结"), roles=("grid_worker",))
    declare_permission(IMPORT, _("导入热线工单"), roles=("administrator", "dispatcher"))
