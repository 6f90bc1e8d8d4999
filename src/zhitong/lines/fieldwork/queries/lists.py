"""The lists that lines put on a phone: how they stand, and their rows in parts that a phone in the street can fetch."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import PhoneList, Todo, Walker, phone_lists

from .teams import grids_of

HELD = 3_000  # rows of a list on one phone
PART = 500
SHARED = ("choices", "needs", "is_once", "setup")  # many rows have the same


def walker(by: Actor, at: datetime) -> Walker:
    """Whoever asks, with the grids of today."""
    return Walker(by, at, grids_of(by.staff_id, timezone.localdate(at)) if by.staff_id else [])


def stamps(who: Walker) -> dict[str, dict[str, Any]]:
    """Of each list that holds something: how many rows there are for this worker, how many the phone takes, and a stamp that is new when one of
    them is."""
    found = {}
    for one in phone_lists():
        count, stamp = one.stamp(who) if one.stamp else _whole(one, who)
        if count:
            found[one.kind] = {"total": count, "held": min(count, HELD), "stamp": digest([stamp, *map(str, who.grids)])}
    return found


def _whole(one: PhoneList, who: Walker) -> tuple[int, str]:
    rows = one.rows(who, 0, HELD)
    return len(rows), digest([asdict(row) for row in rows])


def digest(told: Any) -> str:
    """The same for the same."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a list; ``shared`` holds what many of them say alike, and each says which."""

    rows: list[dict[str, Any]]
    shared: list[dict[str, Any]]
    next: int | None


def part(one: PhoneList, who: Walker, first: int) -> Part:
    """The rows from a place on."""
    some = one.rows(who, first, min(PART, HELD - first)) if first < HELD else []
    shared: dict[str, dict[str, Any]] = {}
    places: dict[str, int] = {}
    rows = [_row(row, shared, places) for row in some]
    is_all = len(some) < PART or first + PART >= HELD
    return Part(rows, list(shared.values()), None if is_all else first + PART)


def _row(row: Todo, shared: dict[str, dict[str, Any]], places: dict[str, int]) -> dict[str, Any]:
    told = {name: value for name, value in asdict(row).items() if value not in (None, {}, "")}
    alike = {name: told.pop(name) for name in SHARED if name in told}
    key = digest(alike)
    shared.setdefault(key, alike)
    return told | {"as": places.setdefault(key, len(places))}
