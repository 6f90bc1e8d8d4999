"""Codes from a phone and recovery codes."""

import secrets
import time
from base64 import b32decode, b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from django_otp.oath import totp

from zhitong.base.errors import Refused

from .. import actions
from ..models import Rate, RecoveryCode, SecondFactor
from ..public import actor_for
from ..queries import has_second_factor, recovery_codes_left
from .conftest import AT, BY, make_account


@pytest.fixture
def account(db):
    return make_account()


def code_of(address, steps=0):
    """What a phone shows that scanned ``address``."""
    secret = b32decode(parse_qs(urlsplit(address).query)["secret"][0])
    return f"{totp(secret, t0=-30 * steps):06d}"


def add(account):
    """A second factor in force: (address, recovery codes)."""
    sealed = actions.new_secret()
    address = actions.secret_address(account, sealed)
    codes = actions.add_second_factor(account.pk, sealed, code_of(address, -1), by=BY, at=AT)
    return address, codes


def check(account, code):
    return actions.check_second_factor(account.pk, code, by=BY, at=AT)


def test_a_first_right_code_puts_it_in_force(account):
    sealed = actions.new_secret()
    with pytest.raises(Refused):
        actions.add_second_factor(account.pk, sealed, "12345", by=BY, at=AT)
    assert not has_second_factor(account.pk)
    add(account)
    assert has_second_factor(account.pk)
    with pytest.raises(Refused):
        add(account)


def test_a_clock_that_was_ahead_shuts_nobody_out(account, monkeypatch):
    address, _codes = add(account)
    real = time.time
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: real() + 3 * 24 * 3600)
        assert check(account, code_of(address, 3 * 24 * 120))
    assert check(account, code_of(address))
    assert not check(account, code_of(address))


def test_codes_are_accepted_once(account):
    address, _codes = add(account)
    assert check(account, code_of(address))
    assert not check(account, code_of(address))
    assert check(account, code_of(address, 1))


@pytest.mark.parametrize("code", ["", "000000x", "１２３４５６", "-1", "9" * 40, "\x00"])
def test_odd_codes_are_wrong(account, code):
    add(account)
    assert not check(account, code)


def test_no_second_factor_no_code(account):
    assert not check(account, "123456")


def test_recovery_codes_work_once_however_they_are_typed(account):
    _address, codes = add(account)
    assert len(set(codes)) == recovery_codes_left(account.pk) == 10
    assert check(account, codes[0].lower().replace("-", " "))
    assert not check(account, codes[0])
    assert recovery_codes_left(account.pk) == 9


def test_new_recovery_codes_void_the_old(account):
    _address, codes = add(account)
    newer = actions.new_recovery_codes(account.pk, by=BY, at=AT)
    assert not check(account, codes[0])
    assert check(account, newer[0])


def test_recovery_codes_need_a_second_factor(account):
    with pytest.raises(Refused):
        actions.new_recovery_codes(account.pk, by=BY, at=AT)


def test_guessing_is_stopped(account):
    add(account)
    for _n in range(9):
        check(account, "000000")
    with pytest.raises(actions.TooMany):
        check(account, "000000")


def test_guessing_is_stopped_for_the_day(account):
    add(account)
    Rate.objects.filter(key__startswith="second-factor-day:").update(free_at=timezone.now() + timedelta(hours=24))
    with pytest.raises(actions.TooMany) as refused:
        check(account, "000000")
    assert refused.value.retry_after > 60


def test_nothing_readable_is_stored(account):
    address, codes = add(account)
    secret = b32decode(parse_qs(urlsplit(address).query)["secret"][0])
    stored = bytes(SecondFactor.objects.get().sealed)
    assert secret not in stored
    assert secret.hex().encode() not in stored
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert digests.isdisjoint(code.replace("-", "") for code in codes)


def test_removing(account):
    add(account)
    actions.remove_second_factor(account.pk, by=actor_for(account), at=AT)
    assert not has_second_factor(account.pk)
    assert not RecoveryCode.objects.exists()
    actions.remove_second_factor(account.pk, by=BY, at=AT)


def test_keys_are_rotated(account, settings):
    address, _codes = add(account)
    old = settings.DATA_KEYS
    settings.DATA_KEYS = [b64encode(secrets.token_bytes(32)).decode(), *old]
    assert actions.rotate_second_factors() == 1
    assert actions.rotate_second_factors() == 0
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert check(account, code_of(address))


def test_time_is_the_machines(account, monkeypatch):
    address, _codes = add(account)
    later = code_of(address, 100)
    assert not check(account, later)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3000)
    assert check(account, later)
