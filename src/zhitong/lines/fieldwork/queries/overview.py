"""How many walk the grids, for a page that shows the district as a whole."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from zhitong.kernel.organisation.public import posts_of_level
from zhitong.kernel.territory.public import Level

from ..models import Reserve


@dataclass(frozen=True, slots=True)
class Crew:
    """People with a post of a grid as principals, those who only stand in, the reserve of all streets, and grids with anybody."""

    principals: int
    substitutes: int
    reserve: int
    grids: int


def crew(on: date) -> Crew:
    """Leave or not.  Two queries, which count."""
    rows = posts_of_level(Level.GRID, on)
    found = rows.aggregate(
        people=Count("staff", distinct=True), grids=Count("post__division", distinct=True),
        principals=Count("staff", distinct=True, filter=Q(is_deputy=False)),
    )  # fmt: skip
    reserve = Reserve.objects.values("staff").distinct().count()
    return Crew(found["principals"], found["people"] - found["principals"], reserve, found["grids"])
