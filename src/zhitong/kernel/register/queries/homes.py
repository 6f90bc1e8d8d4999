"""Buildings, units, households and who lives there, as far as an actor reaches; numbers masked."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor

from ..choices import Role
from ..models import Building, Contact, Firm, Household, Person, Residence, Tag, TagKind, Unit
from ..permissions import MANAGE_HOMES, VIEW_HOMES, reach
from .people import contacts_of

Row = TypeVar("Row", Building, Unit, Household, Person)
DoorName = tuple[UUID, str, str, str]
"""Division, building, entrance, number."""


def visible_buildings(by: Actor, permission: str = VIEW_HOMES) -> QuerySet[Building]:
    """The buildings within reach, also those that are no more."""
    return Building.objects.filter(_where(by, "division", permission))


def visible_units(by: Actor, permission: str = VIEW_HOMES) -> QuerySet[Unit]:
    """The units within reach."""
    return Unit.objects.filter(_where(by, "building__division", permission))


def visible_households(by: Actor, permission: str = VIEW_HOMES) -> QuerySet[Household]:
    """The households within reach."""
    return Household.objects.filter(_where(by, "unit__building__division", permission))


def visible_people(by: Actor, permission: str = VIEW_HOMES) -> QuerySet[Person]:
    """Whoever is or was of a household within reach; everybody for who reaches everything."""
    where = _where(by, "household__unit__building__division", permission)
    return (
        Person.objects.filter(pk__in=Residence.objects.filter(where).values("person"))
        if where
        else Person.objects.all()
    )


def _where(by: Actor, path: str, permission: str) -> Q:
    by.demand(permission)
    reached = reach(by, permission)
    return Q() if reached is None else Q(**{f"{path}__in": reached})


def building_for(building_id: UUID, by: Actor, permission: str = VIEW_HOMES) -> Building:
    """One building; NotFound also for what is out of reach."""
    return _one(visible_buildings(by, permission), building_id)


def unit_for(unit_id: UUID, by: Actor, permission: str = VIEW_HOMES) -> Unit:
    """One unit with its building; NotFound also for what is out of reach."""
    return _one(visible_units(by, permission).select_related("building"), unit_id)


def unit_called(division_id: UUID, building: str, entrance: str, number: str) -> Unit | None:
    """The unit behind this door, where it is registered.  For code that asked who may."""
    door = division_id, clean(building), clean(entrance), clean(number)
    return units_called([door]).get(door)


def units_called(doors: Collection[DoorName]) -> dict[DoorName, Unit]:
    """The units behind these doors, written as they are stored, where they are registered.  One query."""
    divisions, buildings, _entrances, numbers = (set(part) for part in zip(*doors, strict=True)) if doors else ((),) * 4
    rows = Unit.objects.filter(building__division__in=divisions, building__name__in=buildings, building__ended_on=None)
    found = rows.filter(number__in=numbers, ended_on=None).select_related("building")
    return {
        door: unit
        for unit in found
        if (door := (unit.building.division_id, unit.building.name, unit.entrance, unit.number)) in doors
    }


def household_for(household_id: UUID, by: Actor, permission: str = VIEW_HOMES) -> Household:
    """One household with its unit and building; NotFound also for what is out of reach."""
    return _one(visible_households(by, permission).select_related("unit__building"), household_id)


def person_for(person_id: UUID, by: Actor, permission: str = VIEW_HOMES) -> Person:
    """One person; NotFound also for who is out of reach."""
    return _one(visible_people(by, permission), person_id)


def _one(rows: QuerySet[Row], pk: UUID) -> Row:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound("no_entry", _("没有登记这一条，可能已被删除。"))
    return row


def residents_of(household_ids: Iterable[UUID], *, on: date | None = None) -> dict[UUID, list[Residence]]:
    """Who belongs to each household, the head first; on a day of the past who did then.  One query."""
    rows = Residence.objects.filter(household__in=list(household_ids)).select_related("person")
    rows = rows.filter(until=None) if on is None else rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    found: dict[UUID, list[Residence]] = {}
    for row in rows.order_by("since", "id"):
        some = found.setdefault(row.household_id, [])
        some.insert(0, row) if row.role == Role.HEAD else some.append(row)
    return found


def residences_of(person_id: UUID) -> list[Residence]:
    """Where somebody belongs and belonged, the present first.  One query."""
    rows = Residence.objects.filter(person=person_id).select_related("household__unit__building")
    return sorted(rows, key=lambda row: (row.until is None, row.since), reverse=True)


def tags_on(subject: str, ids: Iterable[UUID]) -> dict[UUID, list[Tag]]:
    """The running tags of things of one subject (``TagSubject``).  One query."""
    rows = Tag.objects.filter(ended_at=None, **{f"{subject}__in": list(ids)}).select_related("kind")
    found: dict[UUID, list[Tag]] = {}
    for row in rows.order_by("until", "id"):
        found.setdefault(getattr(row, f"{subject}_id"), []).append(row)
    return found


def tag_kinds(subject: str = "", *, all_: bool = False) -> list[TagKind]:
    """The kinds of tags in use, of one subject if asked; ``all_`` also those that are out of use."""
    rows = TagKind.objects.all() if all_ else TagKind.objects.filter(is_in_use=True)
    return list(rows.filter(subject=subject) if subject else rows)


@dataclass(frozen=True, slots=True)
class BuildingPoint:
    """A building on the map, as far as it has a place: what a check of coverage asks."""

    id: UUID
    division_id: UUID
    name: str
    lon: float
    lat: float


def building_points(division_ids: Collection[UUID] | None = None) -> list[BuildingPoint]:
    """Every building that stands and has a point, of some divisions if given; by division and name.  For code that asked who may."""
    rows = Building.objects.filter(ended_on=None, lon__isnull=False)
    rows = rows if division_ids is None else rows.filter(division__in=division_ids)
    values = rows.order_by("division", "sort", "id").values_list("id", "division", "name", "lon", "lat")
    return [
        BuildingPoint(pk, division, name, lon, lat)
        for pk, division, name, lon, lat in values.iterator()
        if lon is not None and lat is not None
    ]


@dataclass(frozen=True, slots=True)
class Door:
    """A building, a household or a firm to go to: its division, and a name that names a place and nobody."""

    id: UUID
    division_id: UUID
    name: str
    subject: str = "household"

    @property
    def tied(self) -> dict[str, UUID]:
        """The building or household that a list keeps beside it, by that name; a firm stands there by its name alone."""
        return {} if self.subject == "firm" else {self.subject: self.id}


def doors(subject: str, division_ids: Collection[UUID] | None = None, *, tag_kind: UUID | None = None) -> list[Door]:
    """Every ``building`` or ``household`` that there is, of some divisions if given, in the order in which one walks; with ``tag_kind``
    only households that carry it, or of which somebody does.  For code that asked who may."""
    if subject == "building":
        buildings = Building.objects.filter(ended_on=None)
        buildings = buildings if division_ids is None else buildings.filter(division__in=division_ids)
        standing = buildings.order_by("division", "sort", "id").values_list("id", "division", "name")
        return [Door(*row, "building") for row in standing.iterator()]
    homes = Household.objects.filter(ended_on=None, unit__building__ended_on=None)
    homes = homes if division_ids is None else homes.filter(unit__building__division__in=division_ids)
    if tag_kind is not None:
        tags = Tag.objects.filter(kind=tag_kind, ended_at=None)
        living = Residence.objects.filter(until=None, person__in=tags.values("person"))
        homes = homes.filter(Q(pk__in=tags.values("household")) | Q(pk__in=living.values("household")))
    rows = homes.order_by("unit__building__division", "unit__building__sort", "unit__sort", "id").values_list(
        "id", "unit__building__division", "unit__building__name", "unit__entrance", "unit__number"
    )
    return _numbered([Door(pk, division, "".join(name)) for pk, division, *name in rows.iterator()])


def _numbered(found: list[Door]) -> list[Door]:
    """Two households behind one door are told apart by a number."""
    seen = Counter[tuple[UUID, str]]()
    named = []
    for one in found:
        key = (one.division_id, one.name)
        seen[key] += 1
        named.append(one if seen[key] == 1 else Door(one.id, one.division_id, f"{one.name}（第{seen[key]}户）"))
    return named


@dataclass(slots=True)
class HouseholdIn:
    """A household with its people and tags."""

    household: Household
    residents: list[Residence]
    tags: list[Tag]


@dataclass(slots=True)
class UnitIn:
    """A unit with who lives and works there."""

    unit: Unit
    households: list[HouseholdIn]
    firms: list[Firm]
    tags: list[Tag]


@dataclass(slots=True)
class BuildingIn:
    """A building with its units, in order."""

    building: Building
    units: list[UnitIn] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Units, households, people."""
        households = [one for unit in self.units for one in unit.households]
        return len(self.units), len(households), sum(len(one.residents) for one in households)


