"""200,000 appeals through ``open_many`` against a bare COPY of the very rows it wrote, into the same indexed tables.

``open_many`` fills a copy of the empty district in batches, as the importer of work orders does.  Then what it wrote is taken
out into files, and COPY puts it into another copy of the empty district, table after table, in one transaction.
"""

import os
import resource
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from . import setting
from .openings import Openings
from .report import Report

APPEALS = int(os.environ.get("BENCH_APPEALS", "200000"))
BATCH = 1_000


def main() -> None:
    """Measure and print."""
    report = Report("import")
    setting.copy("import_ours")
    from zhitong.kernel.accounts.public import Actor
    from zhitong.kernel.matters.public import open_many

    by, memory, at = Actor.system("bench"), [], _now()
    started, processor = time.perf_counter(), time.process_time()
    for batch in _batches():
        open_many(batch, by=by, at=at)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    ours, python = time.perf_counter() - started, time.process_time() - processor
    files = _taken_out()
    bare = _copied(files)
    report.table(
        ("", "seconds", "appeals a second"),
        [
            ("open_many", f"{ours:.1f}", f"{APPEALS / ours:,.0f}"),
            (f"COPY of the same {sum(files.values()):,} rows", f"{bare:.1f}", f"{APPEALS / bare:,.0f}"),
        ],
    )
    tenth = len(memory) // 10
    report.line(f"memory at most {memory[tenth]:.0f} MB after a tenth, {memory[-1]:.0f} MB at the end")
    report.line(f"{python / ours:.0%} of the time is Python's")
    report.end(bare / ours)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def _batches() -> Iterator[list[Any]]:
    """Work orders of two years: most people come once, some again."""
    openings, now = Openings(1), _now()

    def told() -> Iterator[Any]:
        for number, one in enumerate(openings.many(APPEALS)):
            one.at = now - timedelta(minutes=number * 5 % (2 * 365 * 24 * 60))
            yield one

    rows = told()
    while batch := list(islice(rows, BATCH)):
        yield batch


def _taken_out() -> dict[str, int]:
    """The rows by table, in files; tables that the empty district has rows of already keep those."""
    from django.db import connection

    shutil.rmtree(setting.HOME / "rows", ignore_errors=True)
    (setting.HOME / "rows").mkdir()
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - own names
            (found[table],) = cursor.fetchone()
            kept = "WHERE stream_kind IN ('matter', 'person')" if table == "events_event" else ""
            out = f'COPY (SELECT * FROM "{table}" {kept}) TO STDOUT'  # noqa: S608 - own names
            with (setting.HOME / "rows" / table).open("wb") as file, cursor.copy(out) as copy:
                for data in copy:
                    file.write(data)
    return found


TABLES = (
    "register_person", "register_contact", "matters_matter", "matters_matterwords", "matters_clock", "matters_participant",
    "matters_idempotencykey", "appeals_appeal", "events_event", "indicators_fact",
)  # fmt: skip


def _copied(files: dict[str, int]) -> float:
    """Seconds for COPY of all of them."""
    from django.db import connection, transaction

    setting.copy("import_bare")
    connection.ensure_connection()
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in files:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy, (setting.HOME / "rows" / table).open("rb") as file:
                while data := file.read(1 << 20):
                    copy.write(data)
    return time.perf_counter() - started
