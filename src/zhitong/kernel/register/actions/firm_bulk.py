"""A portion of a table of firms taken together: those that are new and meet nobody, and those that are there as the row says.  What is
in doubt is left for the row by itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhitong.base import citizen
from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..choices import FirmState
from ..models import Firm, Unit
from ..queries.firms import firms_in_full, given_of, reached_of
from ..queries.homes import DoorName, units_called
from ..queries.people import contacts_of
from ..rules import NewFirm
from .firm_place import put_firms
from .firms import checked, compared, register_firms

Asked = tuple[dict[str, Any], DoorName | None]
"""The parts of a firm by the names of ``NewFirm``, and the unit that the row names."""


def take_firms(rows: Mapping[int, Asked], *, by: Actor, at: datetime) -> dict[int, str]:
    """What became of those rows that need no second look, by their numbers.  A number of statements that does not grow with them."""
    codes = {number: citizen.credit_code(given["code"]) for number, (given, _door) in rows.items()}
    names = {number: clean(given["name"]) for number, (given, _door) in rows.items()}
    once, named = Counter(codes.values()), Counter(names.values())
    alone = [number for number, code in codes.items() if code and once[code] == 1 and named[names[number]] == 1]
    there = {firm.code: firm for firm in firms_in_full().filter(code__in=[codes[number] for number in alone])}
    units = units_called({door for number in alone if (door := rows[number][1])})
    placed = [number for number in alone if rows[number][1] is None or rows[number][1] in units]
    known = {number: firm for number in placed if (firm := there.get(codes[number] or ""))}
    taken = set(
        Firm.objects.filter(name__in=names.values()).exclude(state=FirmState.CANCELLED).values_list("name", flat=True)
    )
    new = {number: rows[number] for number in placed if number not in known and names[number] not in taken}
    same = _as_they_are({number: (firm, *rows[number]) for number, firm in known.items()}, units, at)
    return dict.fromkeys(same, "unchanged") | dict.fromkeys(_registered(new, units, by, at), "created")


def _as_they_are(
    rows: Mapping[int, tuple[Firm, dict[str, Any], DoorName | None]], units: Mapping[DoorName, Unit], at: datetime
) -> list[int]:
    """The rows that say of a firm what is registered."""
    contacts = contacts_of({pk for firm, _given, _door in rows.values() for pk in reached_of(firm)})
    found = []
    for number, (firm, given, door) in rows.items():
        changes = {part: value for part, value in given.items() if part != "code"}
        try:
            _after, changed = compared(given_of(firm, contacts), changes, at)
        except Refused:
            continue
        if not changed and (door is None or firm.unit_id == units[door].pk):
            found.append(number)
    return found


def _registered(rows: Mapping[int, Asked], units: Mapping[DoorName, Unit], by: Actor, at: datetime) -> list[int]:
    """The rows whose firms are registered; none of them where they cannot be together."""
    sound: dict[int, NewFirm] = {}
    for number, (given, _door) in rows.items():
        try:
            sound[number] = checked(NewFirm(**given), at)
        except Refused:
            continue
    if not sound:
        return []
    try:
        with transaction.atomic():
            firms = register_firms(list(sound.values()), by=by, at=at)
            doors: list[tuple[Firm, UUID | None]] = [
                (firm, units[door].pk) for number, firm in zip(sound, firms, strict=True) if (door := rows[number][1])
            ]
            put_firms(doors, by=by, at=at)
    except Refused:  # somebody else has just taken a name or a code: row by row shows which
        return []
    return list(sound)
