"""Where buildings stand, for whoever checks the map; and how many homes a division had on a day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhitong.kernel.territory.public import BuildingRow

from ..models import Building, Household

Box = tuple[float, float, float, float]
BATCH = 20_000
_ROWS = (
    "SELECT b.id, {division}, b.name, b.lon, b.lat, b.footprint::text FROM register_building b {past} WHERE {wanted}"
)
# The division on a day is what the first later move says it was before.
_PAST = """LEFT JOIN LATERAL (
  SELECT m.was_id FROM register_buildingmove m WHERE m.building_id = b.id AND m."on" > %(on)s ORDER BY m."on", m.id LIMIT 1
) m ON true"""
_THEN = "coalesce(m.was_id, b.division_id)"


def _day_after(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))


def read_standing(
    *, divisions: Collection[UUID] | None = None, box: Box | None = None, on: date | None = None
) -> Iterator[Sequence[BuildingRow]]:
    """All that stand, or stood on a day as far as they were registered by then; those registered in ``divisions`` or inside ``box``."""
    is_past = on is not None and on < timezone.localdate()
    division = _THEN if is_past else "b.division_id"
    wanted = (
        "(b.ended_on IS NULL OR b.ended_on > %(on)s) AND b.created_at < %(end)s" if is_past else "b.ended_on IS NULL"
    )
    said: dict[str, Any] = {"on": on, "end": _day_after(on) if on else None}
    if divisions is not None:
        said["divisions"] = list(divisions)
        place = f"{division} = ANY(%(divisions)s)"
        if box:
            said |= dict(zip(("west", "south", "east", "north"), box, strict=True))
            place += " OR (b.lon BETWEEN %(west)s AND %(east)s AND b.lat BETWEEN %(south)s AND %(north)s)"
        wanted += f" AND ({place})"
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS.format(division=division, past=_PAST if is_past else "", wanted=wanted), said)
        while rows := cursor.fetchmany(BATCH):
            yield [BuildingRow(*row) for row in rows]


def standing_version() -> tuple[int, datetime | None]:
    """Another one after every building that was registered, changed or moved."""
    found = Building.objects.aggregate(n=Count("id"), at=Max("changed_at"))
    return found["n"], found["at"]


def told_homes(building_ids: Collection[UUID]) -> str:
    """37栋楼、412户; without households only the buildings."""
    ids = list(building_ids)
    homes = Household.objects.filter(ended_on=None, unit__building__in=ids).count()
    told = [ngettext("%(n)s栋楼", "%(n)s栋楼", len(ids)) % {"n": f"{len(ids):,}"}]
    if homes:
        told.append(ngettext("%(n)s户", "%(n)s户", homes) % {"n": f"{homes:,}"})
    return _("、").join(told)


@dataclass(frozen=True, slots=True)
class HomesCounted:
    """How many buildings and households a division has."""

    buildings: int
    households: int


_COUNTED = """
SELECT {then}, count(DISTINCT b.id), count(h.id) FROM register_building b {past}
LEFT JOIN register_unit u ON u.building_id = b.id AND (u.ended_on IS NULL OR u.ended_on > %(on)s) AND u.created_at < %(end)s
LEFT JOIN register_household h ON h.unit_id = u.id AND (h.ended_on IS NULL OR h.ended_on > %(on)s) AND h.created_at < %(end)s
WHERE (b.ended_on IS NULL OR b.ended_on > %(on)s) AND b.created_at < %(end)s GROUP BY 1
"""


def homes_counted(on: date | None = None) -> dict[UUID, HomesCounted]:
    """Buildings and households that were registered on a day, by the division they belonged to then.  For code that asked who may."""
    day = on or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(then=_THEN, past=_PAST), {"on": day, "end": _day_after(day)})
        return {division: HomesCounted(*counts) for division, *counts in cursor.fetchall()}
