"""Who answers people about their data, who makes lists of what is destroyed, and who approves them."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import declare_permission, declare_role

ANSWER = "privacy.answer"
PREPARE = "retention.prepare"
APPROVE = "retention.approve"
TERMS = "settings.manage"


def declare() -> None:
    """Tell the kernel.  Article 52 of the Personal Information Protection Law names the officer."""
    declare_permission(ANSWER, _("办理个人信息查阅、更正、删除请求（留痕）"), roles=("privacy_officer",))
    declare_permission(PREPARE, _("编制销毁清册"), roles=("archivist",))
    declare_permission(APPROVE, _("审批销毁清册"), roles=("privacy_officer",))
    declare_role("privacy_officer", "个人信息保护负责人", "Personal information protection officer", sort=120)
    declare_role("archivist", "档案员", "Archivist", sort=130)
