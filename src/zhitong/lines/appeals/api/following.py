"""Following an appeal with number and tracking code, for a mini program or a counter machine: how far it is, and what whoever raised
it may do.  The code is in the body, never in an address that somebody logs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from zhitong.apikit.door import Needs, bearer
from zhitong.apikit.files import taken
from zhitong.apikit.idempotency import Key, kept
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Said as Means
from zhitong.apikit.schemas import Sent
from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor, give_back, limit_rate
from zhitong.kernel.matters import public as m

from .. import queries
from ..rules import TRIES_BY_NUMBER, TRIES_SECONDS

KIND = "appeal"
FOLLOWS = Needs(("raise",), "appeals.register")
# Wrong codes of one system; right ones do not count.  SECURITY.md says what the odds are.
WRONG_BY_SYSTEM = 300
routes = Routes("following", _("凭查询码跟踪诉求"))


class Shown(Sent):
    """What proves who raised it."""

    number: Annotated[str, Field(min_length=1, max_length=30), Means(_("编号"))]
    code: Annotated[str, Field(min_length=1, max_length=40), Means(_("查询码"))]


class Move(Shown):
    """What whoever raised it does."""

    data: Annotated[dict[str, Any], Field(default_factory=dict), Means(_("该操作要求的内容，见“业务与环节”"))]
    files: Annotated[list[str], Field(default_factory=list, max_length=m.MOST_FILES), Means(_("上传附件得到的ticket"))]


class StepSeen(BaseModel):
    """A public step."""

    slug: str
    label: str
    state: Annotated[str, Means(_("done已完成，current进行中，back再次办理，waiting未到，skipped略过"))]
    at: datetime | None


class DueSeen(BaseModel):
    """A running limit."""

    label: str
    due_at: datetime
    why: Annotated[str, Means(_("到期日是怎样算出的"))]
    is_paused: bool


class ToldSeen(BaseModel):
    """What happened, as far as it is told outside."""

    at: datetime
    title: str
    by: str
    text: str


class MoveSeen(BaseModel):
    """What may be done now."""

    slug: str
    label: str
    takes_files: bool


class TrackedSeen(BaseModel):
    """What a tracking page shows."""

    id: UUID
    number: str
    stage: str
    stage_label: str
    is_over: Annotated[bool, Means(_("是否已结束"))]
    steps: list[StepSeen]
    holders: Annotated[list[str], Means(_("现在由谁办理"))]
    dues: list[DueSeen]
    told: Annotated[list[ToldSeen], Means(_("经过，新的在前"))]
    reply: Annotated[str, Means(_("给反映人的答复"))]
    actions: Annotated[list[MoveSeen], Means(_("现在可以做什么；内容见“业务与环节”的payload"))]


def _found(request: HttpRequest, shown: Shown) -> tuple[m.Matter, Actor]:
    """The appeal, and its reporter as an actor; wrong tries are counted by number, as on the portal, and by system."""
    digits = "".join(c for c in shown.number if c in "0123456789")
    limits = (
        (f"track-number:{digits[:20]}", TRIES_BY_NUMBER, TRIES_SECONDS),
        (f"track-system:{bearer(request).token.pk}", WRONG_BY_SYSTEM, TRIES_SECONDS),
    )
    for limit in limits:
        limit_rate(*limit)
    found = m.find_tracked(KIND, shown.number, shown.code)
    if found is None:
        raise NotFound("wrong_code", _("编号或查询码不正确，请核对后再试。查询码是提交时显示的8位字母和数字。"))
    for limit in limits:
        give_back(*limit)
    by = Actor.resident([found.pk])
    return queries.tracked_appeal(by, found.number), by


def _seen(matter: m.Matter, by: Actor) -> TrackedSeen:
    seen = queries.progress_of(matter)
    offers = m.offers(matter, list(matter.tasks.all()), list(matter.clocks.all()), by, timezone.now())
    return TrackedSeen(
        id=matter.pk, number=matter.number, stage=matter.stage, stage_label=str(seen.stage_label), is_over=seen.is_over,
        steps=[StepSeen(slug=s.slug, label=str(s.label), state=s.state, at=s.at) for s in seen.steps], holders=seen.holders,
        dues=[DueSeen(label=str(d.label), due_at=d.due_at, why=d.why, is_paused=d.is_paused) for d in seen.dues],
        told=[ToldSeen(at=t.at, title=t.title, by=t.by, text=t.text) for t in seen.told], reply=seen.reply,
        actions=[MoveSeen(slug=o.slug, label=str(o.label), takes_files=bool(o.action.takes)) for o in offers],
    )  # fmt: skip


@routes.serve(
    "POST", "/appeals/tracked", needs=FOLLOWS, gives=TrackedSeen, refuses=(404,), summary=_("跟踪一件诉求"),
    says=_("凭编号和查询码；编号不存在与查询码不对，回答相同。查询码放在请求体里，不会进入访问日志。"),
)  # fmt: skip
def track_appeal(request: HttpRequest, sent: Shown) -> TrackedSeen:
    """How far it is, and what may be done."""
    return _seen(*_found(request, sent))


@routes.serve(
    "POST", "/appeals/tracked/actions/{slug:action}", needs=FOLLOWS, gives=TrackedSeen, refuses=(409,),
    summary=_("反映人办理一项操作"),
    says=_("补充、撤回、反映未解决、评价、申请复查等，以反映人的身份；带Idempotency-Key可放心重发。"),
)  # fmt: skip
def act_as_reporter(request: HttpRequest, action: str, sent: Move, idempotency_key: Key = "") -> TrackedSeen:
    """Carry it out as whoever raised it."""
    matter, by = _found(request, sent)
    move = m.KINDS[KIND].moves.get(action)
    if move is None or m.Who.REPORTER not in move.who:
        raise NotFound("no_action", _("没有这项操作。"))
    key = kept(request, idempotency_key) if idempotency_key else ""
    m.act(matter.pk, action, sent.data, by=by, at=timezone.now(), files=taken(sent.files), key=key)
    return _seen(queries.tracked_appeal(by, matter.number), by)
