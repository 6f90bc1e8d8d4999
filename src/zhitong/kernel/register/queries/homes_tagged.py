"""How many households and tagged people there are, by division: figures of a place, nobody's name."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from ..models import Household, Residence, Tag


@dataclass(slots=True)
class HomesTagged:
    """What there is in one division today: households, people who carry a running tag (each once), and of those how many by kind of tag."""

    households: int = 0
    tagged: int = 0
    by_tag: dict[str, int] = field(default_factory=dict)


def homes_tagged(division_ids: Collection[UUID]) -> dict[UUID, HomesTagged]:
    """By division, without those below it; a division without homes is left out.  Three statements.  For code that asked who may."""
    place, ids = "unit__building__division", list(division_ids)
    open_ = Household.objects.filter(ended_on=None, unit__building__ended_on=None, **{f"{place}__in": ids}).order_by()
    found = {row[0]: HomesTagged(row[1]) for row in open_.values_list(place).annotate(n=Count("pk"))}
    place = f"household__{place}"
    living = Residence.objects.filter(until=None, household__ended_on=None, **{f"{place}__in": ids}).order_by()
    tagged = living.filter(person__in=Tag.objects.filter(ended_at=None, person__isnull=False).values("person"))
    for division, n in tagged.values_list(place).annotate(n=Count("person", distinct=True)):
        found.setdefault(division, HomesTagged()).tagged = n
    kinds = living.filter(person__tags__ended_at=None, person__tags__isnull=False)
    for division, kind, n in kinds.values_list(place, "person__tags__kind__name").annotate(
        n=Count("person", distinct=True)
    ):
        found.setdefault(division, HomesTagged()).by_tag[kind] = n
    return found
