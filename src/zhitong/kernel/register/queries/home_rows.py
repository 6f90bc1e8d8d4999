"""Homes as rows of the table in which they are taken over (``rules.home_sheet``)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import node, tree

from ..models import Building, Contact, Residence, Tag
from ..permissions import VIEW_HOMES
from ..rules.home_sheet import BUILDINGS, GENDERS, HOMES, HOUSEHOLDS, KINDS, ROLES, USES
from .homes import Homes, HouseholdIn, UnitIn, read_homes, visible_buildings

PORTION = 100  # buildings read at a time
KEYS = [column.key for column in HOMES.columns]
_WORDS = {
    "building_kind": BUILDINGS, "use": USES, "household_kind": HOUSEHOLDS, "role": ROLES, "kind": KINDS, "gender": GENDERS,
}  # fmt: skip
Said = dict[str, Any]


def heading(english: bool = False) -> list[str]:
    """The names of the columns."""
    return [column.label_en if english else column.label for column in HOMES.columns]


def home_rows(by: Actor, division_id: UUID | None, *, in_full: bool = False) -> Iterator[tuple[UUID | None, list[str]]]:
    """What stands in a division and all below it, as far as ``by`` reaches: each row with the person in it, names and numbers masked.

    ``in_full`` they are in clear: for code that asked who may, and keeps who saw them.
    """
    rows = visible_buildings(by, VIEW_HOMES).filter(ended_on=None)
    if division_id is not None:
        rows = rows.filter(division__in=[one.id for one in tree().nodes.values() if division_id in one.path])
    buildings = rows.order_by("division", "sort", "id").iterator(chunk_size=PORTION)
    while some := list(islice(buildings, PORTION)):
        yield from _rows(some, in_full)


def _rows(buildings: Sequence[Building], in_full: bool) -> Iterator[tuple[UUID | None, list[str]]]:
    homes = read_homes(buildings)
    for one in homes.buildings:
        place = _of_building(one.building)
        if not one.units:
            yield None, _line(place)
        for unit in one.units:
            there = place | _of_unit(unit)
            if not any(household.residents for household in unit.households):
                yield None, _line(there)
            for number, household in enumerate(unit.households, start=1):
                home = there | _of_household(household, number if len(unit.households) > 1 else None)
                for resident in household.residents:
                    yield resident.person_id, _line(home | _of_person(resident, homes, in_full))


def _line(said: Said) -> list[str]:
    return [_text(key, said.get(key)) for key in KEYS]


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in _WORDS:
        return next((word for word, slug in _WORDS[key].items() if slug == value), str(value))
    return str(value)


def _of_building(one: Building) -> Said:
    at = node(one.division_id)
    facts = {"division": at.code if at else "", "building": one.name, "address": one.address, "building_kind": one.kind}
    point = {"lon": one.lon, "lat": one.lat, "datum": "WGS-84"} if one.lon is not None else {}
    return {**facts, "floors": one.floors, **point}


def _of_unit(one: UnitIn) -> Said:
    return {part: getattr(one.unit, part) for part in ("entrance", "floor", "number", "use")}


def _of_household(one: HouseholdIn, number: int | None) -> Said:
    return {"household": number, "household_kind": one.household.kind}


def _of_person(one: Residence, homes: Homes, in_full: bool) -> Said:
    person, tags = one.person, homes.tags.get(one.person_id, [])
    phone = next((row for row in homes.contacts.get(one.person_id, []) if row.kind == "phone"), None)
    born = person.born_on
    who = {
        "name": person.name if in_full else mask_name(person.name),
        "citizen_id": person.citizen_id if in_full else person.citizen_id_masked,
        "phone": _number(phone, in_full), "gender": person.gender, "born_on": (born if in_full else born.year) if born else None,
        "note": person.note if in_full else "",
    }  # fmt: skip
    return {**who, "role": one.role, "kind": one.kind, "since": one.since, **_tagged(tags)}


def _number(contact: Contact | None, in_full: bool) -> str:
    return "" if contact is None else contact.value if in_full else contact.masked


def _tagged(tags: Iterable[Tag]) -> Said:
    """All tags by name; why and until when, where there is one."""
    found = list(tags)
    one = {"purpose": found[0].purpose, "until": found[0].until} if len(found) == 1 else {}
    return {"tags": "、".join(tag.kind.name for tag in found), **one}
