"""200,000 work orders from a file against a bare COPY of the very rows that came of them, into the same indexed tables.

The importer fills a copy of the empty district from a CSV file, as ``zhitong appeals import`` does.  Then what it wrote is taken
out into files, and COPY puts it into another copy of the empty district, table after table, in one transaction.
"""

import csv
import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from . import setting
from .openings import Openings
from .report import Report

APPEALS = int(os.environ.get("BENCH_APPEALS", "200000"))
PROCESSES = int(os.environ.get("BENCH_PROCESSES", str(min(os.cpu_count() or 1, 4))))
HEAD = ("工单编号", "受理时间", "来电人", "联系电话", "标题", "内容", "地址", "经度", "纬度", "类别")


def main() -> None:
    """Measure and print."""
    report = Report("import")
    setting.copy("import_ours")
    path, before = _file(), _transaction()
    memory: list[int] = []
    started = time.perf_counter()
    opened = _imported(path, memory)
    ours = time.perf_counter() - started
    if opened != APPEALS:
        raise SystemExit(f"{opened} of {APPEALS} were opened")
    files = _taken_out(before)
    bare = _copied(files)
    report.table(
        ("", "seconds", "appeals a second"),
        [
            (f"zhitong appeals import, {PROCESSES} processes", f"{ours:.1f}", f"{APPEALS / ours:,.0f}"),
            (f"COPY of the same {sum(files.values()):,} rows", f"{bare:.1f}", f"{APPEALS / bare:,.0f}"),
        ],
    )
    fifth = max(len(memory) // 5, 1) - 1
    report.line(
        f"file of {path.stat().st_size / 2**20:.0f} MB; its reader and openers hold {memory[fifth]} MB after a fifth,"
    )
    report.line(f"{memory[-1]} MB at the end, {max(memory)} MB at most")
    report.end(bare / ours)


def _imported(path: Path, memory: list[int]) -> int:
    """How many it opened; ``memory`` gets megabytes as it goes on."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.appeals import public as line

    by, at = Actor.system("bench"), timezone.now()
    run = line.attended(path, columns=line.guessed(path), source="bench", by=by, at=at)
    if PROCESSES > 1:
        run = line.import_together(run.pk, path, processes=PROCESSES, told=lambda _run: memory.append(_resident()))
    while run.state in ("waiting", "running"):
        run = line.import_batch(run.pk, at=timezone.now(), path=path)
        memory.append(_resident())
    if run.state != "done":
        raise SystemExit(f"{run.state}: {run.failure}")
    return int(run.opened)


def _resident() -> int:
    """Megabytes of this process and those below it, without the database's."""
    pids, total = [os.getpid()], 0
    for pid in pids:
        if Path(f"/proc/{pid}/comm").read_text().startswith("postgres"):
            continue
        pids += [
            int(text) for task in Path(f"/proc/{pid}/task").glob("*/children") for text in task.read_text().split()
        ]
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total >> 20


def _file() -> Path:
    """Work orders of two years, as a hotline gives them away: most people come once, some again."""
    from django.utils import timezone

    path, openings, now = setting.HOME / "orders.csv", Openings(1), timezone.localtime()
    names = _category_names()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number, one in enumerate(openings.many(APPEALS), start=1):
            at = now - timedelta(minutes=number * 5 % (2 * 365 * 24 * 60))
            writer.writerow([
                f"B{number:08d}", f"{at:%Y-%m-%d %H:%M:%S}", one.reporter.name, one.reporter.phone, one.title, one.text,
                one.address, one.lon, one.lat, names.get(one.category_id, ""),
            ])  # fmt: skip
    return path


def _category_names() -> dict[Any, str]:
    from zhitong.kernel.organisation.public import Category

    return dict(Category.objects.values_list("pk", "code"))


def _transaction() -> int:
    """The number of the present transaction: what is written from now on has a higher one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _taken_out(before: int) -> dict[str, int]:
    """The rows by table that were written since, in files; what the empty district has of them already is in its copy too."""
    from django.db import connection

    shutil.rmtree(setting.HOME / "rows", ignore_errors=True)
    (setting.HOME / "rows").mkdir()
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            kept = "AND stream_kind IN ('matter', 'person')" if table == "events_event" else ""
            rows = f'FROM "{table}" WHERE xmin::text::bigint > {before} {kept}'
            cursor.execute(f"SELECT count(*) {rows}")
            (found[table],) = cursor.fetchone()
            out = f"COPY (SELECT * {rows}) TO STDOUT"
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
