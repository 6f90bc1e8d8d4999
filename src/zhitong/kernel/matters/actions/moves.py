"""Moves that any kind of matter may offer: payloads and effects, to be named in a kind's table."""

from typing import Annotated
from uuid import UUID

import msgspec
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.register.public import NewPerson, find_or_create_many
from zhitong.kernel.territory import public as territory

from ..choices import ClockState, Part, Relation, TaskRole, TaskState, Urgency
from ..models import Clock, Extension, Link, Matter, Participant
from ..queries.catalogue import catalogue
from ..queries.parts import request_of
from ..queries.places import category_path
from ..rules.payloads import Ask, Choose
from . import clocks as timing
from .context import LIVE, Context
from .opening import Opening, open_matter

Text = Annotated[str, Ask(_("说明"), rows=3, most=1000)]


class Payload(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of every payload: named fields only, nothing unknown."""


class Assign(Payload, kw_only=True):
    staff: Annotated[UUID, Ask(_("承办人"), choose=Choose.STAFF)]


def assign(ctx: Context, p: Assign) -> None:
    """Put one's organ's task into a person's hands."""
    for task in ctx.own_tasks:
        task.assignee_id = p.staff
        ctx.keep(task)
    ctx.facts["assignee"] = str(p.staff)
    ctx.tell_staff("matter.assigned", p.staff)


class AddCo(Payload, kw_only=True):
    organs: Annotated[list[UUID], Ask(_("协办单位"), choose=Choose.ORGAN)]
    brief: Annotated[str, Ask(_("请协办的内容"), rows=2, most=500)]


def add_co(ctx: Context, p: AddCo) -> None:
    """Give further organs a share."""
    for organ in p.organs:
        ctx.send(organ, TaskRole.CO, brief=p.brief)
    ctx.tell_organs("matter.task", p.organs)


class ReportCo(Payload, kw_only=True):
    result: Annotated[str, Ask(_("协办情况"), rows=4)]


def report_co(ctx: Context, p: ReportCo) -> None:
    """A co-handler says that its share is done."""
    mine = [t for t in ctx.own_tasks if t.role != TaskRole.LEAD]
    if not mine:
        raise Conflict("no_task", _("本单位没有待办的协办任务。"))
    ctx.end(mine, TaskState.DONE)
    ctx.tell_organs("matter.co_done", [ctx.matter.lead_id])


class ReturnCo(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("退回依据"), choose=Choose.REASON, reasons="return")]
    ground: Annotated[str, Ask(_("法律或职责依据"), rows=3, most=1000)]


def return_co(ctx: Context, p: ReturnCo) -> None:
    """A co-handler says, with a ground, that its share is not its own."""
    mine = [t for t in ctx.own_tasks if t.role != TaskRole.LEAD]
    if not mine:
        raise Conflict("no_task", _("本单位没有待办的协办任务。"))
    ctx.end(mine, TaskState.RETURNED)
    ctx.tell_organs("matter.co_returned", [ctx.matter.lead_id])


class Pause(Payload, kw_only=True):
    reason: Annotated[UUID, Ask(_("暂停理由"), choose=Choose.REASON, reasons="pause")]
    note: Text


def pause(ctx: Context, p: Pause) -> None:
    """Stop the clocks for a listed reason."""
    ctx.pause(catalogue().reasons[p.reason].slug)
    ctx.tell_people("matter.paused", reason=catalogue().reasons[p.reason].name)


class Note(Payload, kw_only=True):
    note: Text


def resume(ctx: Context, p: Note) -> None:
    """Let the clocks run on."""
    if not ctx.matter.is_paused:
        raise Conflict("not_paused", _("事项没有暂停。"))
    ctx.resume()


class AskExtension(Payload, kw_only=True):
    clock: Annotated[str, Ask(_("延期的时限"), choose=Choose.CHOICE)]
    amount: Annotated[int, Ask(_("延长（与原时限同单位）"))]
    reason: Annotated[str, Ask(_("延期理由"), rows=3, most=500)]


MOST_EXTENSION = 60


