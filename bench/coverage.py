"""The coverage check, read from the database: 3,200 grids and 100,000, sound and with one border in a hundred gone astray; and the
buildings in them, 40,000 and 400,000 with footprints, all in place and with one in a hundred registered a grid further west.

The ratio is what a grid, or a building, costs at the large size to what it costs at the small one, whichever is worse.
"""

import time
from typing import Any

from . import grids, setting
from .report import Report

ASTRAY = 100
_FEW = """
UPDATE territory_divisionshape s SET geometry = x.geometry FROM (
  SELECT s.id, n.geometry, row_number() OVER (ORDER BY d.code) AS at FROM territory_divisionshape s
  JOIN territory_division d ON d.id = s.division_id AND d.level = 'grid' AND d.code LIKE %(top)s
  JOIN LATERAL (SELECT o.geometry FROM territory_divisionshape o JOIN territory_division e ON e.id = o.division_id
    WHERE e.parent_id = d.parent_id AND e.code > d.code ORDER BY e.code LIMIT 1) n ON true) x
WHERE x.id = s.id AND x.at %% %(every)s = 0
"""


BUILDINGS = {"small": 40_000, "city": 400_000}
_BUILD = """
INSERT INTO register_building (id, division_id, name, address, kind, lon, lat, footprint, sort, words, version, created_at, changed_at)
SELECT gen_random_uuid(), p.division_id, p.code || '-' || n || '号楼', '网格一路', 'residential', p.x, p.y,
  jsonb_build_object('type', 'Polygon', 'coordinates',
  jsonb_build_array(jsonb_build_array(
    jsonb_build_array(p.x - 0.0001, p.y - 0.00006), jsonb_build_array(p.x + 0.0001, p.y - 0.00006),
    jsonb_build_array(p.x + 0.0001, p.y + 0.00006), jsonb_build_array(p.x - 0.0001, p.y + 0.00006),
    jsonb_build_array(p.x - 0.0001, p.y - 0.00006)))), lpad((row_number() OVER ())::text, 9, '0'), '', 1, now(), now()
FROM (SELECT s.division_id, d.code, n, s.lon + 0.0001 * cos(n) AS x, s.lat + 0.0001 * sin(n) AS y
  FROM territory_divisionshape s JOIN territory_division d ON d.id = s.division_id AND d.level = 'grid' AND d.code LIKE %(top)s,
  generate_series(1, %(each)s) n ORDER BY n, d.code LIMIT %(most)s) p
"""
_WEST = """
UPDATE register_building b SET division_id = x.other FROM (
  SELECT b.id, (SELECT e.id FROM territory_division e WHERE e.parent_id = d.parent_id AND e.code < d.code ORDER BY e.code DESC LIMIT 1) AS other
  FROM register_building b JOIN territory_division d ON d.id = b.division_id WHERE b.sort LIKE '%%00') x
WHERE x.id = b.id AND x.other IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM register_building o WHERE o.division_id = x.other AND o.name = b.name)
"""


def main() -> None:
    """Measure and print."""
    report = Report("coverage")
    grids.ensure()
    ratios = [_land(report), _homes(report)]
    report.end(max(ratios))


def _homes(report: Report) -> float:
    """The check of buildings, in the same two databases."""
    rows, each = [], {}
    for name, database in grids.DATABASES.items():
        setting.use(database)
        _build(name)
        sound = _check_buildings()
        assert (sound["total"], sound["faults"]) == (BUILDINGS[name], 0), sound
        moved = _moved()
        assert moved["faults"] == moved["wrong"] > BUILDINGS[name] // ASTRAY // 2, moved
        each[name] = sound["cpu"] / BUILDINGS[name]
        rows += [(f"{BUILDINGS[name]:,}", what, f"{one['s']:.1f}", f"{one['cpu']:.1f}", f"{one['faults']:,}")
                 for what, one in (("in place", sound), ("one in a hundred elsewhere", moved))]  # fmt: skip
    report.table(("buildings", "", "seconds", "of a processor", "faults found"), rows)
    return each["city"] / each["small"]


def _build(name: str) -> None:
    """As many buildings as wanted, where there are none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_building WHERE address = '网格一路'")
        there = cursor.fetchone()[0]
        cursor.execute("SELECT exists(SELECT FROM register_building WHERE name ~ '^[0-9]{15}-1号楼$')")
        if there != BUILDINGS[name] or not cursor.fetchone()[0]:
            cursor.execute("DELETE FROM register_building WHERE sort ~ '^[0-9]{9}$'")
            grids_there = grids.SIZES[name][0] * grids.SIZES[name][1]
            said = {"top": f"{grids.TOP}%", "each": -(-BUILDINGS[name] // grids_there), "most": BUILDINGS[name]}
            cursor.execute(_BUILD, said)
            cursor.execute("ANALYZE register_building")


def _moved() -> dict[str, Any]:
    """The same after one in a hundred was registered in the grid before; taken back at the end."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WEST)
            wrong = cursor.rowcount
            cursor.execute(
                "UPDATE register_building SET changed_at = now() WHERE id = (SELECT min(id::text)::uuid FROM register_building)"
            )
        found = _check_buildings()
        transaction.set_rollback(True)
    return found | {"wrong": wrong}


def _check_buildings() -> dict[str, Any]:
    from zhitong.kernel.territory.public import by_code, check_buildings

    top = by_code(grids.TOP)
    assert top
    started, cpu = time.perf_counter(), time.process_time()
    found = check_buildings("grid", top.id)
    return {
        "s": time.perf_counter() - started, "cpu": time.process_time() - cpu, "total": found.total, "faults": found.faults,
    }  # fmt: skip


def _land(report: Report) -> float:
    """The check of shapes."""
    rows, each = [], {}
    for name, database in grids.DATABASES.items():
        setting.use(database)
        total = grids.SIZES[name][0] * grids.SIZES[name][1]
        sound = _check()
        assert not sound["faults"], sound
        broken = _broken()
        assert broken["faults"] >= total // ASTRAY, broken
        each[name] = sound["cpu"] / total
        rows += [(f"{total:,}", what, f"{one['s']:.1f}", f"{one['cpu']:.1f}", f"{one['faults']:,}", f"{one['m2']:,.0f}")
                 for what, one in (("sound", sound), ("one in a hundred astray", broken))]  # fmt: skip
    report.table(("grids", "", "seconds", "of a processor", "faults found", "m² of them"), rows)
    return each["city"] / each["small"]


def _broken() -> dict[str, Any]:
    """The same after some grids have got the land of the next one; taken back at the end."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_FEW, {"top": f"{grids.TOP}%", "every": ASTRAY})
        found = _check()
        transaction.set_rollback(True)
    return found


def _check() -> dict[str, Any]:
    from zhitong.kernel.territory.public import by_code, check_coverage

    top = by_code(grids.TOP)
    assert top
    started, cpu = time.perf_counter(), time.process_time()
    found = check_coverage("grid", top.id)
    return {
        "s": time.perf_counter() - started, "cpu": time.process_time() - cpu, "faults": len(found.faults),
        "m2": sum(fault.area_m2 for fault in found.faults),
    }  # fmt: skip
