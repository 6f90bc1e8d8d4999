"""What the field tells the kernel and the faces."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.holdings import Case, Held, Holding, declare_holding
from zhitong.base.retention import RecordKind, declare_record_kind
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Wording, declare_letter, show, subscribe
from zhitong.kernel.matters.public import Action, Matter, Who, declare_common
from zhitong.ui.public import (
    EVERY,
    GRID,
    EntryKind,
    MenuItem,
    Section,
    declare_entry,
    declare_home,
    declare_menu,
    declare_part,
)

from . import permissions
from .actions import filing, forgetting, posts, sending, video
from .queries import video as calls
from .queries.day import notes_of
from .web import entries


def _named(data: dict[str, Any]) -> str:
    return str(data.get("name") or data.get("to") or "")


def _look(case: Case) -> list[Held]:
    return [
        Held(note.pk, note.by_label, note.noted_at, [(_("内容"), str(sending.content(note)["text"]))])
        for note in notes_of(case.person_id)
    ]


def _erase(case: Case, by: Actor) -> int:
    return forgetting.forget_person(case.person_id)


def _kept() -> None:
    basis = _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间")
    declare_holding(Holding("fieldwork.notes", _("网格员听到的情况"), ("fieldwork.Note",), _look, _erase, 47))
    declare_record_kind(RecordKind(
        "fieldwork.tracks", _("巡查轨迹"), basis, 90, counts_from=pgettext_lazy("term from", "签到"),
        count=lambda before: forgetting.old_rounds(before).count(), destroy=lambda before: forgetting.forget_tracks(before=before),
    ))  # fmt: skip
    declare_record_kind(RecordKind(
        "fieldwork.notes", _("网格员听到的情况"), basis, 365, counts_from=pgettext_lazy("term from", "记下"),
        count=lambda before: forgetting.old_notes(before).count(), destroy=lambda before: forgetting.forget_notes(before=before),
    ))  # fmt: skip
    declare_record_kind(RecordKind(
        "fieldwork.sent", _("手机发送记录"), basis, 90, counts_from=pgettext_lazy("term from", "收到"),
        count=lambda before: forgetting.old_sent(before).count(), destroy=lambda before: forgetting.forget_sent(before=before),
    ))  # fmt: skip


def _calls_of(matter: Matter, by: Actor, at: datetime) -> dict[str, Any] | None:
    """What the page of a matter shows of its calls."""
    found = calls.calls_of(matter)
    return (
        {"calls": found, "by": by, "holds_from": at - calls.HOLDS, "may_call": by.may(permissions.CALL)}
        if found
        else None
    )


def _home(by: Actor, at: datetime) -> Section | None:
    """Calls that wait for a worker."""
    found = calls.waiting_for(by, at)
    context = {"calls": [(one, mask_inline(one.matter.title)) for one in found]}
    return Section(_("视频连线"), "video", template="fieldwork/home/calls.html", context=context) if found else None


def _video() -> None:
    """The centre calls a worker from a matter of any kind."""
    who = (Who.SCOPE, Who.TASKED)
    declare_common(
        Action("video_call", _("视频连线"), (), None, who, permissions.CALL, video.Call, video.call, when_paused=True,
               icon="video", past=_("发起视频连线")),
    )  # fmt: skip
    declare_common(
        Action("video_end", _("结束连线、写纪要"), (), None, who, permissions.CALL, video.EndCall, video.end_call,
               shows=video.is_on, when_paused=True, icon="video-off", past=_("结束视频连线")),
        also_ended=True,
    )  # fmt: skip
    declare_letter(
        Wording(video.LETTER, _("视频连线通知"), "请视频连线：{title}", "中心就事项{number}请您视频连线，请打开手机端或首页，点“进入会议室”。",
                "Video call: {title}", "The centre asks you to a video call about {number}. Open the field app or your home page and enter the "
                "room.", ("number", "title"))
    )  # fmt: skip
    declare_part(EVERY, "fieldwork/parts/calls.html", _calls_of)
    declare_home("calls", (permissions.WALK,), _home, order=1)
    show("fieldwork.joined", _("进入视频会议室"), icon="video")
    show("fieldwork.rooms_set", _("设置视频会议室"), icon="video")


def _entries() -> None:
    """What may be entered on the phone."""
    declare_entry(
        EntryKind("check_in", _("巡查签到"), entries.CheckInForm, sending.check_in),
        EntryKind("walked", _("巡查轨迹"), entries.WalkedForm, sending.walked),
        EntryKind("report", pgettext_lazy("field", "上报"), entries.ReportForm, sending.report),
        EntryKind("resolve", _("现场处置"), entries.ResolveForm, sending.resolve),
        EntryKind("listen", _("群众反映"), entries.ListenForm, sending.listen),
        EntryKind("raise", _("转为诉求"), entries.RaiseForm, sending.raise_note),
        EntryKind("household", _("核实住户"), entries.HouseholdForm, filing.household),
        EntryKind("resident", _("登记住户成员"), entries.ResidentForm, filing.resident),
        EntryKind("building", _("核实楼栋"), entries.BuildingForm, filing.building),
        EntryKind("unit", _("核实房屋"), entries.UnitForm, filing.unit),
        EntryKind("new_unit", _("登记房屋"), entries.NewUnitForm, filing.new_unit),
    )


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    subscribe(posts.give_role, kinds=["post.created"])
    _entries()
    _video()
    declare_menu(
        MenuItem(_("谁是我的网格员"), "fieldwork:who", "user-pin", order=45, face="portal"),
        MenuItem(_("手机端"), "fieldwork:app", "device-mobile", (permissions.WALK,), order=6),
        MenuItem(_("网格员队伍"), "fieldwork:teams", "users-group", (permissions.TEAM,), group=GRID, order=62),
        MenuItem(
            _("在用手机"),
            "fieldwork:phones",
            "device-mobile-off",
            (permissions.WALK, permissions.TEAM),
            group=GRID,
            order=63,
        ),
    )
    _kept()
    show("fieldwork.handed_over", _("更换网格员"), icon="user-check", sentence=_named)
    show("fieldwork.stands_in", _("安排替班"), icon="user-plus", sentence=_named)
    show("fieldwork.called_out", _("调派机动队"), icon="speakerphone", sentence=_named)
    show("fieldwork.released", _("离开网格"), icon="user-minus", sentence=_named)
    show("fieldwork.phone_begun", _("手机开始上班"), icon="device-mobile")
    show("fieldwork.phone_ended", _("手机下班"), icon="device-mobile")
    show("fieldwork.phone_revoked", _("停用手机"), icon="device-mobile-off")
    show("fieldwork.checked_in", _("巡查签到"), icon="map-pin-check")
    show("fieldwork.walked", _("巡查轨迹"), icon="walk")
    show("fieldwork.verified", _("上门核实"), icon="home-check")
    show("fieldwork.noted", _("群众反映"), icon="ear")
