"""Raising an appeal with its photos; sending the same form again gives the same receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import alarm
from zhitong.kernel.events.public import one_view
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory

KIND = "appeal"
RANK = tuple(m.Urgency.values)


@dataclass(slots=True, kw_only=True)
class Said:
    """What somebody filled in.  ``key`` is the form's own; ``urgency`` may be raised by the words, never lowered."""

    subkind: str
    text: str
    key: str
    channel: str = m.Channel.PORTAL
    title: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    division_id: UUID | None = None
    category_id: UUID | None = None
    urgency: str = m.Urgency.NORMAL
    is_public: bool = False
    has_public_photos: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """The receipt: the number, and the tracking code that is shown to whoever raised it."""

    matter_id: UUID
    number: str
    tracking_code: str
    urgency: str
    was_known: bool


def raise_appeal(said: Said, uploads: Sequence[m.Upload] = (), *, by: Actor, at: datetime) -> Raised:
    """Open it and keep its photos, all or nothing.  Refused says what to mend; ``key_reused`` that the form was sent before
    with something else in it.  The tracking code follows from the key: only a digest of either is kept."""
    with transaction.atomic():
        (raised,) = raise_appeals([said], by=by, at=at)
        if uploads and not raised.was_known:
            matter = m.Matter.objects.get(pk=raised.matter_id)
            m.attach(matter, uploads, by=by, at=at, is_public=matter.is_public and said.has_public_photos)
    return raised


def raise_appeals(saids: Sequence[Said], *, by: Actor, at: datetime) -> list[Raised]:
    """Open them all by the same statements, all or nothing, without photos; see ``raise_appeal``."""
    with one_view():
        openings = [_opening(said, lies_in) for said, lies_in in zip(saids, _located(saids), strict=True)]
        opened = m.open_many(openings, by=by, at=at)
    return [
        Raised(one.matter_id, one.number, opening.code, opening.urgency, one.was_known)
        for opening, one in zip(openings, opened, strict=True)
    ]


def _opening(said: Said, lies_in: UUID | None) -> m.Opening:
    """``lies_in`` is where the point lies; what was picked from the list counts when there is none, or it lies outside."""
    return m.Opening(
        kind=KIND, subkind=said.subkind, text=said.text, channel=said.channel, title=said.title, address=said.address,
        lon=said.lon, lat=said.lat, division_id=lies_in or said.division_id, category_id=said.category_id,
        urgency=max(said.urgency, alarm(said.text, said.title).urgency, key=RANK.index), is_public=said.is_public,
        reporter=m.Reporter(name=said.name, phone=said.phone, email=said.email),
        key=m.form_key("raise", said.key), code=m.form_code("appeals.raise", said.key),
    )  # fmt: skip


def _located(saids: Sequence[Said]) -> list[UUID | None]:
    """The division of each point; None without one."""
    pointed = [place for place, said in enumerate(saids) if said.lon is not None and said.lat is not None]
    found: list[UUID | None] = [None] * len(saids)
    if pointed:
        lons, lats = [saids[n].lon or 0.0 for n in pointed], [saids[n].lat or 0.0 for n in pointed]
        for place, division_id in zip(pointed, territory.locate_many(lons, lats), strict=True):
            found[place] = division_id
    return found
