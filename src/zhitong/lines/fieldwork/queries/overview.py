"""How many walk the grids, for a page that shows the district as a whole."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from zhitong.kernel.events.public import Kept, mark
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
    """Leave or not.  Who sits on the posts is counted anew when posts, appointments or divisions have changed: in a city they are
    100,000."""
    principals, substitutes, grids = _counted.get(on, mark("territory"))
    return Crew(principals, substitutes, Reserve.objects.values("staff").distinct().count(), grids)


def _count(on: date, _divisions: UUID) -> tuple[int, int, int]:
    found = posts_of_level(Level.GRID, on).aggregate(
        people=Count("staff", distinct=True), grids=Count("post__division", distinct=True),
        principals=Count("staff", distinct=True, filter=Q(is_deputy=False)),
    )  # fmt: skip
    return found["principals"], found["people"] - found["principals"], found["grids"]


_counted: Kept[tuple[int, int, int]] = Kept("holders", _count)  # a mark of posts and appointments
