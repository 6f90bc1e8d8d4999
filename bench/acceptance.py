"""Taking in applications at the counter over HTTP against pgbench writing the same rows: 32 clerks, full durability, by turns.

An acceptance is what a clerk sends with F2: submitted with its materials, checked, accepted, receipts issued.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from . import cases, rows, setting
from .pages import signed_in
from .race import CONNECTIONS, SCRIPTS, Written, race

NOWHERE = "379999"  # a region code that was never given out


def main() -> None:
    """Measure and print."""
    cases.ensure_small()
    setting.copy("acceptance", cases.DATABASES["small"])
    forms, scripts, tables = _prepared()
    heads = [_head(signed_in("clerk")) for _ in range(CONNECTIONS)]
    race(Written("acceptance", "acceptance", "hall_application", scripts, tables, _requests(heads, forms), 302))


def _prepared() -> tuple[list[list[tuple[str, str]]], list[str], Counter[str]]:
    """Forms as they are sent, and what accepting writes, as pgbench takes it."""
    from django.db import connection
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.lines.hall.public import take_in

    by, numbers = actor_for(Account.objects.get(username="clerk")), _citizen_ids("7")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found = list(itertools.islice(_submissions(), SCRIPTS))
    sampled = []
    for one in found:
        one.citizen_id, now = next(numbers), timezone.now()
        sampled.append(rows.written_by(lambda one=one, now=now: take_in(one, "accept", by=by, at=now)))  # type: ignore[misc]
    scripts = [rows.script(written, timezone.now()) for written in sampled]
    return [_fields(one) for one in found], scripts, Counter(row.table for row in sampled[0])


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
