"""The straight way of an application: accepted, examined, decided, made, delivered; and its refusals."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.moments import dated
from zhitong.kernel.matters.public import (
    Ask,
    Choose,
    Context,
    Payload,
    TaskRole,
    TaskState,
    catalogue,
    working_days,
)

from ...choices import Delivery, MaterialState, Outcome
from ...models import Handed, HandedFile
from ...queries.cases import case_of as case_of_page
from ...queries.handed import forgotten, handed_of
from ...rules import cases as rules
from ...rules import validity
from ..judged import case_served
from . import rows
from .rows import case_of, put

WORDS = 1000
SIGNED = _("申请人已签署承诺书")


class Accept(Payload, kw_only=True):
    deferred: Annotated[
        list[str],
        Ask(
            _("容缺受理的材料"),
            choose=Choose.OWN,
            own=rows.deferrable,
            names=rows.names_of,
            help=_("申请人承诺在期限内补交，补齐前不发结果。"),
        ),
    ] = msgspec.field(default_factory=list)
    promised: Annotated[
        list[str], Ask(_("以告知承诺代替的材料"), choose=Choose.OWN, own=rows.promisable, names=rows.names_of)
    ] = msgspec.field(default_factory=list)
    signed: Annotated[bool, Ask(SIGNED)] = False
    note: Annotated[str, Ask(_("备注（选填）"), rows=2, most=WORDS)] = ""


def accept(ctx: Context, p: Accept) -> None:
    """It is complete, or relaxed where that is allowed: the limits begin to run."""
    relax(ctx, p)
    accepted(ctx)
    ctx.tell_people("application.accepted")
    ctx.tell_organs("matter.task", [ctx.matter.lead_id])


def relax(ctx: Context, p: "Accept | AtOnce") -> None:
    """Let what may be deferred or promised be so, against a signed promise."""
    if (p.deferred or p.promised) and not p.signed:
        raise Refused("not_signed", _("容缺和告知承诺须由申请人签署承诺书，请先签署。"), field="signed")
    rows.mark(ctx, p.deferred, MaterialState.DEFERRED)
    rows.mark(ctx, p.promised, MaterialState.PROMISED)


def accepted(ctx: Context) -> None:
    """Nothing is missing, or the run is a simulated one: the limits begin to run."""
    case = case_of(ctx)
    states = rows.states_of(ctx) if case.is_simulated else rows.demand_whole(ctx)
    put(
        ctx, accepted_at=ctx.at, has_deferred=MaterialState.DEFERRED in states, has_promised=MaterialState.PROMISED in states
    )  # fmt: skip
    ctx.facts |= {
        "accepted": True, "deferred": case.has_deferred, "promised": case.has_promised, "simulated": case.is_simulated,
        "item": str(case.item_id),
    }  # fmt: skip


class Correct(Payload, kw_only=True):
    materials: Annotated[
        list[str], Ask(_("需补正的材料"), choose=Choose.OWN, own=rows.every_material, names=rows.names_of)
    ]
    words: Annotated[
        str, Ask(_("需要补正的全部内容"), rows=4, most=WORDS, help=_("须一次告知，之后不得再提新的材料。"))
    ]


def correct(ctx: Context, p: Correct) -> None:
    """Say once, and completely, what is missing (Law on Administrative Licensing, article 32)."""
    chosen = Handed.objects.filter(application=ctx.matter.pk, pk__in=p.materials)
    if ctx.has_record("correct") and chosen.filter(asked_at=None).exists():
        raise Refused("only_once", _("补正须一次性告知：只能就首次告知过的材料再次要求补正。"), field="materials")
    chosen.update(state=MaterialState.MISSING, asked_at=ctx.at, at=ctx.at)
    forgotten(ctx.matter)
    ctx.facts |= {"materials": len(p.materials), "item": str(case_of(ctx).item_id)}
    ctx.tell_people("application.correct", words=p.words)


class NotAccept(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("不予受理的理由"), choose=Choose.REASON, reasons="not_accepted")]
    words: Annotated[str, Ask(_("说明和救济途径"), rows=4, most=WORDS)]


def not_accept(ctx: Context, p: NotAccept) -> None:
    """Not for this organ, or not allowed at all, with the reason."""
    reason = catalogue().reasons[p.reason]
    ctx.facts |= {"reason": reason.slug, "item": str(case_of(ctx).item_id)}
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    rows.close(ctx)
    case_served(ctx)
    ctx.tell_people("application.not_accepted", reason=reason.name, words=p.words)


class HandIn(Payload, kw_only=True):
    material: Annotated[str, Ask(_("材料"), choose=Choose.OWN, own=rows.awaited, names=rows.names_of)]
    note: Annotated[str, Ask(_("说明（选填）"), rows=2, most=500)] = ""


def hand_in(ctx: Context, p: HandIn) -> None:
    """A material comes: what was corrected is looked at again, what was deferred is there."""
    rows.mark(ctx, [p.material], MaterialState.HANDED)
    states = rows.states_of(ctx)
    ctx.facts["complete"] = MaterialState.MISSING not in states
    if ctx.stage == "awaiting" and MaterialState.MISSING not in states:
        ctx.stage = "submitted"
    case = case_of(ctx)
    if case.has_deferred and not rules.outstanding(states):
        put(ctx, has_deferred=False)
        ctx.stop_clock("deferred")
    if case.has_promised and MaterialState.PROMISED not in states:
        put(ctx, has_promised=False)
    if ctx.stage == "simulated" and ctx.matter.outcome == Outcome.APPROVED and MaterialState.MISSING not in states:
        put(ctx, is_whole=True)
    ctx.tell_organs("matter.supplemented", [t.organ_id for t in ctx.open_tasks()])


def filed(ctx: Context, p: HandIn, attachments: Any) -> None:
    """The files belong to that material."""
    HandedFile.objects.bulk_create(HandedFile(handed_id=UUID(p.material), attachment=one) for one in attachments)


class Examine(Payload, kw_only=True):
    passes: Annotated[bool, Ask(_("符合条件"))]
    opinion: Annotated[str, Ask(_("审查意见"), rows=4, most=2000)]


def examine(ctx: Context, p: Examine) -> None:
    """What the organ found."""
    if [t for t in ctx.open_tasks() if t.role != TaskRole.LEAD]:
        raise Refused("co_open", _("还有并联审查单位没有反馈意见，请先督促或商请其退回。"))
    ctx.facts["passes"] = p.passes


class Decide(Payload, kw_only=True):
    outcome: Annotated[str, Ask(_("决定"), choose=Choose.CHOICE, choices=tuple(Outcome.choices))]
    words: Annotated[str, Ask(_("决定的理由（不予许可的写明依据和救济途径）"), rows=4, most=2000)] = ""


def decide(ctx: Context, p: Decide) -> None:
    """Approve or refuse; a simulated run ends here."""
    _decided(ctx, p.outcome, p.words)
    if case_of(ctx).is_simulated:
        ctx.end(ctx.open_tasks(), TaskState.DONE)
        rows.close(ctx)
        ctx.stage = "simulated"
        ctx.tell_people("application.simulated", outcome=Outcome(p.outcome).label)
        return
    ctx.stage = "decided" if p.outcome == Outcome.APPROVED else "issued"
    ctx.tell_people("application.decided", outcome=Outcome(p.outcome).label)


def _decided(ctx: Context, outcome: str, words: str) -> None:
    if outcome == Outcome.REFUSED and not words:
        raise Refused("required", _("不予许可的，须写明依据、理由和救济途径。"), field="words")
    ctx.set(outcome=outcome)
    put(ctx, decided_at=ctx.at)
    case = case_of(ctx)
    if outcome == Outcome.APPROVED and not case.is_simulated:
        for follow in APPROVED:
            follow(ctx)
    ctx.facts |= {
        "outcome": outcome, "item": str(case.item_id), "simulated": case.is_simulated,
        "statutory": case.version.statutory_days or 0, "days": _days_used(ctx),
    }  # fmt: skip


def _days_used(ctx: Context) -> int | None:
    """Working days since it was accepted, the day of acceptance and what a special step took not counted."""
    clock = ctx.clock("statutory")
    if clock is None:
        return 0 if ctx.action.slug == "at_once" else None
    return working_days(clock, ctx.at)


# What else follows once it is granted, in the same transaction; and once the result is made.
APPROVED: list[Callable[[Context], None]] = []
FOLLOWS: list[Callable[[Context], None]] = []


class Issue(Payload, kw_only=True):
    number: Annotated[str, Ask(_("结果文书（证照）编号（选填）"), most=60, help=_("留空则以办件编号为准。"))] = ""


def issue(ctx: Context, p: Issue) -> None:
    """The licence is made; not before everything that was deferred is there."""
    _issued(ctx, p.number)


def _issued(ctx: Context, number: str) -> None:
    if {MaterialState.DEFERRED, MaterialState.MISSING} & set(rows.states_of(ctx)):
        raise Refused("deferred_open", _("容缺的材料还没有补齐，补齐前不能制发结果。"))
    case, today = case_of(ctx), timezone.localdate(ctx.at)
    if (until := validity.last_day(case.version.valid_for, today, case.answers)) and until < today:
        message = _("有效期只到%(day)s，已经过了，不能制发结果。请核对申请内容，或者先改按新版办事指南办理。")
        raise Refused("term_over", message % {"day": dated(until, get_language())})
    put(ctx, issued_at=ctx.at, result_number=number or ctx.matter.number)
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    ctx.tell_people("application.issued")
    for follow in FOLLOWS:
        follow(ctx)


NOT_SIGNED = _("请填写签收人，如“申请人本人”。")


def chosen_way(matter: Any, _by: Any) -> str:
    """How the applicant wants the result."""
    return str(matter.application.delivery)


def address_on_file(matter: Any, _by: Any) -> str:
    """Where the applicant wants it sent, as far as that is known."""
    return str(matter.application.deliver_to)


class Deliver(Payload, kw_only=True):
    way: Annotated[
        str,
        Ask(
            _("送达方式"),
            choose=Choose.CHOICE,
            choices=tuple(Delivery.choices),
            begins=chosen_way,
            help=_("申请时选了方式的，已经选好；申请人另有要求的可以改。"),
        ),
    ]
    deliver_to: Annotated[
        str,
        Ask(_("收件地址"), most=200, begins=address_on_file, help=_("邮寄送达的必填。"), is_sometimes=True, kept=False),
    ] = ""
    tracking: Annotated[str, Ask(_("邮寄单号"), most=40, help=_("邮寄送达的必填。"), is_sometimes=True)] = ""
    taken_by: Annotated[str, Ask(_("签收人"), most=60, help=_("窗口领取的必填。"), is_sometimes=True)] = ""


def deliver(ctx: Context, p: Deliver) -> None:
    """The result goes out: what is mailed is followed until it has come.  The address stays with the case, and nowhere else."""
    address = p.deliver_to or case_of(ctx).deliver_to
    if p.way == Delivery.MAIL and not address:
        raise Refused("required", _("邮寄送达请填写收件地址。"), field="deliver_to")
    if p.way == Delivery.MAIL and not p.tracking:
        raise Refused("required", _("邮寄送达请填写邮寄单号。"), field="tracking")
    if p.way == Delivery.PICK_UP and not p.taken_by:
        raise Refused("required", NOT_SIGNED, field="taken_by")
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    put(ctx, delivery=p.way, tracking_number=p.tracking)
    ctx.facts["way"] = p.way
    if p.way == Delivery.MAIL:
        put(ctx, deliver_to=address)
        ctx.stage = "mailed"
        ctx.tell_people("application.mailed", tracking=p.tracking)
    else:
        finish(ctx, p)


class Received(Payload, kw_only=True):
    taken_by: Annotated[str, Ask(_("签收人"), most=60, help=_("申请人自己确认收到的，可以不填。"))] = ""


def received(ctx: Context, p: Received) -> None:
    """What was mailed has come: the applicant says so, or whoever looked it up and says who signed for it."""
    if ctx.by.is_staff and not p.taken_by:
        raise Refused("required", NOT_SIGNED, field="taken_by")
    finish(ctx, p)


def finish(ctx: Context, _p: Any) -> None:
    """The result has come: the matter is closed."""
    ctx.stage = "closed"
    ctx.facts["signed"] = not ctx.by.is_system
    rows.close(ctx)
    case_served(ctx)


class AtOnce(Payload, kw_only=True):
    promised: Annotated[
        list[str], Ask(_("以告知承诺代替的材料"), choose=Choose.OWN, own=rows.promisable, names=rows.names_of)
    ] = msgspec.field(default_factory=list)
    signed: Annotated[bool, Ask(SIGNED)] = False
    words: Annotated[str, Ask(_("审查意见"), rows=3, most=2000)] = ""
    number: Annotated[str, Ask(_("结果文书（证照）编号（选填）"), most=60, help=_("留空则以办件编号为准。"))] = ""
    taken: Annotated[bool, Ask(_("申请人当场领取"))] = False

    @property
    def deferred(self) -> list[str]:
        """What is decided at once leaves nothing for later."""
        return []


def at_once(ctx: Context, p: AtOnce) -> None:
    """Within the visit: accepted, decided and made in one."""
    case = case_of(ctx)
    relax(ctx, p)
    accepted(ctx)
    if not (case.version.is_instant or case.has_promised):
        raise Refused("not_instant", _("这个事项不是即办件，也没有告知承诺，不能当场办结，请先受理。"))
    put(ctx, is_instant=True)
    _decided(ctx, Outcome.APPROVED, p.words)
    _issued(ctx, p.number)
    ctx.facts["instant"] = True
    ctx.stage = "issued"
    if p.taken:
        put(ctx, delivery=Delivery.PICK_UP)
        ctx.facts["way"] = Delivery.PICK_UP
        finish(ctx, p)


def can_be_at_once(ctx: Any) -> bool:
    """An instant item, or one where a promise may stand for what is missing; never a simulated run."""
    case = case_of_page(ctx.matter)
    if case.is_simulated or case.version.is_instant:
        return not case.is_simulated
    waiting = (MaterialState.MISSING, MaterialState.PROMISED)
    return any(row.material.by_commitment for row in handed_of(ctx.matter) if row.state in waiting)
