"""Raising appeals.  Reading and acting is the same for every kind of matter and stands in the portal's ``api``."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.files import taken
from zhitong.apikit.idempotency import Key, kept
from zhitong.apikit.routes import Routes

from ..actions import raise_appeal
from . import following
from .schemas import Raise, Receipt, receipt, said

routes = Routes("appeals", _("诉求"))
RAISES = Needs(("raise",), "appeals.register")


@routes.serve(
    "POST", "/appeals", needs=RAISES, gives=Receipt, status=201, refuses=(409,),
    summary=_("提出诉求"),
    says=_("返回编号和查询码。收到回执即已入库。同一Idempotency-Key重发返回原回执；内容不同则409。"),
)  # fmt: skip
def create_appeal(request: HttpRequest, sent: Raise, idempotency_key: Key = "") -> Receipt:
    """Open it; the receipt."""
    asked = said(sent, kept(request, idempotency_key))
    raised = raise_appeal(asked, taken(sent.files), by=actor_of(request), at=timezone.now())
    return receipt(raised)


ROUTES = (routes, following.routes)
