"""How what happens to divisions is shown in their time lines."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhitong.base.moments import dated
from zhitong.kernel.events.public import show

Data = dict[str, Any]


def _sentence(text: object) -> Callable[[Data], str]:
    def say(data: Data) -> str:
        on = dated(data.get("on", ""), get_language())
        return str(text) % {"name": "", "code": "", "was": "", "count": "", "kind": "", "reason": "", **data, "on": on}

    return say


def _imported(data: Data) -> str:
    told = {key: data.get(key, 0) for key in ("created", "renamed", "grids", "shapes")}
    return gettext("新增%(created)s个、更名%(renamed)s个，划分网格%(grids)s个，边界%(shapes)s个。") % told


def declare() -> None:
    """Tell the log of the territory's events."""
    show(
        "territory.created",
        _("区划设立"),
        icon="map-pin-plus",
        sentence=_sentence(_("自%(on)s起设立“%(name)s”（%(code)s）。")),
    )
    show(
        "territory.renamed",
        _("区划更名"),
        icon="pencil",
        sentence=_sentence(_("自%(on)s起由“%(was)s”更名为“%(name)s”。")),
    )
    show("territory.kind_changed", _("类型变更"), icon="pencil", sentence=_sentence(_("自%(on)s起变更类型。")))
    show(
        "territory.renumbered",
        _("变更编码"),
        icon="hash",
        sentence=_sentence(_("自%(on)s起编码由%(was)s变更为%(code)s。")),
    )
    show(
        "territory.moved",
        _("区划划转"),
        icon="arrows-right-left",
        sentence=_sentence(_("自%(on)s起划转至其他上级区划。")),
    )
    show("territory.reshaped", _("变更边界"), icon="polygon", sentence=_sentence(_("自%(on)s起启用新的边界。")))
    show(
        "territory.divided",
        _("生成暂定边界"),
        icon="polygon",
        sentence=_sentence(_("为下级区划生成暂定边界%(count)s个。")),
    )
    show("territory.split", _("区划拆分"), icon="arrows-split", sentence=_sentence(_("自%(on)s起拆分。")))
    show("territory.merged", _("区划合并"), icon="arrows-join", sentence=_sentence(_("自%(on)s起并入新区划。")))
    show("territory.redrawn", _("边界调整"), icon="polygon", sentence=_sentence(_("自%(on)s起调整，原因：%(reason)s")))
    show(
        "territory.undone",
        _("撤销边界调整"),
        icon="polygon",
        sentence=_sentence(_("撤销自%(on)s起的调整，原调整原因：%(reason)s")),
    )
    show("territory.ground_chosen", _("选择地图底图"), icon="map-2")
    show("territory.ground_dropped", _("停用地图底图"), icon="map-off")
    show("territory.ended", _("区划撤销"), icon="map-pin-x", sentence=_sentence(_("自%(on)s起撤销。")))
    show("territory.imported", _("导入区划"), icon="upload", sentence=_imported)
