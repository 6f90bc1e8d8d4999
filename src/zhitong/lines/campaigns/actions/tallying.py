"""The sums beside the targets: kept with every change, folded, compared with the targets and made anew where they differ.

A change adds rows and touches none, so that nobody waits for anybody; ``fold`` and ``rebuild`` are one statement each: what others add meanwhile
is neither lost nor counted twice.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from zhitong.kernel.territory.public import Level, ancestor

from ..models import Drive, Tally, Target

DIMS = ("drive_id", "area_id", "organ_id", "found_on", "done_on", "aside_on", "due_on", "sort")
FOLD = """
WITH gone AS (DELETE FROM campaigns_tally WHERE drive_id = %(drive)s RETURNING *)
INSERT INTO campaigns_tally (id, drive_id, area_id, organ_id, found_on, done_on, aside_on, due_on, sort, n)
SELECT gen_random_uuid(), folded.* FROM (
    SELECT drive_id, area_id, organ_id, found_on, done_on, aside_on, due_on, sort, sum(n)::integer
    FROM gone GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0
) folded
"""
COUNTED = """
    SELECT t.drive_id,
        COALESCE((SELECT d.id FROM territory_division d WHERE d.id = ANY(t.path) AND d.level = 'street' LIMIT 1), t.division_id),
        t.organ_id, t.found_on, t.done_on, t.aside_on, t.due_on, t.sort, count(*)::integer
    FROM campaigns_target t WHERE t.drive_id = %(drive)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
KEPT = """
    SELECT drive_id, area_id, organ_id, found_on, done_on, aside_on, due_on, sort, sum(n)::integer
    FROM campaigns_tally WHERE drive_id = %(drive)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0
"""
REBUILD = " ".join((
    "WITH gone AS (DELETE FROM campaigns_tally WHERE drive_id = %(drive)s)",
    "INSERT INTO campaigns_tally (id, drive_id, area_id, organ_id, found_on, done_on, aside_on, due_on, sort, n)",
    "SELECT gen_random_uuid(), counted.* FROM (", COUNTED, ") counted",
))  # fmt: skip
DIFFER = " ".join(("SELECT EXISTS ((", COUNTED, "EXCEPT", KEPT, ") UNION ALL (", KEPT, "EXCEPT", COUNTED, "))"))
Dims = tuple[Any, ...]


def dims_of(one: Target) -> Dims:
    """What a target counts under."""
    area = ancestor(one.division_id, Level.STREET) or one.division_id
    return one.drive_id, area, one.organ_id, one.found_on, one.done_on, one.aside_on, one.due_on, one.sort


def added(targets: Iterable[Target]) -> None:
    """These are new."""
    counted = Counter(dims_of(one) for one in targets)
    Tally.objects.bulk_create(Tally(**dict(zip(DIMS, dims, strict=True)), n=n) for dims, n in counted.items())


def changed(before: Dims, one: Target) -> None:
    """A target counted under ``before``, and is another now."""
    if (now := dims_of(one)) != before:
        Tally.objects.bulk_create(
            Tally(**dict(zip(DIMS, dims, strict=True)), n=n) for dims, n in ((before, -1), (now, 1))
        )


def rebuild(drive_id: UUID) -> None:
    """Count the targets anew."""
    _run(REBUILD, drive_id)


def fold(drive_id: UUID) -> None:
    """Rows that say the same become one."""
    _run(FOLD, drive_id)


def _run(statement: str, drive_id: UUID) -> None:
    with transaction.atomic():
        Drive.objects.select_for_update().filter(pk=drive_id).first()  # one at a time
        with connection.cursor() as cursor:
            cursor.execute(statement, {"drive": drive_id})


def differ(drive_id: UUID) -> bool:
    """Whether the sums say something else than the targets."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFER, {"drive": drive_id})
        return bool(cursor.fetchone()[0])
