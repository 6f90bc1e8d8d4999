"""One thing, one time as a kind of matter: it begins, its parts come and go, it ends; one clock over the whole."""

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.kernel.events.public import Wording, declare_letter, show, subscribe
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Action, Ask, ClockSpec, Context, Kind, Payload, Stage, Who, declare_kind
from zhitong.ui.public import HALL, MenuItem, declare_menu

from ..actions.bundles import check_number, stir, submitting, taking_back
from ..actions.cases import straight
from ..choices import PartState
from ..models import BundlePart
from ..permissions import ACCEPT, SUPERVISE

STEPS = (("applied", pgettext_lazy("step", "申请")), ("handled", _("各部门办理")), ("ended", _("领取结果")))
STAGES = (
    Stage("running", pgettext_lazy("bundle", "办理中"), "applied"),
    Stage("closed", pgettext_lazy("application", "已办结"), "ended", is_end=True),
    Stage("given_up", pgettext_lazy("bundle", "未办成"), "ended", is_end=True),
    Stage("withdrawn", pgettext_lazy("application", "已撤回"), "ended", is_end=True),
)
SYSTEM = (Who.SYSTEM,)


class Part(Payload, kw_only=True):
    part: Annotated[str, Ask(pgettext_lazy("bundle", "环节"), most=200)]
    words: Annotated[str, Ask(_("情况"), most=500)] = ""
    application: Annotated[str, Ask(_("办件"), most=60)] = ""


def _news(letter: str) -> Any:
    def effect(ctx: Context, p: Part) -> None:
        ctx.facts["part"] = p.part
        ctx.tell_people(letter, part=p.part, words=p.words)

    return effect


def begun(ctx: Context, p: Part) -> None:
    """A part has begun as an application of its own."""
    ctx.facts["part"] = p.part
    if p.application:
        ctx.link(ctx.matter.pk, UUID(p.application))


def stuck(ctx: Context, p: Part) -> None:
    """A part could not begin: the organ in the lead is told."""
    ctx.facts["part"] = p.part
    ctx.tell_organs("bundle.part_stuck", [ctx.matter.lead_id], part=p.part, words=p.words)


def held(ctx: Context, p: Part) -> None:
    """The limits of a part stand still, for something must be corrected or a special step is under way: so does that of the whole."""
    ctx.facts["part"] = p.part
    ctx.pause("part")


def goes_on(ctx: Context, _p: Any) -> None:
    """Nothing holds any part any more."""
    ctx.resume()


def again(ctx: Context, _p: Any) -> None:
    """What could not begin is tried again."""
    BundlePart.objects.filter(case=ctx.matter.pk, state=PartState.STUCK).update(
        state=PartState.WAITING, trouble="", is_stirred=True
    )


def has_stuck(ctx: Any) -> bool:
    """Whether something could not begin."""
    return BundlePart.objects.filter(case=ctx.matter.pk, state=PartState.STUCK).exists()


def ended(ctx: Context, _p: Any) -> None:
    """All parts have come to an end."""
    ctx.end(ctx.open_tasks(), m.TaskState.DONE)
    ctx.tell_people(f"bundle.{ctx.action.slug}")


def taken_back(ctx: Context, p: m.Withdraw) -> None:
    """The applicant takes it back: what has not begun never does, what is not decided is taken back with it, what is decided stands."""
    ctx.end(ctx.open_tasks(), m.TaskState.CANCELLED)
    ctx.cancel_clocks()
    standing = taking_back.take_back(ctx.matter, p.reason, by=ctx.by, at=ctx.at)
    names = "、".join(part.item.name for part in standing)
    ctx.facts["standing"] = [part.slug for part in standing]
    ctx.tell_people("bundle.taken_back" if standing else "bundle.taken_back_whole", part=names)
    ctx.tell_organs("bundle.withdrawn", [part.item.organ_id for part in standing], part=names)


ACTIONS = (
    Action("part_begun", _("环节开始"), ("running",), None, SYSTEM, "", Part, begun, is_public=True, when_paused=True, icon="player-play",
           past=_("环节已开始办理")),
    Action("part_done", _("环节办好"), ("running",), None, SYSTEM, "", Part, _news("bundle.part_done"), is_public=True, when_paused=True,
           icon="circle-check", past=_("环节已办好")),
    Action("part_failed", _("环节未办成"), ("running",), None, SYSTEM, "", Part, _news("bundle.part_failed"), is_public=True, when_paused=True,
           icon="circle-x", past=_("环节未办成")),
    Action("part_stopped", _("环节不再办理"), ("running",), None, SYSTEM, "", Part, _news("bundle.part_stopped"), is_public=True, when_paused=True,
           icon="ban", past=_("环节不再办理")),
    Action("part_stuck", _("环节待处理"), ("running",), None, SYSTEM, "", Part, stuck, when_paused=True, icon="alert-triangle",
           past=_("环节未能发起")),
    Action("part_held", _("环节暂停计时"), ("running",), None, SYSTEM, "", Part, held, is_public=True, icon="player-pause",
           past=_("等待补正或特别程序，全程时限暂停")),
    Action("go_on", _("恢复计时"), ("running",), None, SYSTEM, "", None, goes_on, is_public=True, when_paused=True, icon="player-play",
           past=_("全程时限恢复计时")),
    Action("finish", _("各环节全部办结"), ("running",), "closed", SYSTEM, "", None, ended, is_public=True, when_paused=True, icon="flag",
           past=_("各环节全部办结")),
    Action("give_up", _("未能办成"), ("running",), "given_up", SYSTEM, "", None, ended, is_public=True, when_paused=True, icon="flag-off",
           past=_("各环节均未办成")),
    Action("again", _("重新发起环节"), ("running",), None, (Who.SCOPE,), ACCEPT, None, again, when_paused=True, icon="refresh", tone="primary",
           past=_("重新发起环节"), shows=has_stuck),
    Action("withdraw", _("撤回申请"), ("running",), "withdrawn", (Who.REPORTER, Who.SCOPE), ACCEPT, m.Withdraw, taken_back,
           is_public=True, when_paused=True, icon="trash", past=_("申请人撤回申请")),
    Action("note", _("内部备注"), ("running",), None, (Who.SCOPE,), "matters.view", m.Note, m.note, when_paused=True, icon="note",
           past=_("内部备注")),
    Action("urge", _("督办"), ("running",), None, (Who.SCOPE,), SUPERVISE, m.Urge, m.urge, when_paused=True, icon="bell-ringing", past=_("督办")),
)  # fmt: skip

