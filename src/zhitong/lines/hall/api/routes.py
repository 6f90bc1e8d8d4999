"""What is offered, and taking in.  Reading and acting is the same for every kind of matter and stands in the portal's ``api``."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.idempotency import Key, kept
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Page, Said
from zhitong.base.errors import NotFound

from ..actions.counter import accept_many
from ..permissions import ACCEPT
from ..queries.counter import sheet
from ..queries.guide import MOST_TYPED, Wanted, guide
from .schemas import ItemSeen, ItemWhole, Take, Taken, brief, receipt, said, whole

routes = Routes("hall", _("政务服务"))
TAKES = Needs(("raise",), ACCEPT)
Words = Annotated[str, Query(max_length=MOST_TYPED), Said(_("日常说法，如“开饭店”；不填则按编码列出全部"))]
Number = Annotated[str, Query(max_length=6, pattern=r"^[0-9]*$"), Said(_("上一页给出的next；不填从头开始"))]


@routes.serve(
    "GET", "/items", needs=Needs(), gives=Page[ItemSeen], summary=_("服务事项"), says=_("今天提供的事项，最贴切的在前。")
)  # fmt: skip
def list_items(request: HttpRequest, q: Words = "", after: Number = "") -> Page[ItemSeen]:
    """A page of the guide."""
    number = int(after or 1)
    found = guide(Wanted(words=q), timezone.localdate(), number)
    more = str(number + 1) if number < found.pages else None
    return Page[ItemSeen](items=[brief(version) for version in found.rows], next=more)


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
