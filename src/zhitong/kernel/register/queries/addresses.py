"""Where an address is, by the buildings that bear it: for everybody, since it tells of a place and of nobody."""

import re
from collections.abc import Iterator
from uuid import UUID

from django.db.models.expressions import RawSQL

from zhitong.base.text import clean, tsquery

from ..models import Building

HOUSE = re.compile(r"号楼|[号幢栋座]")


def divisions_at(address: str, *, most: int) -> list[UUID]:
    """The divisions of the buildings whose name and address hold these words; where there is none, up to the number of building or house,
    since people write their own door behind it."""
    for typed in _shorter(clean(address)):
        query = tsquery(typed)
        match = RawSQL("SELECT id FROM register_building WHERE words @@ %s::tsquery", [query])
        standing = Building.objects.filter(pk__in=match, ended_on=None) if query else Building.objects.none()
        if found := list(standing.order_by("division").values_list("division", flat=True).distinct()[:most]):
            return found
    return []


def _shorter(typed: str) -> Iterator[str]:
    yield typed
    yield from (typed[: one.end()] for one in reversed(list(HOUSE.finditer(typed))) if one.end() < len(typed))
