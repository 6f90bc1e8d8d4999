"""Which area holds a point: half a million points in one call, and one at a time, among 3,200 shapes and 100,000.

No database: the shapes are a square of a district's size, cut between points by chance.  The ratio is that of the rate among 3,200 shapes to the
500,000 points a second that are wanted; the plain tree of the library beside it says how much the rest costs.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from .report import Report

NEEDS_DISTRICT = False
FEW, MANY, POINTS, WANTED = 3_200, 100_000, 500_000, 500_000
SQUARE = (116.9, 36.5, 117.1, 36.65)
RUNS = 3


def main() -> None:
    """Measure and print."""
    import numpy as np
    import shapely

    from zhitong.base.geometry import Locator

    report = Report("locate")
    chance = np.random.default_rng(1)
    west, south, east, north = SQUARE
    lons, lats = chance.uniform(west, east, POINTS), chance.uniform(south, north, POINTS)
    few = list(zip(lons[:20_000].tolist(), lats[:20_000].tolist(), strict=True))
    lines, reached = [], 0.0
    for shapes in (FEW, MANY):
        started = time.process_time()
        seeds = shapely.multipoints(
            np.column_stack((chance.uniform(west, east, shapes), chance.uniform(south, north, shapes)))
        )
        areas = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(*SQUARE)))
        locator = Locator(range(shapes), areas)
        made = time.process_time() - started
        tree = shapely.STRtree(areas)
        bare = _rate(POINTS, lambda tree=tree: tree.query(shapely.points(lons, lats), predicate="intersects"))
        ours = _rate(POINTS, lambda locator=locator: locator.positions(lons, lats))
        single = _rate(len(few), lambda locator=locator: [locator.locate(x, y) for x, y in few])
        reached = reached or ours
        lines.append((f"{shapes:,}", f"{ours:,.0f}", f"{ours / bare:.2f}", f"{single:,.0f}", f"{made:.1f}"))
    report.table(
        ("shapes", "points a processor second in one call", "÷ the library's bare query", "one at a time", "made in s"),
        lines,
    )
    report.end(reached / WANTED)


def _rate(points: int, run: Callable[[], Any]) -> float:
    """Points in a second of one processor: the median of some runs."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return points / median(times)
