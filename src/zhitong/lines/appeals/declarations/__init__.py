"""The appeal as a table: six steps, its stages, its moves, its clocks, its letters and figures."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.dispatch.public import Passing, declare_passing, declare_reply
from zhitong.kernel.events.public import Wording, declare_letter, show
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Action, ClockSpec, Kind, Stage, Who, declare_kind

from .. import permissions
from ..actions import beside
from ..actions import moves as do
from ..actions.sure import form_of_pass
from ..choices import Satisfaction
from . import home, measures, menu, privacy

STEPS = (
    ("received", pgettext_lazy("step", "接")),
    ("passed", pgettext_lazy("step", "转")),
    ("met", pgettext_lazy("step", "见")),
    ("handled", pgettext_lazy("step", "办")),
    ("concluded", pgettext_lazy("step", "结")),
    ("visited", pgettext_lazy("step", "访")),
)
STAGES = (
    Stage("received", _("待转办"), "received"),
    Stage("arbitration", _("待裁定"), "received"),
    Stage("passed", _("待见面"), "passed"),
    Stage("met", _("待办理"), "met"),
    Stage("second", _("二次办理"), "met"),
    Stage("handled", _("待办结"), "handled"),
    Stage("concluding", _("待审批"), "handled"),
    Stage("concluded", _("待回访"), "concluded"),
    Stage("supervision", _("转督查"), "concluded"),
    Stage("review", _("复查中"), "concluded"),
    Stage("rereview", _("复核中"), "concluded"),
    Stage("closed", _("已办结"), "visited", is_end=True),
    Stage("final", _("已终结"), "visited", is_end=True),
    Stage("withdrawn", _("已撤回"), "received", is_end=True),
    Stage("merged", _("已并案"), "received", is_end=True),
    Stage("transferred", _("已转出"), "received", is_end=True),
)
AT_CENTRE = ("received", "arbitration")
AT_ORGAN = ("passed", "met", "second", "handled", "concluding")
REVIEWS = ("review", "rereview")
OPEN = (*AT_CENTRE, *AT_ORGAN, "concluded", "supervision", *REVIEWS)
LEAD, TASKED, SCOPE = (Who.LEAD,), (Who.TASKED,), (Who.SCOPE,)
REPORTER = (Who.REPORTER,)

HANDLE, PASS = "appeals.handle", "appeals.pass"

STRAIGHT = (
    Action("pass", _("转办"), ("received",), "passed", SCOPE, PASS, do.Pass, do.pass_on,
           is_public=False, icon="send", tone="primary", past=_("已转承办单位")),
    Action("meet", _("记录见面"), ("passed",), "met", LEAD, HANDLE, do.Meet, do.meet,
           takes=(m.Purpose.EVIDENCE,), icon="users", tone="primary", past=_("承办单位已与反映人沟通")),
    Action("waive_meet", _("免于见面"), ("passed",), "met", LEAD, HANDLE, do.Waive, do.waive_meet,
           icon="user-off", past=_("免于见面")),
    Action("handle", _("记录办理"), ("met", "second"), "handled", LEAD, HANDLE, do.Handle,
           takes=(m.Purpose.BEFORE, m.Purpose.AFTER), icon="tools", tone="primary", past=_("承办单位已办理")),
    Action("conclude", _("提交办结"), ("handled",), None, LEAD, HANDLE, do.Conclude, do.conclude,
           takes=(m.Purpose.REPLY,), icon="file-check", tone="primary", past=_("承办单位已提交结果")),
    Action("approve", _("审批同意"), ("concluding",), None, LEAD, "appeals.approve", do.Approve, do.approve,
           icon="check", tone="primary", past=_("负责人已审批")),
    Action("send_back", _("退回修改"), ("concluding",), "handled", LEAD, "appeals.approve", do.SendBack,
           icon="arrow-back-up", past=_("负责人退回修改")),
    Action("visit", _("记录回访"), ("concluded",), None, (Who.OUTSIDER,), "appeals.visit", do.MakeVisit, do.visit,
           takes=(m.Purpose.EVIDENCE,), icon="phone-call", tone="primary", past=_("已回访")),
    Action("waive_visit", _("免于回访"), ("concluded",), "closed", (Who.OUTSIDER,), "appeals.visit", do.WaiveVisit,
           do.waive_visit, icon="phone-off", past=_("免于回访，已办结")),
)  # fmt: skip
ASIDE = (
    Action("on_spot", _("自办自结"), ("received",), "concluded", SCOPE, "appeals.on_spot", do.OnSpot, do.on_spot,
           takes=(m.Purpose.AFTER,), icon="bolt", past=_("网格员现场处置")),
    Action("return", _("退单"), ("passed", "met"), None, LEAD, HANDLE, do.Return, do.return_it,
           takes=(m.Purpose.EVIDENCE,), icon="arrow-back", past=_("承办单位退单")),
    Action("arbitrate", _("裁定"), ("arbitration",), "passed", SCOPE, "appeals.arbitrate", do.Arbitrate, do.arbitrate,
           icon="gavel", tone="primary", past=_("中心裁定承办单位")),
    Action("escalate", _("上报上级单位"), ("passed", "met", "second"), "passed", LEAD, HANDLE, m.Escalate, m.escalate,
           icon="arrow-up", past=_("已上报上级单位")),
    Action("transfer", _("转其他途径"), AT_CENTRE, None, SCOPE, PASS, do.ToOther, do.transfer,
           icon="switch-horizontal", past=_("已转其他途径")),
    Action("merge", _("并案"), ("received", "arbitration", "passed"), "merged", SCOPE, PASS, m.Merge, m.merge,
           icon="git-merge", past=_("与同一问题的诉求合并办理")),
    Action("unmerge", _("撤销并案"), ("merged",), "received", SCOPE, PASS, m.Unmerge, m.unmerge,
           icon="arrow-back-up", past=_("撤销并案，恢复单独办理")),
    Action("split", _("拆分"), ("received",), None, SCOPE, PASS, m.SplitOff, m.split_off,
           icon="arrows-split", past=_("拆分出另一件诉求")),
    Action("reroute", _("更正类别或地点"), OPEN, None, SCOPE, PASS, m.Reroute, m.reroute, when_paused=True,
           icon="route", past=_("更正类别或地点")),
    Action("expedite", _("调整紧急程度"), OPEN, None, SCOPE, PASS, m.Expedite, m.expedite, when_paused=True,
           icon="urgent", past=_("调整紧急程度")),
    Action("assign", _("分派承办人"), AT_ORGAN, None, TASKED, "matters.assign", m.Assign, m.assign, when_paused=True,
           icon="user-check", past=_("分派承办人")),
    Action("add_co", _("增加协办"), ("passed", "met", "second", "handled"), None, (Who.LEAD, Who.SCOPE), HANDLE, m.AddCo,
           m.add_co, icon="users-plus", past=_("增加协办单位")),
    Action("report_co", _("反馈协办情况"), AT_ORGAN, None, TASKED, HANDLE, m.ReportCo, m.report_co,
           takes=(m.Purpose.AFTER,), icon="message-check", tone="primary", past=_("协办单位已反馈"), shows=m.is_co),
    Action("return_co", _("退回协办"), AT_ORGAN, None, TASKED, HANDLE, m.ReturnCo, m.return_co,
           takes=(m.Purpose.EVIDENCE,), icon="arrow-back", past=_("协办单位退回"), shows=m.is_co),
    Action("pause", _("暂停计时"), ("passed", "met", "second", "handled"), None, LEAD, HANDLE, m.Pause, m.pause,
           is_public=True, icon="player-pause", past=_("暂停计时")),
    Action("resume", _("恢复计时"), ("passed", "met", "second", "handled"), None, LEAD, HANDLE, m.Note, m.resume,
           when_paused=True, icon="player-play", tone="primary", past=_("恢复计时"), shows=m.is_paused),
    Action("ask_extension", _("申请延期"), ("passed", "met", "second", "handled"), None, LEAD, HANDLE,
           m.AskExtension, m.ask_extension, icon="clock-plus", past=_("申请延期")),
    Action("decide_extension", _("审批延期"), (*AT_ORGAN, *REVIEWS), None, (Who.ABOVE,), "appeals.extend_decide",
           m.DecideExtension, m.decide_extension, when_paused=True, icon="clock-check", tone="primary",
           past=_("审批延期"), shows=m.has_request),
    Action("note", _("内部备注"), OPEN, None, (Who.SCOPE, Who.TASKED), "matters.view", m.Note, m.note, when_paused=True,
           takes=(m.Purpose.EVIDENCE,), icon="note", past=_("内部备注")),
    Action("urge", _("督办"), OPEN, None, SCOPE, "appeals.supervise", m.Urge, m.urge, when_paused=True,
           icon="bell-ringing", past=_("督办")),
    Action("publish", _("设置公开"), (*OPEN, "closed", "final"), None, SCOPE, "appeals.publish", m.Publish, m.publish,
           when_paused=True, icon="world", past=_("设置是否公开")),
    Action("order", _("责成再办"), ("supervision",), "second", SCOPE, "appeals.supervise", do.Order, do.order,
           icon="gavel", tone="primary", past=_("督查责成再次办理")),
    Action("close_supervised", _("督查办结"), ("supervision",), "closed", SCOPE, "appeals.supervise", do.Close,
           do.close_supervised, takes=(m.Purpose.EVIDENCE,), icon="flag-check", past=_("督查核查后办结")),
    Action("answer_review", _("答复复查复核"), REVIEWS, None, SCOPE, "appeals.arbitrate", do.Opinion, do.answer_review,
           is_public=True, takes=(m.Purpose.REPLY,), icon="file-check", tone="primary", past=_("已答复复查复核申请")),
)  # fmt: skip
RESIDENT = (
    Action("supplement", _("补充情况"), OPEN, None, (*REPORTER, Who.SCOPE), "appeals.register", m.Supplement, m.supplement,
           is_public=True, when_paused=True, takes=(m.Purpose.REPORT,), icon="message-plus", past=_("补充了情况")),
    Action("withdraw", _("撤回诉求"), (*AT_CENTRE, *AT_ORGAN, "concluded"), "withdrawn", REPORTER, "", m.Withdraw,
           m.withdraw, is_public=True, when_paused=True, icon="trash", past=_("反映人撤回诉求")),
    Action("not_fixed", _("没有解决"), ("concluded", "closed"), None, REPORTER, "", do.NotFixed, do.not_fixed,
           is_public=True, takes=(m.Purpose.REPORT,), icon="mood-sad", past=_("反映人表示没有解决")),
    Action("rate", _("评价"), ("concluded", "closed", "final"), None, REPORTER, "", do.Rate, do.rate,
           is_public=True, icon="star", tone="primary", past=_("反映人作出评价")),
    Action("ask_review", _("申请复查复核"), ("closed",), None, REPORTER, "", do.AskReview, do.ask_review,
           is_public=True, takes=(m.Purpose.REPORT,), icon="file-search", past=_("反映人申请复查复核"), shows=do.is_petition),
    Action("join", _("我也遇到"), OPEN, None, (Who.ANY_RESIDENT,), "", m.Join, do.joined,
           keeps=False, when_paused=True, icon="hand-stop", past=_("又有群众反映同一问题")),
)  # fmt: skip

BEFORE_CONCLUSION = frozenset({"passed", "met", "handled", "concluding"})
CLOCKS = (
    ClockSpec("pass", _("转办时限"), frozenset(AT_CENTRE), last_round=99),
    ClockSpec("accept", _("受理告知时限"), frozenset({"received", "arbitration", "passed"})),
    ClockSpec("meet", _("见面时限"), frozenset({"passed"}), last_round=99),
    ClockSpec("conclude", _("办结时限"), BEFORE_CONCLUSION),
    ClockSpec("second", _("二次办理时限"), frozenset({"second", *BEFORE_CONCLUSION}), first_round=2, last_round=99),
    ClockSpec("visit", _("回访时限"), frozenset({"concluded"}), last_round=99),
    ClockSpec("supervision", _("督查时限"), frozenset({"supervision"}), first_round=2, last_round=99),
    ClockSpec("review", _("复查时限"), frozenset({"review"}), first_round=2, last_round=99),
    ClockSpec("rereview", _("复核时限"), frozenset({"rereview"}), first_round=2, last_round=99),
)

APPEAL = Kind(
    slug="appeal",
    label=_("诉求"),
    stages=STAGES,
    actions=(*STRAIGHT, *ASIDE, *RESIDENT),
    clocks=CLOCKS,
    steps=STEPS,
    open_permission="appeals.register",
    opened=beside.opened,
    erased=beside.erased,
    received_letter="appeal.received",
    supervise_permission="appeals.supervise",
    followed_at="appeals:tracked",
    takes_findings=True,
)

LETTERS = (
    Wording("appeal.received", _("受理告知"), "诉求已收到",
            "您的诉求（编号{number}）已收到。凭编号和查询码可随时查看进展。",
            "Appeal received", "Your appeal {number} has been received. Follow it with the number and tracking code.",
            ("number", "title")),
    Wording("appeal.passed", _("转办告知"), "诉求已转办",
            "您的诉求（编号{number}）已转承办单位，办理时限至{due}。",
            "Appeal passed on", "Your appeal {number} has been passed to the responsible organ, due {due}.",
            ("number", "title", "due")),
    Wording("appeal.transferred", _("转出告知"), "诉求已转其他途径",
            "您的诉求（编号{number}）{to}，相关机构将与您联系。",
            "Appeal transferred", "Your appeal {number}: {to}. They will contact you.", ("number", "to")),
    Wording("appeal.concluded", _("办结答复"), "诉求已有办理结果",
            "您的诉求（编号{number}）已有办理结果：{reply}\n我们将回访听取您的意见；如没有解决，可在查询页面点击“没有解决”。",
            "Your appeal has a result",
            "Result of your appeal {number}: {reply}\nWe will ask what you think; if it is not solved, say so on the page.",
            ("number", "reply")),
    Wording("appeal.closed", _("办结告知"), "诉求已办结",
            "您的诉求（编号{number}）已办结，感谢您的反映。30天内如问题再现，可在查询页面点击“没有解决”。",
            "Appeal closed", "Your appeal {number} is closed. Thank you. If it comes back within 30 days, say so on the page.",
            ("number",)),
    Wording("appeal.second", _("二次办理通知"), "需二次办理：{title}",
            "诉求{number}回访不满意，请重新办理，时限至{due}。",
            "Second handling: {title}", "Appeal {number}: not satisfied at the visit. Handle again by {due}.",
            ("number", "title", "due")),
)  # fmt: skip


def _from_elsewhere(data: dict[str, Any]) -> str:
    """The number a hotline knows it by."""
    return gettext("%(source)s工单 %(order)s") % data if data.get("order") else ""


def _with(data: Mapping[str, Any]) -> str:
    """The number of the other appeal."""
    told = {
        "into": gettext("并入%(into)s"),
        "from_number": gettext("原并入%(from_number)s"),
        "split": gettext("拆出%(split)s"),
    }
    return next((sentence % data for name, sentence in told.items() if data.get(name)), "")


def _graded(data: Mapping[str, Any]) -> str:
    """What the person said of it, and what comes of it."""
    if data.get("reached") is False:
        return gettext("未联系上反映人")
    grade = str(data.get("grade") or "")
    said = [str(Satisfaction(grade).label)] if grade in Satisfaction.values else []
    again = {"second": gettext("再次办理"), "supervision": gettext("转督查")}.get(str(data.get("again")))
    return gettext("，").join([*said, *([again] if again else [])])


SENTENCES = {"visit": _graded, "rate": _graded, "merge": _with, "unmerge": _with, "split": _with}


def declare() -> None:
    """Tell the kernel everything about appeals."""
    permissions.declare()
    menu.declare()
    home.declare()
    privacy.declare()
    declare_kind(APPEAL)
    declare_passing(Passing("appeal", "received", "pass", form_of_pass))
    declare_reply("appeal", "conclude", "reply", insisting="insisted")
    declare_reply("appeal", "on_spot", "done", insisting="insisted")
    for wording in LETTERS:
        declare_letter(wording)
    show("appeal.opened", _("收到诉求"), icon="inbox", sentence=_from_elsewhere)
    show("appeals.imported", _("导入热线工单"), icon="file-import")
    show("appeals.mapping_saved", _("保存工单列含义"), icon="columns")
    for action in APPEAL.actions:
        show(
            f"appeal.{action.slug}", action.past or action.label, icon=action.icon, sentence=SENTENCES.get(action.slug)
        )
    measures.declare([action.slug for action in APPEAL.actions])
