"""An OpenID Connect provider: where the browser is sent, and what is made of what it brings back.

Authorization code with state, nonce and PKCE, all kept in the session and used once; the ID token is checked by Authlib
against the keys that the provider publishes.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base.errors import Refused

LONGEST = 200
_KEPT = "provider"


class Unknown(Refused):
    """The provider, or what it said, does not let anybody in."""

    status = 403


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has signed in: the value of the claim, whether by a second factor, and the token to sign out with."""

    name: str
    has_second_factor: bool
    id_token: str


def is_set_up() -> bool:
    """Whether the button is shown at all."""
    return bool(settings.OIDC_ISSUER)


def name() -> str:
    """What the button calls it."""
    return settings.OIDC_NAME or str(gettext_lazy("统一身份认证"))


def _client(openid: ModuleType) -> Any:
    """Authlib's client of the provider, which says itself that it is the one that is meant."""
    found = openid.client()
    if str(found.load_server_metadata().get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise Unknown("oidc_issuer", _trouble())
    return found


def _trouble() -> str:
    return _("%(name)s暂时无法使用，请稍后再试，或用密码登录。") % {"name": name()}


def send_there(request: HttpRequest, back: str) -> HttpResponse:
    """To the provider; it leads back to ``back``."""
    from . import openid

    try:
        answer: HttpResponse = _client(openid).authorize_redirect(request, back)
    except openid.TROUBLE as error:
        raise Unknown("oidc_down", _trouble()) from error
    return answer


def read(request: HttpRequest) -> Identity:
    """Who came back, or Unknown.  The code is good once, and only in the session that was sent there."""
    from . import openid

    if request.GET.get("iss", settings.OIDC_ISSUER).rstrip("/") != settings.OIDC_ISSUER:
        raise Unknown("oidc_issuer", _trouble())
    try:
        known = _client(openid)
        token = known.authorize_access_token(request)
        claims = dict(token.get("userinfo") or {})
        if claims.get("sub") and settings.OIDC_CLAIM not in claims:
            more = known.userinfo(token=token)
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
    except (*openid.TROUBLE, KeyError) as error:
        raise Unknown("oidc_refused", _("未能通过%(name)s登录，请重试，或用密码登录。") % {"name": name()}) from error
    value = claims.get(settings.OIDC_CLAIM)
    if not claims.get("sub") or not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise Unknown("oidc_claim", _("%(name)s没有提供对应的登录名，请联系本单位管理员。") % {"name": name()})
    return Identity(value, _by_second_factor(claims), str(token.get("id_token", "")))


def _by_second_factor(claims: dict[str, Any]) -> bool:
    """What the provider says of how it asked: one of the values that the district takes for a second factor."""
    said = claims.get("amr") or []
    values = {*(said if isinstance(said, list) else [said]), claims.get("acr")}
    return bool(values & {one for one in settings.OIDC_SECOND_FACTORS if one})


def keep(request: HttpRequest, identity: Identity) -> None:
    """Remember in the session that the provider has let this person in, and how."""
    request.session[_KEPT] = {"id_token": identity.id_token, "second_factor": identity.has_second_factor}


def forget(request: HttpRequest) -> None:
    """Whoever signs in now does it another way."""
    request.session.pop(_KEPT, None)


def let_in(request: HttpRequest) -> bool:
    """Whether this session began at the provider: its password is the provider's business."""
    return bool(request.session.get(_KEPT))


def asked_second_factor(request: HttpRequest) -> bool:
    """Whether the provider has asked for a second factor in this session."""
    return bool((request.session.get(_KEPT) or {}).get("second_factor"))


def way_out(request: HttpRequest, back: str) -> str:
    """The address at which the session at the provider ends too; empty where there is none."""
    kept = request.session.get(_KEPT)
    if not kept or not is_set_up():
        return ""
    from . import openid

    try:
        place = _client(openid).load_server_metadata().get("end_session_endpoint", "")
    except (*openid.TROUBLE, Refused):
        return ""
    asked = {"id_token_hint": kept["id_token"], "client_id": settings.OIDC_CLIENT_ID, "post_logout_redirect_uri": back}
    return f"{place}?{urlencode(asked)}" if place else ""
