"""Letters to the organs and people of a matter, queued with the change."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from zhitong.kernel.accounts.public import holders_of
from zhitong.kernel.events.public import Channel, Telling, notify_many
from zhitong.kernel.register.public import contacts_of

from .context import Context

BY_KIND = {"phone": Channel.SMS, "email": Channel.EMAIL}


def send(ctx: Context) -> None:
    """Queue every letter the effect asked for."""
    tellings: list[Telling] = []
    for letter, organs, to_people, context in ctx.letters:
        values = {**_common(ctx), **context}
        if to_people:
            tellings.extend(_to_people(ctx, letter, values))
        else:
            tellings.extend(_to_organs(ctx, letter, organs, values))
    notify_many(tellings)


def _common(ctx: Context) -> dict[str, Any]:
    matter = ctx.matter
    due = timezone.localtime(matter.due_at).strftime("%Y-%m-%d %H:%M") if matter.due_at else ""
    return {"number": matter.number, "title": matter.title, "due": due, "stage": str(ctx.kind.by_slug[ctx.stage].label)}


def _to_people(ctx: Context, letter: str, values: dict[str, Any]) -> list[Telling]:
    people = list(ctx.matter.participants.values_list("person_id", flat=True))
    return [
        Telling(ctx.event_id, ctx.matter.pk, letter, BY_KIND[kind], to_contact=contact, context=values)
        for contacts in contacts_of(people).values()
        for contact, kind in [(contacts[0].pk, contacts[0].kind)]
    ]


def _to_organs(ctx: Context, letter: str, organs: frozenset[UUID], values: dict[str, Any]) -> list[Telling]:
    accounts = {a for organ in organs for a in holders_of("matters.view", organ)}
    return [
        Telling(ctx.event_id, ctx.matter.pk, letter, Channel.IN_APP, to_account=account, context=values)
        for account in sorted(accounts)
    ]
