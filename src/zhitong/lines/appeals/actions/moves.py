"""What each move of an appeal asks for, and what it does."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.dispatch.public import demand_reply, note_rule
from zhitong.kernel.matters.public import (
    Ask,
    Choose,
    Context,
    Payload,
    TaskRole,
    TaskState,
    Urgency,
    catalogue,
    join,
    reterm,
)
from zhitong.kernel.reviews.public import Way

from .. import rules
from ..choices import Contact, Finding, Outcome, Satisfaction, Transfer, Visit
from .judged import judged_at_visit, judged_online, served

SHOWN = _("照片随答复一并给反映人看，请勿拍到无关人员和车牌。")

# 接 → 转


class Pass(Payload, kw_only=True):
    category: Annotated[UUID, Ask(_("类别"), choose=Choose.CATEGORY)]
    lead: Annotated[UUID, Ask(_("主办单位"), choose=Choose.ORGAN)]
    co: Annotated[list[UUID], Ask(_("协办单位（可多选）"), choose=Choose.ORGAN)] = msgspec.field(default_factory=list)
    urgency: Annotated[str, Ask(_("紧急程度"), choose=Choose.CHOICE, choices=tuple(Urgency.choices))]
    reason: Annotated[str, Ask(_("转办理由"), rows=2, most=500)]
    brief: Annotated[str, Ask(_("办理要求（选填）"), rows=2, most=500)] = ""


def pass_on(ctx: Context, p: Pass) -> None:
    """Send it to the organs that must act."""
    ctx.set(category_id=p.category, urgency=p.urgency)
    if ctx.by.is_system:
        ctx.facts["automatic"] = True
    if rule := note_rule(ctx.matter, p.category, p.lead, at=ctx.at, is_automatic=ctx.by.is_system):
        ctx.facts["rule"] = str(rule.id)
    reterm(ctx)
    ctx.send(p.lead, TaskRole.LEAD, brief=p.brief)
    for organ in p.co:
        ctx.send(organ, TaskRole.CO, brief=p.brief)
    ctx.tell_organs("matter.task", [p.lead, *p.co])
    ctx.tell_people("appeal.passed")


class ToOther(Payload, kw_only=True):
    to: Annotated[str, Ask(_("转往"), choose=Choose.CHOICE, choices=tuple(Transfer.choices))]
    reason: Annotated[str, Ask(_("理由"), rows=3, most=1000)]


def transfer(ctx: Context, p: ToOther) -> None:
    """Another way suits it better; a petition goes on here under its own limits."""
    if p.to == Transfer.PETITION:
        subkind = catalogue().subkind("appeal", rules.PETITION)
        if ctx.matter.subkind_id == subkind.pk:
            raise Refused("is_petition", _("本件已是信访事项。"), field="to")
        ctx.set(subkind_id=subkind.pk, is_public=False)
        reterm(ctx)
        return
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)
    _appeal(ctx, transferred_to=p.to)
    ctx.stage = "transferred"
    ctx.tell_people("appeal.transferred", to=Transfer(p.to).label)


# 转 → 见


class Meet(Payload, kw_only=True):
    who: Annotated[
        str, Ask(_("见面人员"), most=200, begins=rules.who_met, help=_("谁见了谁，如：张某某（街道城管办）与反映人"))
    ]
    how: Annotated[str, Ask(_("方式"), choose=Choose.CHOICE, choices=tuple(Contact.choices))]
    when: Annotated[datetime, Ask(_("时间"))]
    place: Annotated[str, Ask(_("地点（电话、视频可不填）"), most=200)] = ""
    said: Annotated[str, Ask(_("沟通情况"), rows=4, phrases="said")]


def meet(ctx: Context, p: Meet) -> None:
    """Record that the person was met: who, when, where, and what was said."""
    if p.when.tzinfo is None or p.when > ctx.at:
        raise Refused("in_future", _("见面时间不能晚于现在。"), field="when")
    opened = min(ctx.matter.opened_at, ctx.at)  # where a clock was ahead at the opening, nobody waits for that moment
    if p.when < opened.replace(second=0, microsecond=0):  # forms know minutes only
        raise Refused("before_opening", _("见面时间不能早于诉求提出的时间。"), field="when")
    if p.how == Contact.IN_PERSON and not p.place:
        raise Refused("required", _("当面沟通请填写地点。"), field="place")
    ctx.facts |= {"how": p.how, "first": not ctx.has_record("meet")}


class Waive(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("免于见面的理由"), choose=Choose.REASON, reasons="waive_meet")]
    note: Annotated[str, Ask(_("说明"), rows=3, most=1000)]


def waive_meet(ctx: Context, p: Waive) -> None:
    """Not met, for a listed reason."""
    ctx.facts["waived"] = catalogue().reasons[p.reason].slug


class Return(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("退单依据"), choose=Choose.REASON, reasons="return")]
    ground: Annotated[str, Ask(_("法律或职责依据"), rows=3, most=1000)]
    suggest: Annotated[UUID | None, Ask(_("建议承办单位（选填）"), choose=Choose.ORGAN)] = None


def return_it(ctx: Context, p: Return) -> None:
    """The organ says, with a ground, that it is not its own."""
    lead = ctx.lead
    if lead is not None and lead.is_binding:
        raise Refused("binding", _("承办单位已经裁定，不能再退单。"))
    ctx.set(returns=ctx.matter.returns + 1, lead_id=None)
    ctx.end(ctx.open_tasks(), TaskState.RETURNED)
    ctx.stage = rules.after_return(ctx.matter.returns)
    ctx.facts |= {"reason": catalogue().reasons[p.reason].slug, "returns": ctx.matter.returns}


class Arbitrate(Payload, kw_only=True):
    lead: Annotated[UUID, Ask(_("裁定主办单位"), choose=Choose.ORGAN)]
    reason: Annotated[str, Ask(_("裁定理由"), rows=3, most=1000)]


def arbitrate(ctx: Context, p: Arbitrate) -> None:
    """The centre's decision binds."""
    ctx.send(p.lead, TaskRole.LEAD, brief=p.reason[:500], binding=True)
    ctx.tell_organs("matter.task", [p.lead])


