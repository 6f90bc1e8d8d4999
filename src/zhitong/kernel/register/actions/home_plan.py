"""Which rows of a portion of a table of homes need no second look, and what they would write: everything that is new and nobody's
double, and everything that is there as it says.  Reads only; what is in doubt is left for ``home_rows.take_row``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from zhitong.base import citizen
from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import keyring

from ..choices import ContactKind, Role
from ..models import Building, Household, Residence, TagKind, Unit, place_of
from ..permissions import MANAGE_HOMES, reach
from ..queries.home_scene import BuildingKey, Scene, namesakes, read_scene
from ..rules import Given, NewPerson, name_key
from ..rules.homes import NewBuilding, NewResident, NewUnit
from ..rules.likely import Sign, is_likely
from .home_rows import (
    CREATED,
    UNCHANGED,
    Said,
    Taking,
    building_facts,
    check_row,
    differs,
    division_of,
    household_place,
    is_as_said,
    namesake,
    new_resident,
    person_facts,
    residence_facts,
    tags_named,
    unit_facts,
)  # fmt: skip
from .households import MOST_RESIDENTS, check_day, check_place
from .people import prepare
from .places import checked_building, checked_unit
from .residents import check_born
from .store import Batch, load
from .tags import tag_facts

DoorKey = tuple[UUID, str, str, str]  # division, building, entrance, number


class _InDoubt(Exception):
    """A row says something else than what is there, or may mean somebody who is: it is looked at by itself."""


@dataclass(slots=True)
class Joining:
    """Somebody who is registered by a row, and joins a household."""

    given: Given
    resident: NewResident
    note: str
    tags: list[tuple[TagKind, dict[str, Any]]]


@dataclass(slots=True)
class Home:
    """A household as it is, or as it will be opened."""

    kind: str
    row: Household | None = None
    here: list[Residence] = field(default_factory=list)
    joining: list[Joining] = field(default_factory=list)


@dataclass(slots=True)
class Door:
    """A unit as it is, or as it will be registered, with the rows that name it; without a unit, where they name a building only."""

    key: DoorKey
    rows: dict[int, Said] = field(default_factory=dict)
    unit: Unit | None = None
    new: NewUnit | None = None
    homes: list[Home] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)

    @property
    def building(self) -> BuildingKey:
        """Which building it is in."""
        return self.key[:2]

    @property
    def joining(self) -> list[Joining]:
        """Everybody who joins a household of it."""
        return [one for home in self.homes for one in home.joining]


@dataclass(slots=True)
class Plan:
    """Doors whose rows need no second look, the buildings that stand, and those that are new."""

    doors: list[Door]
    standing: dict[BuildingKey, Building]
    new: dict[BuildingKey, NewBuilding]

    @property
    def outcomes(self) -> dict[int, str]:
        """What becomes of each row; the first of a new building is new in any case."""
        found = {number: outcome for door in self.doors for number, outcome in door.outcomes.items()}
        for key in self.new:
            found[min(number for door in self.doors if door.building == key for number in door.rows)] = CREATED
        return found


@dataclass(slots=True)
class _Portion:
    taking: Taking
    doors: dict[DoorKey, Door]
    givens: dict[int, Given]
    scene: Scene = field(default_factory=Scene)
    people: Batch | None = None


def make_plan(taking: Taking, rows: Mapping[int, Said]) -> Plan:
    """What can be taken together of ``rows``, by their numbers in the file.  A number of queries that does not grow with them."""
    portion = _doors(taking, rows)
    tags = {name for door in portion.doors.values() for said in door.rows.values() for name in tags_named(said)}
    portion.scene = scene = read_scene(portion.doors.keys(), tags)
    portion.people = load(list(portion.givens.values()), keyring(), taking.at)
    doubtful = {key for key, door in portion.doors.items() if not _is_sure(portion, door)}
    doubtful |= _doubles(portion, doubtful)
    new: dict[BuildingKey, NewBuilding] = {}
    known = -1
    while known != len(doubtful):
        known = len(doubtful)
        doubtful |= _touched(portion, doubtful)
        new, more = _buildings(portion, doubtful)
        doubtful |= more
    return Plan([door for key, door in portion.doors.items() if key not in doubtful], scene.buildings, new)


def _doors(taking: Taking, rows: Mapping[int, Said]) -> _Portion:
    """The rows by door, without those that will be refused."""
    reached = reach(taking.by, MANAGE_HOMES)
    portion = _Portion(taking, {}, {})
    for number, said in rows.items():
        try:
            check_row(said)
            division = division_of(taking, said["division"])
            if said.get("name"):
                who = NewPerson(said["name"], said.get("phone", ""), "", said.get("citizen_id", ""))
                portion.givens[number] = prepare(who)
        except Refused:
            continue
        if reached is None or division in reached:
            entrance, door = (clean(said.get(part, "")) for part in ("entrance", "number"))
            key = (division, clean(said["building"]), entrance if door else "", door)
            portion.doors.setdefault(key, Door(key)).rows[number] = said
    return portion


def _is_sure(portion: _Portion, door: Door) -> bool:
    """Whether none of a door's rows is in doubt; what they write is noted in it."""
    building = portion.scene.buildings.get(door.building)
    if building is not None:
        door.unit = portion.scene.units.get((building.pk, *door.key[2:]))
    if door.unit is not None:
        scene = portion.scene
        door.homes = [
            Home(one.kind, one, scene.residents.get(one.pk, [])) for one in scene.households.get(door.unit.pk, [])
        ]
    try:
        for number, said in door.rows.items():
            door.outcomes[number] = _plan_row(portion, door, number, said)
    except (_InDoubt, Refused):
        return False
    return True


