"""Acting for applicants as a kind of matter, and what of it is counted as the source counts it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.events.public import Wording, declare_letter, show
from zhitong.kernel.indicators.public import Definition, Happened, Unit, declare_indicator, declare_measures, once
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Action, ClockSpec, Kind, Stage, Who, declare_kind
from zhitong.ui.public import HALL, SETTINGS, MenuItem, declare_menu

from ..actions import agency as do
from ..permissions import AGENT, MANAGE
from ..queries.agency import KIND

STEPS = (
    ("asked", pgettext_lazy("agency step", "提出")),
    ("taken", pgettext_lazy("agency step", "接单")),
    ("done", pgettext_lazy("agency step", "办结")),
)
STAGES = (
    Stage("asked", _("待接单"), "asked"),
    Stage("taken", _("代办中"), "taken"),
    Stage("done", _("代办完成"), "done", is_end=True),
    Stage("dropped", _("代办取消"), "done", is_end=True),
)
LEAD = (Who.LEAD,)
ACTIONS = (
    Action("take", _("接单"), ("asked",), "taken", (Who.SCOPE,), AGENT, None, do.taken,
           is_public=True, icon="hand-stop", tone="primary", past=_("帮办代办员已接单")),
    Action("mandate", _("签署委托"), ("taken",), None, LEAD, AGENT, do.Mandate, do.mandate, keeps=False,
           takes=(m.Purpose.EVIDENCE,), is_public=True, icon="writing-sign", tone="primary", past=_("已签署委托")),
    Action("collect", _("收取原件"), ("taken",), None, LEAD, AGENT, do.Collect, do.collect,
           takes=(m.Purpose.EVIDENCE,), is_public=True, icon="package-import", past=_("收取了原件")),
    Action("hand_back", _("归还原件"), ("taken",), None, LEAD, AGENT, do.HandBack, do.hand_back, shows=do.has_things,
           takes=(m.Purpose.EVIDENCE,), is_public=True, icon="package-export", past=_("归还了原件")),
    Action("finish", _("代办完成"), ("taken",), "done", LEAD, AGENT, m.Note, do.finish,
           is_public=True, icon="circle-check", past=_("代办完成")),
    Action("give_back", _("退回待接单"), ("taken",), "asked", LEAD, AGENT, do.Back, do.give_back,
           icon="arrow-back", past=_("退回待接单")),
    Action("revoke", _("撤销委托"), ("taken",), None, (Who.REPORTER, Who.LEAD), AGENT, None, do.revoke, shows=do.is_mandated,
           is_public=True, icon="ban", past=_("委托已撤销")),
    Action("drop", _("不再代办"), ("asked", "taken"), "dropped", (Who.REPORTER, Who.LEAD), AGENT, None, do.drop,
           is_public=True, icon="x", past=_("申请人不再需要代办")),
)  # fmt: skip
AGENCY = Kind(
    slug=KIND, label=_("帮办代办"), stages=STAGES, actions=ACTIONS, steps=STEPS, opened=do.opened,
    clocks=(ClockSpec("take", _("接单时限"), frozenset({"asked"}), last_round=99),),
    received_letter="agency.received", followed_at="hall:errand", text_label=_("代办内容"), people_label=_("申请人"), has_category=False,
)  # fmt: skip
LETTERS = (
    Wording("agency.received", _("代办收件告知"), "已收到代办申请", "您的代办申请（编号{number}）已收到，附近的帮办代办员会与您联系。",
            "Asked for an agent", "Your request {number} for an agent has been received; one near you will call.", ("number",)),
    Wording("agency.taken", _("接单告知"), "帮办代办员已接单", "您的代办申请（编号{number}）已有帮办代办员接单。",
            "An agent has taken it", "An agent has taken your request {number}.", ("number",)),
    Wording("agency.done", _("代办完成告知"), "代办已完成", "您的代办申请（编号{number}）已完成。",
            "Done by the agent", "Your request {number} is done.", ("number",)),
)  # fmt: skip


def _days(event: Happened) -> int:
    """Seconds from asking to the end."""
    return int((event.at - datetime.fromisoformat(event.data["opened_at"])).total_seconds())


def _parked(event: Happened) -> int | None:
    """Done for somebody in a park."""
    return 1 if event.data.get("park") else None


def _served(event: Happened) -> int | None:
    """Somebody for whom nothing was done before, that year."""
    return 1 if event.data.get("first") else None


def _on_site(event: Happened) -> int | None:
    """Papers were collected or brought on the spot."""
    return 1 if event.data.get("on_site") else None


def _things(event: Happened) -> int:
    """How many things changed hands."""
    return int(event.data.get("collected", 0)) + int(event.data.get("returned", 0))


MEASURES = (
    ("asked", _("申请代办数"), "count", ["opened"], once),
    ("taken", _("接单数"), "count", ["take"], once),
    ("done", _("代办完成用时"), "seconds", ["finish"], _days),
    ("park", _("园区代办数"), "count", ["finish"], _parked),
    ("units", _("代办服务对象数"), "count", ["finish"], _served),
    ("on_site", _("现场收送件数"), "count", ["finish"], _on_site),
    ("things", _("收送的原件和材料数"), "count", ["collect", "hand_back"], _things),
)
INDICATORS = (
    Definition("agency_asked", "申请代办", {"sum": "agency.asked"}, Unit.COUNT, name_en="Agents asked for",
               basis="期内提出的帮办代办。", basis_en="Requests for an agent in the period."),
    Definition("agency_done", "代办完成", {"count": "agency.done"}, Unit.COUNT, name_en="Done by agents",
               basis="期内帮办代办员办完的件数。", basis_en="What agents finished in the period."),
    Definition("agency_days", "代办平均用时", {"mean": "agency.done"}, Unit.DAYS, name_en="Days an agent takes",
               basis="从申请到办完的平均用时。", basis_en="From asking to the end, on average."),
    Definition("agency_park", "园区代办", {"sum": "agency.park"}, Unit.COUNT, name_en="Done in parks",
               basis="其中为园区企业办完的件数。", basis_en="Of these, for somebody in a park."),
    Definition("agency_units", "代办服务对象", {"sum": "agency.units"}, Unit.COUNT, name_en="Served by agents",
               basis="期内办完代办的单位和个人数，一年内同一对象只计一次（计在第一次）。",
               basis_en="Firms and people for whom something was finished, each once a year, the first time."),
    Definition("agency_on_site", "现场收送", {"sum": "agency.on_site"}, Unit.COUNT, name_en="Papers collected on the spot",
               basis="办完的代办中，上门收取、送还过原件或材料的件数。",
               basis_en="Of what was finished, where originals or papers were collected and returned on the spot."),
    Definition("agency_things", "收送的原件和材料", {"sum": "agency.things"}, Unit.COUNT, name_en="Things collected and returned",
               basis="上门收取和归还的原件、材料数。", basis_en="Originals and papers collected and returned on the spot."),
)  # fmt: skip
EVENTS = {
    "agency.opened": _("申请代办"),
    "agency.applied": _("代为提交申请"),
    "hall.agent.appointed": _("聘任帮办代办员"),
    "hall.agent.dismissed": _("不再担任帮办代办员"),
    "hall.park.written": _("设置园区"),
}


def declare() -> None:
    """Tell the kernel."""
    declare_kind(AGENCY)
    for wording in LETTERS:
        declare_letter(wording)
    for action in ACTIONS:
        show(f"agency.{action.slug}", action.past, icon=action.icon)
    for kind, label in EVENTS.items():
        show(kind, label, icon="users")
    declare_measures("agency", MEASURES)
    for definition in INDICATORS:
        declare_indicator(definition)
    declare_menu(
        MenuItem(_("帮办代办"), "hall:pool", "users", (AGENT,), group=HALL, order=16),
        MenuItem(_("帮办代办员"), "hall:agents", "users", (MANAGE,), group=SETTINGS, order=922),
    )