# 见 → 办 → 结


class Handle(Payload, kw_only=True):
    done: Annotated[str, Ask(_("办理情况"), rows=5, phrases="done", help=SHOWN)]


INSISTED = Ask(_("仍按此答复的理由"), rows=2, most=500)


class Conclude(Payload, kw_only=True):
    outcome: Annotated[str, Ask(_("办理结果"), choose=Choose.CHOICE, choices=tuple(Outcome.choices))]
    ground: Annotated[str, Ask(_("不予受理的法律依据"), rows=2, most=1000)] = ""
    reply: Annotated[
        str,
        Ask(
            _("给反映人的答复"), rows=6, phrases="reply", help=_("用群众听得懂的话写明：查了什么、办了什么、结果怎样。")
        ),
    ]
    insisted: Annotated[str, INSISTED] = ""


def conclude(ctx: Context, p: Conclude) -> None:
    """Result and reply; the head approves when the sub-kind says so."""
    if p.outcome == Outcome.NOT_ACCEPTED and not p.ground:
        raise Refused("required", _("不予受理必须写明法律依据。"), field="ground")
    waiting = [t for t in ctx.open_tasks() if t.role != TaskRole.LEAD]
    if waiting:
        raise Refused("co_open", _("还有协办单位没有反馈，请先督促协办或商请其退回。"))
    _demand(ctx, p.reply, p.insisted, "reply")
    ctx.set(outcome=p.outcome)
    _appeal(ctx, reply=p.reply)
    if catalogue().subkinds[ctx.matter.subkind_id].needs_approval:
        ctx.stage = "concluding"
    else:
        _conclude(ctx)


def _demand(ctx: Context, reply: str, insisted: str, field: str) -> None:
    if kinds := demand_reply(ctx.matter, reply, insisted=insisted, by=ctx.by, field=field):
        ctx.facts["reply_insisted"] = kinds


def _conclude(ctx: Context) -> None:
    ctx.stage = "concluded"
    ctx.facts["outcome"] = ctx.matter.outcome
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    served(ctx, ctx.matter.lead_id)
    ctx.tell_people("appeal.concluded", reply=ctx.matter.appeal.reply)


