"""Accounts for many people at once, with a role for the posts they sit on."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.identifiers import check_code
from zhitong.kernel.organisation.public import Appointment, Staff, valid_on

from .. import rules
from ..models import Account, Grant
from ..permissions import Actor
from .accounts import NewAccount, create_accounts
from .grants import NewGrant, grant_many

MOST_PEOPLE = 100  # at a time: each password costs its slow hash


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who can sign in now: as whom, with which first password (told once, kept nowhere), on which posts."""

    account: Account
    password: str = field(repr=False)
    seats: Sequence[Appointment]


@transaction.atomic
def open_for_people(
    staff_ids: Collection[UUID], *, role: str = "", scope: str = "", by: Actor, at: datetime
) -> list[Welcome]:
    """Open an account for each of these people, called as their number, with a random password that must be changed; give
    ``role`` within ``scope`` to those of their posts that do not have it.

    Who has an account already is left out, so that sending the list twice opens nothing twice.  Needs ``accounts.manage`` for the
    whole district.  Raises ``Refused`` where nobody was chosen, or more than `MOST_PEOPLE`.
    """
    by.demand_everywhere("accounts.manage")
    people = list(Staff.objects.filter(pk__in=staff_ids, account=None).order_by("sort_key", "id"))
    if not people or len(people) > MOST_PEOPLE:
        wanted = (
            _("请先选择人员；已有账号的不会重复开通。")
            if not people
            else _("一次最多开通%s个账号，请分批办理。") % MOST_PEOPLE
        )
        raise Refused("people", wanted, "person")
    names = _names(people)
    passwords = [check_code() for _one in people]
    new = [
        NewAccount(username=names[one.pk], staff_id=one.pk, password=password)
        for one, password in zip(people, passwords, strict=True)
    ]
    accounts = create_accounts(new, by=by, at=at)
    seats = _seats(people, at)
    if role:
        _grant([seat for held in seats.values() for seat in held], role, scope, by, at)
    return [Welcome(a, p, seats.get(one.pk, [])) for a, p, one in zip(accounts, passwords, people, strict=True)]


def _names(people: Sequence[Staff]) -> dict[UUID, str]:
    """A free sign-in name for each: the number, in the spelling names have; with a tail where it is taken."""
    wished = {one.pk: rules.as_username(one.staff_no) for one in people}
    taken = set(Account.objects.filter(username__in=wished.values()).values_list("username", flat=True))
    for pk, name in wished.items():
        while name in taken:
            name = f"{wished[pk][:56]}-{secrets.randbelow(9000) + 1000}"
        taken.add(name)
        wished[pk] = name
    return wished


def _seats(people: Sequence[Staff], at: datetime) -> dict[UUID, list[Appointment]]:
    today = timezone.localdate(at)
    rows = Appointment.objects.filter(valid_on(today), valid_on(today, "post__"), staff__in=people)
    found: dict[UUID, list[Appointment]] = {}
    for seat in rows.select_related("staff", "post__organ").order_by("is_deputy", "id"):
        found.setdefault(seat.staff_id, []).append(seat)
    return found


def _grant(seats: Sequence[Appointment], role: str, scope: str, by: Actor, at: datetime) -> None:
    """To each post once, and not to one that has it."""
    today = timezone.localdate(at)
    posts = {seat.post_id for seat in seats}
    there = Grant.objects.filter(
        valid_on(today), post__in=posts, role__slug=role, scope=scope, organ=None, division=None
    )
    posts -= set(there.values_list("post_id", flat=True))
    if posts:
        grant_many([NewGrant(post, role, scope, today) for post in sorted(posts)], by=by, at=at)
