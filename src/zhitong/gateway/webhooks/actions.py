"""Endpoints: set up, changed, paused, removed; how they do, and what is sent to them once more."""

import secrets
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, holders_of, keyring
from zhitong.kernel.events.public import (
    Channel,
    Telling,
    deliveries,
    hold,
    notify_many,
    record,
    release,
    send_again,
)
from zhitong.kernel.matters.public import KINDS
from zhitong.kernel.organisation.public import Post

from ..models import SEALED_AT, Endpoint
from . import rules
from .sending import NotSent, addresses_of, is_listed

MANAGE = "accounts.manage"
MARK, SECRET_BYTES = "whsec_", 32
MOST_OVERLAP = timedelta(days=7)
PAUSED_LETTER = "webhook.paused"
MOST_AGAIN = 1000


def known_kinds() -> dict[str, str]:
    """Every kind of event that happens to a matter, by slug, as it reads."""
    found: dict[str, str] = {}
    opened = pgettext_lazy("event", "提出")
    for kind in KINDS.values():
        found[f"{kind.slug}.opened"] = f"{kind.label} · {opened}"
        found |= {f"{kind.slug}.{one.slug}": f"{kind.label} · {one.label}" for one in kind.moves.values()}
    return found


def _secret() -> str:
    return MARK + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _tell(kind: str, endpoint: Endpoint, *, by: Actor, at: datetime, is_first: bool = False, **data: Any) -> None:
    data = {"name": endpoint.name, **data}
    record(f"webhook.{kind}", endpoint.pk, stream_kind="endpoint", at=at, by=by, data=data, is_first=is_first)


def _checked(*, name: str, url: str, kinds: Iterable[str], post_id: UUID, at: datetime) -> dict[str, Any]:
    """What was filled in, or Refused beside its field."""
    if not (named := clean(name)[:60]):
        raise Refused("required", _("请填写名称，如“市级热线平台”。"), "name")
    post = Post.objects.select_related("organ").filter(pk=post_id).first()
    if post is None or not post.is_valid_on(timezone.localdate(at)):
        raise Refused("post", _("请选择一个在用的岗位。"), "post")
    if unknown := set(kinds) - set(known_kinds()):
        raise Refused("kinds", _("没有这种事件：%(kind)s。") % {"kind": min(unknown)}, "kinds")
    return {"name": named, "url": check_address(url), "kinds": sorted(set(kinds)), "post": post}


def check_address(url: str) -> str:
    """The address, or Refused: https only, and none inside the house unless the district has listed the host."""
    url = url.strip()
    parts = rules.parts_of(url)
    if parts is None or len(url) > 500:
        raise Refused("url", _("请填写完整的https地址，不含用户名和密码。"), "url")
    scheme, host, port, _path = parts
    if scheme != "https" and not is_listed(host, port):
        raise Refused("url", _("地址须以https开头；内网地址请先由运维加入ZHITONG_WEBHOOK_HOSTS。"), "url")
    try:
        addresses_of(host, port)
    except NotSent as error:
        raise Refused(
            "url", _("此地址无法解析，或指向内网、本机；内网地址请先由运维加入ZHITONG_WEBHOOK_HOSTS。"), "url"
        ) from error
    return url


