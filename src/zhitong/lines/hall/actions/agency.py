"""Acting for applicants: asking for it, taking it on, the mandate, what is taken along and given back, applying."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.citizen import citizen_id
from zhitong.base.days import months_on
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.public import Ask, Choose, Context, Payload, TaskRole, TaskState
from zhitong.kernel.organisation.public import posts_of
from zhitong.kernel.territory import public as territory

from ..choices import AgentSort, MandateWay
from ..models import Agent, Errand, Item, Park, Thing
from ..permissions import AGENT, MANAGE
from ..queries.agency import KIND, agents_of, through_areas
from ..queries.counter import phone_known
from .cases import Submission, Submitted, submit
from .writing import fetched

SUBKIND, PLACE = "errand", "hall.mandator"
MOST_THINGS, MOST_TITLE = 30, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody asks for an agent.  ``key`` is the form's own."""

    name: str
    phone: str
    division_id: UUID
    key: str
    item_id: UUID | None = None
    park_id: UUID | None = None
    address: str = ""
    words: str = ""
    channel: str = m.Channel.PORTAL


def ask(wish: Wish, *, by: Actor, at: datetime) -> m.Opened:
    """Into the pool; the agents of the place see it.  The tracking code that comes back is what mandates are confirmed with."""
    if not clean(wish.name) or not clean(wish.phone):
        raise Refused(
            "required", _("请填写姓名和手机，帮办代办员会与您联系。"), "name" if not clean(wish.name) else "phone"
        )
    item = Item.objects.filter(pk=wish.item_id).first() if wish.item_id else None
    park = Park.objects.filter(pk=wish.park_id).first() if wish.park_id else None
    if (wish.item_id and item is None) or (wish.park_id and park is None):
        raise NotFound("no_item", _("没有这个事项，请重新选择。"))
    words = clean(wish.words)
    if item is None and not words:
        raise Refused("required", _("请写明要办什么，帮办代办员好先做准备。"), "words")
    about = item.name if item else words.partition("\n")[0][:MOST_TITLE]
    title = f"代办：{about}"
    own = {"item": str(item.pk) if item else None, "park": str(park.pk) if park else None}
    return m.open_matter(
        m.Opening(
            kind=KIND, subkind=SUBKIND, title=title, text=words or title, channel=wish.channel, address=wish.address,
            division_id=park.division_id if park else wish.division_id, key=wish.key, own=own,
            reporter=m.Reporter(name=wish.name, phone=wish.phone), facts={"park": own["park"]},
        ),
        by=by, at=at,
    )  # fmt: skip


def opened(matters: Sequence[m.Matter], openings: Sequence[m.Opening]) -> None:
    """The line's own row beside each new matter (``Kind.opened``)."""
    Errand.objects.bulk_create(
        Errand(matter=matter, item_id=opening.own.get("item"), park_id=opening.own.get("park"))
        for matter, opening in zip(matters, openings, strict=True)
    )


def take(matter_id: UUID, *, by: Actor, at: datetime) -> m.Matter:
    """Take one from the pool of the own areas: the first who takes it has it."""
    if not agents_of(by, timezone.localdate(at)):
        raise NotAllowed("no_agent", _("您还没有负责的帮办代办区域，请联系管理员。"))
    return m.act(matter_id, "take", by=through_areas(by, timezone.localdate(at)), at=at)


def taken(ctx: Context, _p: Any) -> None:
    """The nearest of one's own areas is the one that counts; the task is in the agent's hands."""
    fitting = [one for one in agents_of(ctx.by, timezone.localdate(ctx.at)) if one.division_id in ctx.matter.path]
    errand = _errand(ctx)
    fitting.sort(key=lambda one: (one.park_id != errand.park_id, -ctx.matter.path.index(one.division_id)))
    if not fitting or ctx.by.staff_id is None:
        raise Refused("not_near", _("这件不在您负责的区域，请选择您区域内的。"))
    seat = next(iter(posts_of(ctx.by.staff_id, timezone.localdate(ctx.at))), None)
    if seat is None:
        raise Refused("no_post", _("您没有岗位，不能接单，请联系管理员。"))
    task = ctx.send(seat.post.organ_id, TaskRole.LEAD)
    task.assignee_id = ctx.by.staff_id
    errand.agent = fitting[0]
    errand.save(update_fields=["agent"])
    ctx.facts |= _facts(errand)
    ctx.tell_people("agency.taken")


CODE = Ask(_("委托人报出的查询码"), most=20, kept=False)


class Back(Payload, kw_only=True):
    reason: Annotated[str, Ask(_("退回原因"), rows=2, most=300)]


def give_back(ctx: Context, _p: Back) -> None:
    """Back into the pool; not while something of the applicant is in one's hands."""
    _demand_returned(ctx)
    ctx.end(ctx.open_tasks(), TaskState.RETURNED)
    ctx.set(lead_id=None)
    Errand.objects.filter(pk=ctx.matter.pk).update(agent=None)


