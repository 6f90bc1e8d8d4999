"""Verified or corrected at the door: buildings, units, households, and who moves in.  Two who edit one thing are told by the register
(``Overtaken``)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.register.public import (
    NewPerson,
    NewResident,
    NewUnit,
    add_units,
    change_building,
    change_household,
    change_unit,
    move_in,
    open_household,
)
from zhitong.ui.public import Entry

Fields = Mapping[str, Any]
BUILDING = ("name", "floors", "lon", "lat")
UNIT = ("entrance", "floor", "number", "use")


def _verified(pk: UUID, kind: str, parts: list[str], by: Actor, at: datetime) -> dict[str, Any]:
    """That it was looked at is on record also where nothing changed."""
    record("fieldwork.verified", pk, stream_kind=kind, at=at, by=by, data={"parts": parts})
    return {"verified": str(pk)}


def _gone(said: Fields, at: datetime) -> date | None:
    """The first day on which it is no more; what is there has none, so that two who disagree are told."""
    return timezone.localdate(at) if said["is_gone"] else None


def household(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Its kind and note as found at the door."""
    said = entry.fields
    pk = said["household"]
    changed = change_household(pk, by=by, at=at, version=said["version"], kind=said["kind"], note=said["note"])
    return _verified(pk, "household", changed, by, at)


def resident(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Somebody who is found living there and is not registered; in a unit without a household a new one."""
    said = entry.fields
    role = said["role"] if said["household"] else "head"
    one = NewResident(timezone.localdate(at), NewPerson(said["name"], said["phone"]), role=role, kind="living")
    if said["household"]:
        move_in(said["household"], one, by=by, at=at, version=said["version"])
        return {"verified": str(said["household"])}
    return {"verified": str(open_household(said["unit"], [one], by=by, at=at).pk)}


def building(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Its name, floors and entrance as they are, or that it is gone."""
    said = entry.fields
    pk = said["building"]
    given = {name: said[name] for name in BUILDING} | {"ended_on": _gone(said, at)}
    return _verified(pk, "building", change_building(pk, by=by, at=at, version=said["version"], **given), by, at)


def unit(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """A door as it is, or that it is gone."""
    said = entry.fields
    pk = said["unit"]
    given = {name: said[name] for name in UNIT} | {"ended_on": _gone(said, at)}
    return _verified(pk, "unit", change_unit(pk, by=by, at=at, version=said["version"], **given), by, at)


def new_unit(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """A door that was missing."""
    said = entry.fields
    new = NewUnit(said["number"], said["entrance"], said["floor"], said["use"])
    (made,) = add_units(said["building"], [new], by=by, at=at)
    return {"unit": str(made.pk)}
