"""Tokens of other systems: made, renewed, revoked, and looked at when one comes to the door."""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import Post

from .. import rules
from ..choices import ApiScope
from ..models import AccessToken, TokenSecret
from ..permissions import Actor
from ..queries import actor_of_token

LONGEST, DEFAULT_LIFE = timedelta(days=731), timedelta(days=365)
MOST_OVERLAP = timedelta(days=30)
MOST_A_MINUTE = 100_000
NOTED_EVERY = timedelta(minutes=1)
_LETTERS = string.ascii_letters + string.digits


class NotKnown(Refused):
    """Nobody we know: the token is missing, wrong, or no longer in force."""

    status = 401


@dataclass(frozen=True, slots=True)
class Bearer:
    """Another system at the door: its token, and the actor it acts as."""

    token: AccessToken
    actor: Actor


@dataclass(frozen=True, slots=True)
class Issued:
    """A token with its new secret, which nobody can show again."""

    token: AccessToken
    secret: str


def _tell(kind: str, token: AccessToken, *, by: Actor, at: datetime, is_first: bool = False, **data: Any) -> None:
    data = {"name": token.name, **data}
    record(f"token.{kind}", token.pk, stream_kind="token", at=at, by=by, data=data, is_first=is_first)


def _scopes(wanted: Iterable[str]) -> list[str]:
    chosen = sorted(set(wanted))
    if not chosen or not set(chosen) <= set(ApiScope.values):
        raise Refused("scopes", _("请至少选择一种用途，且只能从列表中选择。"), "scopes")
    return chosen


def _end(expires_at: datetime | None, at: datetime) -> datetime:
    end = expires_at or at + DEFAULT_LIFE
    if not at < end <= at + LONGEST:
        raise Refused("expires_at", _("到期时间须晚于现在，且不超过两年。"), "expires_at")
    return end


def _secret(token: AccessToken, at: datetime) -> str:
    secret = rules.TOKEN_MARK + "".join(secrets.choice(_LETTERS) for _n in range(rules.TOKEN_LETTERS))
    TokenSecret.objects.create(
        token=token, digest=rules.token_digest(secret), prefix=rules.token_prefix(secret), made_at=at
    )
    return secret


@transaction.atomic
def make_token(
    *, name: str, post_id: UUID, scopes: Iterable[str], by: Actor, at: datetime, expires_at: datetime | None = None,
    per_minute: int = 600,
) -> Issued:  # fmt: skip
    """A token for another system that acts through a post; a year when no end is given.

    Needs ``accounts.manage`` for the whole district.  Conflict when a token in force has the name.
    """
    by.demand_everywhere("accounts.manage")
    post = Post.objects.select_related("organ").filter(pk=post_id).first()
    if post is None or not post.is_valid_on(timezone.localdate(at)):
        raise Refused("post", _("请选择一个在用的岗位。"), "post")
    if not (named := clean(name)[:60]):
        raise Refused("required", _("请填写名称，如“12345热线平台”。"), "name")
    if not 0 < per_minute <= MOST_A_MINUTE:
        raise Refused("per_minute", _("每分钟请求上限须在1至10万之间。"), "per_minute")
    token = AccessToken(
        name=named,
        post=post,
        scopes=_scopes(scopes),
        per_minute=per_minute,
        made_at=at,
        expires_at=_end(expires_at, at),
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("token_exists", _("已有同名的令牌在用，请换一个名称。"), "name") from error
    secret = _secret(token, at)
    said = {"post": post.pk, "scopes": token.scopes, "expires_at": token.expires_at, "per_minute": per_minute}
    _tell("made", token, by=by, at=at, is_first=True, prefix=rules.token_prefix(secret), **said)
    return Issued(token, secret)


def _locked(token_id: UUID) -> AccessToken:
    token = AccessToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotFound("no_token", _("没有这个令牌。"))
    if token.revoked_at is not None:
        raise Conflict("token_revoked", _("该令牌已吊销，请新建一个。"))
    return token


@transaction.atomic
def rotate_token(
    token_id: UUID, *, overlap: timedelta, by: Actor, at: datetime, expires_at: datetime | None = None, seen: str = ""
) -> Issued:
    """A new secret; those of before are good for another ``overlap`` (thirty days at most).

    ``expires_at`` sets a new end (a year from now where the old one is past).  ``seen`` is the prefix of the newest secret
    that the person saw: another one is a Conflict, so that a form sent twice does not renew twice.
    """
    by.demand_everywhere("accounts.manage")
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        raise Refused("overlap", _("旧令牌最多还可保留30天。"), "overlap")
    token = _locked(token_id)
    newest = token.secrets.order_by("-id").values_list("prefix", flat=True).first()
    if seen and seen != newest:
        raise Conflict("changed", _("该令牌刚刚换过，请刷新页面查看。"))
    token.secrets.filter(Q(until=None) | Q(until__gt=at + overlap)).update(until=at + overlap)
    if expires_at or token.expires_at <= at:
        token.expires_at = _end(expires_at, at)
        token.save(update_fields=["expires_at"])
    secret = _secret(token, at)
    prefix = rules.token_prefix(secret)
    _tell("rotated", token, by=by, at=at, prefix=prefix, old_until=at + overlap, expires_at=token.expires_at)
    return Issued(token, secret)


@transaction.atomic
def revoke_token(token_id: UUID, *, by: Actor, at: datetime) -> AccessToken:
    """Let nobody in with it from the next request on.  It stays in the list, and what it did stays in the log."""
    by.demand_everywhere("accounts.manage")
    token = _locked(token_id)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    _tell("revoked", token, by=by, at=at)
    return token


def admit(secret: str, *, at: datetime) -> Bearer:
    """Who stands behind a secret at this moment, or ``NotKnown``.  Three queries; once a minute it notes the use."""
    if not secret:
        raise NotKnown("token_missing", _("请在请求头中提供访问令牌：Authorization: Bearer …。"))
    shown = (
        TokenSecret.objects.select_related("token__post__organ").filter(digest=rules.token_digest(secret)).first()
    )  # fmt: skip
    if shown is None:
        raise NotKnown("token_unknown", _("访问令牌无效，请核对后重试。"))
    token = shown.token
    if token.revoked_at is not None:
        raise NotKnown("token_revoked", _("访问令牌已吊销，请向本区管理员索取新的令牌。"))
    if token.expires_at <= at or (shown.until is not None and shown.until <= at):
        raise NotKnown("token_expired", _("访问令牌已到期，请向本区管理员索取新的令牌。"))
    if shown.last_used_at is None or shown.last_used_at < at - NOTED_EVERY:
        TokenSecret.objects.filter(pk=shown.pk).update(last_used_at=at)
    return Bearer(token, actor_of_token(token, timezone.localdate(at)))
