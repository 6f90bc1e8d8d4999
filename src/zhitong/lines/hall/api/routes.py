"""What is offered, and taking in.  Reading and acting is the same for every kind of matter and stands in the portal's ``api``."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.idempotency import Key, kept
from zhitong.apikit.paging import bad_after, stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Page, Said
from zhitong.base.errors import NotFound

from ..actions.counter import accept_many
from ..permissions import ACCEPT
from ..queries.counter import sheet
from ..queries.guide import MOST_TYPED, Wanted, guide, offered, versions_of
from .schemas import ItemSeen, ItemWhole, Take, Taken, brief, receipt, said, whole

routes = Routes("hall", _("政务服务"))
TAKES = Needs(("raise",), ACCEPT)


class ItemFilter(Asked):
    """What is looked for."""

    q: Annotated[str, Field(max_length=MOST_TYPED), Said(_("日常说法，如“开饭店”；不填则按编码列出全部"))] = ""


@routes.serve(
    "GET", "/items", needs=Needs(), gives=Page[ItemSeen], summary=_("服务事项"),
    says=_("今天提供的事项，按编码排列。填写q时，最贴切的在前，每页20条。"),
)  # fmt: skip
def list_items(request: HttpRequest, asked: Query[ItemFilter]) -> Page[ItemSeen]:
    """All by code, or a page of the guide, which has an order of its own."""
    today = timezone.localdate()
    if asked.q:
        number = _page_number(asked.after)
        found = guide(Wanted(words=asked.q), today, number)
        more = str(number + 1) if number < found.pages else None
        return Page[ItemSeen](items=[brief(version) for version in found.rows], next=more)
    items, after = stretch(offered(today), asked, by="code")
    return Page[ItemSeen](items=[brief(version) for version in versions_of(items, today)], next=after)


def _page_number(after: str) -> int:
    if after and not (after.isascii() and after.isdecimal() and len(after) < 7 and int(after) > 1):
        raise bad_after()
    return int(after or 1)


@routes.serve(
    "GET", "/items/{uuid:item_id}", needs=Needs(), gives=ItemWhole, summary=_("事项的填报内容和材料"),
    says=_("今天申请要填什么、交什么。"),
)  # fmt: skip
def get_item(request: HttpRequest, item_id: UUID) -> ItemWhole:
    """What it asks for."""
    found = sheet(item_id, timezone.localdate())
    if found is None:
        raise NotFound("not_offered", _("没有这个事项，或者现在不提供。"))
    return whole(found)


@routes.serve(
    "POST", "/applications", needs=TAKES, gives=Taken, status=201, refuses=(409,), summary=_("收件并受理"),
    says=_("申请人在窗口交齐材料、已当面核对的，一次收件并受理，返回编号和查询码。收到回执即已受理。"
           "同一Idempotency-Key重发返回原回执；内容不同则409。"),
)  # fmt: skip
def take_application(request: HttpRequest, sent: Take, idempotency_key: Key = "") -> Taken:
    """Take it in; the receipt."""
    asked = said(sent, kept(request, idempotency_key))
    return receipt(accept_many([asked], by=actor_of(request), at=timezone.now())[0])


ROUTES = (routes,)
