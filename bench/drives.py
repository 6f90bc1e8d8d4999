"""A drive of 73,000 targets, as the certificates of a district are: read from a table, then its pages beside those of one with 730.

The table is made by chance from the district's own communities; it is read in as people do it, tried first, then written, then read again.
The ratio is that of the slowest page, from request to the bytes, of the large drive to the same page of the small one.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from . import setting
from .pages import signed_in
from .report import Report

FEW, MANY, RUNS, DONE = 730, 73_000, 7, 0.6


def main() -> None:
    """Measure and print."""
    from django.utils import timezone

    from zhitong.config.prepare import collect_static
    from zhitong.kernel.accounts.public import Actor

    collect_static()
    setting.copy("drives")  # the empty district stays empty
    report, by, at = Report("drives"), Actor.system("bench"), timezone.now()
    small, _few = _drive(FEW, by, at)
    large, lines = _drive(MANY, by, at)
    report.table(("73,000 targets", "s"), lines)
    client = signed_in("leader")
    shown, worst = [], 0.0
    for name, path in _paths().items():
        took, statements = zip(*(_asked(client, path.format(drive)) for drive in (small, large)), strict=True)
        worst = max(worst, took[1] / took[0])
        shown.append(
            (name, f"{took[0]:.1f}", f"{took[1]:.1f}", f"{took[1] / took[0]:.2f}", f"{statements[0]} / {statements[1]}")
        )
    report.table(("page", "730, ms", "73,000, ms", "ratio", "statements"), shown)
    report.end(worst)


def _paths() -> dict[str, str]:
    base = "/desk/drives/{}/"
    listed = f"{base}targets/"
    return {
        "the drive": base, "the list": listed, "by due day": f"{listed}?sort=due", "newest first": f"{listed}?sort=-moved",
        "done": f"{listed}?state=done", "found by number": f"{listed}?q=700", "found by words": f"{listed}?q=3号楼2单元",
        "on the map": f"{base}map.json?bbox=116.9,36.5,117.1,36.65",
    }  # fmt: skip


def _drive(count: int, by: Any, at: Any) -> tuple[str, list[tuple[str, str]]]:
    """A drive of so many targets, some of them done; and how long it took to read them."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from zhitong.kernel.organisation.public import organs
    from zhitong.kernel.territory.public import Level, of_level
    from zhitong.lines.campaigns import public as campaigns

    today, communities = timezone.localdate(at), of_level(Level.COMMUNITY)
    said = campaigns.DriveSaid(
        name=f"办证{count} {time.time_ns()}", kind="certificate", organ=organs()[0].id, starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=60), stages=(("已受理", False), ("已发证", True)),
    )  # fmt: skip
    drive = campaigns.begin(said, by=by, at=at)
    rows = ["编号,对象名称,统一编码"]
    for number in range(count):
        community = communities[number * 7 % len(communities)]
        rows.append(
            f"B{number:06d},{community.name}{number % 99 + 1}号楼{number % 4 + 1}单元{number % 6 + 1}01,{community.code}"
        )
    content, lines = "\n".join(rows).encode(), []
    for name, is_trial in (("tried", True), ("written", False), ("the same again", False)):
        started = time.perf_counter()
        done = campaigns.import_targets(drive.pk, content, by=by, at=at, dry_run=is_trial)
        lines.append((name, f"{time.perf_counter() - started:.1f}"))
        assert not done.sheets[0].errors, done.sheets[0].errors[:3]
    with connection.cursor() as cursor:  # a history that only the figures look at
        last = drive.stages.order_by("-position")[0]
        cursor.execute(
            "UPDATE campaigns_target SET state = 'done', stage_id = %s, done_on = %s::date - (number %% 60)"
            " WHERE drive_id = %s AND number %% 10 < %s",
            [last.pk, today, drive.pk, DONE * 10],
        )
        cursor.execute("VACUUM ANALYZE campaigns_target")
    campaigns.rebuild(drive.pk)
    return str(drive.pk), lines


def _asked(client: Any, path: str) -> tuple[float, int]:
    """Milliseconds of a page, the median of some, and how many statements it takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = [_timed(lambda: client.get(path)) for _run in range(RUNS)]
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return median(times) * 1000, len(asked)


def _timed(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
