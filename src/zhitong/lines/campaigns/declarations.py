"""What campaigns tell the kernel and the faces."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import show
from zhitong.kernel.indicators.public import declare_measures, once
from zhitong.ui.public import GRID, MenuItem, declare_menu

from . import permissions
from .actions.inventories import forget
from .queries.inventories import held_of


def _done(event: Any) -> int | None:
    """One more that is done, or one less where a move was taken back."""
    return int(event.data.get("done") or 0) or None


def _erase(case: Case, by: Actor) -> int:
    return forget(case.person_id)


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    declare_menu(
        MenuItem(
            _("专项行动"),
            "campaigns:list",
            "target-arrow",
            (permissions.VIEW, permissions.WORK, permissions.MANAGE),
            group=GRID,
            order=61,
        ),
        MenuItem(
            _("台账"),
            "campaigns:inventories",
            "notebook",
            (permissions.VIEW, permissions.INSPECT, permissions.KEEP),
            group=GRID,
            order=62,
        ),
        MenuItem(_("政务公开"), "campaigns:open_list", "building-bank", order=46, face="portal"),
    )
    declare_measures("campaigns", (
        ("found", _("专项行动登记对象"), "count", ("found",), once),
        ("done", _("专项行动完成对象"), "count", ("passed", "back"), _done),
    ))  # fmt: skip
    show("campaigns.begun", _("开展专项行动"), icon="player-play")
    show("campaigns.redefined", _("修改行动"), icon="edit")
    show("campaigns.changed", _("修改对象"), icon="edit")
    show("campaigns.ended", _("结束行动"), icon="player-stop")
    show("campaigns.reopened", _("恢复行动"), icon="player-play")
    show("campaigns.published", _("向居民公开进度"), icon="world")
    show("campaigns.withdrawn", _("停止公开进度"), icon="world-off")
    show("campaigns.planned", _("编排计划"), icon="calendar-stats")
    show("campaigns.exported", _("导出行动对象"), icon="download")
    show("campaigns.found", _("登记对象"), icon="target-arrow")
    show("campaigns.passed", _("推进"), icon="arrow-right")
    show("campaigns.back", _("退回上一步"), icon="arrow-back-up")
    show("campaigns.aside", _("设为不计入"), icon="circle-minus")
    show("campaigns.taken_up", _("恢复计入"), icon="circle-plus")
    show("campaigns.noted", _("补充记录"), icon="note")
    show("campaigns.linked", _("关联事项"), icon="link")
    declare_holding(Holding("campaigns.stalls", _("摊位经营者"), ("campaigns.Stall",), held_of, _erase, 47))
    show("campaigns.inventory.defined", _("新建台账"), icon="notebook")
    show("campaigns.inventory.changed", _("修改台账"), icon="edit")
    show("campaigns.inventory.published", _("公开台账"), icon="world")
    show("campaigns.inventory.withdrawn", _("停止公开台账"), icon="world-off")
    show("campaigns.inventory.exported", _("导出台账"), icon="download")
    show("campaigns.entry.added", _("登记台账条目"), icon="plus")
    show("campaigns.entry.changed", _("修改条目"), icon="edit")
    show("campaigns.entry.gone", _("撤除"), icon="trash")
    show("campaigns.entry.back", _("恢复在册"), icon="arrow-back-up")
    show("campaigns.entry.inspected", _("检查"), icon="clipboard-check")
    show("campaigns.fault.settled", _("整改完成"), icon="circle-check")
    show("campaigns.stall.let", _("登记经营者"), icon="building-store")
    show("campaigns.stall.back", _("收回摊位"), icon="arrow-back-up")
