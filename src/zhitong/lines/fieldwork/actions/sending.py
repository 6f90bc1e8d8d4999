"""What phones send: each entry once, however often it comes.

The server's time rules; what the phone said is kept beside it with the measured difference of its clock.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.dispatch.public import alarm
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import building_points, find_or_create_person
from zhitong.kernel.territory.public import areas
from zhitong.ui.public import Entry, entry_kinds

from ..models import Note, Round, Sent
from ..queries.teams import grids_of
from ..rules import walking

KIND, SUBKIND = "appeal", "report"
RANK = tuple(m.Urgency.values)
PLACE = "fieldwork_note.sealed"
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told.  ``was_known``: it had sent this before."""

    told: dict[str, Any] = field(default_factory=dict)
    was_known: bool = False


def digest_of(kind: str, fields: Fields, files: Sequence[bytes]) -> bytes:
    """The same entry again has the same."""
    plain = json.dumps([kind, dict(fields)], sort_keys=True, ensure_ascii=False)
    return sha256(b"\0".join([plain.encode(), *(sha256(one).digest() for one in files)])).digest()


def take(entry: Entry, *, by: Actor, at: datetime) -> Answer:
    """Do what the entry says, once.  A sender that comes a second time waits for the first and is told the same; Conflict where
    the key comes back with something else.  What is refused leaves nothing, so that it may be mended and sent again."""
    with transaction.atomic():
        known = _claim(entry, by, at)
        if known is not None:
            return Answer(known.answer, was_known=True)
        told = entry_kinds()[entry.kind].take(entry, by, at)
        Sent.objects.filter(pk=entry.key).update(answer=told)
    return Answer(told)


def _claim(entry: Entry, by: Actor, at: datetime) -> Sent | None:
    try:
        with transaction.atomic():
            Sent.objects.create(
                key=entry.key, account_id=_account(by), kind=entry.kind, digest=entry.digest, said_at=entry.said_at,
                clock_off=entry.clock_off, received_at=at,
            )  # fmt: skip
    except IntegrityError:
        known = Sent.objects.filter(pk=entry.key, account=by.account_id).first()
        if known is None or bytes(known.digest) != entry.digest:
            raise Conflict("key_reused", _("这一条已经发送过，内容与当前不同，请作为新的一条重新填写。")) from None
        return known
    return None


def _account(by: Actor) -> UUID:
    """Phones are people's, never another system's."""
    if by.account_id is None:
        raise NotAllowed("no_account", _("请用本人账号登录。"))
    return by.account_id


def _own_grid(grid_id: UUID | None, by: Actor, at: datetime) -> UUID:
    """One of the worker's grids today."""
    if grid_id is None or by.staff_id is None or grid_id not in grids_of(by.staff_id, timezone.localdate(at)):
        raise NotFound("not_own_grid", _("这个网格今天不由您负责，请联系街镇调整。"))
    return grid_id


