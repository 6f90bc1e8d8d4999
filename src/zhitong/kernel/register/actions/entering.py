"""Signing in for a firm without a password: a one-time code to a number that is registered for it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor, limit_rate
from zhitong.kernel.events.public import Telling, notify_many, record

from ..choices import FirmState
from ..models import Firm
from ..queries.firms import find_firm, phone_of

LETTER = "firm.code"
LASTS = timedelta(minutes=5)
DIGITS = 6
ASKED_BY_ADDRESS, ASKED_BY_CODE, ASKED_A_DAY, TRIES = (20, 3600), (5, 3600), (10, 24 * 3600), (5, 600)
WRONG = _("验证码不正确或已过期，请核对后重试，或重新获取。")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser keeps until the code is typed: whose it is ("" for nobody's), a keyed digest of it, and until when it holds."""

    nonce: str
    firm: str
    digest: str
    until: float


def ask_code(code: str, whom: str, *, address: str, at: datetime) -> Asked:
    """Send a one-time code to the liaison or the legal representative (``whom``) of the firm with this credit code.

    The answer is the same whether there is such a firm or number, so that nobody learns it.  Refused for what is no credit code;
    TooMany by address and by code.
    """
    known = citizen.credit_code(code)
    if known is None:
        raise Refused("firm_code", _("统一社会信用代码不正确，请核对18位代码。"), "code")
    limit_rate(f"firm-code:{address}", *ASKED_BY_ADDRESS)
    limit_rate(f"firm-code-of:{known}", *ASKED_BY_CODE)
    limit_rate(f"firm-code-day:{known}", *ASKED_A_DAY)
    secret, nonce = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_hex(16)
    firm = find_firm(known)
    is_told = firm is not None and firm.state != FirmState.CANCELLED and _send(firm, whom, secret, at)
    return Asked(nonce, str(firm.pk) if firm and is_told else "", _digest(nonce, secret), (at + LASTS).timestamp())


@transaction.atomic
def _send(firm: Firm, whom: str, secret: str, at: datetime) -> bool:
    contact = phone_of(firm.legal if whom == "legal" else firm.liaison)
    if contact is None:
        return False
    by = Actor.resident(label=firm.name)
    sent = record("firm.code_sent", firm.pk, stream_kind="firm", at=at, by=by, data={"to": whom})
    told = {"firm": firm.name, "code": secret, "minutes": LASTS.seconds // 60}
    notify_many([Telling(sent.id, firm.pk, LETTER, "sms", to_contact=contact.pk, context=told)])
    return True


def _digest(nonce: str, secret: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{LETTER} {nonce} {secret}".encode(), hashlib.sha256).hexdigest()


def check_code(asked: Asked, typed: str, *, at: datetime) -> Firm:
    """The firm, where the code is right; Refused otherwise, in the same words whatever was wrong.  TooMany after five tries."""
    limit_rate(f"firm-try:{asked.nonce}", *TRIES)
    digits = "".join(c for c in typed if c in "0123456789")
    is_right = hmac.compare_digest(asked.digest, _digest(asked.nonce, digits))
    firm = Firm.objects.filter(pk=UUID(asked.firm)).exclude(state=FirmState.CANCELLED).first() if asked.firm else None
    if not is_right or firm is None or at.timestamp() > asked.until:
        raise Refused("firm_sign_in", WRONG, "code")
    return firm


def demo_firm() -> Firm:
    """The firm that signs in by a click in a demonstration: the first that was registered.  NotFound elsewhere."""
    firm = Firm.objects.filter(state=FirmState.ACTIVE).order_by("pk").first() if settings.DEMO is True else None
    if firm is None:
        raise NotFound("no_persona", _("没有这个演示角色。"))
    return firm


@transaction.atomic
def record_entry(firm: Firm, *, how: str, at: datetime) -> None:
    """Keep that somebody signed in for the firm, when and how (code, persona)."""
    record("firm.signed_in", firm.pk, stream_kind="firm", at=at, by=Actor.resident(label=firm.name), data={"how": how})
