"""Where a point lies."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone

from zhitong.base.geometry import Locator
from zhitong.kernel.events.public import Kept

from ..choices import MARK, RANK

_SHAPES = """
SELECT d.level, d.id, s.geometry::text FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id
WHERE s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to > %(on)s)
  AND d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
ORDER BY d.code, d.id
"""


class Levels:
    """A locator for each level, the finest first: a point that no grid holds is looked for in the communities."""

    def __init__(self, shapes: Sequence[tuple[str, UUID, str]]) -> None:
        by_level: dict[str, list[tuple[UUID, str]]] = {}
        for level, division_id, geometry in shapes:
            by_level.setdefault(level, []).append((division_id, geometry))
        self._locators = [
            Locator([i for i, _ in by_level[level]], shapely.from_geojson([g for _, g in by_level[level]]))
            for level in sorted(by_level, key=lambda name: RANK[name], reverse=True)
        ]

    @property
    def is_empty(self) -> bool:
        """No shapes are known."""
        return not self._locators

    def locate(self, lon: float, lat: float) -> UUID | None:
        return next((i for locator in self._locators if (i := locator.locate(lon, lat)) is not None), None)

    def locate_many(self, lons: Sequence[float], lats: Sequence[float]) -> list[UUID | None]:
        found: list[UUID | None] = [None] * len(lons)
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        missing = np.arange(len(x))
        for locator in self._locators:
            if not len(missing):
                break
            positions = locator.positions(x[missing], y[missing])
            for at, position in zip(missing.tolist(), positions.tolist(), strict=True):
                if position >= 0:
                    found[at] = locator.ids[position]
            missing = missing[positions < 0]
        return found


def _build(on: date | None) -> Levels:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, {"on": on})
        return Levels(cursor.fetchall())


_levels: Kept[Levels] = Kept(MARK, _build)


def locate(lon: float, lat: float, on: date | None = None) -> UUID | None:
    """The finest division that holds the point (WGS-84 degrees), today or on a day; None outside.

    A point on a common border belongs to the division whose code comes first.
    """
    return _levels.get(on or timezone.localdate()).locate(lon, lat)


def is_outside(lon: float, lat: float) -> bool:
    """Whether the point lies outside the territory today, as far as its shapes are known."""
    levels = _levels.get(timezone.localdate())
    return not levels.is_empty and levels.locate(lon, lat) is None


def locate_many(lons: Sequence[float], lats: Sequence[float], on: date | None = None) -> list[UUID | None]:
    """The same for many points in one call.  ValueError when there are not as many longitudes as latitudes."""
    if len(lons) != len(lats):
        raise ValueError("as many longitudes as latitudes")
    return _levels.get(on or timezone.localdate()).locate_many(lons, lats)
