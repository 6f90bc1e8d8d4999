"""Phones that are signed in for a shift: begun, ended, taken out of use when lost."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, sealing_keys
from zhitong.kernel.events.public import record

from ..models import Phone
from ..queries.phones import reachable

SHIFT = timedelta(hours=12)
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Begun:
    """What the phone keeps of its shift.  ``keys`` seal what lies on it; the first seals, all open."""

    phone: Phone
    secret: str
    keys: list[str]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def begin(*, name: str, session: str, by: Actor, at: datetime) -> Begun:
    """This phone works for ``by`` for a shift."""
    assert by.account_id is not None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    phone = Phone.objects.create(
        account_id=by.account_id, name=clean(name)[:120] or _("手机"), secret=_digest(secret), session=session,
        begun_at=at, seen_at=at, ends_at=at + SHIFT,
    )  # fmt: skip
    record(
        "fieldwork.phone_begun", phone.pk, stream_kind="phone", at=at, by=by, data={"phone": phone.name}, is_first=True
    )
    return Begun(phone, secret, sealing_keys(by.account_id, "fieldwork.queue"))


def end(phone: Phone, *, by: Actor, at: datetime) -> None:
    """The shift is over."""
    with transaction.atomic():
        Phone.objects.filter(pk=phone.pk, ended_at=None).update(ended_at=at, session="")
        record("fieldwork.phone_ended", phone.pk, stream_kind="phone", at=at, by=by, data={})


def revoke(phone_id: UUID, *, by: Actor, at: datetime) -> None:
    """A phone is lost: its session ends now, and what lies on it is destroyed when it next comes into contact."""
    with transaction.atomic():
        phone = reachable(by, at).select_for_update(of=("self",)).filter(pk=phone_id).first()
        if phone is None:
            raise NotFound("no_phone", _("没有这部手机，或不在您管理的范围内。"))
        _drop_session(phone.session)
        phone.revoked_at, phone.revoked_by, phone.session = at, by.label[:120], ""
        phone.save(update_fields=["revoked_at", "revoked_by", "session"])
        record("fieldwork.phone_revoked", phone.pk, stream_kind="phone", at=at, by=by, data={"phone": phone.name})


def _drop_session(key: str) -> None:
    if key:
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


def seen(phone: Phone, *, session: str, clock_off: int, at: datetime) -> None:
    """The phone was in contact; its clock goes ahead by ``clock_off`` seconds."""
    Phone.objects.filter(pk=phone.pk).update(seen_at=at, session=session, clock_off=clock_off)


def standing(shown: str, at: datetime) -> str:
    """What has become of the phone that shows ``id.secret``: ok, ended, revoked, or unknown."""
    said, _dot, secret = shown.partition(".")
    try:
        phone = Phone.objects.filter(pk=UUID(said)).first()
    except ValueError:
        return "unknown"
    if phone is None or not hmac.compare_digest(bytes(phone.secret), _digest(secret)):
        return "unknown"
    if phone.revoked_at:
        return "revoked"
    return "ended" if phone.ended_at or phone.ends_at <= at else "ok"