@transaction.atomic
def make_endpoint(
    *, name: str, url: str, kinds: Iterable[str], post_id: UUID, origin: str, by: Actor, at: datetime
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which nobody can show again.  Needs ``accounts.manage`` for the whole district."""
    by.demand_everywhere(MANAGE)
    given = _checked(name=name, url=url, kinds=kinds, post_id=post_id, at=at)
    secret = _secret()
    endpoint = Endpoint(**given, origin=origin.rstrip("/"), made_at=at, sealed=keyring().seal(secret, SEALED_AT))
    _save(endpoint, force_insert=True)
    _tell("made", endpoint, by=by, at=at, is_first=True, url=endpoint.url, kinds=endpoint.kinds, post=endpoint.post_id)
    return endpoint, secret


def _save(endpoint: Endpoint, **options: Any) -> None:
    try:
        with transaction.atomic():
            endpoint.save(**options)
    except IntegrityError as error:
        raise Conflict("endpoint_exists", _("已有同名的推送端点，请换一个名称。"), "name") from error


def _locked(endpoint_id: UUID) -> Endpoint:
    found = Endpoint.objects.select_for_update().filter(pk=endpoint_id, removed_at=None).first()
    if found is None:
        raise NotFound("no_endpoint", _("没有这个推送端点。"))
    return found


@transaction.atomic
def change_endpoint(
    endpoint_id: UUID, *, name: str, url: str, kinds: Iterable[str], post_id: UUID, by: Actor, at: datetime
) -> Endpoint:
    """Another name, address, kinds or post; what waits goes to the new address."""
    by.demand_everywhere(MANAGE)
    endpoint = _locked(endpoint_id)
    given = _checked(name=name, url=url, kinds=kinds, post_id=post_id, at=at)
    for field, value in given.items():
        setattr(endpoint, field, value)
    _save(endpoint)
    _tell("changed", endpoint, by=by, at=at, url=endpoint.url, kinds=endpoint.kinds, post=endpoint.post_id)
    return endpoint


@transaction.atomic
def rotate_secret(endpoint_id: UUID, *, overlap: timedelta, by: Actor, at: datetime) -> tuple[Endpoint, str]:
    """A new secret; for ``overlap`` (seven days at most) what is sent is signed with both."""
    by.demand_everywhere(MANAGE)
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        raise Refused("overlap", _("旧密钥最多还可保留7天。"), "overlap")
    endpoint, secret = _locked(endpoint_id), _secret()
    endpoint.old_sealed, endpoint.old_until = (endpoint.sealed, at + overlap) if overlap else (None, None)
    endpoint.sealed = keyring().seal(secret, SEALED_AT)
    endpoint.save(update_fields=["sealed", "old_sealed", "old_until"])
    _tell("rotated", endpoint, by=by, at=at, old_until=endpoint.old_until)
    return endpoint, secret


@transaction.atomic
def pause(endpoint_id: UUID, *, by: Actor, at: datetime, by_itself: bool = False) -> Endpoint:
    """Send nothing more for now; what comes meanwhile is kept back."""
    by.demand_everywhere(MANAGE)
    endpoint = _locked(endpoint_id)
    if endpoint.paused_at is None:
        endpoint.paused_at, endpoint.is_paused_by_itself = at, by_itself
        endpoint.save(update_fields=["paused_at", "is_paused_by_itself"])
        _tell("paused", endpoint, by=by, at=at, by_itself=by_itself, held=hold(endpoint.pk))
    return endpoint


@transaction.atomic
def resume(endpoint_id: UUID, *, by: Actor, at: datetime) -> int:
    """Send again, what was kept back first; how many that is."""
    by.demand_everywhere(MANAGE)
    endpoint = _locked(endpoint_id)
    endpoint.paused_at, endpoint.is_paused_by_itself, endpoint.failures, endpoint.failing_since = None, False, 0, None
    endpoint.save(update_fields=["paused_at", "is_paused_by_itself", "failures", "failing_since"])
    released = release(endpoint.pk, at=at)
    _tell("resumed", endpoint, by=by, at=at, released=released)
    return released


@transaction.atomic
def remove_endpoint(endpoint_id: UUID, *, by: Actor, at: datetime) -> Endpoint:
    """Tell it nothing more.  What was sent stays on record for thirty days."""
    by.demand_everywhere(MANAGE)
    endpoint = _locked(endpoint_id)
    endpoint.removed_at = at
    endpoint.save(update_fields=["removed_at"])
    hold(endpoint.pk)
    _tell("removed", endpoint, by=by, at=at)
    return endpoint


@transaction.atomic
def replay(endpoint_id: UUID, notice_ids: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Send these once more, whatever became of them; each has the id it had.  How many."""
    by.demand_everywhere(MANAGE)
    endpoint = _locked(endpoint_id)
    if endpoint.paused_at is not None:
        raise Conflict("paused", _("此端点已暂停，请先恢复推送。"))
    own = list(deliveries(endpoint.pk).filter(pk__in=list(notice_ids)[:MOST_AGAIN]).values_list("pk", flat=True))
    done = send_again(own, at=at)
    _tell("replayed", endpoint, by=by, at=at, count=done)
    return done


@transaction.atomic
def note_health(endpoint_id: UUID, *, good: int, bad: int, at: datetime) -> None:
    """After a round of tries.  An endpoint that has taken nothing for a day of trying is paused, and the administrators told."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    if good:
        endpoint.failures, endpoint.failing_since, endpoint.delivered_at = 0, None, at
    elif bad:
        endpoint.failures, endpoint.failing_since = endpoint.failures + bad, endpoint.failing_since or at
    endpoint.save(update_fields=["failures", "failing_since", "delivered_at"])
    since = endpoint.failing_since
    if (
        since
        and at - since >= rules.PAUSE_AFTER
        and endpoint.failures >= rules.LEAST_FAILURES
        and not endpoint.paused_at
    ):
        pause(endpoint.pk, by=Actor.system("接口推送"), at=at, by_itself=True)
        _warn(endpoint, at)


def _warn(endpoint: Endpoint, at: datetime) -> None:
    event = record(
        "webhook.warned",
        endpoint.pk,
        stream_kind="endpoint",
        at=at,
        by=Actor.system("接口推送"),
        data={"name": endpoint.name},
    )
    notify_many([
        Telling(
            event=event.id, subject=endpoint.pk, template=PAUSED_LETTER, channel=Channel.IN_APP, to_account=account,
            context={"name": endpoint.name, "count": endpoint.failures},
        )
        for account in holders_of(MANAGE, on=timezone.localdate(at))
    ])  # fmt: skip


def rotate_keys() -> int:
    """Seal the secrets again with the first key where they are not; how many endpoints."""
    ring, done = keyring(), 0
    for endpoint in Endpoint.objects.filter(removed_at=None):
        with transaction.atomic():
            row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
            kept = {name: bytes(value) for name in ("sealed", "old_sealed") if (value := getattr(row, name))}
            stale = {name: value for name, value in kept.items() if not ring.is_current(value)}
            for name, value in stale.items():
                setattr(row, name, ring.seal(ring.open(value, SEALED_AT), SEALED_AT))
            if stale:
                row.save(update_fields=list(stale))
                done += 1
    return done