def ask_extension(ctx: Context, p: AskExtension) -> None:
    """Ask for more time, before the clock ends."""
    clock = ctx.clock(p.clock)
    if clock is None:
        raise Refused("no_clock", _("这个时限没有在计时。"), field="clock")
    if ctx.at > clock.due_at:
        raise Refused("too_late", _("时限已过，不能再申请延期。"), field="clock")
    if not 1 <= p.amount <= MOST_EXTENSION:
        raise Refused("bad_amount", _("延长的时间应在1至60之间。"), field="amount")
    _check_open(clock)
    Extension.objects.create(
        clock=clock,
        amount=p.amount,
        reason=p.reason,
        asked_by=ctx.by.account_id,
        asked_label=ctx.by.label,
        asked_at=ctx.at,
    )
    ctx.facts |= {"clock": p.clock, "amount": p.amount}


def _check_open(clock: Clock) -> None:
    if clock.extensions:
        raise Refused("extended_already", _("该时限已延期一次，不能再次延期。"), field="clock")
    if clock.requests.filter(is_granted=None).exists():
        raise Refused("asked_already", _("该时限已有延期申请，请等待审批。"), field="clock")


class DecideExtension(Payload, kw_only=True):
    grant: Annotated[bool, Ask(_("同意延期"))]
    note: Annotated[str, Ask(_("审批意见"), rows=2, most=500)]


def decide_extension(ctx: Context, p: DecideExtension) -> None:
    """Somebody above, and not the one who asked, grants or refuses."""
    request = request_of(ctx.clocks)
    if request is None:
        raise Conflict("no_request", _("没有待审批的延期申请。"))
    if request.asked_by == ctx.by.account_id:
        raise Refused("own_request", _("不能审批自己提出的延期申请。"))
    request.is_granted, request.decided_by, request.decided_at = p.grant, ctx.by.account_id, ctx.at
    request.decided_label = ctx.by.label
    request.save()
    ctx.facts |= {"clock": request.clock.slug, "granted": p.grant, "amount": request.amount}
    if p.grant:
        clock = next(c for c in ctx.clocks if c.pk == request.clock_id)
        timing.extend(clock, request.amount, request.reason, ctx.at)
        ctx.keep(clock)
        ctx.clock_facts.append({"slug": clock.slug, "did": "extended", "due_at": clock.due_at})
        ctx.tell_people("matter.extended", reason=request.reason)
    ctx.tell_organs("matter.extension_decided", [ctx.matter.lead_id], note=p.note)


def note(ctx: Context, p: Note) -> None:
    """A note for colleagues: the record is all there is to it."""


class Supplement(Payload, kw_only=True):
    text: Annotated[str, Ask(_("补充内容"), rows=4, most=2000)]


def supplement(ctx: Context, p: Supplement) -> None:
    """Whoever raised it adds to it."""
    ctx.tell_organs("matter.supplemented", [t.organ_id for t in ctx.open_tasks()])


class Withdraw(Payload, kw_only=True):
    reason: Annotated[str, Ask(_("撤回原因（选填）"), rows=2, most=500)] = ""


def withdraw(ctx: Context, p: Withdraw) -> None:
    """The person takes it back; open tasks are cancelled and the organs are told."""
    organs = [t.organ_id for t in ctx.open_tasks()]
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)
    ctx.cancel_clocks()
    ctx.tell_organs("matter.withdrawn", organs)


class Merge(Payload, kw_only=True):
    into: Annotated[
        UUID,
        Ask(
            _("并入的事项"),
            choose=Choose.MATTER,
            help=_("本件并入所选事项后不再单独办理，反映人一并转入、收到告知，原编号仍可查询。"),
        ),
    ]
    reason: Annotated[str, Ask(_("合并理由"), rows=2, most=500)]


