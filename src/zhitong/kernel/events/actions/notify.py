"""Putting notices into the outbox, in the transaction of the change they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from ..models import Notice
from ..rules import plain


@dataclass(slots=True)
class Telling:
    """One message for one recipient: an account (in-app, e-mail) or a contact of a person (SMS, e-mail)."""

    event: UUID
    subject: UUID
    template: str
    channel: str
    to_account: UUID | None = None
    to_contact: UUID | None = None
    context: dict[str, Any] = field(default_factory=dict)


def notify_many(tellings: Sequence[Telling]) -> None:
    """Queue for the worker; the same telling of the same event twice is one notice."""
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                event=t.event, subject=t.subject, template=t.template, channel=t.channel, to_account=t.to_account,
                to_contact=t.to_contact, context=plain(t.context), next_at=now,
            )
            for t in tellings
        ],
        ignore_conflicts=True,
    )  # fmt: skip
