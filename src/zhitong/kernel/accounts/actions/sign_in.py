"""Signing in and out, as far as the log is concerned, and the personas of a demonstration."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound

from ..models import Account
from ..permissions import Actor
from .accounts import tell


@transaction.atomic
def record_sign_in(account: Account, *, how: str, by: Actor, at: datetime) -> None:
    """Keep who signed in, when and how (password, second_factor, persona)."""
    account.last_login = at
    account.save(update_fields=["last_login"])
    tell("signed_in", account.pk, at=at, by=by, how=how)


@transaction.atomic
def record_sign_out(account: Account, *, by: Actor, at: datetime) -> None:
    """Keep that the person signed out."""
    tell("signed_out", account.pk, at=at, by=by)


@transaction.atomic
def record_lock_out(username: str, *, at: datetime) -> None:
    """Keep that a known account was locked after wrong passwords; an unknown name leaves no trace."""
    account = Account.objects.filter(username=Account.objects.normalize_username(username)).first()
    if account is not None:
        tell("locked_out", account.pk, at=at, by=Actor.system("sign-in"))


def sign_in_persona(username: str) -> Account:
    """The demo persona to sign in without a password.  Outside a demonstration there are none."""
    account = None
    if settings.DEMO is True:
        personas = Account.objects.filter(is_demo_persona=True, is_active=True, is_superuser=False)
        account = personas.filter(username=Account.objects.normalize_username(username)).first()
    if account is None:
        raise NotFound("no_persona", _("没有这个演示角色。"))
    return account
