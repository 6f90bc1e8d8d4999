"""What may happen to an application beside the straight way: special steps, lapsing, withdrawal, revocation, another version."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import (
    Ask,
    Choose,
    Context,
    Payload,
    TaskState,
    Withdraw,
    catalogue,
)
from zhitong.kernel.matters.public import withdraw as take_back

from ...choices import BreachSort, Outcome
from . import rows


class Special(Payload, kw_only=True):
    step: Annotated[UUID, Ask(_("特别程序"), choose=Choose.REASON, reasons="special_step")]
    days: Annotated[int, Ask(_("所需工作日"))]
    note: Annotated[str, Ask(_("说明"), rows=3, most=1000)]


MOST_SPECIAL = 250


def special(ctx: Context, p: Special) -> None:
    """Hearing, test or expert review: its time is not counted, and the applicant is told how long it takes (Law on
    Administrative Licensing, article 45)."""
    if not 1 <= p.days <= MOST_SPECIAL:
        raise Refused("bad_amount", _("所需时间应在1至250个工作日之间。"), field="days")
    step = catalogue().reasons[p.step]
    ctx.pause(step.slug)
    ctx.facts |= {"step": step.slug, "days": p.days}
    ctx.tell_people("application.special", step=step.name, days=p.days)


class Back(Payload, kw_only=True):
    opinion: Annotated[str, Ask(_("退回的意见"), rows=3, most=500)]


def withdraw(ctx: Context, p: Withdraw) -> None:
    """The applicant takes it back before it is decided."""
    take_back(ctx, p)
    ctx.facts |= {"item": str(rows.case_of(ctx).item_id), "simulated": rows.case_of(ctx).is_simulated}
    rows.close(ctx)


def lapse(ctx: Context, _p: Any) -> None:
    """A clock has run out: what was to be corrected or was deferred has not come."""
    is_deferred = ctx.matter.stage != "awaiting"
    organs = [t.organ_id for t in ctx.open_tasks()]
    if ctx.matter.outcome == Outcome.APPROVED:
        _undone_as_far_as_possible(ctx)
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)
    rows.close(ctx)
    ctx.facts |= {"why": "deferred" if is_deferred else "correct", "item": str(rows.case_of(ctx).item_id)}
    if is_deferred:
        rows.breach(ctx, BreachSort.DEFERRAL)
    ctx.tell_people("application.lapsed")
    ctx.tell_organs("application.lapsed_organ", organs)


# What else is undone with a result that was granted, in the same transaction.
UNDONE: list[Callable[[Context], None]] = []


def _undone_as_far_as_possible(ctx: Context) -> None:
    """A clock waits for nobody: where something stands in the way the organ that decided is told to look."""
    try:
        with transaction.atomic():
            for undo in UNDONE:
                undo(ctx)
    except Refused as refused:
        ctx.facts["not_restored"] = refused.code
        ctx.tell_organs("application.not_restored", [rows.case_of(ctx).item.organ_id])


class Revoke(Payload, kw_only=True):
    ground: Annotated[str, Ask(_("撤销的事实和依据"), rows=4, most=2000)]
    is_breach: Annotated[bool, Ask(_("申请人未履行承诺"))] = False


def revoke(ctx: Context, p: Revoke) -> None:
    """The result is taken back, and what followed from it."""
    for undo in UNDONE:
        undo(ctx)
    rows.close(ctx)
    ctx.facts["item"] = str(rows.case_of(ctx).item_id)
    if p.is_breach:
        rows.breach(ctx, BreachSort.COMMITMENT)
    ctx.tell_people("application.revoked")
