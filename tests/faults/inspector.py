"""Looks at a district from within: a process of its own, which answers one question a line.

``check`` gives what is wrong: breaks of the log, figures that do not follow from it, figures that come out differently when
they are made again, notices that were not sent.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from zhitong.kernel.events.public import Event, Notice, verify  # noqa: E402
from zhitong.kernel.indicators import public as indicators  # noqa: E402

CELLS = "measure, area, organ, category, channel, subkind, sum, count"
FIGURES = f"""
SELECT 'fact', md5(string_agg(f::text, '|' ORDER BY f::text)), count(*) FROM indicators_fact f
UNION ALL SELECT 'day', md5(string_agg(c::text, '|' ORDER BY c::text)), count(*)
FROM (SELECT grain, day, {CELLS} FROM indicators_rollupday) c
UNION ALL SELECT 'month', md5(string_agg(c::text, '|' ORDER BY c::text)), count(*)
FROM (SELECT grain, month, {CELLS} FROM indicators_rollupmonth) c"""


def figures() -> list[tuple[str, str, int]]:
    """Every fact and every cell of the rollups, in short."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        return list(cursor.fetchall())


def rebuilt() -> list[str]:
    """What is different when all figures are made again from the log; looked at anew when something happened meanwhile."""
    while True:
        while indicators.fold_finished():
            pass
        newest, before = Event.objects.count(), figures()
        indicators.rebuild()
        after = figures()
        if Event.objects.count() == newest:
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


QUESTIONS = {"check": check, "notices": notices}

if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(QUESTIONS[line.strip()]()), flush=True)
        connection.close()
