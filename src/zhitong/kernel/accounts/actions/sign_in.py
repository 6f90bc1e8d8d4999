"""Signing in and out, as far as the log is concerned, and the personas of a demonstration."""

from datetime import datetime
from uuid import UUID

import axes.utils
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound

from ..models import Account
from ..permissions import Actor
from .accounts import tell
from .rates import TooMany, forget_rate, give_back, limit_rate

# How many wrong passwords are answered, and within how many seconds: from one address, whatever the names, and for one name, from
# wherever.  Only wrong ones count, so that an office of hundreds behind one address does not shut itself out.  For a name not so
# few that one address, which axes stops after five in a quarter of an hour, can shut somebody out everywhere.
SIGN_IN_TRIES = {"sign-in": (60, 600), "sign-in-name": (100, 3600)}


def count_sign_in(address: str, username: str = "") -> None:
    """Before a password is looked at.  Raises TooMany when too many were wrong; a name that does not exist counts just so."""
    for what, given in _tried(address, username):
        limit_rate(f"{what}:{given}", *SIGN_IN_TRIES[what])


def forgive_sign_in(address: str, username: str = "") -> None:
    """The password was right: it does not count."""
    for what, given in _tried(address, username):
        give_back(f"{what}:{given}", *SIGN_IN_TRIES[what])


def _tried(address: str, username: str) -> list[tuple[str, str]]:
    by_name = [("sign-in-name", Account.objects.normalize_username(username))] if username else []
    return [("sign-in", address), *by_name]


@transaction.atomic
def record_sign_in(account: Account, *, how: str, by: Actor, at: datetime) -> None:
    """Keep who signed in, when and how (password, second_factor, persona)."""
    tell("signed_in", account.pk, at=at, by=by, how=how)


@transaction.atomic
def record_sign_out(account: Account, *, by: Actor, at: datetime) -> None:
    """Keep that the person signed out."""
    tell("signed_out", account.pk, at=at, by=by)


def record_lock_out(username: str, *, seconds: int, at: datetime) -> None:
    """Keep, once per lock-out, that a known account was locked; an unknown name leaves no trace."""
    account = Account.objects.filter(username=Account.objects.normalize_username(username)).first()
    if account is None:
        return
    try:
        limit_rate(f"locked-out:{account.pk}", 1, seconds)
    except TooMany:
        return
    with transaction.atomic():
        tell("locked_out", account.pk, at=at, by=Actor.system("sign-in"))


@transaction.atomic
def unlock(account_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget the wrong passwords counted against an account.  Needs ``accounts.manage`` for the whole district."""
    by.demand_everywhere("accounts.manage")
    account = Account.objects.get(pk=account_id)
    was_slowed = forget_rate(f"sign-in-name:{account.username}")
    if axes.utils.reset(username=account.username) or was_slowed:
        tell("unlocked", account.pk, at=at, by=by)


def sign_in_persona(username: str) -> Account:
    """The demo persona to sign in without a password.  Outside a demonstration there are none."""
    account = None
    if settings.DEMO is True:
        personas = Account.objects.filter(is_demo_persona=True, is_active=True, is_superuser=False)
        account = personas.filter(username=Account.objects.normalize_username(username)).first()
    if account is None:
        raise NotFound("no_persona", _("没有这个演示角色。"))
    return account