def merge(ctx: Context, p: Merge) -> None:
    """Fold a duplicate into the matter it repeats; its people go along, are told, and keep their number."""
    try:
        target = Matter.objects.select_for_update(nowait=True).get(pk=p.into)
    except OperationalError as busy:  # two merges that cross would wait for each other
        raise Conflict("busy", _("要并入的事项正由他人办理，请稍后再试。")) from busy
    if ctx.kind.is_end(target.stage):
        raise Refused("target_ended", _("要并入的事项已办结，请选择正在办理的事项。"), field="into")
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)
    ctx.cancel_clocks()
    ctx.link(ctx.matter.pk, target.pk, Relation.DUPLICATE_OF)
    people = ctx.matter.participants.values_list("person_id", flat=True)
    Participant.objects.bulk_create(
        [Participant(matter=target, person_id=i, part=Part.MERGED, joined_at=ctx.at) for i in people],
        ignore_conflicts=True,
    )
    ctx.facts["into"] = target.number
    ctx.tell_beside("matter.took_in", target.pk, number=ctx.matter.number)
    ctx.tell_people("matter.merged", into=target.number)


class Unmerge(Payload, kw_only=True):
    reason: Annotated[str, Ask(_("撤销理由"), rows=2, most=500)]


def unmerge(ctx: Context, p: Unmerge) -> None:
    """It was another matter after all: its people leave the one it was folded into, are told, and it is handled by itself."""
    link = Link.objects.select_related("target").filter(source=ctx.matter, relation=Relation.DUPLICATE_OF).first()
    if link is not None:
        others = Link.objects.filter(target=link.target_id, relation=Relation.DUPLICATE_OF).exclude(pk=link.pk)
        mine = ctx.matter.participants.values("person")
        theirs = Participant.objects.filter(matter__in=others.values("source")).values("person")
        came_along = Participant.objects.filter(matter=link.target_id, part=Part.MERGED, person__in=mine)
        came_along.exclude(person__in=theirs).delete()
        ctx.facts["from_number"] = link.target.number
        ctx.tell_beside("matter.let_go", link.target_id, number=ctx.matter.number)
        link.delete()
    ctx.set(lead_id=None)
    ctx.tell_people("matter.parted")


class Reroute(Payload, kw_only=True):
    category: Annotated[UUID, Ask(_("类别"), choose=Choose.CATEGORY)]
    division: Annotated[UUID | None, Ask(_("所在区域"), choose=Choose.DIVISION)] = None
    reason: Annotated[str, Ask(_("更正理由"), rows=2, most=500)]


def reroute(ctx: Context, p: Reroute) -> None:
    """Correct the category or the place: limits follow, what was there stays in the log."""
    ctx.facts["was"] = {"category": str(ctx.matter.category_id), "division": str(ctx.matter.division_id)}
    ctx.set(category_id=p.category)
    if p.division:
        path, area = territory.paths({p.division})[p.division]
        ctx.set(division_id=p.division, path=path, area_id=area)
    reterm(ctx)


class Expedite(Payload, kw_only=True):
    urgency: Annotated[str, Ask(_("紧急程度"), choose=Choose.CHOICE, choices=tuple(Urgency.choices))]
    reason: Annotated[str, Ask(_("理由"), rows=2, most=500)]


def expedite(ctx: Context, p: Expedite) -> None:
    """Change how urgent it is; running clocks take the limit for that urgency, from their own start."""
    ctx.set(urgency=p.urgency)
    reterm(ctx)
    ctx.tell_organs("matter.expedited", [t.organ_id for t in ctx.open_tasks()])


def reterm(ctx: Context) -> None:
    """Live clocks take the limits that now apply, counted from when they started."""
    known, matter = catalogue(), ctx.matter
    path, own = category_path(matter.category_id), ctx.kind.own_terms([matter])
    for clock in ctx.clocks:
        terms = timing.limit_for(matter, clock.slug, known, path, own)
        if clock.state not in LIVE or terms is None:
            continue
        clock.amount, clock.unit, clock.basis, clock.basis_en = terms.amount, terms.unit, terms.basis, terms.basis_en
        clock.moderate_percent, clock.severe_percent = terms.moderate_percent, terms.severe_percent
        timing.recompute(clock, ctx.at, known)
        if clock.state == ClockState.PAUSED:
            clock.next_at = None
        ctx.keep(clock)
        ctx.clock_facts.append({"slug": clock.slug, "did": "changed", "due_at": clock.due_at})


class Urge(Payload, kw_only=True):
    demand: Annotated[str, Ask(_("督办要求"), rows=3, most=1000)]


