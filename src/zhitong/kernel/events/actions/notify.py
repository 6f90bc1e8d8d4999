"""Putting notices into the outbox, in the transaction of the change they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhitong.base.bulk import write_rows
from zhitong.base.identifiers import uuid7

from ..choices import NoticeState
from ..rules import plain

COLUMNS = (
    "id", "event", "subject", "template", "context", "channel", "to_account", "to_contact", "to_endpoint", "state", "attempts", "next_at",
    "last_error",
)  # fmt: skip


@dataclass(slots=True)
class Telling:
    """One message for one recipient: an account (in-app, e-mail), a contact of a person (SMS, e-mail) or an endpoint."""

    event: UUID
    subject: UUID
    template: str
    channel: str
    to_account: UUID | None = None
    to_contact: UUID | None = None
    to_endpoint: UUID | None = None
    is_held: bool = False
    context: dict[str, Any] = field(default_factory=dict)


def notify_many(tellings: Sequence[Telling]) -> None:
    """Queue for the worker; the same telling of the same event twice is one notice."""
    if not tellings:
        return
    now = timezone.now()
    rows = (
        (
            uuid7(), t.event, t.subject, t.template, plain(t.context), t.channel, t.to_account, t.to_contact,
            t.to_endpoint, NoticeState.HELD if t.is_held else NoticeState.PENDING, 0, now, "",
        )
        for t in tellings
    )  # fmt: skip
    with connection.cursor() as cursor:
        write_rows(cursor, "events_notice", COLUMNS, rows, tail="ON CONFLICT DO NOTHING")
