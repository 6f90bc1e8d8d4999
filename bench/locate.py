"""How many points a second are located: a district's 3,170 grids, one at a time and a million in one call.

    .venv/bin/python bench/locate.py [GRIDS] [POINTS]

No database: the shapes are a square of a district's size, divided.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import shapely

from zhitong.base.geometry import Locator, divide


def rate(points: int, run: Callable[[], Any]) -> float:
    """Points a second: the median of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return points / median(times)


def main(grids: int = 3170, points: int = 1_000_000) -> None:
    """Print the figures."""
    square = shapely.box(116.9, 36.5, 117.1, 36.65)
    start = time.perf_counter()
    locator = Locator(range(grids), divide(square, grids, 1))
    print(f"{grids} shapes made and indexed in {time.perf_counter() - start:.1f} s")
    chance = np.random.default_rng(1)
    lons, lats = chance.uniform(116.9, 117.1, points), chance.uniform(36.5, 36.65, points)
    few = list(zip(lons[:20_000].tolist(), lats[:20_000].tolist(), strict=True))
    print(f"in one call: {rate(points, lambda: locator.locate_many(lons, lats)):,.0f} points/s")
    print(f"one at a time: {rate(len(few), lambda: [locator.locate(x, y) for x, y in few]):,.0f} points/s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
