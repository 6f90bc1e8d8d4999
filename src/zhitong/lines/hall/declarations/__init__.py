"""What the kernel is told about the hall."""

from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhitong.base.moments import dated
from zhitong.kernel.events.public import show, subscribe
from zhitong.kernel.indicators.public import Part
from zhitong.ui.key_figures import Key, declare_key_figures
from zhitong.ui.public import SETTINGS, MenuItem, declare_home, declare_menu

from .. import permissions
from ..actions.papers import follow
from ..queries import home, today
from . import agency, bundles, cases, papers, smart, window

KEY_FIGURES = (
    Key("application_volume", "inbox"),
    Key("application_in_time_promised", "clock-check", Part.REST),
    Key("application_in_time_statutory", "gavel", Part.REST),
    Key("application_instant_share", "bolt"),
    Key("application_overdue", "clock-exclamation"),
    Key("review_participation", "star", page="portal:review_figures"),
    Key("review_satisfaction", "mood-smile", page="portal:review_figures"),
)
_EVENTS = {
    "hall.base.created": _("新增基本目录"),
    "hall.base.changed": _("修改基本目录"),
    "hall.item.created": _("新增服务事项"),
    "hall.item.changed": _("修改服务事项"),
    "hall.item.basis_checked": _("核对设定依据"),
    "hall.version.drafted": _("起草事项版本"),
    "hall.version.written": _("编辑事项草稿"),
    "hall.version.discarded": _("删除事项草稿"),
    "hall.version.published": _("发布事项版本"),
    "hall.version.withdrawn": _("停用事项版本"),
}


def _version(data: dict[str, Any]) -> str:
    """Which version, from or until when, and why; nothing for what is no version's."""
    told = [gettext("第%(n)s版") % {"n": data["number"]}] if "number" in data else []
    for name, text in (("effective_on", gettext("自%(day)s起")), ("ended_on", gettext("至%(day)s止"))):
        if data.get(name):
            told.append(text % {"day": dated(data[name], get_language())})
    return gettext("，").join([*told, *filter(None, [data.get("reason")])])


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    cases.declare()
    bundles.declare()
    papers.declare()
    subscribe(follow, kinds=["application."])
    for kind, label in _EVENTS.items():
        show(kind, label, icon="clipboard-list", sentence=_version)
    declare_menu(
        MenuItem(_("办事指南"), "hall:guide", "clipboard-list", order=25, face="portal"),
        MenuItem(_("企业专区"), "hall:firm", "building-store", order=28, face="portal"),
        MenuItem(
            _("服务事项"), "hall:catalogue", "clipboard-list", (permissions.CATALOGUE,), group=SETTINGS, order=920
        ),
    )
    declare_key_figures("hall_figures", _("政务服务近30天"), KEY_FIGURES, page="portal:hall_figures", order=12)
    declare_home("hall", (permissions.MANAGE,), today.of_the_halls, order=4)
    declare_home("window", (permissions.SERVE,), today.at_the_window, order=5)
    declare_home("agency", (permissions.AGENT,), today.of_an_agent, order=14)
    declare_home("applications", home.PERMISSIONS, home.applications, order=18)
    smart.declare()
    window.declare()
    agency.declare()
