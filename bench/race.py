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
class Door:
    """One way in over HTTP: requests without end, and the status that says it was done."""

    name: str
    make: Callable[[], bytes]
    status: int


@dataclass(frozen=True)
class Written:
    """What is written: ``name`` of the database, scripts for pgbench, and the ways in, the first of which counts.
    ``table`` gets one row each."""

    name: str
    what: str
    table: str
    scripts: list[str]
    tables: Counter[str]
    doors: Sequence[Door]


def race(written: Written) -> None:
    """Measure and print; every one acknowledged must be in the table once."""
    setting.copy(f"{written.name}_pgbench", written.name)
    report = Report(written.name)
    rounds: list[tuple[Costed, list[Costed]]] = []
    acknowledged = 0
    setting.use("postgres")
    with serving(written.name) as (port, server):
        for door in written.doors:  # plans, caches, connections
            http.load(port, door.make, connections=CONNECTIONS, seconds=3)
        for number in range(ROUNDS):
            theirs = _costed(
                server,
                lambda first=number * 10**6 + 1: pgbench.run(
                    f"{written.name}_pgbench", written.scripts, clients=CONNECTIONS, seconds=SECONDS, first=first,
                    folder=setting.HOME / "pgbench",
                ),
            )  # fmt: skip
            rounds.append((theirs, [_entered(written, door, port, server) for door in written.doors]))
            acknowledged += sum(len(one.run.times) for one in rounds[-1][1])
    told = ", ".join(f"{table} {n}" for table, n in written.tables.items())
    report.line(f"each {written.what} writes {sum(written.tables.values())} rows: {told}")
    report.line(f"{acknowledged} of them acknowledged, as many in the table, none twice")
    report.table(
        ("", "a second", "p50 ms", "p99 ms", "processor ms each: PostgreSQL", "server", "sender"),
        [
            ("pgbench", *_medians([theirs for theirs, _ours in rounds])),
            *((door.name, *_medians([ours[n] for _theirs, ours in rounds])) for n, door in enumerate(written.doors)),
        ],
    )
    for n, door in enumerate(written.doors):
        rate = median(ours[n].run.rate / theirs.run.rate for theirs, ours in rounds)
        by_time = median(theirs.total / ours[n].total for theirs, ours in rounds)
        report.line(f"{door.name}: ratio {rate:.2f}, by processor time {by_time:.2f}")
    report.end(median(ours[0].run.rate / theirs.run.rate for theirs, ours in rounds))


def _entered(written: Written, door: Door, port: int, server: int) -> "Costed":
    """One turn of a door: every answer must be good, and as many in the table."""
    before = _count(written)
    ours = _costed(server, lambda: http.load(port, door.make, connections=CONNECTIONS, seconds=SECONDS))
    statuses, new = ours.run.statuses, _count(written) - before
    if set(statuses) != {door.status} or new != statuses[door.status]:
        raise SystemExit(f"{door.name}: answers {dict(statuses)}, and {new} in the table")
    return ours


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
