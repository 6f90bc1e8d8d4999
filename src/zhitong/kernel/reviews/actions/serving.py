"""Saying that something was given to somebody, who may judge it from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from zhitong.base.bulk import together, write_rows
from zhitong.base.identifiers import uuid7_at
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Channel, Happening, Telling, notify_many, record_many
from zhitong.kernel.territory import public as territory

from ..choices import Way
from ..models import Point, Service
from ..queries import codes
from ..rules import OPEN_FOR

COLUMNS = (
    "id", "line", "organ_id", "point_id", "staff_id", "item", "item_label", "category", "division", "area_id", "matter_id",
    "channel", "served_at", "open_until", "digest", "is_counted",
)  # fmt: skip
MOST_LABEL = 120


@dataclass(slots=True)
class Giving:
    """What was given.  ``line`` is the line's name; ``item`` and ``category_id`` are ids of what it was, as the line knows them.

    ``staff_id`` gave it and is judged.  One matter is one service: given again, it is the service of then; ``is_first`` says that it
    is only just opened, and cannot have been.  ``open_for`` is the period.  ``invite`` is the contact of a person to be asked.
    Without ``with_code`` the line asks by itself.
    """

    line: str
    organ_id: UUID
    channel: str = Way.ONLINE
    point_id: UUID | None = None
    staff_id: UUID | None = None
    item: UUID | None = None
    item_label: str = ""
    category_id: UUID | None = None
    division_id: UUID | None = None
    matter_id: UUID | None = None
    served_at: datetime | None = None
    open_for: timedelta = OPEN_FOR
    invite: UUID | None = None
    invite_by: str = Channel.SMS
    with_code: bool = True
    is_counted: bool = True
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """The service, and the code for its receipt; ``was_known``: the matter had been served before."""

    service_id: UUID
    code: str
    was_known: bool = False


def served(giving: Giving, *, by: Actor, at: datetime) -> Served:
    """Say so, inside the transaction of the line's own action."""
    return served_many([giving], by=by, at=at)[0]


def served_many(givings: Sequence[Giving], *, by: Actor, at: datetime) -> list[Served]:
    """``served`` for each, in order, by the same few statements for one and for thousands.

    Nobody is asked for a permission: whoever may take the line's action says so with it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a service is written with the action that gave it: open a transaction first")
    known = _known([one.matter_id for one in givings if one.matter_id and not one.is_first])
    areas = _areas(givings)
    new: list[tuple[Giving, Service, str]] = []
    answers: list[Served] = []
    for giving in givings:
        if giving.matter_id in known:
            before = known[giving.matter_id]
            answers.append(Served(before.pk, codes.shown(before.pk, before.digest), was_known=True))
            continue
        service, code = _service(giving, areas, at)
        if giving.matter_id:
            known[giving.matter_id] = service
        new.append((giving, service, code))
        answers.append(Served(service.pk, code))
    with together(connection):
        _write(new, by)
    return answers


def _known(matters: Sequence[UUID]) -> dict[UUID | None, Service]:
    if not matters:
        return {}
    return {row.matter_id: row for row in Service.objects.filter(matter__in=matters).only("matter", "digest")}


def _areas(givings: Sequence[Giving]) -> dict[Any, UUID | None]:
    """The street of every division, and of every point without one."""
    found: dict[Any, UUID | None] = {
        pk: area for pk, (_path, area) in territory.paths({g.division_id for g in givings if g.division_id}).items()
    }
    if points := {g.point_id for g in givings if g.point_id and not g.division_id}:
        found |= dict(Point.objects.filter(pk__in=points).values_list("pk", "area"))
    return found


def _service(giving: Giving, areas: dict[Any, UUID | None], at: datetime) -> tuple[Service, str]:
    when = giving.served_at or at
    service = Service(
        id=uuid7_at(when), line=giving.line, organ_id=giving.organ_id, point_id=giving.point_id, staff_id=giving.staff_id,
        item=giving.item, item_label=giving.item_label[:MOST_LABEL], category=giving.category_id,
        division=giving.division_id, area_id=areas.get(giving.division_id or giving.point_id), matter_id=giving.matter_id,
        channel=Way(giving.channel), served_at=when, open_until=when + giving.open_for, is_counted=giving.is_counted,
    )  # fmt: skip
    code = ""
    if giving.with_code:
        code, service.digest = codes.made(service.pk)
    return service, code


def _write(new: Sequence[tuple[Giving, Service, str]], by: Actor) -> None:
    if not new:
        return
    with connection.cursor() as cursor:
        write_rows(cursor, "reviews_service", COLUMNS, ([getattr(s, c) for c in COLUMNS] for _g, s, _code in new))
    happenings = record_many([_happening(service, by) for _g, service, _code in new if service.is_counted])
    events = {one.stream: one.id for one in happenings}
    notify_many(
        [
            Telling(events[service.pk], service.pk, "review.invited", giving.invite_by, to_contact=giving.invite,
                    context={"service": service.pk, "item": service.item_label})
            for giving, service, code in new if giving.invite and code and service.pk in events
        ]
    )  # fmt: skip


def _happening(service: Service, by: Actor) -> Happening:
    data = {"dims": dims(service), "staff": str(service.staff_id or ""), "matter": str(service.matter_id or "")}
    return Happening("review.served", service.pk, "service", service.served_at, by, data, is_first=True)


def dims(row: Service) -> dict[str, Any]:
    """What figures of a service and of its reviews can be broken down by, as plain JSON values."""
    named = {
        "organ": row.organ_id, "area": row.area_id, "division": row.division, "category": row.category,
        "item": row.item, "point": row.point_id,
    }  # fmt: skip
    return {name: str(value) if value else None for name, value in named.items()} | {
        "channel": str(row.channel), "kind": row.line,
    }  # fmt: skip
