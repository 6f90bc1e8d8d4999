"""Taking in applications over HTTP against pgbench writing the same rows: 32 connections, full durability, by turns.

An acceptance: submitted with its materials, checked, accepted, receipts issued.  Two doors: the machine interface, as for appeals, and
the form that a clerk sends with F2, each of 32 signed in.
"""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from . import cases, rows, setting
from .pages import signed_in
from .race import CONNECTIONS, SCRIPTS, Door, Written, race

NOWHERE = "379999"  # a region code that was never given out


def main() -> None:
    """Measure and print."""
    cases.ensure_small()
    setting.copy("acceptance", cases.DATABASES["small"])
    found, scripts, tables = _prepared()
    heads = [_head(signed_in("clerk")) for _ in range(CONNECTIONS)]
    doors = [
        Door("machine interface", _machine(found), 201),
        Door("counter's form", _requests(heads, list(map(_fields, found))), 302),
    ]
    race(Written("acceptance", "acceptance", "hall_application", scripts, tables, doors))


def _prepared() -> tuple[list[Any], list[str], Counter[str]]:
    """Applications, and what accepting one writes, as pgbench takes it."""
    from django.db import connection
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.lines.hall.public import take_in

    by, numbers = actor_for(Account.objects.get(username="clerk")), _citizen_ids("7")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        # behind the numbers of those of today among the applications that were copied
        cursor.execute("SELECT setval('matters_serial', 500000)")
    found = list(itertools.islice(_submissions(), SCRIPTS))
    sampled = []
    for one in found:
        one.citizen_id, now = next(numbers), timezone.now()
        sampled.append(rows.written_by(lambda one=one, now=now: take_in(one, "accept", by=by, at=now)))  # type: ignore[misc]
    scripts = [rows.script(written, timezone.now()) for written in sampled]
    return found, scripts, Counter(row.table for row in sampled[0])


def _submissions() -> Iterator[Any]:
    """Applications for ordinary items, none of which is decided at once, as long as one likes; only what is taken without a question."""
    from django.utils import timezone

    from zhitong.config.demo import cases as demo
    from zhitong.config.demo import history, loading
    from zhitong.lines.hall.public import Given, version_on

    w = history.world(timezone.localtime())
    w.random.seed(loading.SEED)
    items = [item for item in demo.fitting(w)["refused"] if item.for_persons]
    for number in itertools.count():
        item = w.random.choice(items)
        version = version_on(item.pk, timezone.localdate())
        if version is not None and not version.is_instant:
            one = demo.said(demo.Case(w, version, w.now, "refused"), item, f"bench-acceptance-{number}-{w.now}")
            yield replace(one, materials=dict.fromkeys(one.materials, Given()))


def _fields(said: Any) -> list[tuple[str, str]]:
    """As the counter's form sends them."""
    found = [
        ("item", str(said.item_id)),
        ("verdict", "accept"),
        ("name", said.name),
        ("delivery", said.delivery),
        ("is_another", "1"),
    ]
    found += [(f"material_{pk}", str(given.state)) for pk, given in said.materials.items()]
    for slug, value in said.answers.items():
        found += [(f"answer_{slug}", str(one)) for one in (value if isinstance(value, list) else [value])]
    return found


def _machine(found: list[Any]) -> Callable[[], bytes]:
    """Requests without end of another system's counter: the items come round again, people and keys are new."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Account, ApiScope, actor_for, make_token
    from zhitong.kernel.organisation.public import posts_of

    clerk, admin = (Account.objects.get(username=name) for name in ("clerk", "admin"))
    assert clerk.staff_id
    post = posts_of(clerk.staff_id, timezone.localdate())[0].post
    issued = make_token(
        name="综合窗口",
        post_id=post.pk,
        scopes=[ApiScope.RAISE],
        by=actor_for(admin),
        at=timezone.now(),
        per_minute=100_000,
    )
    bodies, people = itertools.cycle([_body(one) for one in found]), _citizen_ids("9")
    head = f"POST /api/v1/applications HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {issued.secret}\r\n"
    head += "Content-Type: application/json\r\nIdempotency-Key: "

    def make() -> bytes:
        who = next(people)
        body = json.dumps(next(bodies) | {"citizen_id": who, "phone": f"1990{who[-8:-1]}"}, ensure_ascii=False).encode()
        return f"{head}bench-{who}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    return make


def _body(said: Any) -> dict[str, Any]:
    """As the machine interface takes it."""
    return {
        "item": str(said.item_id), "name": said.name, "delivery": said.delivery, "is_another": True,
        "materials": {str(pk): str(given.state) for pk, given in said.materials.items()},
        "answers": {slug: value if isinstance(value, list) else str(value) for slug, value in said.answers.items()},
    }  # fmt: skip


def _citizen_ids(first: str) -> Iterator[str]:
    """Numbers of people who do not exist, none twice."""
    from zhitong.base.citizen import citizen_check

    for n in itertools.count():
        born = date(1950, 1, 1) + timedelta(days=n // 100 % 20_000)
        number = f"{NOWHERE}{born:%Y%m%d}{first}{n % 100:02d}"
        yield number + citizen_check(number)


def _head(client: Any) -> str:
    token = "b" * 32
    session = client.cookies["sessionid"].value
    return (
        "POST /desk/window/counter/send HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: sessionid={session}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    )


def _requests(heads: list[str], forms: list[list[tuple[str, str]]]) -> Callable[[], bytes]:
    """Requests without end: the items come round again, people and keys are new."""
    turn, people = itertools.cycle(heads), _citizen_ids("8")
    bodies = itertools.cycle(forms)

    def make() -> bytes:
        who = next(people)
        own = {"who": who, "phone": f"1990{who[-8:-1]}", "key": f"bench-{who}"}
        body = urlencode([*next(bodies), *own.items()]).encode()
        return f"{next(turn)}{len(body)}\r\n\r\n".encode() + body

    return make
