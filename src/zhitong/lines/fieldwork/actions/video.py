"""Calls by video: the centre sends a worker the link to a room, who joins is written down, the minutes end it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import Ask, Choose, Context, Payload

from ..models import Joined, VideoCall, VideoRooms
from ..permissions import ROOMS
from ..queries import video as reading
from ..rules.video import is_template, new_address

LETTER = "fieldwork.call"
NO_ROOMS = gettext_lazy("区里还没有设置视频会议室：请管理员在“网格员队伍”的“视频会议室”里填写地址，之后即可连线。")
WHOM = gettext_lazy("网格员的手机和首页会收到入口，点一下即可进入；谁在何时进入会记入本件。")
STREAM = uuid5(NAMESPACE_URL, "zhitong:fieldwork:rooms")


def _help() -> str:
    """What becomes of it, or what is missing for it."""
    return str(WHOM if reading.template() else NO_ROOMS)


class Call(Payload, kw_only=True):
    staff: Annotated[
        str,
        Ask(
            gettext_lazy("连线给谁"), choose=Choose.OWN, own=reading.callable_for, names=reading.named_staff, help=lazy(_help, str)(),
            begins=lambda matter, _by: next((pk for pk, _name in reading.callable_for(matter)), None),
        ),
    ]  # fmt: skip


def call(ctx: Context, p: Call) -> None:
    """Make a room and tell the worker of it."""
    template = reading.template()
    if not template:
        raise Refused("no_video_rooms", NO_ROOMS)
    if reading.on_for(ctx.matter).filter(staff=UUID(p.staff), asked_at__gt=ctx.at - reading.HOLDS).exists():
        raise Conflict(
            "call_on", _("与该网格员的连线还没有结束，请直接进入会议室；已经谈完的，先写纪要结束。"), "staff"
        )
    made = VideoCall.objects.create(
        matter=ctx.matter, staff_id=UUID(p.staff), address=new_address(template), by_label=ctx.by.label, asked_at=ctx.at
    )
    ctx.facts["call"] = str(made.pk)
    ctx.tell_staff(LETTER, made.staff_id)


class EndCall(Payload, kw_only=True):
    call: Annotated[
        str,
        Ask(
            gettext_lazy("哪次连线"), choose=Choose.OWN, own=reading.open_for, names=reading.named_calls,
            begins=lambda matter, _by: next((pk for pk, _name in reading.open_for(matter)), None),
        ),
    ]  # fmt: skip
    minutes: Annotated[
        str, Ask(gettext_lazy("连线纪要"), rows=5, most=4000, help=gettext_lazy("没有接通的，写明情况。"))
    ]


def is_on(ctx: Any) -> bool:
    """Whether there is a call to end."""
    return reading.is_any_on(ctx.matter)


def end_call(ctx: Context, p: EndCall) -> None:
    """Nobody joins any more; what was said stands in the record of this action."""
    found = VideoCall.objects.get(pk=p.call)
    found.ended_at = ctx.at
    found.save(update_fields=["ended_at"])
    ctx.facts |= {"call": p.call, "joined": found.joined.values("account").distinct().count()}


@transaction.atomic
def join(call_id: UUID, *, by: Actor, at: datetime) -> str:
    """``by`` goes into the room: the address, and who went in when stays on the matter.  Raises Conflict where the call is over."""
    if by.account_id is None:
        raise NotAllowed("no_account", _("请用本人账号登录。"))
    found = reading.call_for(call_id, by)
    if found.ended_at is not None or at > found.asked_at + reading.HOLDS:
        raise Conflict("call_over", _("这次视频连线已结束，入口不再有效；如需继续，请重新发起。"))
    Joined.objects.create(call=found, account_id=by.account_id, by_label=by.label[:120], at=at)
    record("fieldwork.joined", found.matter_id, stream_kind="matter", at=at, by=by, data={"call": str(found.pk)})
    return found.address


@transaction.atomic
def set_rooms(template: str, *, by: Actor, at: datetime) -> None:
    """Where the district's rooms are from now on; empty: nowhere.  Calls that are on keep theirs."""
    by.demand(ROOMS)
    template = clean(template)
    if template and not is_template(template):
        raise Refused(
            "bad_template",
            _("请填写以https://开头的地址，并在会议室名称的位置写{room}，如：https://meet.example.gov/{room}。"),
            "template",
        )
    rooms, _is_new = VideoRooms.objects.update_or_create(pk=1, defaults={"template": template, "changed_at": at})
    record("fieldwork.rooms_set", STREAM, stream_kind="video_rooms", at=at, by=by, data={"template": rooms.template})
