"""Showing a number in full: a logged act with a reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, limit_rate
from zhitong.kernel.events.public import record

from ..models import Contact, Person

MOST_PER_HOUR = 120
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into a form, with a number of a person in it; ``question`` is what the form calls it."""

    person_id: UUID
    question: str
    text: str


Subject = Contact | Person | Written


def reveal(subject: Subject, *, reason: str, by: Actor, at: datetime, matter_id: UUID | None = None) -> str:
    """The contact's value, the person's citizen id, or what the person wrote, in clear.

    Needs ``register.reveal``; whether ``by`` may see the matter it is about is asked by the page that offers it.
    The log keeps who saw what of whom and why.  At most ``MOST_PER_HOUR`` an hour for one account.
    """
    by.demand("register.reveal")
    reason = checked_reason(reason)
    if by.account_id is not None:
        limit_rate(f"reveal:{by.account_id}", MOST_PER_HOUR, 3600)
    return _revealed(subject, reason, by, at, matter_id)


def checked_reason(reason: str) -> str:
    """Why somebody wants to see what is masked; ``Refused`` where nothing is said, or too much."""
    reason = clean(reason)
    if not reason:
        raise Refused("reveal_reason", _("请填写查看原因。"), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("reveal_reason", _("查看原因请控制在200个字以内。"), "reason")
    return reason


@transaction.atomic
def _revealed(subject: Subject, reason: str, by: Actor, at: datetime, matter_id: UUID | None) -> str:
    if isinstance(subject, Contact):
        text, person_id, what = subject.value, subject.person_id, subject.kind
    elif isinstance(subject, Written):
        text, person_id, what = subject.text, subject.person_id, "answer"
    else:
        text, person_id, what = subject.citizen_id, subject.pk, "citizen_id"
    if not text:
        raise NotFound("nothing_to_reveal", _("未登记该项信息。"))
    data = {"what": what, "reason": reason, "matter": matter_id}
    if isinstance(subject, Contact):
        data["contact"] = subject.pk
    if isinstance(subject, Written):
        data["question"] = subject.question
    record("person.revealed", person_id, stream_kind="person", at=at, by=by, data=data)
    return text
