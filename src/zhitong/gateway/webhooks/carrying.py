"""From what happens to what another system is told: queued with the event, looked at and sent by the worker."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import msgspec
from django.utils import timezone

from zhitong.kernel.accounts.public import actor_of_post, keyring
from zhitong.kernel.events.public import Carrier, Channel, Happening, Kept, Notice, Outcome, Telling, notify_many
from zhitong.kernel.matters.public import visible_matters

from ..models import SEALED_AT, Endpoint
from . import rules
from .actions import note_health
from .sending import GOOD, Message, NotSent, send

TEMPLATE = "webhook.event"
Numbers = Mapping[UUID, tuple[str, str]]


def queue(happenings: Sequence[Happening]) -> None:
    """A notice for each endpoint that asked for the kind, in the transaction of the event.

    Whether the endpoint's post sees the matter is looked at when it is sent: writers do not wait for that.
    """
    told = [one for one in happenings if one.stream_kind == "matter"]
    if not told:
        return
    notify_many([
        Telling(
            event=one.id, subject=one.stream, template=TEMPLATE, channel=Channel.WEBHOOK, to_endpoint=pk,
            context={"type": one.kind, "at": one.at, "number": one.seq}, is_held=paused_at is not None,
        )
        for pk, kinds, paused_at in _endpoints.get() for one in told if not kinds or one.kind in kinds
    ])  # fmt: skip


def _in_use() -> list[tuple[UUID, list[str], datetime | None]]:
    return list(Endpoint.objects.filter(removed_at=None).values_list("pk", "kinds", "paused_at"))


_endpoints = Kept("endpoints", _in_use, most=1)


def carry_all(notices: Sequence[Notice], at: datetime) -> dict[UUID, Outcome]:
    """Try each; all together, each within its time."""
    by_endpoint: dict[UUID | None, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_endpoint[notice.to_endpoint].append(notice)
    endpoints = Endpoint.objects.select_related("post__organ").in_bulk([pk for pk in by_endpoint if pk])
    outcomes: dict[UUID, Outcome] = {}
    waiting: dict[UUID, Message] = {}
    for pk, rows in by_endpoint.items():
        endpoint = endpoints.get(pk) if pk else None
        if endpoint is None or endpoint.removed_at or endpoint.paused_at:
            then = "hold" if endpoint and endpoint.paused_at and not endpoint.removed_at else "drop"
            outcomes |= {row.pk: Outcome(then=then) for row in rows}
            continue
        messages = messages_for(endpoint, rows, at)
        outcomes |= {row.pk: Outcome(then="drop") for row in rows if row.pk not in messages}
        waiting |= messages
    tried = _together(waiting)
    for pk, rows in by_endpoint.items():
        if pk in endpoints and (mine := [tried[row.pk] for row in rows if row.pk in tried]):
            note_health(
                endpoints[pk].pk,
                good=sum(not one.error for one in mine),
                bad=sum(bool(one.error) for one in mine),
                at=at,
            )
    return outcomes | tried


def messages_for(endpoint: Endpoint, notices: Iterable[Notice], at: datetime) -> dict[UUID, Message]:
    """What is sent for each notice, by its id; nothing of a matter that the post does not see now."""
    rows = list(notices)
    actor = actor_of_post(endpoint.post, name=endpoint.name, system_id=endpoint.pk, on=timezone.localdate(at))
    seen = visible_matters(actor).filter(pk__in={row.subject for row in rows}).values_list("pk", "number", "kind")
    numbers = {pk: (number, kind) for pk, number, kind in seen}
    secrets = secrets_of(endpoint, at)
    return {
        row.pk: Message(message_id(row.pk), endpoint.url, body_of(endpoint, row, numbers), secrets)
        for row in rows if row.subject in numbers
    }  # fmt: skip


def message_id(notice_id: UUID) -> str:
    """The same at every try and every replay: by it the receiver knows what it has had already."""
    return f"msg_{notice_id.hex}"


def secrets_of(endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
    """The secrets in force, the newest first."""
    kept = [endpoint.sealed]
    if endpoint.old_sealed and endpoint.old_until and endpoint.old_until > at:
        kept.append(endpoint.old_sealed)
    return tuple(keyring().open(bytes(sealed), SEALED_AT) for sealed in kept)


def body_of(endpoint: Endpoint, notice: Notice, numbers: Numbers) -> str:
    """What happened to what, and where to read it: nothing that anybody has said, and nobody's name."""
    number, kind = numbers[notice.subject]
    said = {
        "type": notice.context["type"],
        "timestamp": notice.context["at"],
        "data": {
            "event": str(notice.event), "sequence": notice.context["number"], "id": str(notice.subject), "number": number,
            "kind": kind, "url": f"{endpoint.origin}/api/v1/matters/{notice.subject}",
        },
    }  # fmt: skip
    return msgspec.json.encode(said).decode()


def _together(messages: Mapping[UUID, Message]) -> dict[UUID, Outcome]:
    """A thread for each; none of them touches the database."""
    if not messages:
        return {}
    with ThreadPoolExecutor(len(messages)) as pool:
        return dict(zip(messages, pool.map(partial(_try, datetime.now(UTC)), messages.values()), strict=True))


def _try(at: datetime, message: Message) -> Outcome:
    try:
        answer = send(message, at)
    except NotSent as error:
        return Outcome(error=str(error))
    return Outcome(answer) if answer in GOOD else Outcome(answer, f"answered {answer}")


CARRIER = Carrier(carry_all, rules.PAUSES)
__all__ = ["CARRIER", "TEMPLATE", "body_of", "carry_all", "message_id", "messages_for", "queue"]
