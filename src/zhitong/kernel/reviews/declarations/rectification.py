"""The rectification 差评整改 as a table: verified by the centre, mended by the organ, answered, judged once more."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Action, ClockSpec, Kind, Stage, Who

from ..actions import rectifying as do
from ..choices import KIND
from ..permissions import EXCLUDE, RECTIFY, VERIFY

STEPS = (
    ("received", pgettext_lazy("step", "收到")),
    ("verified", pgettext_lazy("step", "核实")),
    ("mended", pgettext_lazy("step", "整改")),
    ("answered", pgettext_lazy("step", "答复")),
)
STAGES = (
    Stage("verify", _("待核实"), "received"),
    Stage("mend", _("整改中"), "verified"),
    Stage("check", _("待答复"), "mended"),
    Stage("closed", pgettext_lazy("rectification", "已办结"), "answered", is_end=True),
    Stage("excluded", _("评价不计入，终止整改"), "verified", is_end=True),
)
OPEN = ("verify", "mend", "check")
SCOPE, LEAD = (Who.SCOPE,), (Who.LEAD,)
ACTIONS = (
    Action("call", _("记录回电"), ("verify", "check"), None, SCOPE, VERIFY, do.Call, do.call,
           icon="phone-call", tone="primary", past=_("已回电评价人")),
    Action("send", _("交办整改"), ("verify",), "mend", SCOPE, VERIFY, do.Send, do.send,
           icon="send", tone="primary", past=_("已交办整改")),
    Action("dismiss", _("核实后办结"), ("verify",), "closed", SCOPE, VERIFY, do.Dismiss, do.dismiss,
           icon="file-check", past=_("核实后办结")),
    Action("mend", _("报告整改"), ("mend",), "check", LEAD, RECTIFY, do.Mend,
           takes=(m.Purpose.EVIDENCE,), icon="tools", tone="primary", past=_("已报告整改")),
    Action("send_back", _("退回整改"), ("check",), "mend", SCOPE, VERIFY, do.SendBack,
           icon="arrow-back-up", past=_("退回整改")),
    Action("answer", _("答复评价人"), ("check",), "closed", SCOPE, VERIFY, do.Answer, do.answer,
           icon="message-check", tone="primary", past=_("已答复评价人")),
    Action("drop", _("终止整改"), OPEN, "excluded", (Who.SYSTEM,), "", do.Decided, do.drop, when_paused=True,
           icon="ban", past=_("评价经两人认定不计入，整改终止")),
    Action("take_up", _("重新整改"), ("excluded",), "verify", (Who.SYSTEM,), "", do.Decided, do.take_up,
           icon="refresh", past=_("评价恢复计入，重新核实整改")),
    Action("assign", _("分派承办人"), ("mend",), None, (Who.TASKED,), "matters.assign", m.Assign, m.assign,
           icon="user-check", past=_("分派承办人")),
    Action("ask_extension", _("申请延期"), ("mend",), None, LEAD, RECTIFY, m.AskExtension, m.ask_extension,
           icon="clock-plus", past=_("申请延期")),
    Action("decide_extension", _("审批延期"), ("mend", "check"), None, (Who.ABOVE,), VERIFY, m.DecideExtension,
           m.decide_extension, icon="clock-check", tone="primary", past=_("审批延期"), shows=m.has_request),
    Action("note", _("内部备注"), OPEN, None, (Who.SCOPE, Who.TASKED), "matters.view", m.Note, m.note,
           icon="note", past=_("内部备注")),
)  # fmt: skip
RECTIFICATION = Kind(
    slug=KIND,
    label=_("差评整改"),
    stages=STAGES,
    actions=ACTIONS,
    clocks=(ClockSpec("answer", _("整改答复时限"), frozenset(OPEN), last_round=99),),
    steps=STEPS,
    open_permission=VERIFY,
    supervise_permission=EXCLUDE,
    erased=do.erased,
    text_label=_("评价内容"),
    people_label=_("评价人"),
    has_category=False,
)
