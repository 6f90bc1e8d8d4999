"""Phones that are in use."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import Appointment

from ..models import Phone
from ..permissions import TEAM, tops

LONGEST_WAIT = timedelta(days=31)  # of an entry in the queue
SLACK = timedelta(minutes=5)


def at_work(account_id: UUID | None, claimed: datetime, at: datetime) -> datetime | None:
    """The moment a phone claims for an entry, where it is believed: not to come, and inside a shift of that account's, for nothing is entered
    outside of one."""
    if not at - LONGEST_WAIT <= claimed <= at + SLACK:
        return None
    shifts = Phone.objects.filter(account=account_id, begun_at__lte=claimed + SLACK, ends_at__gte=claimed - SLACK)
    over = Q(ended_at__lt=claimed - SLACK) | Q(revoked_at__lt=claimed - SLACK)
    return min(claimed, at) if shifts.exclude(over).exists() else None


def in_use(at: datetime) -> QuerySet[Phone]:
    """Those whose shift is on."""
    return Phone.objects.filter(ended_at=None, revoked_at=None, ends_at__gt=at)


def reachable(by: Actor, at: datetime) -> QuerySet[Phone]:
    """Phones in use that ``by`` may take out of use: the own, and those of people of the own streets."""
    mine = Q(account=by.account_id)
    if by.may_everywhere(TEAM):
        mine = Q()
    elif by.may(TEAM) and (areas := tops(by)):
        people = Appointment.objects.filter(post__organ__division__path__overlap=areas).values("staff")
        mine |= Q(account__staff__in=people)
    return in_use(at).filter(mine).select_related("account__staff").order_by("-id")


def own_phone(phone_id: str, account_id: UUID | None, at: datetime) -> Phone | None:
    """The phone of a session, as long as its shift is on."""
    try:
        return in_use(at).filter(pk=UUID(phone_id), account=account_id).first()
    except ValueError:
        return None
