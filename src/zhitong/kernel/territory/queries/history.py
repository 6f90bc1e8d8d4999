"""What became of a division, and where every division stood on a day."""

from bisect import bisect_right
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from zhitong.kernel.events.public import Kept

from ..choices import MARK
from ..models import DivisionVersion, Succession
from .tree import Tree, read_nodes, tree


def versions(division_id: UUID) -> QuerySet[DivisionVersion]:
    """Every code, name and parent of a division, the oldest first."""
    return DivisionVersion.objects.filter(division=division_id).order_by("valid_from", "id")


def successors(division_id: UUID) -> list[UUID]:
    """The divisions that hold today what this one held, after all splits and merges; itself if it stands."""
    following: dict[UUID, list[UUID]] = {}
    for old, new in Succession.objects.values_list("predecessor_id", "successor_id"):
        following.setdefault(old, []).append(new)
    found: dict[UUID, None] = {}
    open_ends = [division_id]
    while open_ends:
        current = open_ends.pop()
        if current in following:
            open_ends += following[current]
        else:
            found[current] = None
    return sorted(found)


# The last version that began by the day; of a division that began later its first one.
_EVER = """
SELECT DISTINCT ON (d.id) d.id, coalesce(v.code, d.code), coalesce(v.name, d.name), coalesce(v.name_en, d.name_en), d.level,
  coalesce(v.kind, d.kind), CASE WHEN v.id IS NULL THEN d.parent_id ELSE v.parent_id END, coalesce(v.path, d.path),
  d.valid_from, d.valid_to
FROM territory_division d LEFT JOIN territory_divisionversion v
  ON v.division_id = d.id AND (v.valid_to IS NULL OR v.valid_to > v.valid_from)
ORDER BY d.id, v.valid_from > %(on)s, CASE WHEN v.valid_from > %(on)s THEN v.valid_from END, v.valid_from DESC
"""


def _change_days() -> list[date]:
    days = DivisionVersion.objects.values_list("valid_from", flat=True).order_by("valid_from").distinct()
    return list(days)


def _build(on: date) -> Tree:
    return Tree(read_nodes(_EVER, on), on)


_days: Kept[list[date]] = Kept(MARK, _change_days, most=2)
_stood: Kept[Tree] = Kept(MARK, _build, most=6)


def as_stood(on: date) -> Tree:
    """Every division that ever was, under the code, name and parent it had on a day, or last had before it.

    What happened somewhere is counted by this, so that a figure for last March uses last March's grids whatever was
    moved or renamed since.  A division that began later is there as it began.  Days between two changes share one tree.
    """
    days = _days.get()
    position = bisect_right(days, on)
    return tree() if position == len(days) else _stood.get(days[max(position - 1, 0)])