class Mandate(Payload, kw_only=True):
    citizen_id: Annotated[str, Ask(_("委托人身份证号"), most=20)]
    months: Annotated[
        str, Ask(_("委托期限"), choose=Choose.CHOICE, choices=(("1", _("1个月")), ("3", _("3个月")), ("12", _("1年"))))
    ] = "1"
    everything: Annotated[bool, Ask(_("委托办理所有事项（不勾选则仅限本事项）"))] = False
    way: Annotated[str, Ask(_("确认方式"), choose=Choose.CHOICE, choices=tuple(MandateWay.choices))]
    code: Annotated[str, CODE] = ""


def mandate(ctx: Context, p: Mandate) -> None:
    """The applicant lets the agent act for them, until a day."""
    number = citizen_id(p.citizen_id)
    if number is None:
        raise Refused("bad_number", _("身份证号不对，请核对证件后重新输入。"), "citizen_id")
    _demand_confirmed(ctx, p.way, p.code)
    Errand.objects.filter(pk=ctx.matter.pk).update(
        mandate_way=p.way, mandate_all=p.everything, mandate_until=months_on(timezone.localdate(ctx.at), int(p.months)),
        mandator=keyring().blind(number, PLACE), revoked_at=None,
    )  # fmt: skip
    ctx.facts |= {"way": p.way, "all": p.everything}


def is_mandated(ctx: Any) -> bool:
    """Whether there is a mandate to take back."""
    return Errand.objects.filter(pk=ctx.matter.pk, mandate_until__isnull=False, revoked_at=None).exists()


def revoke(ctx: Context, _p: Any) -> None:
    """The applicant takes the mandate back; what the agent has done until now stays."""
    errand = _errand(ctx)
    if errand.mandate_until is None or errand.revoked_at:
        raise Refused("no_mandate", _("没有有效的委托，不用撤销。"))
    errand.revoked_at = ctx.at
    errand.save(update_fields=["revoked_at"])


class Collect(Payload, kw_only=True):
    things: Annotated[str, Ask(_("收取的原件和材料"), rows=4, most=2000, help=_("每行一样，如“营业执照正本”。"))]
    way: Annotated[str, Ask(_("确认方式"), choose=Choose.CHOICE, choices=tuple(MandateWay.choices))]
    code: Annotated[str, CODE] = ""


def collect(ctx: Context, p: Collect) -> None:
    """What the agent takes along, thing by thing, confirmed by whoever gives it."""
    names = [clean(line)[:80] for line in p.things.splitlines() if clean(line)]
    if not 1 <= len(names) <= MOST_THINGS:
        raise Refused("too_many", _("请逐行填写，最多%(n)d样。") % {"n": MOST_THINGS}, "things")
    _demand_confirmed(ctx, p.way, p.code)
    Thing.objects.bulk_create(
        Thing(errand_id=ctx.matter.pk, name=name, taken_at=ctx.at, taken_way=p.way) for name in names
    )
    ctx.facts |= {"collected": len(names), **_facts(_errand(ctx))}


def in_hand(matter: m.Matter) -> Sequence[tuple[str, str]]:
    """What has not been given back."""
    rows = Thing.objects.filter(errand=matter.pk, returned_at=None).order_by("taken_at", "id")
    return [(str(row.pk), row.name) for row in rows]


def names_of_things(ids: Collection[str]) -> Mapping[str, str]:
    """What things that were chosen are called."""
    return {str(pk): name for pk, name in Thing.objects.filter(pk__in=ids).values_list("pk", "name")}


def has_things(ctx: Any) -> bool:
    """Whether there is something to give back."""
    return Thing.objects.filter(errand=ctx.matter.pk, returned_at=None).exists()


class HandBack(Payload, kw_only=True):
    things: Annotated[list[str], Ask(_("归还的原件和材料"), choose=Choose.OWN, own=in_hand, names=names_of_things)]
    way: Annotated[str, Ask(_("确认方式"), choose=Choose.CHOICE, choices=tuple(MandateWay.choices))]
    code: Annotated[str, CODE] = ""


def hand_back(ctx: Context, p: HandBack) -> None:
    """What is given back, confirmed by whoever gets it."""
    if not p.things:
        raise Refused("required", _("此项必填。"), "things")
    _demand_confirmed(ctx, p.way, p.code)
    rows = Thing.objects.filter(errand=ctx.matter.pk, pk__in=p.things, returned_at=None)
    ctx.facts |= {"returned": rows.update(returned_at=ctx.at, returned_way=p.way), **_facts(_errand(ctx))}


def finish(ctx: Context, _p: Any) -> None:
    """Done: everything has been given back."""
    _demand_returned(ctx)
    ctx.end(ctx.open_tasks(), TaskState.DONE)
    errand = _errand(ctx)
    ctx.facts |= {"done": True, "on_site": errand.things.exists(), "first": _is_first(ctx), **_facts(errand)}
    ctx.tell_people("agency.done")


