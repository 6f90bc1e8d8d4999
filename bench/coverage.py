"""The coverage check, read from the database: 3,200 grids and 100,000, sound and with one border in a hundred gone astray.

The ratio is what a grid costs at 100,000 to what it costs at 3,200.
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


def main() -> None:
    """Measure and print."""
    report = Report("coverage")
    grids.ensure()
    rows, each = [], {}
    for name, database in grids.DATABASES.items():
        setting.use(database)
        total = grids.SIZES[name][0] * grids.SIZES[name][1]
        sound = _check()
        assert not sound["faults"], sound
        broken = _broken()
        assert broken["faults"] >= total // ASTRAY, broken
        each[name] = sound["s"] / total
        rows += [(f"{total:,}", what, f"{one['s']:.1f}", f"{one['cpu']:.1f}", f"{one['faults']:,}", f"{one['m2']:,.0f}")
                 for what, one in (("sound", sound), ("one in a hundred astray", broken))]  # fmt: skip
    report.table(("grids", "", "seconds", "of a processor", "faults found", "m² of them"), rows)
    report.end(each["city"] / each["small"])


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
