"""What a map asks for as it moves: the grids in view, among 3,200 and among 100,000, from request to bytes.

Every view is another, so that no answer is kept from before; each was asked for a step beside itself first, so that both districts'
rows are in PostgreSQL's memory, as they are where the map is in use.  What a second visitor of the same view gets is told beside it.
"""

import time
from random import Random
from statistics import median, quantiles
from typing import Any

from . import grids, setting
from .report import Report

# name, level, zoom, whether a view of the small lattice can hold as much; a screen is 1280 by 800 and asked with half of it around, as
# the page asks.  From afar it cannot: there a city's view is told for itself.
VIEWS = (
    ("a street's grids", "grid", 15, True),
    ("a courtyard", "grid", 17, True),
    ("communities", "community", 14, True),
    ("communities from afar", "community", 13, False),
    ("streets", "street", 11, False),
)
SCREEN = (1280 * 1.5, 800 * 1.5)
EACH = 60
STEP = 0.00002  # degrees, some two metres


def main() -> None:
    """Measure and print."""
    report = Report("map")
    grids.ensure()
    found: dict[str, dict[str, Any]] = {}
    for name, database in grids.DATABASES.items():
        setting.use(database)
        found[name] = {view[0]: _ask(name, view[1], view[2]) for view in VIEWS}
    rows, ratios = [], []
    for view, _level, _zoom, is_alike in VIEWS:
        small, city = found["small"][view], found["city"][view]
        worst = city["p95"] / small["p95"]
        ratios += [worst] if is_alike else []
        rows.append((view, *_told(small), *_told(city), f"{worst:.2f}" if is_alike else "", f"{city['again']:.1f}"))
    head = ("view", "3,200: p50 ms", "p95", "kB", "100,000: p50 ms", "p95", "kB", "p95 ÷ p95", "304, ms")
    report.table(head, rows)
    report.end(max(ratios))


def _told(one: dict[str, Any]) -> tuple[str, str, str]:
    return f"{one['p50']:.1f}", f"{one['p95']:.1f}", f"{one['bytes'] / 1000:,.0f}"


def _ask(name: str, level: str, zoom: int) -> dict[str, Any]:
    """Random views of the lattice of that size, inside it where they fit."""
    from django.test import Client

    client = Client(headers={"accept-encoding": "gzip"}, SERVER_NAME="localhost")
    columns, rows = grids.SIZES[name]
    degrees = 360 / (512 * 2**zoom)
    wide, high = SCREEN[0] * degrees, SCREEN[1] * degrees * 0.82
    east, north = max(0, columns * grids.CELL - wide), max(0, rows * grids.CELL - high)
    chance = Random(1)
    corners = [(grids.WEST + chance.uniform(0, east), grids.SOUTH + chance.uniform(0, north)) for _turn in range(EACH)]
    for step in (STEP, 0):
        times, sizes, again = [], [], []
        for west, south in ((west + step, south + step) for west, south in corners):
            box = f"{west:.6f},{south:.6f},{west + wide:.6f},{south + high:.6f}"
            address = f"/territory/shapes/{level}.json?bbox={box}&zoom={zoom}"
            started = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, answer.content[:200]
            sizes.append(len(answer.content))
            started = time.perf_counter()
            same = client.get(address, headers={"if-none-match": answer["ETag"]})
            again.append((time.perf_counter() - started) * 1000)
            assert same.status_code == 304, same.status_code
    return {"p50": median(times), "p95": quantiles(times, n=20)[-1], "bytes": median(sizes), "again": median(again)}
