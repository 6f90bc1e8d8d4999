"""Time-based codes from a phone (RFC 6238) and recovery codes."""

import hmac
import secrets
import time
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP

from zhitong.base.errors import Refused
from zhitong.base.identifiers import tracking_code

from ..models import Account, RecoveryCode, SecondFactor, keyring
from ..permissions import Actor
from .accounts import tell
from .rates import limit_rate

RECOVERY_CODES = 10
_SECRET_BYTES = 20
_DRIFT = 1  # steps of 30 seconds that a phone's clock may be off


def _secret(sealed: bytes) -> bytes:
    return bytes.fromhex(keyring().open(sealed, SecondFactor.PLACE))


def new_secret() -> str:
    """A new secret, sealed, as text: kept by the page until the person has shown that the phone knows it."""
    return keyring().seal(secrets.token_hex(_SECRET_BYTES), SecondFactor.PLACE).hex()


def secret_address(account: Account, sealed: str) -> str:
    """The ``otpauth://`` address of a new secret, for the QR code."""
    secret = b32encode(_secret(bytes.fromhex(sealed))).decode()
    values = {"secret": secret, "issuer": "Zhitong", "digits": 6, "period": 30, "algorithm": "SHA1"}
    return f"otpauth://totp/Zhitong:{quote(account.username)}?{urlencode(values)}"


def _accept(factor: SecondFactor, token: str) -> bool:
    """Whether ``token`` is right now and newer than the last accepted one; the step is remembered.

    A last one that lies ahead was accepted while the clock was wrong: waiting for it would shut its owner out.
    """
    if not (token.isascii() and token.isdigit() and len(token) == 6):
        return False
    totp = TOTP(_secret(bytes(factor.sealed)))
    totp.time = time.time()
    last = factor.last_step if factor.last_step <= totp.t() + _DRIFT else 0
    if not totp.verify(int(token), tolerance=_DRIFT, min_t=last + 1):
        return False
    factor.last_step = totp.t()
    return True


def _limit(account_id: UUID) -> None:
    limit_rate(f"second-factor:{account_id}", 10, 900)
    limit_rate(f"second-factor-day:{account_id}", 60, 24 * 3600)


def add_second_factor(account_id: UUID, sealed: str, token: str, *, by: Actor, at: datetime) -> list[str]:
    """Put a new secret in force with a first right code; returns the recovery codes, shown this once."""
    _limit(account_id)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account_id)
        if SecondFactor.objects.filter(pk=account_id).exists():
            raise Refused("has_second_factor", _("动态口令已启用；如需更换手机，请先停用。"))
        factor = SecondFactor(account_id=account_id, sealed=bytes.fromhex(sealed), added_at=at)
        if not _accept(factor, _plain(token)):
            raise Refused("code", _("动态口令不正确，请输入手机上当前显示的6位数字。"), "code")
        factor.save(force_insert=True)
        tell("second_factor_added", account_id, at=at, by=by)
        return _new_codes(account_id)


def check_second_factor(account_id: UUID, code: str, *, by: Actor, at: datetime) -> bool:
    """Whether ``code`` is the phone's current code or an unused recovery code, which is used up by this.

    Ten tries in a quarter of an hour; then ``TooMany``.
    """
    _limit(account_id)
    plain = _plain(code)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(pk=account_id).first()
        if factor is None:
            return False
        if _accept(factor, plain):
            factor.save(update_fields=["last_step"])
            return True
        if RecoveryCode.objects.filter(account=account_id, digest=_digest(account_id, plain), used_at=None).update(
            used_at=at
        ):
            tell("recovery_code_used", account_id, at=at, by=by)
            return True
        return False


@transaction.atomic
def new_recovery_codes(account_id: UUID, *, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes; the old ones are void."""
    if not SecondFactor.objects.filter(pk=account_id).exists():
        raise Refused("no_second_factor", _("请先启用动态口令。"))
    tell("recovery_codes_made", account_id, at=at, by=by)
    return _new_codes(account_id)


def _new_codes(account_id: UUID) -> list[str]:
    codes = [tracking_code() + tracking_code() for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(account=account_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=account_id, digest=_digest(account_id, code)) for code in codes
    )
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").strip().upper()


def _digest(account_id: UUID, code: str) -> str:
    text = f"recovery {account_id} {code}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode("utf-8", "replace"), "sha256").hexdigest()


@transaction.atomic
def remove_second_factor(account_id: UUID, *, by: Actor, at: datetime) -> None:
    """Switch the second factor off: the person (after a right code), or an administrator for a lost phone."""
    if by.account_id != account_id:
        by.demand_everywhere("accounts.manage")
    RecoveryCode.objects.filter(account=account_id).delete()
    if SecondFactor.objects.filter(account=account_id).delete()[0]:
        tell("second_factor_removed", account_id, at=at, by=by)


def rotate_second_factors() -> int:
    """Seal the secrets again with the first key where they are not; how many were."""
    ring, done = keyring(), 0
    for account_id in SecondFactor.objects.values_list("pk", flat=True):
        with transaction.atomic():
            factor = SecondFactor.objects.select_for_update().filter(pk=account_id).first()
            if factor is not None and not ring.is_current(bytes(factor.sealed)):
                factor.sealed = ring.seal(ring.open(bytes(factor.sealed), SecondFactor.PLACE), SecondFactor.PLACE)
                factor.save(update_fields=["sealed"])
                done += 1
    return done