BUNDLE = Kind(
    slug="bundle",
    label=pgettext_lazy("bundle", "一件事"),
    stages=STAGES,
    actions=ACTIONS,
    clocks=(ClockSpec("whole", _("全程时限"), frozenset({"running"}), last_round=99),),
    steps=STEPS,
    opened=submitting.opened,
    erased=submitting.erased,
    written=submitting.written,
    terms=submitting.terms,
    received_letter="bundle.received",
    supervise_permission=SUPERVISE,
    followed_at="hall:bundle_followed",
    text_label=_("申请内容"),
    people_label=_("申请人"),
    has_category=False,
)

N, NP = ("number", "title"), ("number", "title", "part", "words")
LETTERS = (
    Wording("bundle.received", _("一件事收件告知"), "申请已收到",
            "您的“{title}”申请（编号{number}）已收到，各部门同时办理。凭编号和查询码在一个页面查看全部进展。",
            "Application received", "Your application {number} ({title}) has been received; follow all of it on one page.", N),
    Wording("bundle.part_done", _("一件事环节办好告知"), "{part}已办好", "您的“{title}”申请（编号{number}）中，“{part}”已办好。",
            "{part}: done", "Of your application {number} ({title}), {part} is done.", NP),
    Wording("bundle.part_failed", _("一件事环节未办成告知"), "{part}未办成",
            "您的“{title}”申请（编号{number}）中，“{part}”未办成（{words}）。需要它的后续环节不再办理，其余环节照常办理；详情和救济途径见该环节的告知。",
            "{part}: not done",
            "Of your application {number} ({title}), {part} was not done ({words}). What depends on it stops, the rest goes on.", NP),
    Wording("bundle.part_stopped", _("一件事环节停办告知"), "{part}不再办理",
            "您的“{title}”申请（编号{number}）中，“{part}”因前面的环节未办成而不再办理。条件具备后可单独申请。",
            "{part}: stopped", "Of your application {number} ({title}), {part} is stopped, since a part it needs was not done.", NP),
    Wording("bundle.finish", _("一件事办结告知"), "“{title}”已办结", "您的“{title}”申请（编号{number}）已全部办结，可在一个页面领取全部结果。",
            "{title}: done", "Your application {number} ({title}) is done; all results are on one page.", N),
    Wording("bundle.give_up", _("一件事未办成告知"), "“{title}”未办成", "您的“{title}”申请（编号{number}）各环节均未办成，原因见各环节的告知。",
            "{title}: not done", "No part of your application {number} ({title}) was done; the reasons are with each part.", N),
    Wording("bundle.part_stuck", _("一件事环节待处理"), "{part}未能发起",
            "“{title}”（编号{number}）的环节“{part}”未能发起：{words}请处理后重新发起。",
            "{part} could not begin", "{part} of {number} ({title}) could not begin: {words}", NP),
    Wording("bundle.taken_back", _("一件事撤回告知（部分已办好）"), "“{title}”已撤回",
            "您的“{title}”申请（编号{number}）已撤回，还没有决定的环节一并撤回。以下环节已作出决定，继续有效：{part}。",
            "{title} taken back",
            "Your application {number} ({title}) has been taken back. What was decided already stands: {part}.", NP),
    Wording("bundle.taken_back_whole", _("一件事撤回告知"), "“{title}”已撤回",
            "您的“{title}”申请（编号{number}）已撤回，各环节一并撤回，需要时可以重新申请。",
            "{title} taken back", "Your application {number} ({title}) has been taken back with all its parts.", N),
    Wording("bundle.withdrawn", _("一件事撤回通知"), "申请人撤回“{title}”",
            "“{title}”（编号{number}）已由申请人撤回。本单位的环节“{part}”已作出决定，继续有效，请照常制发和送达。",
            "{title} taken back", "The applicant has taken back {number} ({title}); your part {part} was decided and stands.", NP),
)  # fmt: skip
_EVENTS = {
    "hall.bundle.created": _("新增一件事"), "hall.bundle.changed": _("修改一件事"), "hall.bundle.written": _("编辑一件事"),
    "hall.bundle.published": _("发布一件事"), "hall.bundle.withdrawn": _("停办一件事"),
}  # fmt: skip


def declare() -> None:
    """Tell the kernel everything about bundles."""
    declare_kind(BUNDLE)
    for wording in LETTERS:
        declare_letter(wording)
    show("bundle.opened", _("收到一件事申请"), icon="inbox")
    for action in BUNDLE.actions:
        show(f"bundle.{action.slug}", action.past or action.label, icon=action.icon)
    for kind, label in _EVENTS.items():
        show(kind, label, icon="topology-star-3")
    straight.FOLLOWS.append(check_number)
    subscribe(stir, kinds=["application."])
    declare_menu(
        MenuItem(
            pgettext_lazy("bundle", "一件事"), "hall:bundle_cases", "topology-star-3", (ACCEPT,), group=HALL, order=46
        )
    )
