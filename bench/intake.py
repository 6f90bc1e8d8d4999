"""Intake over HTTP against pgbench writing the same rows: 32 connections each, full durability, by turns."""

import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable

from . import rows, setting
from .openings import Openings
from .race import SCRIPTS, Door, Written, race

BODIES, BEFORE = 4_000, 4_000


def main() -> None:
    """Measure and print."""
    setting.copy("intake")
    secret, scripts, tables = _prepared()
    race(
        Written(
            "intake",
            "appeal",
            "appeals_appeal",
            scripts,
            tables,
            [Door("over HTTP", _requests(secret, _bodies()), 201)],
        )
    )


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
