"""Over HTTP against pgbench writing the same rows: by turns, each on its own copy of a district, with the processor time of either."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from zhitong.config.postgres import running

from . import cpu, http, pgbench, setting
from .report import Report
from .server import serving

CONNECTIONS, SECONDS, ROUNDS = 32, 8, 3
SCRIPTS = 8


@dataclass(frozen=True)
class Written:
    """What is written: ``name`` of the database, scripts for pgbench, requests without end, and the status that says it was done.
    ``table`` gets one row each."""

    name: str
    what: str
    table: str
    scripts: list[str]
    tables: Counter[str]
    make: Callable[[], bytes]
    status: int


def race(written: Written) -> None:
    """Measure and print; every one acknowledged must be in the table once."""
    setting.copy(f"{written.name}_pgbench", written.name)
    report = Report(written.name)
    rounds, acknowledged = [], 0
    setting.use("postgres")
    with serving(written.name) as (port, server):
        http.load(port, written.make, connections=CONNECTIONS, seconds=3)  # plans, caches, connections
        for number in range(ROUNDS):
            theirs = _costed(
                server,
                lambda first=number * 10**6 + 1: pgbench.run(
                    f"{written.name}_pgbench", written.scripts, clients=CONNECTIONS, seconds=SECONDS, first=first,
                    folder=setting.HOME / "pgbench",
                ),
            )  # fmt: skip
            before = _count(written)
            ours = _costed(server, lambda: http.load(port, written.make, connections=CONNECTIONS, seconds=SECONDS))
            statuses = ours.run.statuses
            if set(statuses) != {written.status} or _count(written) - before != statuses[written.status]:
                raise SystemExit(f"answers {dict(statuses)}, and {_count(written) - before} in the table")
            rounds.append((theirs, ours))
            acknowledged += statuses[written.status]
    told = ", ".join(f"{table} {n}" for table, n in written.tables.items())
    report.line(f"each {written.what} writes {sum(written.tables.values())} rows: {told}")
    report.line(f"{acknowledged} of them acknowledged, as many in the table, none twice")
    report.table(
        ("", "a second", "p50 ms", "p99 ms", "processor ms each: PostgreSQL", "server", "sender"),
        [("pgbench", *_medians([t for t, _o in rounds])), ("over HTTP", *_medians([o for _t, o in rounds]))],
    )
    report.line(f"ratio by processor time {median(t.total / o.total for t, o in rounds):.2f}")
    report.end(median(o.run.rate / t.run.rate for t, o in rounds))


@dataclass(frozen=True)
class Costed:
    """A run, and the processor milliseconds of each appeal: in PostgreSQL, in the web server, in whoever sent it."""

    run: Any
    database: float
    server: float
    sender: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.database + self.server + self.sender


def _costed(server: int, measure: Callable[[], Any]) -> Costed:
    postmaster = running(setting.DATA)
    assert postmaster
    before = (cpu.used(postmaster), cpu.used(server), cpu.own())
    run = measure()
    after = (cpu.used(postmaster), cpu.used(server), cpu.own())
    return Costed(run, *((late - early) * 1000 / len(run.times) for early, late in zip(before, after, strict=True)))


def _medians(runs: Sequence[Costed]) -> Iterator[str]:
    """One line of the table."""
    columns = [(run.run.rate, median(run.run.times), run.run.p99, run.database, run.server, run.sender) for run in runs]
    for place, column in enumerate(zip(*columns, strict=True)):
        yield f"{median(column):.{2 if place > 2 else 0}f}"


def _count(written: Written) -> int:
    setting.use(written.name)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{written.table}"')  # noqa: S608 - own name
        (found,) = cursor.fetchone()
    connection.close()
    return int(found)
