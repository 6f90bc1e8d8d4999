"""What the kernel is told about organisation: how its events read.

The permission ``organisation.manage`` is declared by accounts, which keeps the register of permissions.
"""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show

_EVENTS = {
    "organ.created": (_("设立单位"), "building"),
    "organ.changed": (_("修改单位信息"), "building"),
    "organ.closed": (_("撤销单位"), "building-off"),
    "post.created": (_("设立岗位"), "armchair"),
    "post.changed": (_("修改岗位"), "armchair"),
    "post.ended": (_("撤销岗位"), "armchair-off"),
    "staff.created": (_("登记人员"), "user-plus"),
    "staff.changed": (_("修改人员信息"), "user-edit"),
    "appointment.made": (_("任职"), "user-check"),
    "appointment.ended": (_("免职"), "user-minus"),
    "duty.set": (_("确定职责"), "list-check"),
    "duty.ended": (_("终止职责"), "list"),
    "category.created": (_("新增类别"), "category"),
    "category.changed": (_("修改类别"), "category"),
}


def declare() -> None:
    """Called once when the application starts."""
    for kind, (label, icon) in _EVENTS.items():
        show(kind, label, icon=icon)
