"""The application 办件 as a table: six steps, its stages, its moves, its clocks, its letters."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.events.public import Wording, declare_letter, show
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Action, ClockSpec, Kind, Stage, Who, declare_kind
from zhitong.ui.public import HALL, Applicants, MenuItem, declare_applicants, declare_menu, declare_part, declare_set

from ..actions.cases import aside, relaxed, rows, straight, submitting
from ..permissions import ACCEPT, DECIDE, EXAMINE, EXTEND, INSTANT, ISSUE, MOVE, SUPERVISE
from ..queries import applicants
from ..queries.cases import BEHIND, behind_set, part_of
from ..queries.simulated import READY, ready_set
from . import case_measures

STEPS = (
    ("applied", pgettext_lazy("step", "申请")),
    ("accepted", pgettext_lazy("step", "受理")),
    ("examined", pgettext_lazy("step", "审查")),
    ("decided", pgettext_lazy("step", "决定")),
    ("made", pgettext_lazy("step", "制发")),
    ("delivered", pgettext_lazy("step", "送达")),
)
STAGES = (
    Stage("submitted", _("待受理"), "applied"),
    Stage("awaiting", _("待补正"), "applied"),
    Stage("examining", _("审查中"), "accepted"),
    Stage("deciding", _("待决定"), "examined"),
    Stage("decided", _("待制证"), "decided"),
    Stage("issued", _("待送达"), "made"),
    Stage("mailed", _("邮寄中"), "made"),
    Stage("closed", pgettext_lazy("application", "已办结"), "delivered", is_end=True),
    Stage("not_accepted", _("不予受理"), "applied", is_end=True),
    Stage("withdrawn", pgettext_lazy("application", "已撤回"), "applied", is_end=True),
    Stage("lapsed", _("逾期终止"), "applied", is_end=True),
    Stage("simulated", _("模拟完成"), "decided", is_end=True),
    Stage("revoked", _("已撤销"), "delivered", is_end=True),
)
COMING = ("submitted", "awaiting")
AT_ORGAN = ("examining", "deciding")
BEFORE_RESULT = ("examining", "deciding", "decided")
OPEN = (*COMING, *BEFORE_RESULT, "issued", "mailed")
LEAD, TASKED, SCOPE = (Who.LEAD,), (Who.TASKED,), (Who.SCOPE,)
APPLICANT = (Who.REPORTER, Who.SCOPE)

STRAIGHT = (
    Action("accept", pgettext_lazy("application", "受理"), ("submitted",), "examining", SCOPE, ACCEPT, straight.Accept, straight.accept,
           is_public=True, icon="file-check", tone="primary", past=_("已受理")),
    Action("at_once", _("当场办结"), ("submitted",), None, SCOPE, INSTANT, straight.AtOnce, straight.at_once,
           is_public=True, icon="bolt", tone="primary", past=_("当场办结"), shows=straight.can_be_at_once),
    Action("examine", _("提出审查意见"), ("examining",), "deciding", LEAD, EXAMINE, straight.Examine, straight.examine,
           takes=(m.Purpose.EVIDENCE,), icon="zoom-check", tone="primary", past=_("审查完毕")),
    Action("decide", _("作出决定"), ("deciding",), None, LEAD, DECIDE, straight.Decide, straight.decide,
           is_public=True, icon="gavel", tone="primary", past=_("已作出决定")),
    Action("issue", _("制发结果"), ("decided",), "issued", SCOPE, ISSUE, straight.Issue, straight.issue,
           is_public=True, icon="certificate", tone="primary", past=_("结果已制作")),
    Action("deliver", _("送达"), ("issued",), None, SCOPE, ISSUE, straight.Deliver, straight.deliver,
           is_public=True, icon="package", tone="primary", past=_("结果已送出")),
    Action("confirm", _("确认收到"), ("mailed",), "closed", APPLICANT, ISSUE, straight.Received, straight.received,
           is_public=True, icon="circle-check", tone="primary", past=_("结果已收到")),
)  # fmt: skip
ASIDE = (
    Action("correct", _("一次性补正告知"), ("submitted",), "awaiting", SCOPE, ACCEPT, straight.Correct, straight.correct,
           is_public=True, icon="file-alert", past=_("已告知补正")),
    Action("not_accept", _("不予受理"), COMING, "not_accepted", SCOPE, ACCEPT, straight.NotAccept, straight.not_accept,
           is_public=True, icon="file-x", past=_("不予受理")),
    Action("hand_in", _("补交材料"), (*COMING, *BEFORE_RESULT, "simulated"), None, APPLICANT, ACCEPT, straight.HandIn,
           straight.hand_in, is_public=True, when_paused=True, takes=(m.Purpose.MATERIAL,), filed=straight.filed,
           icon="file-upload", past=_("补交了材料")),
    Action("consult", _("并联审查"), ("examining",), None, LEAD, EXAMINE, m.AddCo, m.add_co,
           icon="users-plus", past=_("送其他单位并联审查")),
    Action("report_co", _("反馈审查意见"), AT_ORGAN, None, TASKED, EXAMINE, m.ReportCo, m.report_co,
           takes=(m.Purpose.EVIDENCE,), icon="message-check", tone="primary", past=_("并联审查单位已反馈"), shows=m.is_co),
    Action("return_co", _("退回并联审查"), AT_ORGAN, None, TASKED, EXAMINE, m.ReturnCo, m.return_co,
           icon="arrow-back", past=_("并联审查单位退回"), shows=m.is_co),
    Action("send_back", _("退回审查"), ("deciding",), "examining", LEAD, DECIDE, aside.Back,
           icon="arrow-back-up", past=_("决定人退回重新审查")),
    Action("special", _("启动特别程序"), AT_ORGAN, None, LEAD, EXAMINE, aside.Special, aside.special,
           is_public=True, icon="player-pause", past=_("启动特别程序，暂停计时")),
    Action("resume", _("特别程序结束"), AT_ORGAN, None, LEAD, EXAMINE, m.Note, m.resume, is_public=True,
           when_paused=True, takes=(m.Purpose.EVIDENCE,), icon="player-play", tone="primary", past=_("特别程序结束，恢复计时"),
           shows=m.is_paused),
    Action("ask_extension", _("申请延期"), AT_ORGAN, None, LEAD, EXAMINE, m.AskExtension, m.ask_extension,
           icon="clock-plus", past=_("申请延期")),
    Action("decide_extension", _("审批延期"), AT_ORGAN, None, (Who.ABOVE,), EXTEND, m.DecideExtension, m.decide_extension,
           when_paused=True, icon="clock-check", tone="primary", past=_("审批延期"), shows=m.has_request),
    Action("withdraw", _("撤回申请"), (*COMING, *AT_ORGAN), "withdrawn", APPLICANT, ACCEPT, m.Withdraw, aside.withdraw,
           is_public=True, when_paused=True, icon="trash", past=_("申请人撤回申请")),
    Action("revoke", _("撤销结果"), ("issued", "mailed", "closed"), "revoked", SCOPE, DECIDE, aside.Revoke, aside.revoke,
           is_public=True, icon="ban", past=_("结果已撤销")),
    Action("lapse", _("逾期终止"), ("awaiting", *BEFORE_RESULT), "lapsed", (Who.SYSTEM,), "", None, aside.lapse,
           is_public=True, when_paused=True, icon="hourglass-off", past=_("逾期未补，办理终止")),
    Action("make_real", _("转为正式办理"), ("simulated",), None, SCOPE, ACCEPT, straight.Accept, relaxed.make_real,
           is_public=True, icon="transform", tone="primary", past=_("模拟转为正式办理")),
    Action("move", _("变更适用版本"), (*COMING, *AT_ORGAN), None, SCOPE, MOVE, relaxed.Move, relaxed.move,
           is_public=True, when_paused=True, icon="versions", past=_("改按新版办事指南办理"), shows=relaxed.is_behind),
    Action("assign", _("分派承办人"), OPEN, None, TASKED, "matters.assign", m.Assign, m.assign, when_paused=True,
           icon="user-check", past=_("分派承办人")),
    Action("note", _("内部备注"), OPEN, None, (Who.SCOPE, Who.TASKED), "matters.view", m.Note, m.note, when_paused=True,
           takes=(m.Purpose.EVIDENCE,), icon="note", past=_("内部备注")),
    Action("urge", _("督办"), OPEN, None, SCOPE, SUPERVISE, m.Urge, m.urge, when_paused=True,
           icon="bell-ringing", past=_("督办")),
)  # fmt: skip

TO_DECIDE = frozenset(AT_ORGAN)
CLOCKS = (
    ClockSpec("accept", pgettext_lazy("application", "受理时限"), frozenset({"submitted"}), last_round=99),
    ClockSpec("correct", _("补正期限"), frozenset({"awaiting"}), last_round=99, on_due="lapse"),
    ClockSpec("promised", _("承诺时限"), TO_DECIDE, last_round=99),
    ClockSpec("statutory", _("法定时限"), TO_DECIDE, last_round=99),
    ClockSpec("deferred", _("容缺补交期限"), frozenset(BEFORE_RESULT), last_round=99, is_held=False, on_due="lapse"),
    ClockSpec("deliver", _("送达时限"), frozenset({"decided", "issued"}), last_round=99),
    ClockSpec("mail", _("签收期限"), frozenset({"mailed"}), last_round=99, on_due="confirm"),
)

APPLICATION = Kind(
    slug=submitting.KIND,
    label=_("办件"),
    stages=STAGES,
    actions=(*STRAIGHT, *ASIDE),
    clocks=CLOCKS,
    steps=STEPS,
    opened=submitting.opened,
    erased=submitting.erased,
    written=submitting.written,
    terms=rows.terms,
    received_letter="application.received",
    supervise_permission=SUPERVISE,
    followed_at="hall:tracked",
    text_label=_("申请内容"),
    people_label=_("申请人"),
    has_category=False,
)

CHECK_STEPS = (("ordered", pgettext_lazy("step", "派发")), ("checked", pgettext_lazy("step", "核查")))
CHECK_STAGES = (
    Stage("waiting", _("待核查"), "ordered"),
    Stage("kept", _("承诺属实"), "checked", is_end=True),
    Stage("broken", _("承诺不实"), "checked", is_end=True),
)
CHECK_ACTIONS = (
    Action("keep", _("核查属实"), ("waiting",), "kept", LEAD, EXAMINE, relaxed.Finding, relaxed.kept,
           takes=(m.Purpose.EVIDENCE,), icon="circle-check", tone="primary", past=_("承诺属实")),
    Action("break", _("核查不实"), ("waiting",), "broken", LEAD, EXAMINE, relaxed.Finding, relaxed.broken,
           takes=(m.Purpose.EVIDENCE,), icon="circle-x", past=_("承诺不实，结果已撤销")),
    Action("assign", _("分派承办人"), ("waiting",), None, TASKED, "matters.assign", m.Assign, m.assign,
           icon="user-check", past=_("分派承办人")),
    Action("note", _("内部备注"), ("waiting",), None, (Who.SCOPE, Who.TASKED), "matters.view", m.Note, m.note,
           takes=(m.Purpose.EVIDENCE,), icon="note", past=_("内部备注")),
)  # fmt: skip
CHECK = Kind(
    slug=relaxed.CHECK,
    label=_("履诺核查"),
    stages=CHECK_STAGES,
    actions=CHECK_ACTIONS,
    clocks=(ClockSpec("check", _("核查期限"), frozenset({"waiting"}), last_round=99),),
    steps=CHECK_STEPS,
    open_permission=EXAMINE,
    supervise_permission=SUPERVISE,
    text_label=_("核查内容"),
    people_label=_("申请人"),
    has_category=False,
)

N, NT = ("number",), ("number", "title")
LETTERS = (
    Wording("application.received", _("收件告知"), "申请已收到",
            "您的申请（编号{number}，{title}）已收到。凭编号和查询码可随时查看进展。",
            "Application received", "Your application {number} ({title}) has been received. Follow it with the number and code.", NT),
    Wording("application.accepted", pgettext_lazy("letter", "受理通知"), "申请已受理", "您的申请（编号{number}）已受理，将于{due}前办结。",
            "Application accepted", "Your application {number} has been accepted, due {due}.", ("number", "due")),
    Wording("application.correct", _("补正告知"), "申请材料需补正", "您的申请（编号{number}）需补正：{words}\n请在{due}前补齐，逾期将终止办理。",
            "Something is missing", "Your application {number} needs: {words}\nHand it in by {due}, or it lapses.",
            ("number", "words", "due")),
    Wording("application.not_accepted", _("不予受理告知"), "申请不予受理", "您的申请（编号{number}）不予受理：{reason}。{words}",
            "Not accepted", "Your application {number} is not accepted: {reason}. {words}", ("number", "reason", "words")),
    Wording("application.special", _("特别程序告知"), "办理进入特别程序",
            "您的申请（编号{number}）需进行{step}，约需{days}个工作日，所需时间依法不计入办理时限。",
            "A special step", "Your application {number} needs: {step}, some {days} working days, which by law are not counted.",
            ("number", "step", "days")),
    Wording("application.decided", _("决定告知"), "申请已作出决定", "您的申请（编号{number}）已作出决定：{outcome}。",
            "Decided", "Your application {number} has been decided: {outcome}.", ("number", "outcome")),
    Wording("application.simulated", _("模拟结果告知"), "模拟审批已完成",
            "您的模拟申请（编号{number}）已完成，参考结论：{outcome}。模拟结果没有法律效力；条件具备后可转为正式办理。",
            "Simulated run done", "Your simulated application {number} is done: {outcome}. It has no legal effect.",
            ("number", "outcome")),
    Wording("application.issued", _("领取结果告知"), "办理结果可领取", "您的申请（编号{number}）的结果已制作完成，将按您选择的方式送达。",
            "Result ready", "The result of your application {number} is ready.", N),
    Wording("application.mailed", _("邮寄告知"), "办理结果已寄出", "您的申请（编号{number}）的结果已寄出，邮寄单号{tracking}。",
            "Result mailed", "The result of your application {number} is in the mail: {tracking}.", ("number", "tracking")),
    Wording("application.lapsed", _("终止告知"), "申请已终止", "您的申请（编号{number}）因材料逾期未补已终止办理，可重新申请。",
            "Application lapsed", "Your application {number} has lapsed: something did not come in time. You may apply again.", N),
    Wording("application.lapsed_organ", _("终止通知"), "逾期终止：{title}", "办件{number}因申请人逾期未补材料已终止。",
            "Lapsed: {title}", "Application {number} has lapsed: something did not come in time.", NT),
    Wording("application.not_restored", _("登记未恢复通知"), "登记信息未恢复：{title}",
            "办件{number}因逾期未补材料已终止，但登记信息在准予之后又有变更，未能自动恢复，请核对后更正。",
            "Register not put back: {title}",
            "Application {number} has lapsed, but what is registered has changed since it was granted and was not put back. Please check.", NT),
    Wording("application.moved", _("适用版本变更告知"), "办理要求有变化", "您的申请（编号{number}）改按办事指南第{version}版办理，时限至{due}。",
            "Rules changed", "Your application {number} is now handled under version {version} of the guide, due {due}.",
            ("number", "version", "due")),
    Wording("application.moved_lacking", _("适用版本变更并需补材料告知"), "办理要求有变化，请补材料",
            "您的申请（编号{number}）改按办事指南第{version}版办理，时限至{due}。还需补交：{materials}。凭编号和查询码在查询页面上传。",
            "Rules changed, something is missing",
            "Your application {number} is now handled under version {version} of the guide, due {due}. Still to hand in: {materials}. "
            "Upload it on the page where you follow it, with number and code.", ("number", "version", "due", "materials")),
    Wording("application.revoked", _("撤销告知"), "办理结果已撤销", "您的申请（编号{number}）的办理结果已撤销，详见撤销决定。",
            "Result revoked", "The result of your application {number} has been revoked.", N),
)  # fmt: skip


def declare() -> None:
    """Tell the kernel everything about applications."""
    declare_kind(APPLICATION)
    declare_kind(CHECK)
    straight.FOLLOWS.append(relaxed.check_promises)
    for wording in LETTERS:
        declare_letter(wording)
    show("application.opened", _("收到申请"), icon="inbox")
    show("commitment_check.opened", _("开展履诺核查"), icon="clipboard-check")
    case_measures.declare([action.slug for action in APPLICATION.actions])
    declare_applicants(Applicants(applicants.KINDS, applicants.applicants_named, applicants.applicant_found))
    declare_part("application", "hall/parts/case.html", part_of)
    declare_set(BEHIND, _("适用旧版本的办件"), lambda _by, at: behind_set(timezone.localdate(at)))
    declare_set(READY, _("材料补齐的模拟件"), lambda _by, _at: ready_set(), is_open=False)
    declare_menu(MenuItem(_("版本变更"), "hall:moving", "versions", (MOVE,), group=HALL, order=26))
    for kind in (APPLICATION, CHECK):
        for action in kind.actions:
            show(f"{kind.slug}.{action.slug}", action.past or action.label, icon=action.icon)
