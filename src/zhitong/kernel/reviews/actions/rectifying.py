"""What each move of a rectification asks for, and what it does."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Channel, Telling, notify_many
from zhitong.kernel.matters.public import Ask, Choose, Context, Matter, Payload, TaskRole, TaskState
from zhitong.kernel.register.public import ContactKind, contacts_of

from ..choices import EXCLUDED, MENDED, Finding
from ..models import Review

BY_KIND = {ContactKind.PHONE: Channel.SMS, ContactKind.EMAIL: Channel.EMAIL}


def review_of(ctx: Context) -> Review | None:
    """The review that opened it."""
    return Review.objects.filter(matter=ctx.matter.pk).first()


class Call(Payload, kw_only=True):
    reached: Annotated[bool, Ask(_("已联系上评价人"))] = False
    said: Annotated[str, Ask(_("回访情况"), rows=4, help=_("联系的时间、方式，评价人怎么说；没有联系上的写明原因。"))]


def call(ctx: Context, p: Call) -> None:
    """Somebody rang whoever left a number."""
    ctx.facts["reached"] = p.reached


def has_caller(ctx: Context) -> bool:
    """Whether the person wants to be called back."""
    review = review_of(ctx)
    return review is not None and review.person_id is not None


def _must_have_called(ctx: Context) -> None:
    if has_caller(ctx) and not ctx.has_record("call"):
        raise Refused("call_first", _("评价人留有联系方式，请先回电并记录回访情况。"))


def _judged(matter: Matter, _by: Actor) -> str:
    """The organ that was judged: mostly it has to mend it."""
    return str(Review.objects.filter(matter=matter.pk).values_list("organ", flat=True).first() or "")


class Send(Payload, kw_only=True):
    organ: Annotated[UUID, Ask(_("整改单位"), choose=Choose.ORGAN, begins=_judged)]
    demand: Annotated[str, Ask(_("整改要求"), rows=4, most=500, help=_("写明要改什么；不要写评价人的姓名和电话。"))]


def send(ctx: Context, p: Send) -> None:
    """To the organ that must mend it; it is told what was wrong, not who said so."""
    _must_have_called(ctx)
    ctx.send(p.organ, TaskRole.LEAD, brief=p.demand)
    ctx.tell_organs("matter.task", [p.organ])


class Dismiss(Payload, kw_only=True):
    finding: Annotated[str, Ask(_("核实结论"), choose=Choose.CHOICE, choices=tuple(Finding.choices))]
    ground: Annotated[str, Ask(_("核实情况"), rows=4)]


def dismiss(ctx: Context, p: Dismiss) -> None:
    """Nothing to mend.  Whether the review counts is for two others to say."""
    _must_have_called(ctx)
    ctx.set(outcome=p.finding)
    ctx.facts["finding"] = p.finding


class Mend(Payload, kw_only=True):
    done: Annotated[str, Ask(_("整改情况"), rows=5, help=_("查了什么、改了什么、今后怎样避免。"))]


class SendBack(Payload, kw_only=True):
    opinion: Annotated[str, Ask(_("退回的意见"), rows=3, most=500)]


class Answer(Payload, kw_only=True):
    reply: Annotated[str, Ask(_("给评价人的答复"), rows=5, most=1000, help=_("评价人凭评价码可以看到，并可再次评价。"))]


def answer(ctx: Context, p: Answer) -> None:
    """The person is told what was done, and asked once more."""
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    ctx.set(outcome=MENDED)
    review = review_of(ctx)
    if review is None or review.person_id is None:
        return
    contacts = contacts_of([review.person_id]).get(review.person_id, [])
    values = {"reply": p.reply, "service": str(review.service_id)}
    notify_many(
        [
            Telling(ctx.event_id, review.pk, "review.answered", BY_KIND[ContactKind(one.kind)], to_contact=one.pk, context=values)
            for one in contacts[:1] if one.kind in BY_KIND
        ]
    )  # fmt: skip


class Decided(Payload, kw_only=True):
    reason: Annotated[str, Ask(_("认定理由"), rows=4, most=1200)]


def drop(ctx: Context, _p: Decided) -> None:
    """Two people found that the review does not count: nobody has to mend anything, and whoever was mending is told."""
    ctx.tell_organs("review.dropped", [task.organ_id for task in ctx.open_tasks()])
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)
    ctx.set(outcome=EXCLUDED)


def take_up(ctx: Context, _p: Decided) -> None:
    """It counts again: verified from the beginning, within the whole limit."""
    ctx.set(outcome="")


def erased(ids: Sequence[UUID], action: str) -> None:
    """The words stand with the review besides."""
    if not action:
        Review.objects.filter(matter__in=ids).update(words="", found=None)