class Approve(Payload, kw_only=True):
    opinion: Annotated[str, Ask(_("审批意见"), rows=2, most=500)]


def approve(ctx: Context, p: Approve) -> None:
    """The head of the organ stands by the conclusion."""
    _conclude(ctx)


class SendBack(Payload, kw_only=True):
    opinion: Annotated[str, Ask(_("退回修改的意见"), rows=3, most=500)]


class OnSpot(Payload, kw_only=True):
    done: Annotated[str, Ask(_("处置情况"), rows=3, help=SHOWN)]
    insisted: Annotated[str, INSISTED] = ""


def on_spot(ctx: Context, p: OnSpot) -> None:
    """A grid worker solved it there and then."""
    _demand(ctx, p.done, p.insisted, "done")
    ctx.set(outcome=Outcome.SOLVED)
    _appeal(ctx, reply=p.done)
    ctx.facts |= {"outcome": Outcome.SOLVED, "on_spot": True}
    served(ctx, ctx.granted.organ_id, Way.ON_SITE)
    ctx.tell_people("appeal.concluded", reply=p.done)


# 结 → 访


class MakeVisit(Payload, kw_only=True):
    how: Annotated[str, Ask(_("回访方式"), choose=Choose.CHOICE, choices=tuple(Visit.choices))]
    reached: Annotated[bool, Ask(_("已联系上反映人"))] = False
    grade: Annotated[str, Ask(_("满意度"), choose=Choose.CHOICE, choices=tuple(Satisfaction.choices))] = ""
    words: Annotated[str, Ask(_("反映人的意见，还有什么没有解决"), rows=3)] = ""


def visit(ctx: Context, p: MakeVisit) -> None:
    """Ask the person; not satisfied sends it back once, then to supervision."""
    ctx.facts |= {"how": p.how, "reached": p.reached}
    if not p.reached:
        missed = ctx.matter.appeal.visits_missed + 1
        _appeal(ctx, visits_missed=missed)
        ctx.facts["missed"] = missed
        return
    if not p.grade:
        raise Refused("required", _("请填写反映人给出的满意度。"), field="grade")
    grade = int(p.grade)
    if not rules.is_satisfied(grade) and not p.words:
        raise Refused("required", _("反映人不满意时，请写明还有什么没有解决。"), field="words")
    judged_at_visit(ctx, grade)
    _graded(ctx, grade)


def _graded(ctx: Context, grade: int) -> None:
    is_first = ctx.matter.satisfaction is None
    ctx.set(satisfaction=grade)
    ctx.facts |= {"grade": grade, "satisfied": rules.is_satisfied(grade), "first": is_first}
    if rules.is_satisfied(grade):
        ctx.stage = "closed"
        ctx.tell_people("appeal.closed")
    else:
        _again(ctx)


def _again(ctx: Context) -> None:
    """Second handling by the same organ, or supervision."""
    ctx.stage = rules.after_dissatisfaction(ctx.matter.round)
    ctx.next_round()
    if ctx.stage == "second" and ctx.matter.lead_id:
        ctx.send(ctx.matter.lead_id, TaskRole.LEAD)
        ctx.tell_organs("appeal.second", [ctx.matter.lead_id])
    elif ctx.stage == "second":
        ctx.stage = "received"
    ctx.facts["again"] = ctx.stage


class WaiveVisit(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("免于回访的理由"), choose=Choose.REASON, reasons="waive_visit")]
    note: Annotated[str, Ask(_("说明"), rows=2, most=1000)]


def waive_visit(ctx: Context, p: WaiveVisit) -> None:
    """Close without a visit, for a listed reason; unreachable counts only after three tries."""
    reason = catalogue().reasons[p.reason].slug
    if reason == "unreachable" and ctx.matter.appeal.visits_missed < rules.MOST_VISITS_MISSED:
        raise Refused("try_again", _("联系不上须先记录三次未接通的回访。"), field="reason")
    if reason == "no_contact" and not ctx.is_anonymous:
        raise Refused("has_contact", _("反映人留有联系方式，请先回访。"), field="reason")
    ctx.facts["waived"] = reason


