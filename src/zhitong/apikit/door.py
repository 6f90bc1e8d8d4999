"""Who is let in: a token in force, not too often, for this use, with this permission, and a body of the kind asked for."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import (
    Actor,
    ApiScope,
    Bearer,
    NotKnown,
    address_of_client,
    admit,
    declared_permissions,
    limit_rate,
)  # fmt: skip

from .errors import UnknownMedia

WRONG_A_MINUTE = 30


@dataclass(frozen=True, slots=True)
class Needs:
    """What an operation asks of whoever calls it: a token for any of ``scopes`` (none: any token), and a permission in
    any reach (empty: none); the rows are limited by the queries, as for people."""

    scopes: tuple[str, ...] = ()
    permission: str = ""

    def unknown(self) -> list[str]:
        """Scopes and permissions that nobody has declared."""
        known = {permission.slug for permission in declared_permissions()} | {""}
        return [s for s in self.scopes if s not in ApiScope.values] + [p for p in [self.permission] if p not in known]


def secret_of(request: HttpRequest) -> str:
    """What stands in ``Authorization: Bearer …``; empty where nothing does."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def bearer_of(request: HttpRequest, needs: Needs, secret: str | None = None) -> Bearer:
    """Who calls, or a refusal with 401, 403 or 429.  Wrong tokens are limited by address, right ones by themselves.

    ``secret`` is what a caller showed elsewhere than in the header.
    """
    try:
        bearer = admit(secret_of(request) if secret is None else secret, at=timezone.now())
    except NotKnown:
        limit_rate(f"token-tried:{address_of_client(request)}", WRONG_A_MINUTE, 60)
        raise
    demand(bearer, needs)
    return bearer


def demand(bearer: Bearer, needs: Needs, *, uses: int = 1) -> None:
    """Let a token in that is in force, for one request or for several, or raise a refusal with 403 or 429."""
    token = bearer.token
    limit_rate(f"token:{token.pk}", token.per_minute, 60, uses=uses)
    if needs.scopes and not set(needs.scopes) & set(token.scopes):
        wanted = "、".join(str(ApiScope(scope).label) for scope in needs.scopes)
        raise NotAllowed("scope_missing", _("此令牌不能用于“%(use)s”，请联系本区管理员。") % {"use": wanted})
    if needs.permission:
        bearer.actor.demand(needs.permission)


class Token:
    """The door of one operation.  ``takes`` is the media type of its body; empty where it has none."""

    openapi_security_schema: ClassVar[dict[str, Any]] = {"type": "http", "scheme": "bearer"}

    def __init__(self, needs: Needs, takes: str = "") -> None:
        self.needs = needs
        self.takes = takes

    def __call__(self, request: HttpRequest) -> Bearer:
        """Let in, or raise a refusal."""
        bearer = bearer_of(request, self.needs)
        if self.takes and request.content_type != self.takes:
            wanted = {"type": self.takes}
            raise UnknownMedia("media_type", _("请以%(type)s格式提交（Content-Type）。") % wanted)
        return bearer


def bearer(request: HttpRequest) -> Bearer:
    """Whoever was let in."""
    return cast(Bearer, request.auth)  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The actor of whoever was let in."""
    return bearer(request).actor
