"""What the register knows of the doors that a portion of a table names, and of who lives behind them: a query a kind of thing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from ..choices import TagSubject
from ..models import Building, Contact, Household, Residence, Tag, TagKind, Unit
from ..rules.likely import Sign
from .homes import Row, residents_of, tags_on
from .likely import LOOKED_AT
from .people import contacts_of

BuildingKey = tuple[UUID, str]  # division and name
UnitKey = tuple[UUID, str, str]  # building, entrance and number
_NAMESAKES = """
SELECT n.name, p.born_on, p.citizen_id_masked <> '', b.address
FROM unnest(%s::text[], %s::bool[]) AS n(name, numbered)
CROSS JOIN LATERAL (
  SELECT id, born_on, citizen_id_masked FROM register_person WHERE name = n.name ORDER BY created_at, id LIMIT %s
) AS p
LEFT JOIN register_residence AS r ON r.person_id = p.id AND r.until IS NULL
LEFT JOIN register_household AS h ON h.id = r.household_id
LEFT JOIN register_unit AS u ON u.id = h.unit_id
LEFT JOIN register_building AS b ON b.id = u.building_id
WHERE NOT (n.numbered AND p.citizen_id_masked <> '')
"""


@dataclass(slots=True)
class Scene:
    """Buildings, units and households that stand, held until the commit, and who belongs to them now."""

    buildings: dict[BuildingKey, Building] = field(default_factory=dict)
    units: dict[UnitKey, Unit] = field(default_factory=dict)
    households: dict[UUID, list[Household]] = field(default_factory=dict)
    residents: dict[UUID, list[Residence]] = field(default_factory=dict)
    contacts: dict[UUID, list[Contact]] = field(default_factory=dict)
    tags: dict[UUID, list[Tag]] = field(default_factory=dict)
    kinds: dict[str, TagKind] = field(default_factory=dict)


def read_scene(doors: Collection[tuple[UUID, str, str, str]], tags: Collection[str]) -> Scene:
    """What is behind these doors (division, building, entrance, number), and the kinds of tags of these names.  Eight queries at most."""
    scene, wanted = Scene(), {(division, name) for division, name, _entrance, _number in doors}
    for building in _held(
        Building.objects.filter(division__in={key[0] for key in wanted}, name__in={key[1] for key in wanted}, ended_on=None)
    ):  # fmt: skip
        scene.buildings[building.division_id, building.name] = building
    numbers = {door[3] for door in doors if door[3]}
    standing = {scene.buildings[key].pk for key in wanted if key in scene.buildings}
    for unit in _held(Unit.objects.filter(building__in=standing, number__in=numbers, ended_on=None)):
        scene.units[unit.building_id, unit.entrance, unit.number] = unit
    there = [unit.pk for unit in scene.units.values()]
    for household in sorted(
        _held(Household.objects.filter(unit__in=there, ended_on=None)), key=lambda one: (one.created_at, one.pk)
    ):
        scene.households.setdefault(household.unit_id, []).append(household)
    scene.residents = residents_of(one.pk for rows in scene.households.values() for one in rows)
    people = {row.person_id for rows in scene.residents.values() for row in rows}
    scene.contacts, scene.tags = contacts_of(people), tags_on("person", people)
    if tags:
        kinds = TagKind.objects.filter(name__in=tags, subject=TagSubject.PERSON, is_in_use=True)
        scene.kinds = {one.name: one for one in kinds}
    return scene


def _held(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Locked in one order for everybody, against ending and moving, not against what only refers to them."""
    return rows.select_for_update(no_key=True).order_by("pk")


def namesakes(names: Mapping[str, bool]) -> dict[str, list[Sign]]:
    """What is known of everybody registered under each name, as ``likely_same`` looks at them; only of those without a citizen id where
    the name stands with true: two ids are two people.  One query."""
    found: dict[str, list[Sign]] = {}
    if names:
        with connection.cursor() as cursor:
            cursor.execute(_NAMESAKES, [list(names), list(names.values()), LOOKED_AT])
            for name, born_on, has_number, address in cursor.fetchall():
                found.setdefault(name, []).append(Sign(born_on, has_number, address or ""))
    return found
