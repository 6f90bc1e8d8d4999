"""Intake over HTTP against pgbench writing the same rows: 32 connections each, full durability, by turns."""

import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from zhitong.config.postgres import running

from . import cpu, http, pgbench, rows, setting
from .openings import Openings
from .report import Report
from .server import serving

CONNECTIONS, SECONDS, ROUNDS = 32, 8, 3
SCRIPTS, BODIES, BEFORE = 8, 4_000, 4_000


def main() -> None:
    """Measure and print."""
    setting.copy("intake")
    secret, scripts, tables = _prepared()
    setting.copy("intake_pgbench", "intake")
    report = Report("intake")
    bodies = _bodies()
    make = _requests(secret, bodies)
    rounds, acknowledged = [], 0
    setting.use("postgres")
    with serving("intake") as (port, server):
        http.load(port, make, connections=CONNECTIONS, seconds=3)  # plans, caches, connections
        for number in range(ROUNDS):
            theirs = _costed(
                server,
                lambda first=number * 10**6 + 1: pgbench.run(
                    "intake_pgbench", scripts, clients=CONNECTIONS, seconds=SECONDS, first=first,
                    folder=setting.HOME / "pgbench",
                ),
            )  # fmt: skip
            before = _count()
            ours = _costed(server, lambda: http.load(port, make, connections=CONNECTIONS, seconds=SECONDS))
            statuses = ours.run.statuses
            if set(statuses) != {201} or _count() - before != statuses[201]:
                raise SystemExit(f"answers {dict(statuses)}, and {_count() - before} appeals in the table")
            rounds.append((theirs, ours))
            acknowledged += statuses[201]
    report.line(f"each appeal writes {sum(tables.values())} rows: {', '.join(f'{t} {n}' for t, n in tables.items())}")
    report.line(f"{acknowledged} appeals acknowledged, as many in the table, none twice")
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


def _count() -> int:
    setting.use("intake")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appeals_appeal")
        (found,) = cursor.fetchone()
    connection.close()
    return int(found)


def _prepared() -> tuple[str, list[str], Counter[str]]:
    """A token, and what raising writes, as pgbench takes it."""
    from django.db import connection
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Account, ApiScope, actor_for, make_token
    from zhitong.kernel.matters.public import open_many
    from zhitong.kernel.organisation.public import posts_of

    now = timezone.now()
    clerk, admin = (Account.objects.get(username=name) for name in ("clerk", "admin"))
    assert clerk.staff_id
    post = posts_of(clerk.staff_id, timezone.localdate())[0].post
    issued = make_token(
        name="热线平台", post_id=post.pk, scopes=[ApiScope.RAISE], by=actor_for(admin), at=now, per_minute=100_000
    )
    openings, by = Openings(1), actor_for(clerk)
    for _ in range(BEFORE // 500):  # plans made for empty tables are those of no district, and stay for a minute
        open_many(list(openings.many(500)), by=by, at=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sampled = [rows.written_by(lambda: open_many([openings.one()], by=by, at=timezone.now())) for _ in range(SCRIPTS)]
    scripts = [rows.script(found, timezone.now()) for found in sampled]
    return issued.secret, scripts, Counter(row.table for row in sampled[0])


def _bodies() -> list[bytes]:
    """What a hotline sends."""
    made = Openings(time.time_ns())
    return [
        json.dumps(
            {
                "text": one.text, "subkind": one.subkind, "address": one.address, "lon": one.lon, "lat": one.lat,
                "category": str(one.category_id), "channel": "hotline", "name": one.reporter.name,
                "phone": one.reporter.phone, "is_public": one.is_public,
            },
            ensure_ascii=False,
        ).encode()
        for one in made.many(BODIES)
    ]  # fmt: skip


def _requests(secret: str, bodies: list[bytes]) -> Callable[[], bytes]:
    """Requests without end: the texts come round again, people and keys are new."""
    numbers, run = itertools.count(), time.time_ns()
    heads = f"POST /api/v1/appeals HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n"
    heads += "Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {length}\r\n\r\n"

    def make() -> bytes:
        number = next(numbers)
        phone = f'"phone": "139{random.randrange(10**8):08d}"'.encode()
        body = bodies[number % len(bodies)]
        start = body.index(b'"phone": "')
        body = body[:start] + phone + body[start + len(phone) :]
        return heads.format(key=f"bench-{run}-{number}", length=len(body)).encode() + body

    return make
