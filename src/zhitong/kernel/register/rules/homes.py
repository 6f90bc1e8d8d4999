"""Pure rules of buildings, units, households and who lives there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from zhitong.base.text import clean

from .people import NewPerson

LONGEST_TAG_DAYS = 3 * 366
NOBODY = NewPerson()
_DIGITS = re.compile(r"\d+")
_HAN_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True, slots=True)
class NewBuilding:
    """A building as it is given.  ``lon`` and ``lat`` are WGS-84 in degrees, ``footprint`` GeoJSON in the same."""

    division_id: UUID
    name: str
    address: str
    kind: str = "residential"
    floors: int | None = None
    lon: float | None = None
    lat: float | None = None
    footprint: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit as it is given."""

    number: str
    entrance: str = ""
    floor: int | None = None
    use: str = "living"


@dataclass(frozen=True, slots=True)
class NewResident:
    """Somebody who joins a household: who, as what, registered or living there, since when.

    ``person_id`` is somebody who is registered already; else ``person``, ``gender`` and ``born_on`` say who it is (what the
    citizen id says goes before what was typed).  ``is_another``: not the one of the same name and number who is registered.
    """

    since: date
    person: NewPerson = NOBODY
    person_id: UUID | None = None
    role: str = "other"
    kind: str = "both"
    gender: str = ""
    born_on: date | None = None
    is_another: bool = False


def sort_key(*parts: str) -> str:
    """What puts names in order as people count: 2号楼 before 12号楼, 二单元 before 三单元."""
    text = " ".join(clean(part) for part in parts).casefold().translate(_HAN_DIGITS)
    return _DIGITS.sub(lambda found: found[0].zfill(6), text)[:200]


def unit_sort(entrance: str, floor: int | None, number: str) -> str:
    """By entrance, then by floor from the lowest, then by door."""
    level = "" if floor is None else f"{floor + 100:04d}"
    return f"{sort_key(entrance)[:80]} {level} {sort_key(number)[:80]}"


def left_of(kind: str, new: str) -> str:
    """What is left of a residence when the person takes up a new one elsewhere: nobody is registered, or lives, in two places.

    The whole where they do not touch, the other half of ``both``, else "" for nothing.
    """
    if {kind, new} == {"registered", "living"}:
        return kind
    if kind == "both" and new != "both":
        return "registered" if new == "living" else "living"
    return ""


def tag_end(since: date, days: int, until: date | None) -> date:
    """The day a tag ends: as given, else after as many days as its kind holds."""
    return until or since + timedelta(days=days)


def differing(now: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """The names of ``given`` whose value is another one than now."""
    return [name for name, value in given.items() if now[name] != value]
