"""Buildings follow the land they stand on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from ..permissions import By
from ..queries.buildings import Following, buildings, where_buildings_go, written
from ..queries.shapes import areas


def follow(found: Following, made: Sequence[UUID], *, change: UUID | None, on: date, by: By, at: datetime) -> None:
    """Register buildings where they now belong; ``made`` are the new divisions, ``change`` is what `take_back` knows them by."""
    source = buildings()
    if source and found.moves:
        source.move(written(found, made), change=change, on=on, by=by, at=at)


def follow_ended(
    ended: Sequence[UUID], made: Sequence[UUID], *, change: UUID | None, on: date, by: By, at: datetime
) -> None:
    """The buildings of divisions that have ended go to those that were made in their place."""
    after = ((made.index(i), area) for i, area in areas(made, on).items())
    follow(where_buildings_go(after, ended=ended, fallback=0), made, change=change, on=on, by=by, at=at)


def take_back(change: UUID, *, by: By, at: datetime) -> None:
    """What followed a change goes back."""
    source = buildings()
    if source:
        source.take_back(change, by=by, at=at)