class NotFixed(Payload, kw_only=True):
    words: Annotated[str, Ask(_("还有什么没有解决"), rows=4)]


def not_fixed(ctx: Context, p: NotFixed) -> None:
    """The person says that it is not solved: before the visit, or within thirty days of closing."""
    if ctx.matter.stage == "closed" and not rules.may_reopen(ctx.matter.closed_at, ctx.at):
        raise Refused("too_late", _("办结已超过30天，请重新提出诉求。"))
    ctx.facts["reopened"] = ctx.matter.stage == "closed"
    _again(ctx)


class Rate(Payload, kw_only=True):
    grade: Annotated[str, Ask(_("满意度"), choose=Choose.CHOICE, choices=tuple(Satisfaction.choices))]
    words: Annotated[str, Ask(_("想说的话（选填）"), rows=3, most=1000)] = ""


def rate(ctx: Context, p: Rate) -> None:
    """The person's own grade, given online."""
    if ctx.has_record("rate"):
        raise Conflict("rated", _("您已经评价过，谢谢。"))
    is_first = ctx.matter.satisfaction is None
    judged_online(ctx, int(p.grade), p.words)
    ctx.set(satisfaction=int(p.grade))
    ctx.facts |= {"rated": int(p.grade), "satisfied": rules.is_satisfied(int(p.grade)), "first": is_first}


# supervision and petitions


class Order(Payload, kw_only=True):
    order: Annotated[str, Ask(_("督办意见"), rows=4)]


def order(ctx: Context, p: Order) -> None:
    """Supervision has the organ handle it again."""
    if ctx.matter.lead_id is None:
        raise Refused("no_lead", _("本件没有主办单位，请先转办。"))
    ctx.next_round()
    ctx.send(ctx.matter.lead_id, TaskRole.LEAD, brief=p.order[:500], binding=True)
    ctx.tell_organs("appeal.second", [ctx.matter.lead_id])


class Close(Payload, kw_only=True):
    finding: Annotated[str, Ask(_("核查结论"), choose=Choose.CHOICE, choices=tuple(Finding.choices))]
    reasons: Annotated[str, Ask(_("理由"), rows=4)]


def close_supervised(ctx: Context, p: Close) -> None:
    """Supervision ends it, saying why."""
    _appeal(ctx, finding=p.finding)
    ctx.facts["finding"] = p.finding
    ctx.tell_people("appeal.closed")


class AskReview(Payload, kw_only=True):
    words: Annotated[str, Ask(_("申请理由"), rows=4)]


def ask_review(ctx: Context, p: AskReview) -> None:
    """A petitioner asks for review, and after it for re-review."""
    stage = rules.next_review(ctx.matter.stage, ctx.matter.appeal.reviews)
    if not is_petition(ctx) or stage is None or not rules.may_reopen(ctx.matter.closed_at, ctx.at):
        raise Refused("no_review", _("本件不能申请复查复核：仅信访事项可在收到答复之日起30日内申请。"))
    ctx.next_round()
    ctx.stage = stage


def is_petition(ctx: Context) -> bool:
    """Whether the rules of petitions apply."""
    return catalogue().subkinds[ctx.matter.subkind_id].slug == rules.PETITION


class Opinion(Payload, kw_only=True):
    opinion: Annotated[str, Ask(_("复查（复核）意见"), rows=6)]


def answer_review(ctx: Context, p: Opinion) -> None:
    """The answer to a review closes it; the answer to a re-review is final (终结)."""
    done = ctx.matter.appeal.reviews + 1
    _appeal(ctx, reviews=done, reply=p.opinion)
    ctx.stage = "final" if ctx.matter.stage == "rereview" else "closed"
    ctx.tell_people("appeal.concluded", reply=p.opinion)


def joined(ctx: Context, p: Any) -> None:
    """One more person with the same trouble."""

    join(ctx, p)
    _appeal(ctx, supporters=ctx.matter.appeal.supporters + ctx.facts.get("supporters", 0))


def _appeal(ctx: Context, **values: Any) -> None:
    appeal = ctx.matter.appeal
    for name, value in values.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=sorted(values))
