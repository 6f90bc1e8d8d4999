"""Verified or corrected at the door: households, and who moves in.  Two who edit one household are told by the register (``Stale``)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.register.public import NewPerson, NewResident, change_household, move_in

Fields = Mapping[str, Any]


def household(said: Fields, by: Actor, at: datetime) -> dict[str, Any]:
    """Its kind and note as found at the door; that it was verified is on record also where nothing changed."""
    pk = said["household"]
    changed = change_household(pk, by=by, at=at, version=said["version"], kind=said["kind"], note=said["note"])
    record("fieldwork.verified", pk, stream_kind="household", at=at, by=by, data={"parts": changed})
    return {"verified": str(pk)}


def resident(said: Fields, by: Actor, at: datetime) -> dict[str, Any]:
    """Somebody who is found living there and is not registered."""
    one = NewResident(timezone.localdate(at), NewPerson(said["name"], said["phone"]), role=said["role"], kind="living")
    move_in(said["household"], one, by=by, at=at, version=said["version"])
    return {"verified": str(said["household"])}
