"""One row of a table of homes into the register: its building, its unit, its household and who lives there, as deep as it is filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import by_code

from ..choices import Role, TagSubject
from ..models import Building, Household, Person, Residence, Tag, TagKind, Unit
from ..queries.homes import residents_of
from ..queries.likely import likely_same
from ..queries.people import find_by_citizen_id
from ..rules.homes import NewBuilding, NewResident, NewUnit
from ..rules.people import NewPerson, name_key
from .households import change_household, change_residence, move_in, open_household
from .places import add_buildings, add_units, change_building, change_unit
from .residents import change_person
from .tags import put_tag

Said = dict[str, Any]  # the cells of a row by the keys of the columns
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
_SEPARATORS = str.maketrans("；;，,", "、、、、")


@dataclass(slots=True)
class Taking:
    """Who takes a table over, when; and the divisions it has named so far."""

    by: Actor
    at: datetime
    divisions: dict[str, UUID] = field(default_factory=dict)

    @property
    def acts(self) -> dict[str, Any]:
        """What every action is given."""
        return {"by": self.by, "at": self.at}

    @property
    def today(self) -> date:
        """The day on which it is taken over."""
        return timezone.localdate(self.at)


def take_row(taking: Taking, said: Said) -> str:
    """``created``, ``changed`` or ``unchanged``; the same row again changes nothing, and an empty cell leaves what is there.

    Raises ``Refused`` naming the column (``rules.home_sheet``): nothing of the row is kept then, in the caller's savepoint.
    """
    check_row(said)
    building, done = take_building(taking, said)
    if not said.get("number"):
        return done
    unit, of_unit = _unit(taking, building, said)
    if not said.get("name"):
        return _most(done, of_unit)
    household, of_household = _household(taking, unit, said)
    person_id, of_person = _person(taking, household, said)
    return _most(done, of_unit, of_household, of_person, _tags(taking, person_id, said))


def check_row(said: Said) -> None:
    """Raise ``Refused`` where the row is masked, or names somebody without a door, or a number without a name."""
    if any("*" in said.get(part, "") for part in ("name", "citizen_id", "phone")):
        raise Refused("masked_row", _("姓名或号码含“*”，是脱敏后导出的，不能导入。"), "name")
    if said.get("name") and not said.get("number"):
        raise Refused("no_door", _("登记人员须填写房号。"), "number")
    if not said.get("name") and (said.get("citizen_id") or said.get("phone")):
        raise Refused("person_name", _("请填写姓名。"), "name")


def _most(*outcomes: str) -> str:
    """A row counts as what is deepest in it: new where somebody or something is new."""
    return next((one for one in (CREATED, CHANGED) if one in outcomes), UNCHANGED)


def take_building(taking: Taking, said: Said) -> tuple[Building, str]:
    """The building of a row, registered or changed where it says something else."""
    division, name = division_of(taking, said["division"]), clean(said["building"])
    given = building_facts(said)
    row = Building.objects.filter(division=division, name=name, ended_on=None).first()
    if row is None:
        (row,) = add_buildings([NewBuilding(division, name, given.pop("address", ""), **given)], **taking.acts)
        return row, CREATED
    if not any(getattr(row, part) != value for part, value in given.items()):
        return row, UNCHANGED
    return row, CHANGED if change_building(row.pk, **given, **taking.acts) else UNCHANGED


def building_facts(said: Said) -> dict[str, Any]:
    """What a row says of its building besides the name."""
    facts = {"address": said.get("address"), "kind": said.get("building_kind"), "floors": said.get("floors")}
    return {part: value for part, value in facts.items() if value not in (None, "")} | _point(said)


def division_of(taking: Taking, code: str) -> UUID:
    """The division that has the code; ``Refused`` where none has."""
    if code not in taking.divisions:
        node = by_code(code)
        if node is None:
            raise Refused("no_division", _("没有编码为“%(code)s”的区划。") % {"code": code}, "division")
        taking.divisions[code] = node.id
    return taking.divisions[code]


def _point(said: Said) -> dict[str, Any]:
    lon, lat, datum = said.get("lon"), said.get("lat"), said.get("datum") or "wgs84"
    if lon is None and lat is None:
        return {}
    if lon is not None and lat is not None and datum != "wgs84":
        from zhitong.base.geometry import convert  # its libraries take their time: not at start-up

        lon, lat = (round(float(part), 7) for part in convert(lon, lat, datum, "wgs84"))
    return {"lon": lon, "lat": lat}


def _unit(taking: Taking, building: Building, said: Said) -> tuple[Unit, str]:
    entrance, number = clean(said.get("entrance", "")), clean(said["number"])
    given = unit_facts(said)
    row = Unit.objects.filter(building=building, entrance=entrance, number=number, ended_on=None).first()
    if row is None:
        (row,) = add_units(building.pk, [NewUnit(number, entrance, **given)], **taking.acts)
        return row, CREATED
    if not any(getattr(row, part) != value for part, value in given.items()):
        return row, UNCHANGED
    return row, CHANGED if change_unit(row.pk, **given, **taking.acts) else UNCHANGED


def unit_facts(said: Said) -> dict[str, Any]:
    """What a row says of its unit besides entrance and door."""
    return {part: said[part] for part in ("floor", "use") if said.get(part) not in (None, "")}


def _household(taking: Taking, unit: Unit, said: Said) -> tuple[Household, str]:
    """The one there is, the n-th in the order in which they were registered, or the next."""
    there = list(Household.objects.filter(unit=unit, ended_on=None).order_by("created_at", "id"))
    place = household_place(said, len(there))
    kind = said.get("household_kind")
    if place > len(there):
        return open_household(unit.pk, [], kind=kind or "family", **taking.acts), CREATED
    row = there[place - 1]
    if kind and kind != row.kind:
        change_household(row.pk, kind=kind, **taking.acts)
        return row, CHANGED
    return row, UNCHANGED


def household_place(said: Said, there: int) -> int:
    """Which household of its unit a row means, from 1; one more than there are for a new one."""
    place: int = said.get("household") or (1 if there < 2 else 0)
    if not 0 < place <= there + 1:
        words = _("该房屋登记有多户，请填写户号，从1起。") if not place else _("户号应从1起，依次填写。")
        raise Refused("household_place", words, "household")
    return place


def _person(taking: Taking, household: Household, said: Said) -> tuple[UUID, str]:
    """Whoever the row means is in the household afterwards, as it says."""
    here = residents_of([household.pk]).get(household.pk, [])
    known = _known(taking, household, here, said)
    at_home = next((row for row in here if known and row.person_id == known.pk), None)
    if at_home is not None and known is not None:
        given = residence_facts(said)
        changed = differs(at_home, given) and change_residence(household.pk, known.pk, **given, **taking.acts)
        return known.pk, CHANGED if _correct(taking, known, said) or changed else UNCHANGED
    one = new_resident(taking, said, known.pk if known else None, is_first=not here)
    try:
        residence = move_in(household.pk, one, moves=bool(said.get("moves")), **taking.acts)
    except NotFound as error:
        raise Refused(error.code, error.message, "name") from error
    if known is not None:
        _correct(taking, known, said)
    elif said.get("note"):
        change_person(residence.person_id, note=said["note"], **taking.acts)
    return residence.person_id, CREATED


def new_resident(taking: Taking, said: Said, person_id: UUID | None, *, is_first: bool) -> NewResident:
    """Who joins a household by a row: the first as its head, where it does not say."""
    fresh = NewPerson(said["name"], said.get("phone", ""), "", said.get("citizen_id", ""))
    return NewResident(
        said.get("since") or taking.today, fresh, person_id,
        role=said.get("role") or (Role.HEAD if is_first else Role.OTHER), kind=said.get("kind") or "both",
        gender=said.get("gender", ""), born_on=said.get("born_on"), is_another=bool(said.get("is_another")),
    )  # fmt: skip


def residence_facts(said: Said) -> dict[str, Any]:
    """What a row says of how somebody belongs to the household."""
    return {part: said[part] for part in ("role", "kind", "since") if said.get(part)}


def _known(taking: Taking, household: Household, here: list[Residence], said: Said) -> Person | None:
    """Who is registered and meant.  Somebody who may be meant, without it being sure, is told, and the row left out."""
    number = said.get("citizen_id", "")
    if number and (same := find_by_citizen_id(number)):
        if name_key(same.name) != name_key(said["name"]):
            raise Conflict("other_name", _("该身份证号已登记在另一姓名下，请核对。"), "citizen_id")
        return same
    if row := namesake(here, said):
        return row.person
    if said.get("is_another"):
        return None
    building = household.unit.building
    likely = likely_same(
        taking.by, name=said["name"], citizen_id=number, phone=said.get("phone", ""), born_on=said.get("born_on"),
        address=building.address,
    )  # fmt: skip
    if likely:
        words = _("可能已经登记过：%(why)s。是同一人的请补全身份证号，确为另一人的在“另一人”列填“是”。")
        raise Conflict("likely_same", words % {"why": likely[0].why}, "name")
    return None


def namesake(here: Iterable[Residence], said: Said) -> Residence | None:
    """Whom in the household a row means by name, where the citizen id does not say it."""
    number, key = said.get("citizen_id", ""), name_key(said["name"])
    return next(
        (
            row for row in here
            if name_key(row.person.name) == key and not (number and row.person.citizen_id_masked) and _is_of_age(row, said)
        ),
        None,
    )  # fmt: skip


def _is_of_age(row: Residence, said: Said) -> bool:
    """Two of one name in a household, father and grandson, have two birth dates."""
    return not (said.get("born_on") and row.person.born_on and said["born_on"] != row.person.born_on)


def differs(row: Any, given: Mapping[str, Any]) -> bool:
    """Whether something that is given is otherwise there."""
    return any(getattr(row, part) != value for part, value in given.items())


def _correct(taking: Taking, person: Person, said: Said) -> bool:
    """What the row says of the person besides, where it says something."""
    given = person_facts(person, said)
    return bool(given) and bool(change_person(person.pk, **given, **taking.acts))


def person_facts(person: Person, said: Said) -> dict[str, Any]:
    """What a row says of somebody who is known: what follows from their citizen id is not taken from it."""
    parts = ("phone", "note") if person.citizen_id_masked else ("citizen_id", "phone", "gender", "born_on", "note")
    return {part: said[part] for part in parts if said.get(part)}


def _tags(taking: Taking, person_id: UUID, said: Said) -> str:
    """Each tag that is named is on, for the reason given; one that is on for this reason until then stays as it is."""
    outcome = UNCHANGED
    for name in tags_named(said):
        kind = TagKind.objects.filter(name=name, subject=TagSubject.PERSON, is_in_use=True).first()
        if kind is None:
            raise Refused("no_tag_kind", _("没有名为“%(name)s”的人员标签类型。") % {"name": name}, "tags")
        purpose, until = clean(said.get("purpose", "")) or kind.purpose, said.get("until")
        on = Tag.objects.filter(kind=kind, person=person_id, ended_at=None).first()
        if on is not None and is_as_said(on, said):
            continue
        put_tag(kind.pk, person_id, purpose=purpose, until=until, **taking.acts)
        outcome = CHANGED
    return outcome


def tags_named(said: Said) -> list[str]:
    """The kinds of tags in a cell, each once."""
    names = (clean(text) for text in said.get("tags", "").translate(_SEPARATORS).split("、"))
    return list(dict.fromkeys(name for name in names if name))


def is_as_said(on: Tag, said: Said) -> bool:
    """Whether a tag that is on has the reason and the end that the row gives, as far as it gives them."""
    until: date | None = said.get("until")
    return (not said.get("purpose") or clean(said["purpose"]) == on.purpose) and (until is None or until == on.until)
