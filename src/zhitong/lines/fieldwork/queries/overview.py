"""How many walk the grids, for a page that shows the district as a whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhitong.kernel.organisation.public import posts_of_divisions

from ..models import Reserve


@dataclass(frozen=True, slots=True)
class Crew:
    """People with a post of a grid as principals, those who only stand in, the reserve of all streets, and grids with anybody."""

    principals: int
    substitutes: int
    reserve: int
    grids: int


def crew(grid_ids: Collection[UUID], on: date) -> Crew:
    """Leave or not.  Two queries."""
    rows = list(posts_of_divisions(grid_ids, on).values_list("staff", "is_deputy", "post__division"))
    principals = {staff for staff, is_deputy, _grid in rows if not is_deputy}
    substitutes = {staff for staff, is_deputy, _grid in rows if is_deputy} - principals
    reserve = Reserve.objects.values("staff").distinct().count()
    return Crew(len(principals), len(substitutes), reserve, len({grid for _staff, _is_deputy, grid in rows}))
