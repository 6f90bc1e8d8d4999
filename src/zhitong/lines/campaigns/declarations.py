"""What campaigns tell the kernel and the faces."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import show
from zhitong.kernel.indicators.public import declare_measure, once
from zhitong.ui.public import GRID, EntryKind, MenuItem, PhoneList, declare_entry, declare_menu, declare_phone_list

from . import permissions
from .actions import ticking
from .actions.inventories import forget
from .queries import phone
from .queries.inventories import held_of
from .web import entries


def _done(event: Any) -> int | None:
    """One more that is done, or one less where a move was taken back."""
    return int(event.data.get("done") or 0) or None


def _on(event: Any) -> date | None:
    """The day on which it was done or found, where a phone sent it later."""
    said = event.data.get("on")
    return date.fromisoformat(said) if said else None


def _erase(case: Case, by: Actor) -> int:
    return forget(case.person_id)


def _phone() -> None:
    """What is done about drives on the phone, also without network."""
    declare_entry(
        EntryKind("drive_tick", _("专项行动办理"), entries.TickForm, ticking.tick),
        EntryKind("drive_find", _("专项行动现场登记"), entries.FoundForm, ticking.found),
    )
    hint = _("没有网络也可以办理，联网后自动发送。")
    declare_phone_list(
        PhoneList("drive_tick", _("专项行动待办对象"), hint, _("提交"), phone.to_tick, phone.how_they_stand),
        PhoneList("drive_find", _("专项行动现场登记"), hint, _("登记"), phone.to_find),
    )


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    _phone()
    declare_menu(
        MenuItem(
            pgettext_lazy("plural", "专项行动"),
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
    declare_measure("campaigns.found", _("专项行动登记对象"), "count", kinds=["campaigns.found"], read=once, on=_on)
    moves = ["campaigns.passed", "campaigns.back"]
    declare_measure("campaigns.done", _("专项行动完成对象"), "count", kinds=moves, read=_done, on=_on)
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