def urge(ctx: Context, p: Urge) -> None:
    """A supervisor presses the organs that have it."""
    ctx.tell_organs("matter.urged", [t.organ_id for t in ctx.open_tasks()], demand=p.demand)


class Publish(Payload, kw_only=True):
    is_public: Annotated[bool, Ask(_("在网上公开"))]
    note: Annotated[str, Ask(_("说明（选填）"), rows=2, most=500)] = ""


def publish(ctx: Context, p: Publish) -> None:
    """Show it on the public list, or take it off."""
    if p.is_public and catalogue().subkinds[ctx.matter.subkind_id].is_private:
        raise Refused("private_subkind", _("这类事项一律不公开。"), field="is_public")
    ctx.set(is_public=p.is_public)


class Escalate(Payload, kw_only=True):
    reason: Annotated[str, Ask(_("上报理由"), rows=3, most=1000)]


def escalate(ctx: Context, p: Escalate) -> None:
    """Pass the lead one level up, to the organ above."""
    lead = ctx.lead
    above = Organ.objects.filter(pk=lead.organ_id).values_list("parent_id", flat=True).first() if lead else None
    if lead is None or above is None:
        raise Refused("nobody_above", _("本单位没有上级单位可以上报。"))
    ctx.end([lead, *(t for t in ctx.open_tasks() if t.organ_id == above)], TaskState.RETURNED)
    ctx.send(above, TaskRole.LEAD, brief=p.reason[:500])
    ctx.tell_organs("matter.task", [above])


class SplitOff(Payload, kw_only=True):
    text: Annotated[str, Ask(_("另案办理的内容"), rows=4, most=5000)]
    category: Annotated[UUID | None, Ask(_("类别"), choose=Choose.CATEGORY)] = None


def split_off(ctx: Context, p: SplitOff) -> None:
    """Open a second matter for a second demand; both are linked, the people belong to both."""
    source = ctx.matter
    opened = open_matter(
        Opening(
            kind=source.kind, subkind=catalogue().subkinds[source.subkind_id].slug, text=p.text, channel=source.channel,
            address=source.address, lon=source.lon, lat=source.lat, division_id=source.division_id, category_id=p.category,
            urgency=source.urgency, is_public=source.is_public, key=f"split:{ctx.event_id}",
        ),
        by=ctx.by, at=ctx.at,
    )  # fmt: skip
    ctx.link(opened.matter_id, source.pk, Relation.SPLIT_FROM)
    Participant.objects.bulk_create(
        Participant(matter_id=opened.matter_id, person_id=i, part=part, joined_at=ctx.at)
        for i, part in source.participants.values_list("person_id", "part")
    )
    Matter.objects.filter(pk=opened.matter_id).update(reporter=source.reporter_id)
    ctx.facts["split"] = opened.number


class Join(Payload, kw_only=True):
    name: Annotated[str, Ask(_("姓名（选填）"), most=30)] = ""
    phone: Annotated[str, Ask(_("手机号（选填）"), most=20, help=_("留下手机号，办理结果会同样告知您。"))] = ""


def join(ctx: Context, p: Join) -> None:
    """Another resident has the same trouble."""
    if not p.phone:
        ctx.facts["supporters"] = 1
        return
    (found,) = find_or_create_many([NewPerson(name=p.name, phone=p.phone)], by=ctx.by, at=ctx.at)
    assert found.person_id is not None  # a phone was given
    _row, is_new = Participant.objects.get_or_create(
        matter=ctx.matter, person_id=found.person_id, defaults={"part": Part.SUPPORTER, "joined_at": ctx.at}
    )
    ctx.facts["supporters"] = int(is_new)


def is_co(ctx: Context) -> bool:
    """The actor's organ has a co-handler's task."""
    return any(t.role != TaskRole.LEAD for t in ctx.own_tasks)


def is_paused(ctx: Context) -> bool:
    """The clocks stand still."""
    return ctx.matter.is_paused


def has_request(ctx: Context) -> bool:
    """An extension waits for a decision."""
    return request_of(ctx.clocks) is not None
