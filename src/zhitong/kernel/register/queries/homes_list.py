"""Lists of homes: the buildings of a division page by page, and people by number, by name, by address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from zhitong.base import citizen
from zhitong.base.text import clean, tsquery
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import Node, tree

from ..models import Building, Contact, Household, Person, Residence, Tag
from ..permissions import VIEW_HOMES, reach
from .homes import visible_buildings, visible_people
from .people import contacts_of, find_by_citizen_id, find_by_phone

PAGE, FIRST = 30, 64
_LIST = """
SELECT b.id FROM unnest(%s::uuid[]) WITH ORDINALITY AS d(id, n)
CROSS JOIN LATERAL (
  SELECT id, sort FROM register_building
  WHERE division_id = d.id AND ended_on IS NULL AND (NOT (d.id = %s) OR (sort, id) > (%s, %s))
  ORDER BY sort, id LIMIT %s
) AS b ORDER BY d.n, b.sort, b.id LIMIT %s
"""


@dataclass(slots=True)
class BuildingPage:
    """Buildings in the order of their divisions' codes, each with its open units and households counted; ``after`` begins the next page."""

    rows: list[Building]
    counts: dict[UUID, tuple[int, int]]
    after: str = ""


def buildings_in(by: Actor, division_id: UUID | None, after: UUID | None = None) -> BuildingPage:
    """The buildings of a division and all below it, as far as ``by`` reaches, from the one behind ``after`` on.

    A page costs the same however many buildings there are: each division is asked for its first few by an index.
    """
    by.demand(VIEW_HOMES)
    order = [node.id for node in _in_order(by, division_id)]
    start = Building.objects.filter(pk=after).values_list("division", "sort", "id").first() if after else None
    if start and start[0] in order:
        order = order[order.index(start[0]) :]
    nobody = UUID(int=0)
    division, sort, pk = start or (nobody, "", nobody)
    ids: list[UUID] = []
    for some in (order[:FIRST], order[FIRST:]):
        if some and len(ids) <= PAGE:
            with connection.cursor() as cursor:
                cursor.execute(_LIST, [some, division, sort, pk, PAGE + 1, PAGE + 1 - len(ids)])
                ids += [row[0] for row in cursor.fetchall()]
    found = Building.objects.in_bulk(ids[:PAGE])
    more = str(ids[PAGE - 1]) if len(ids) > PAGE else ""
    return BuildingPage([found[i] for i in ids[:PAGE]], counted(ids[:PAGE]), more)


def _in_order(by: Actor, division_id: UUID | None) -> list[Node]:
    """By code; without those out of reach."""
    reached = reach(by, VIEW_HOMES)
    nodes = [n for n in tree().in_order if division_id is None or division_id in n.path]
    return nodes if reached is None else [n for n in nodes if n.id in reached]


def counted(building_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many open units and households each building has.  Two queries."""
    units = Building.objects.filter(pk__in=building_ids).annotate(n=Count("units", filter=Q(units__ended_on=None)))
    of = Household.objects.filter(unit__building__in=building_ids, ended_on=None).values_list("unit__building")
    households = dict(of.annotate(n=Count("pk")))
    return {pk: (n, households.get(pk, 0)) for pk, n in units.values_list("pk", "n")}


@dataclass(slots=True)
class FoundHomes:
    """What a search found: people with where they belong and how they are reached (masked), and buildings, counted as in a list."""

    people: list[Person] = field(default_factory=list)
    places: dict[UUID, Residence] = field(default_factory=dict)
    contacts: dict[UUID, list[Contact]] = field(default_factory=dict)
    buildings: list[Building] = field(default_factory=list)
    counts: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    is_number: bool = False
    has_more: bool = False


def search_homes(by: Actor, text: str) -> FoundHomes:
    """People by citizen id or phone (exact, however written) or by their whole name, and buildings by words of name and address.

    Only within reach.  Nine queries at most.
    """
    by.demand(VIEW_HOMES)
    typed = clean(text)[:60]
    found = FoundHomes(is_number=citizen.citizen_id(typed) is not None or citizen.phone(typed) is not None)
    if not typed:
        return found
    if found.is_number:
        one = find_by_citizen_id(typed)
        wanted = [one.pk] if one else list(find_by_phone(typed).values_list("pk", flat=True)[: PAGE + 1])
        people = list(visible_people(by).filter(pk__in=wanted).order_by("id")) if wanted else []
    else:
        people = list(visible_people(by).filter(name=typed).order_by("id")[: PAGE + 1])
        if query := tsquery(typed):
            match = RawSQL("SELECT id FROM register_building WHERE words @@ %s::tsquery", [query])
            rows = visible_buildings(by).filter(pk__in=match, ended_on=None)
            found.buildings = list(rows.order_by("division", "sort", "id")[:PAGE])
            found.counts = counted([one.pk for one in found.buildings]) if found.buildings else {}
    found.people, found.has_more = people[:PAGE], len(people) > PAGE
    ids = [one.pk for one in found.people]
    found.places, found.contacts = places_of(ids), contacts_of(ids)
    return found


def places_of(people: Sequence[UUID]) -> dict[UUID, Residence]:
    """Where each belongs now, with household, unit and building; where they live before where they are registered.  One query."""
    rows = Residence.objects.filter(person__in=people, until=None).select_related("household__unit__building")
    return {row.person_id: row for row in sorted(rows, key=lambda row: row.kind == "registered", reverse=True)}


def tagged_people(by: Actor, kind_id: UUID, after: UUID | None = None) -> tuple[list[Tag], UUID | None]:
    """The running tags of a kind on people within reach, by their ids; and where the next page begins."""
    by.demand(VIEW_HOMES)
    rows = Tag.objects.filter(kind=kind_id, ended_at=None, person__isnull=False).select_related("person", "kind")
    reached = reach(by, VIEW_HOMES)
    if reached is not None:
        here = Residence.objects.filter(
            person=OuterRef("person"), until=None, household__unit__building__division__in=reached
        )
        rows = rows.filter(Exists(here))
    some = list((rows.filter(pk__gt=after) if after else rows).order_by("id")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None