@dataclass(slots=True)
class Homes:
    """Buildings with all that is in them; contacts and tags of people by the person's id."""

    buildings: list[BuildingIn]
    contacts: dict[UUID, list[Contact]]
    tags: dict[UUID, list[Tag]]


def homes_in(by: Actor, division_ids: Collection[UUID], permission: str = VIEW_HOMES) -> Homes:
    """All that stands in these divisions (grids, as a rule) within reach: what a phone takes along.  Ten queries at most."""
    return read_homes(
        list(visible_buildings(by, permission).filter(division__in=division_ids, ended_on=None).order_by("sort", "id"))
    )


def read_homes(buildings: Sequence[Building]) -> Homes:
    """These buildings with all that is in them."""
    open_units = Unit.objects.filter(ended_on=None).order_by("sort", "id")
    open_households = Household.objects.filter(ended_on=None).order_by("created_at", "id")
    units = list(
        open_units.filter(building__in=[one.pk for one in buildings])
        .prefetch_related(Prefetch("households", open_households), Prefetch("firms", Firm.objects.order_by("name")))
    )  # fmt: skip
    households = [one.pk for unit in units for one in unit.households.all()]
    residents = residents_of(households)
    people = {row.person_id for rows in residents.values() for row in rows}
    of_household, of_unit = tags_on("household", households), tags_on("unit", [unit.pk for unit in units])
    found = {one.pk: BuildingIn(one) for one in buildings}
    for unit in units:
        inside = [
            HouseholdIn(one, residents.get(one.pk, []), of_household.get(one.pk, [])) for one in unit.households.all()
        ]
        found[unit.building_id].units.append(UnitIn(unit, inside, list(unit.firms.all()), of_unit.get(unit.pk, [])))
    return Homes(list(found.values()), contacts_of(people), tags_on("person", people))


