"""Who says what papers look like."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.accounts.public import declare_permission

EDIT = "papers.edit"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(EDIT, _("修改文书模板"), roles=("administrator",))
