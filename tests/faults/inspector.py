"""Looks at a district from within: a process of its own, which answers one question a line.

``check`` gives what is wrong: breaks of the log, figures that do not follow from it, figures that come out differently when
they are made again, notices that were not sent.  ``session`` and the id of an account: that person's cookie, signed in now.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402

from tests.district import BACKEND  # noqa: E402
from zhitong.kernel.accounts.public import Account  # noqa: E402
from zhitong.kernel.events.public import Event, Notice, verify  # noqa: E402
from zhitong.kernel.indicators import public as indicators  # noqa: E402

CELLS = "measure, area, organ, category, channel, subkind, sum, count"
FIGURES = f"""
SELECT 'fact', md5(string_agg(f::text, '|' ORDER BY f::text)), count(*) FROM indicators_fact f
UNION ALL SELECT 'day', md5(string_agg(c::text, '|' ORDER BY c::text)), count(*)
FROM (SELECT grain, day, {CELLS} FROM indicators_rollupday) c
UNION ALL SELECT 'month', md5(string_agg(c::text, '|' ORDER BY c::text)), count(*)
FROM (SELECT grain, month, {CELLS} FROM indicators_rollupmonth) c"""
FOLDED = """SELECT array_agg(d ORDER BY d) FROM (SELECT day AS d FROM indicators_rolledday UNION ALL SELECT month FROM indicators_rolledmonth) r"""


def figures() -> list[tuple[str, str, int]]:
    """Every fact and every cell of the rollups, in short."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        return list(cursor.fetchall())


def one(question: str) -> Any:
    """The one value that is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def rebuilt() -> list[str]:
    """What is different when all figures are made again from the log; looked at anew when something happened meanwhile: an
    event, or days that the worker was folding when we could not."""
    while True:
        while indicators.fold_finished():
            pass
        newest, folded, before = Event.objects.count(), one(FOLDED), figures()
        indicators.rebuild()
        after = figures()
        if (newest, folded) == (Event.objects.count(), one(FOLDED)):
            return [] if before == after else [f"made again, figures are others: {before} {after}"]


def notices() -> dict[str, Any]:
    """How many in which state, and of each matter the ids of what was sent to its reporter."""
    states = Notice.objects.values("channel", "state").annotate(n=Count("id"))
    sms = Notice.objects.filter(channel="sms").values_list("id", "context__number", "state", "template")
    return {
        "states": {f"{row['channel']} {row['state']}": row["n"] for row in states},
        "sms": [[str(pk), *more] for pk, *more in sms],
        "webhooks": [str(pk) for pk in Notice.objects.filter(channel="webhook").values_list("id", flat=True)],
    }


def check() -> list[str]:
    """Everything that is wrong."""
    return [*verify(), *indicators.check(), *rebuilt(), *indicators.check()]


def session(account: str) -> str:
    """Signed in now: a worker whose clock was ahead has taken away the sessions of before."""
    client = Client()
    client.force_login(Account.objects.get(pk=account), backend=BACKEND)
    return str(client.cookies["sessionid"].value)


QUESTIONS: dict[str, Callable[..., Any]] = {"check": check, "notices": notices, "session": session}

if __name__ == "__main__":
    for line in sys.stdin:
        question, *given = line.split()
        print(json.dumps(QUESTIONS[question](*given)), flush=True)
        connection.close()