def tag_kind(kind_id: UUID) -> TagKind:
    """One kind; NotFound where there is none."""
    row = TagKind.objects.filter(pk=kind_id).first()
    if row is None:
        raise NotFound("no_tag_kind", _("没有这种标签。"))
    return row


def residence_for(household: Household, person_id: UUID) -> Residence:
    """Somebody's open residence in a household that may be seen; NotFound where there is none."""
    row = Residence.objects.select_related("person").filter(household=household, person=person_id, until=None).first()
    if row is None:
        raise NotFound("no_resident", _("此人没有登记在这一户。"))
    return row


def households_of_unit(unit_id: UUID, but: UUID) -> list[tuple[Household, list[Residence]]]:
    """The other open households of a unit, each with its people.  Two queries."""
    rows = list(Household.objects.filter(unit=unit_id, ended_on=None).exclude(pk=but).order_by("created_at", "id"))
    residents = residents_of(row.pk for row in rows)
    return [(row, residents.get(row.pk, [])) for row in rows]


def tag_for(tag_id: UUID, by: Actor, permission: str = MANAGE_HOMES) -> Tag:
    """One tag on something within reach; NotFound else."""
    tag = Tag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotFound("no_entry", _("没有登记这一条，可能已被删除。"))
    for find, pk in ((person_for, tag.person_id), (household_for, tag.household_id), (unit_for, tag.unit_id)):
        if pk:
            find(pk, by, permission)
    return tag
