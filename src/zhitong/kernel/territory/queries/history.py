"""What became of a division."""

from uuid import UUID

from django.db.models import QuerySet

from ..models import DivisionVersion, Succession


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
