"""Opening, changing and closing accounts; passwords."""

import os
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.text import clean
from zhitong.kernel.events.public import Happening, record, record_many

from .. import rules
from ..models import Account
from ..permissions import Actor

STREAM = "account"
_CHANGEABLE = frozenset(
    {"username", "staff_id", "is_staff", "is_superuser", "is_demo_persona", "description", "description_en", "language"}
)


def tell(kind: str, account_id: UUID, *, at: datetime, by: Actor, **data: Any) -> None:
    """Record one event of an account; data never holds a secret."""
    record(f"account.{kind}", account_id, stream_kind=STREAM, at=at, by=by, data=data)


def _username(text: str) -> str:
    username = Account.objects.normalize_username(clean(text))
    if not rules.is_username(username):
        raise Refused("username", _("登录名须为2至64位的字母、数字、汉字或“_.-@”，且不能以符号开头。"), "username")
    return username


def _password(password: str, account: Account, field: str = "password") -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("password", " ".join(error.messages), field) from error


def _guard_superuser(account: Account, by: Actor, wanted: bool | None = None) -> None:
    """Only a superuser, or the system itself, makes or touches a superuser."""
    if not (account.is_superuser or wanted) or by.is_system:
        return
    superusers = Account.objects.filter(is_superuser=True, is_active=True)
    if by.account_id is None or not superusers.filter(pk=by.account_id).exists():
        by.demand_everywhere("accounts.superuser")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to be opened.  Without ``password`` nobody can sign in with one until it is set."""

    username: str
    staff_id: UUID | None = None
    password: str | None = field(default=None, repr=False)
    is_staff: bool = False
    is_superuser: bool = False
    must_change_password: bool = True
    is_demo_persona: bool = False
    description: str = ""
    description_en: str = ""
    language: str = ""


def create_account(*, by: Actor, at: datetime, **account: Any) -> Account:
    """Open one account (the fields of ``NewAccount``); see ``create_accounts``."""
    return create_accounts([NewAccount(**account)], by=by, at=at)[0]


@transaction.atomic
def create_accounts(wanted: Sequence[NewAccount], *, by: Actor, at: datetime) -> list[Account]:
    """Open accounts; a handful of queries for any number (a password costs its slow hash, on every processor there is).

    Needs ``accounts.manage`` for the whole district.  Raises ``Conflict`` when a name or a person is taken.
    """
    by.demand_everywhere("accounts.manage")
    accounts = [_new(new, by, at) for new in wanted]
    _free(accounts)
    with ThreadPoolExecutor(os.cpu_count()) as hashing:
        for account, hashed in zip(accounts, hashing.map(make_password, [new.password for new in wanted]), strict=True):
            account.password = hashed
    Account.objects.bulk_create(accounts)
    record_many(
        [
            Happening("account.created", a.pk, STREAM, at, by, {"username": a.username, "staff": a.staff_id}, True)
            for a in accounts
        ]
    )
    return accounts


def _new(new: NewAccount, by: Actor, at: datetime) -> Account:
    values = {name: getattr(new, name) for name in _CHANGEABLE if name != "username"}
    account = Account(username=_username(new.username), created_at=at, **values)
    account.must_change_password = new.password is not None and new.must_change_password
    _guard_superuser(account, by)
    if new.password is not None:
        _password(new.password, account)
    return account


def _free(accounts: Sequence[Account]) -> None:
    others = Account.objects.exclude(pk__in=[account.pk for account in accounts])
    names = [account.username for account in accounts]
    if len(set(names)) < len(names) or others.filter(username__in=names).exists():
        raise Conflict("username_taken", _("该登录名已被使用，请换一个。"), "username")
    people = [account.staff_id for account in accounts if account.staff_id]
    if len(set(people)) < len(people) or others.filter(staff__in=people).exists():
        raise Conflict("staff_has_account", _("该工作人员已有账号，不能重复开通。"), "staff")


def _locked(account_id: UUID) -> Account:
    return Account.objects.select_for_update().get(pk=account_id)


@transaction.atomic
def change_account(account_id: UUID, *, by: Actor, at: datetime, **fields: Any) -> Account:
    """Change what an administrator may change (not the password, not whether it is active)."""
    by.demand_everywhere("accounts.manage")
    if unknown := fields.keys() - _CHANGEABLE:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    account = _locked(account_id)
    _guard_superuser(account, by, fields.get("is_superuser"))
    if "username" in fields:
        fields["username"] = _username(fields["username"])
    changed = rules.changes({name: getattr(account, name) for name in fields}, fields)
    for name, value in fields.items():
        setattr(account, name, value)
    _free([account])
    if changed:
        account.save(update_fields=list(changed))
        tell("changed", account.pk, at=at, by=by, changes=changed)
    return account


@transaction.atomic
def set_active(account_id: UUID, is_active: bool, *, by: Actor, at: datetime) -> None:
    """Switch an account on or off.  Off takes effect with the next request of any open session."""
    by.demand_everywhere("accounts.manage")
    account = _locked(account_id)
    _guard_superuser(account, by)
    if account.pk == by.account_id and not is_active:
        raise Refused("own_account", _("不能停用自己的账号，请由其他管理员办理。"))
    if account.is_active != is_active:
        account.is_active = is_active
        account.save(update_fields=["is_active"])
        tell("switched_on" if is_active else "switched_off", account.pk, at=at, by=by)


@transaction.atomic
def reset_password(account_id: UUID, *, by: Actor, at: datetime, password: str | None = None) -> str:
    """Set a password that must be changed at the next sign-in; returns it, to be told to the person once.

    A random one is made when none is given.  Open sessions of the account end.
    """
    by.demand_everywhere("accounts.manage")
    account = _locked(account_id)
    _guard_superuser(account, by)
    if password is None:
        password = secrets.token_urlsafe(12)
    else:
        _password(password, account)
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    tell("password_reset", account.pk, at=at, by=by)
    return password


@transaction.atomic
def change_password(account_id: UUID, *, old: str, new: str, by: Actor, at: datetime) -> Account:
    """A person changes the own password; ``old`` must be right and ``new`` another one."""
    account = _locked(account_id)
    if by.account_id != account.pk:
        by.demand("accounts.own")
    if not account.check_password(old):
        raise Refused("old_password", _("原密码不正确，请重新输入。"), "old")
    if old == new:
        raise Refused("same_password", _("新密码不能与原密码相同。"), "new")
    _password(new, account, "new")
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    tell("password_changed", account.pk, at=at, by=by)
    return account


def remember_language(account_id: UUID, language: str) -> None:
    """Keep the language a person chose; a preference, not an event."""
    Account.objects.filter(pk=account_id).exclude(language=language).update(language=language)