def check_in(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    said = entry.fields
    grid_id = _own_grid(said["grid"], by, at)
    shape = areas([grid_id]).get(grid_id)
    outside = walking.metres_outside(shape, said["lon"], said["lat"]) if shape is not None else 0.0
    inside = walking.is_there(outside, said["accuracy"])
    Round.objects.create(
        id=said["round"], division_id=grid_id, account_id=_account(by), by_label=by.label, begun_at=entry.done_at(at),
        lon=said["lon"], lat=said["lat"], accuracy_m=said["accuracy"], outside_m=outside, is_inside=inside,
    )  # fmt: skip
    data = {"round": str(said["round"]), "inside": inside, "outside_m": round(outside)}
    record("fieldwork.checked_in", grid_id, stream_kind="division", at=at, by=by, data=data)
    return {"inside": inside, "outside_m": round(outside)}


def walked(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    found = Round.objects.select_for_update().filter(pk=entry.fields["round"], account=by.account_id).first()
    if found is None:
        raise NotFound("no_round", _("没有找到这次巡查的签到。"))
    if found.ended_at is not None:
        raise Conflict("round_over", _("这次巡查已经结束。"))
    found.track = walking.tidy(entry.fields["track"])
    found.ended_at, found.metres = max(found.begun_at, entry.done_at(at)), walking.length_m(found.track)
    shape = areas([found.division_id]).get(found.division_id)
    found.covered = walking.covered(shape, found.track) if shape is not None else None
    found.save(update_fields=["track", "ended_at", "metres", "covered"])
    data = {"round": str(found.pk), "metres": round(found.metres), "covered": found.covered}
    record("fieldwork.walked", found.division_id, stream_kind="division", at=at, by=by, data=data)
    doors = [(one.lon, one.lat) for one in building_points([found.division_id])]
    seen = walking.seen(found.track, doors)
    return {"metres": round(found.metres), "covered": found.covered, "buildings": len(doors), "seen": seen}


def _open(entry: Entry, said: Fields, by: Actor, at: datetime, *, urgency: str = m.Urgency.NORMAL) -> m.Opened:
    """Raise an appeal from the door, with the photos of how it was found."""
    text = said["text"]
    opening = m.Opening(
        kind=KIND, subkind=SUBKIND, text=text, channel=m.Channel.GRID, address=said.get("address", ""), lon=said.get("lon"),
        lat=said.get("lat"), division_id=said.get("grid"), urgency=max(urgency, alarm(text).urgency, key=RANK.index),
        reporter=m.Reporter(name=said.get("name", ""), phone=said.get("phone", "")), key=m.form_key("field", str(entry.key)),
        facts={"phone_at": entry.said_at, "clock_off": entry.clock_off},
    )  # fmt: skip
    if opening.lon is not None:  # where the worker stood counts before the grid on the screen
        opening.division_id = None
    opened = m.open_matter(opening, by=by, at=at)
    if opened.matter is not None and opened.matter.division_id is None and said.get("grid"):
        raise Refused("outside", _("位置不在本区范围内，请去掉定位，改填地址。"), "lon")
    if entry.photos and opened.matter is not None:
        m.attach(opened.matter, entry.photos, by=by, at=at)
    return opened


def _told(opened: m.Opened) -> dict[str, Any]:
    return {"number": opened.number, "matter": str(opened.matter_id)}


def report(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    return _told(_open(entry, entry.fields, by, at, urgency=entry.fields["urgency"] or m.Urgency.NORMAL))


def resolve(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Opened and concluded at the same place and time."""
    opened = _open(entry, entry.fields, by, at)
    m.act(opened.matter_id, "on_spot", {"done": entry.fields["done"]}, by=by, at=at, files=entry.after)
    return _told(opened)


def listen(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """A note of what somebody said; an appeal at once where the worker says so."""
    said = entry.fields
    grid_id = _own_grid(said["grid"], by, at)
    person = find_or_create_person(name=said["name"], phone=said["phone"], by=by, at=at) if said["phone"] else None
    kept = {name: said[name] for name in ("text", "name", "phone", "address")} | {
        "lon": said["lon"],
        "lat": said["lat"],
    }
    note = Note.objects.create(
        id=entry.key, division_id=grid_id, account_id=_account(by), person_id=person.person_id if person else None,
        sealed=keyring().seal(json.dumps(kept, ensure_ascii=False), PLACE), by_label=by.label, noted_at=at,
    )  # fmt: skip
    record("fieldwork.noted", grid_id, stream_kind="division", at=at, by=by, data={"note": str(note.pk)})
    return {"note": str(note.pk)} | (_raised(entry, note, by, at) if said["is_appeal"] else {})


def raise_note(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    note = Note.objects.select_for_update().filter(pk=entry.fields["note"], account=by.account_id).first()
    if note is None:
        raise NotFound("no_note", _("没有找到这条记录。"))
    return _raised(entry, note, by, at)


def _raised(entry: Entry, note: Note, by: Actor, at: datetime) -> dict[str, Any]:
    """The appeal of a note; the one it has become already where it has."""
    if note.matter_id is not None:
        number = m.Matter.objects.values_list("number", flat=True).get(pk=note.matter_id)
        return {"number": number, "matter": str(note.matter_id)}
    opened = _open(entry, content(note) | {"grid": note.division_id}, by, at)
    note.matter_id = opened.matter_id
    note.save(update_fields=["matter"])
    return _told(opened)


def content(note: Note) -> dict[str, Any]:
    """What a note says."""
    found: dict[str, Any] = json.loads(keyring().open(bytes(note.sealed), PLACE)) if note.sealed else {"text": ""}
    return found
