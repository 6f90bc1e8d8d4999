"""Letters to the organs and people of a matter, queued with the change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from zhitong.kernel.accounts.public import account_of_staff, holders_of
from zhitong.kernel.events.public import Channel, Telling, notify_many
from zhitong.kernel.register.public import reached_by

from ..models import Matter
from .context import Context, Sending

BY_KIND = {"phone": Channel.SMS, "email": Channel.EMAIL}
PEOPLE, GIVEN = "SELECT person_id FROM matters_participant WHERE matter_id = %s", "SELECT unnest(%s::uuid[])"


class Received(NamedTuple):
    """One person to be told that a matter has come in: which letter, of which event, by which kind of contact."""

    letter: str
    event: UUID
    matter: Matter
    contact_id: UUID
    kind: str


def send_received(letters: Iterable[Received]) -> None:
    """Queue what tells the reporters of new matters."""
    notify_many(
        [
            Telling(
                one.event, one.matter.pk, one.letter, BY_KIND[one.kind], to_contact=one.contact_id,
                context={"number": one.matter.number, "title": one.matter.title},
            )
            for one in letters
        ]
    )  # fmt: skip


def letters(contexts: Sequence[Context]) -> list[Telling]:
    """Every letter the effects asked for, to be queued with the events."""
    known = {person for ctx in contexts for person in ctx.people or () if any(one.to_people for one in ctx.letters)}
    reached = reached_by(GIVEN, list(known)) if known else {}
    return [telling for ctx in contexts for telling in _of_one(ctx, reached)]


def _of_one(ctx: Context, reached: Mapping[UUID, tuple[UUID, str]]) -> Iterator[Telling]:
    """``reached`` are the contacts of people who are known already."""
    common = _common(ctx) if ctx.letters else {}
    for sending in ctx.letters:
        values = {**common, **sending.context}
        if not sending.to_people:
            yield from _to_accounts(ctx, sending, values)
        elif ctx.people is None:
            yield from _to_people(ctx, sending.letter, values, reached_by(PEOPLE, ctx.matter.pk).values())
        else:
            yield from _to_people(ctx, sending.letter, values, [reached[one] for one in ctx.people if one in reached])


def _common(ctx: Context) -> dict[str, Any]:
    matter = ctx.matter
    due = timezone.localtime(matter.due_at).strftime("%Y-%m-%d %H:%M") if matter.due_at else ""
    return {"number": matter.number, "title": matter.title, "due": due, "stage": str(ctx.kind.by_slug[ctx.stage].label)}


def _to_people(
    ctx: Context, letter: str, values: dict[str, Any], contacts: Iterable[tuple[UUID, str]]
) -> list[Telling]:
    return [
        Telling(ctx.event_id, ctx.matter.pk, letter, BY_KIND[kind], to_contact=contact, context=values)
        for contact, kind in contacts
    ]


def _to_accounts(ctx: Context, sending: Sending, values: dict[str, Any]) -> list[Telling]:
    """Nobody is told what they have just done for themselves."""
    accounts = {a for organ in sending.organs for a in holders_of("matters.view", organ)}
    if sending.staff_id and (account := account_of_staff(sending.staff_id)) and account != ctx.by.account_id:
        accounts.add(account)
    return [
        Telling(ctx.event_id, ctx.matter.pk, sending.letter, Channel.IN_APP, to_account=account, context=values)
        for account in sorted(accounts)
    ]