def _plan_row(portion: _Portion, door: Door, number: int, said: Said) -> str:
    if not door.key[3]:
        return UNCHANGED
    facts, outcome = unit_facts(said), UNCHANGED
    if door.unit is None and door.new is None:
        door.new, outcome = NewUnit(door.key[3], door.key[2], **facts), CREATED
        checked_unit({"entrance": door.key[2], "number": door.key[3], **facts})
    if differs(door.unit or door.new, facts):
        raise _InDoubt
    if number not in portion.givens or not said.get("name"):
        return outcome
    home = _home(door, said)
    return CREATED if _plan_person(portion, home, number, said) else outcome


def _home(door: Door, said: Said) -> Home:
    place, kind = household_place(said, len(door.homes)), said.get("household_kind")
    if place > len(door.homes):
        door.homes.append(Home(kind or "family"))
    home = door.homes[place - 1]
    if kind and kind != home.kind:
        raise _InDoubt
    return home


def _plan_person(portion: _Portion, home: Home, number: int, said: Said) -> bool:
    """Whether somebody joins; else they are there, as the row says."""
    given, people = portion.givens[number], portion.people
    known = people.by_citizen.get(given.citizen_id) if people and given.citizen_id else None
    there = next((row for row in home.here if known and row.person_id == known.id), None)
    if known is None:
        there = namesake(home.here, said)
    if there is not None:
        _check_same(portion, there, given, said)
        return False
    if known is not None or said.get("is_another") or _is_reached(people, given):
        raise _InDoubt
    one = new_resident(portion.taking, said, None, is_first=not home.here and not home.joining)
    roles = [row.role for row in home.here] + [it.resident.role for it in home.joining]
    if (one.role == Role.HEAD and Role.HEAD in roles) or len(home.here) + len(home.joining) >= MOST_RESIDENTS:
        raise _InDoubt
    check_day(one.since, portion.taking.at)
    check_place(one.role, one.kind)
    check_born(one.born_on, portion.taking.at)
    home.joining.append(Joining(given, one, clean(said.get("note", "")), _new_tags(portion, said)))
    return True


def _check_same(portion: _Portion, there: Residence, given: Given, said: Said) -> None:
    """Raise where the row says something else of somebody than what is registered."""
    person, scene = there.person, portion.scene
    facts = person_facts(person, said)
    phone = facts.pop("phone", None)
    first = next((one for one in scene.contacts.get(person.pk, []) if one.kind == ContactKind.PHONE), None)
    is_reached = not phone or (
        first is not None and bytes(first.blind) in keyring().blinds(given.phone, place_of(ContactKind.PHONE))
    )
    on = {tag.kind.name: tag for tag in scene.tags.get(person.pk, [])}
    is_tagged = all(name in on and is_as_said(on[name], said) for name in tags_named(said))
    is_same = name_key(person.name) == name_key(given.name) and not differs(there, residence_facts(said))
    if "citizen_id" in facts or differs(person, facts) or not (is_same and is_reached and is_tagged):
        raise _InDoubt


def _is_reached(people: Batch | None, given: Given) -> bool:
    """Whether somebody of that name, or of none, is reached under the phone."""
    found = people.by_contact.get(("phone", given.phone), []) if people and given.phone else []
    return any(name_key(one.name) in ("", name_key(given.name)) for one in found)


