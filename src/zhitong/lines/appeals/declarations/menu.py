"""What the line puts into the menus of residents and staff."""

from django.utils.translation import gettext_lazy as _

from zhitong.ui.public import SETTINGS, MenuItem, declare_menu

from ..permissions import IMPORT


def declare() -> None:
    """Tell the faces."""
    declare_menu(
        MenuItem(_("我要反映"), "appeals:new", "message-plus", order=10, face="portal"),
        MenuItem(_("查询进展"), "appeals:track", "search", order=20, face="portal"),
        MenuItem(_("大家反映的"), "appeals:public", "list", order=30, face="portal"),
        MenuItem(_("转办台"), "appeals:board", "layout-columns", ("appeals.pass",), order=8, key="d"),
        MenuItem(_("登记诉求"), "appeals:register", "plus", ("appeals.register",), order=25, key="r"),
        MenuItem(_("导入热线工单"), "appeals:orders", "file-import", (IMPORT,), group=SETTINGS, order=910),
    )
