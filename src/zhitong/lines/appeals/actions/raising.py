"""Raising an appeal with its photos; sending the same form again gives the same receipt."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from zhitong.base.identifiers import tracking_code_from
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory

from ..rules import alarm

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
    urgency = max(said.urgency, alarm(said.text).urgency, key=RANK.index)
    opening = m.Opening(
        kind=KIND, subkind=said.subkind, text=said.text, channel=said.channel, title=said.title, address=said.address,
        lon=said.lon, lat=said.lat, division_id=_division(said), category_id=said.category_id, urgency=urgency,
        is_public=said.is_public, reporter=m.Reporter(name=said.name, phone=said.phone, email=said.email), key=_kept(said.key),
        code=_code(said.key),
    )  # fmt: skip
    with transaction.atomic():
        opened = m.open_matter(opening, by=by, at=at)
        if uploads and not opened.was_known:
            matter = m.Matter.objects.get(pk=opened.matter_id)
            m.attach(matter, uploads, by=by, at=at, is_public=matter.is_public and said.has_public_photos)
    return Raised(opened.matter_id, opened.number, opening.code, urgency, opened.was_known)


def _division(said: Said) -> UUID | None:
    """Where the point lies; what was picked from the list when there is no point, or it lies outside."""
    found = territory.locate(said.lon, said.lat) if said.lon is not None and said.lat is not None else None
    return found or said.division_id


def _kept(key: str) -> str:
    return f"raise:{hashlib.sha256(key.encode()).hexdigest()[:48]}"


def _code(key: str) -> str:
    return tracking_code_from(
        hmac.new(settings.SECRET_KEY.encode(), f"appeals.raise {key}".encode(), "sha256").digest()
    )