def _new_tags(portion: _Portion, said: Said) -> list[tuple[TagKind, dict[str, Any]]]:
    found = []
    for name in tags_named(said):
        kind = portion.scene.kinds.get(name)
        if kind is None:
            raise _InDoubt
        purpose = clean(said.get("purpose", "")) or kind.purpose
        facts = tag_facts(kind, purpose, said.get("until"), by=portion.taking.by, at=portion.taking.at)
        found.append((kind, facts))
    return found


def _touched(portion: _Portion, doubtful: set[DoorKey]) -> set[DoorKey]:
    """The doors behind which it matters what becomes of the doubtful ones first: where the same name or number stands."""
    marks = {mark for key in doubtful for mark in _marks(portion, portion.doors[key])}
    return {
        key
        for key, door in portion.doors.items()
        if key not in doubtful and not marks.isdisjoint(_marks(portion, door))
    }


def _marks(portion: _Portion, door: Door) -> set[Any]:
    found: set[Any] = {row.person_id for home in door.homes for row in home.here}
    for number in door.rows:
        if given := portion.givens.get(number):
            found |= {name_key(given.name), given.phone, given.citizen_id} - {""}
            if portion.people and (known := portion.people.by_citizen.get(given.citizen_id)):
                found.add(known.id)
    return found


def _buildings(portion: _Portion, doubtful: set[DoorKey]) -> tuple[dict[BuildingKey, NewBuilding], set[DoorKey]]:
    """The new buildings, as their first row says; and all doors of those of which two rows differ, or whose first row is in doubt."""
    new: dict[BuildingKey, NewBuilding] = {}
    more: set[DoorKey] = set()
    for key, doors in _by_building(portion).items():
        rows = dict(sorted((number, said) for door in doors for number, said in door.rows.items()))
        first = min(doors, key=lambda one: min(one.rows))
        there: Building | NewBuilding | None = portion.scene.buildings.get(key)
        if there is None and first.key not in doubtful and (made := _new_building(key, next(iter(rows.values())))):
            there = new[key] = made
        if there is None or any(differs(there, building_facts(said)) for said in rows.values()):
            new.pop(key, None)
            more |= {door.key for door in doors}
    return new, more


def _by_building(portion: _Portion) -> dict[BuildingKey, list[Door]]:
    found: dict[BuildingKey, list[Door]] = {}
    for door in portion.doors.values():
        found.setdefault(door.building, []).append(door)
    return found


def _new_building(key: BuildingKey, said: Said) -> NewBuilding | None:
    facts = building_facts(said)
    try:
        checked_building({"division_id": key[0], "name": key[1], "address": "", **facts})
    except Refused:
        return None
    return NewBuilding(*key, facts.pop("address"), **facts)


def _doubles(portion: _Portion, doubtful: set[DoorKey]) -> set[DoorKey]:
    """The doors behind which somebody new may be somebody who is registered, or who is new behind another of them."""
    new: dict[str, list[tuple[DoorKey, Sign]]] = {}
    for key, door in portion.doors.items():
        for one in () if key in doubtful else door.joining:
            number = one.given.citizen_id
            born = citizen.born_on(number) if number else one.resident.born_on
            new.setdefault(one.given.name, []).append((key, Sign(born, bool(number), _address(portion, door))))
    known = namesakes({name: all(sign.has_number for _key, sign in rows) for name, rows in new.items()})
    found = set()
    for name, rows in new.items():
        for place, (key, sign) in enumerate(rows):
            if any(is_likely(sign, there) for there in known.get(name, ())):
                found.add(key)
            for other, its in rows[:place]:
                if is_likely(sign, its):
                    found |= {key, other}
    return found | _one_number(portion, doubtful)


def _one_number(portion: _Portion, doubtful: set[DoorKey]) -> set[DoorKey]:
    """The doors behind which two who are new have the same citizen id, or the same name and phone."""
    seen: dict[Any, set[DoorKey]] = {}
    once: set[Any] = set()
    found: set[DoorKey] = set()
    for key, door in portion.doors.items():
        for one in () if key in doubtful else door.joining:
            given = one.given
            for number in {given.citizen_id, (name_key(given.name), given.phone) if given.phone else ""} - {""}:
                seen.setdefault(number, set()).add(key)
                if number in once:
                    found |= seen[number]
                once.add(number)
    return found


def _address(portion: _Portion, door: Door) -> str:
    building = portion.scene.buildings.get(door.building)
    said = (row.get("address", "") for row in door.rows.values())
    return building.address if building else next(filter(None, said), "")