def _is_first(ctx: Context) -> bool:
    """Whether nothing was finished for them earlier this year: units served are counted once a year."""
    since = timezone.localtime(ctx.at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    done = Errand.objects.filter(matter__stage="done", matter__closed_at__gte=since)
    return ctx.matter.reporter_id is None or not done.filter(matter__reporter=ctx.matter.reporter_id).exists()


def drop(ctx: Context, _p: Any) -> None:
    """The applicant needs it no more."""
    _demand_returned(ctx)
    ctx.end(ctx.open_tasks(), TaskState.CANCELLED)


def apply_for(errand_id: UUID, said: Submission, *, by: Actor, at: datetime) -> Submitted:
    """Apply in the applicant's name: by the agent who has it, within the mandate, for whoever signed it."""
    on = timezone.localdate(at)
    with transaction.atomic():
        errand = Errand.objects.select_for_update(of=("self",)).select_related("agent").filter(pk=errand_id).first()
        if errand is None or errand.agent is None or errand.agent.staff_id != by.staff_id:
            raise NotFound("no_errand", _("没有这件代办，或者不是您接的单。"))
        by.demand(AGENT)
        if not errand.is_mandated(on, said.item_id):
            raise Refused("no_mandate", _("没有有效的委托，或者委托不包括这个事项，请先请申请人签署委托。"), "item")
        signed = citizen_id(said.citizen_id)
        if signed is None or errand.mandator is None or bytes(errand.mandator) not in keyring().blinds(signed, PLACE):
            raise Refused("not_the_mandator", _("身份证号与委托人不一致，请核对。"), "who")
        phone = clean(said.phone) or phone_known(said.citizen_id)
        done = submit(replace(said, channel=m.Channel.AGENT, phone=phone), by=by, at=at)
        errand.application_id = done.matter_id
        errand.save(update_fields=["application"])
        data = {"application": str(done.matter_id), "number": done.number}
        record("agency.applied", errand.pk, stream_kind="matter", at=at, by=by, data=data)
    return done


def appoint(
    staff_id: UUID, *, sort: str, division_id: UUID, by: Actor, at: datetime, park_id: UUID | None = None
) -> Agent:  # fmt: skip
    """Somebody acts for applicants in an area from today on.  Needs ``hall.manage``."""
    by.demand(MANAGE)
    if sort not in AgentSort.values:
        raise Refused("not_a_choice", _("请从列表中选择。"), "sort")
    if territory.node(division_id) is None:
        raise Refused("unknown_division", _("没有这个区域，请重新选择。"), "division")
    on = timezone.localdate(at)
    with transaction.atomic():
        if Agent.objects.filter(staff=staff_id, division=division_id, park=park_id, until=None).exists():
            raise Conflict("agent_already", _("已经是这个区域的帮办代办员。"), "staff")
        agent = Agent(staff_id=staff_id, sort=sort, division_id=division_id, park_id=park_id, since=on)
        agent.save(force_insert=True)
        data = {"staff": str(staff_id), "division": str(division_id), "sort": sort}
        record("hall.agent.appointed", agent.pk, stream_kind="hall_agent", at=at, by=by, data=data, is_first=True)
    return agent


def dismiss(agent_id: UUID, *, by: Actor, at: datetime) -> Agent:
    """No longer an agent there from today on; what is in hand is finished."""
    by.demand(MANAGE)
    with transaction.atomic():
        agent = fetched(Agent, agent_id)
        if agent.until is None:
            agent.until = timezone.localdate(at)
            agent.save(update_fields=["until"])
            record("hall.agent.dismissed", agent.pk, stream_kind="hall_agent", at=at, by=by, data={})
    return agent


def write_park(name: str, division_id: UUID, *, by: Actor, at: datetime) -> Park:
    """A park; the same name once."""
    by.demand(MANAGE)
    name = clean(name)[:60]
    if not name:
        raise Refused("required", _("此项必填。"), "name")
    with transaction.atomic():
        park, is_new = Park.objects.get_or_create(name=name, defaults={"division_id": division_id})
        if is_new:
            record(
                "hall.park.written", park.pk, stream_kind="hall_park", at=at, by=by, data={"name": name}, is_first=True
            )
    return park


def _errand(ctx: Context) -> Errand:
    return Errand.objects.select_related("agent").get(pk=ctx.matter.pk)


def _facts(errand: Errand) -> dict[str, Any]:
    return {"park": str(errand.park_id) if errand.park_id else None, "agent": str(errand.agent_id or "")}


def _demand_confirmed(ctx: Context, way: str, code: str) -> None:
    """With the code that only the applicant was shown, or with a scan of the paper that they signed."""
    if way == MandateWay.CODE and m.find_tracked(KIND, ctx.matter.number, code) is None:
        raise Refused("wrong_code", _("查询码不对。请申请人报出申请代办时收到的8位查询码。"), "code")
    if way == MandateWay.PAPER and not ctx.files:
        raise Refused("no_scan", _("请上传申请人签字的委托书或收条的扫描件，或者改用查询码确认。"), "files")


def _demand_returned(ctx: Context) -> None:
    if has_things(ctx):
        raise Refused("things_in_hand", _("还有收取的原件没有归还，请先归还并请申请人确认。"))
