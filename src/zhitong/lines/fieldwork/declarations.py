"""What the field tells the kernel and the faces."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show
from zhitong.ui.public import MenuItem, declare_menu

from . import permissions


def _named(data: dict[str, Any]) -> str:
    return str(data.get("name") or data.get("to") or "")


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    declare_menu(
        MenuItem(_("谁是我的网格员"), "fieldwork:who", "user-pin", order=45, face="portal"),
        MenuItem(_("网格员队伍"), "fieldwork:teams", "users-group", (permissions.TEAM,), order=62),
    )
    show("fieldwork.handed_over", _("更换网格员"), icon="user-check", sentence=_named)
    show("fieldwork.stands_in", _("安排替班"), icon="user-plus", sentence=_named)
    show("fieldwork.called_out", _("调派机动队"), icon="speakerphone", sentence=_named)
    show("fieldwork.released", _("离开网格"), icon="user-minus", sentence=_named)
