"""What belongs to no component."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhitong.apikit.door import Needs, bearer
from zhitong.apikit.routes import Routes

from .schemas import TokenSeen

routes = Routes("token", _("令牌"))


@routes.serve(
    "GET", "/token", needs=Needs(), gives=TokenSeen, summary=_("查看正在使用的令牌"),
    says=_("核对令牌是否有效、经哪个岗位办事、何时到期。"),
)  # fmt: skip
def read_token(request: HttpRequest) -> TokenSeen:
    """The token that asks."""
    known = bearer(request)
    token = known.token
    return TokenSeen(
        name=token.name, acts_as=f"{token.post.organ} {token.post.title}", scopes=token.scopes,
        permissions=sorted(known.actor.permissions), per_minute=token.per_minute, expires_at=token.expires_at,
    )  # fmt: skip


ROUTES = (routes,)
