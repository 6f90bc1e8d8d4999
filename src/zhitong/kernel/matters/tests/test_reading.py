"""What is read stays small when the years pass: in twenty thousand matters no list and no search reads a sixth of them."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.base.identifiers import uuid7_at
from zhitong.base.text import tsquery
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m

from .conftest import Room

MANY, MOST_READ, SHOWN = 20_000, 3_000, 20
# Copies of one matter, hourly into the past.  A tenth speaks of a lamp, another tenth the organ has or had a task in, and a tenth
# of that is open.  Each has a word of its own, every fifth speaks of a lift, and the second half of them of a fountain; of a swing all
# but those of the last four months.
MATTERS = """
CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT n, (
  lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n::bigint * 3600000), 12, '0') || '7' || lpad(to_hex(n), 3, '0')
  || 'b' || substr(md5(n::text), 1, 15))::uuid AS id FROM generate_series(1, %s) AS n;
INSERT INTO matters_matter ({columns}) SELECT {values} FROM matters_matter t, copy WHERE t.id = '{one}';
INSERT INTO matters_matterwords (matter_id, words) SELECT id, (
  '事 号' || n || CASE WHEN n %% 10 = 0 THEN ' 路灯' ELSE '' END || CASE WHEN n %% 5 = 1 THEN ' 电梯' ELSE '' END
  || CASE WHEN n > 10000 THEN ' 喷泉' ELSE '' END || CASE WHEN n > 3000 THEN ' 秋千' ELSE '' END)::tsvector FROM copy;
INSERT INTO matters_task (id, matter_id, organ_id, role, state, round, is_binding, brief, sent_at)
  SELECT gen_random_uuid(), id, CASE WHEN n %% 10 = 1 THEN '{organ}' ELSE '{other}' END::uuid, 'lead',
  CASE WHEN n %% 100 = 1 THEN 'open' ELSE 'done' END, 1, false, '', now() FROM copy;
ANALYZE matters_matter, matters_matterwords, matters_task
"""
CHANGED = {
    "id": "copy.id", "number": "lpad(copy.n::text, 15, '0')",
    "stage": "CASE WHEN n % 100 = 1 THEN 'given' ELSE 'done' END",
    "closed_at": "CASE WHEN n % 100 = 1 THEN NULL ELSE now() END",
    "due_at": "CASE WHEN n % 100 = 1 THEN now() + n * interval '1 hour' END",
}  # fmt: skip


@pytest.fixture
def years(room: Room) -> Room:
    one = room.open()
    with connection.cursor() as cursor:
        columns = [field.column for field in m.Matter._meta.concrete_fields]
        values = [CHANGED.get(str(name), f't."{name}"') for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        put = {"columns": names, "values": ", ".join(values).replace("%", "%%"), "one": one.matter_id}
        cursor.execute(MATTERS.format(**put, organ=room.organ.pk, other=room.other.pk), [MANY])
    return room


def ids(by: Actor, condition: Q) -> list[UUID]:
    return list(m.visible_matters(by).filter(condition).order_by("-pk").values_list("pk", flat=True)[:SHOWN])


def words(by: Actor, typed: str, **more: Any) -> list[UUID]:
    return m.newest_matching(m.visible_matters(by), typed, SHOWN, organs=m.within_organs(by), **more)


def test_of_nothing_nothing_is_found(years: Room) -> None:
    assert m.newest_matching(m.Matter.objects.filter(stage__in=[]), "路灯", SHOWN) == []


def test_the_newest_are_the_newest_of_all_that_match(years: Room) -> None:
    for by, typed in product((years.centre, years.worker), ("路灯", "电梯", "喷泉", "秋千", "事", "路灯 电梯", "没有")):
        held = RawSQL("SELECT matter_id FROM matters_matterwords WHERE words @@ %s::tsquery", [tsquery(typed)])
        every = list(m.visible_matters(by).filter(pk__in=held).order_by("-pk").values_list("pk", flat=True))
        assert list(m.matching(m.visible_matters(by), typed).order_by("-pk").values_list("pk", flat=True)) == every
        assert words(by, typed) == every[:SHOWN]
        if every:
            middle = every[len(every) // 2]
            assert words(by, typed, before=middle) == [pk for pk in every if pk < middle][:SHOWN]


def test_what_a_wrong_clock_dated_ahead_is_the_newest(years: Room) -> None:
    """Of everybody who sees it: the days asked for first are those until tomorrow, and these."""
    ahead = uuid7_at(timezone.now() + timedelta(days=200))
    columns = {field.column: f't."{field.column}"' for field in m.Matter._meta.concrete_fields}
    columns |= {"id": f"'{ahead}'::uuid", "number": "'990000000000000'"}
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matters_matter ({names}) SELECT {', '.join(columns.values())} FROM matters_matter t LIMIT 1"
        )
        cursor.execute("INSERT INTO matters_matterwords (matter_id, words) VALUES (%s, '电梯'::tsvector)", [ahead])
        cursor.execute(
            "INSERT INTO matters_task (id, matter_id, organ_id, role, state, round, is_binding, brief, sent_at)"
            " VALUES (gen_random_uuid(), %s, %s, 'lead', 'done', 1, false, '', now())",
            [ahead, years.organ.pk],
        )
    for by in (years.centre, years.worker):
        every = list(m.matching(m.visible_matters(by), "电梯").order_by("-pk").values_list("pk", flat=True))
        assert every[0] == ahead
        assert words(by, "电梯") == every[:SHOWN]
        assert words(by, "电梯", before=ahead) == every[1 : SHOWN + 1]


QUESTIONS = {
    "the newest": lambda by: ids(by, Q()),
    "by deadline": lambda by: list(m.visible_matters(by).filter(closed_at=None).order_by("due_at", "pk")[:SHOWN]),
    "a common word": lambda by: words(by, "电梯"),
    "common, but elsewhere": lambda by: words(by, "路灯"),
    "in all of them": lambda by: words(by, "事"),
}


def plans(ask: Callable[[], Any]) -> Iterator[Any]:
    """How each statement was carried out."""
    with connection.cursor() as cursor:  # these rows are short: a real district's table is not read whole
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        ask()
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0]
        yield plan if isinstance(plan, list) else json.loads(plan)


def test_little_is_read(years: Room) -> None:
    for by, asked in product((years.centre, years.worker), QUESTIONS):
        for found in plans(partial(QUESTIONS[asked], by)):
            assert rows_read(found[0]["Plan"]) <= MOST_READ, f"{by.label}, {asked}: {json.dumps(found, indent=1)}"


def test_what_was_last_said_months_ago_is_found_among_what_was_said_then(years: Room) -> None:
    """Not among all that ever was: of these 17,000 speak of a swing."""
    (found,) = plans(lambda: words(years.centre, "秋千"))
    assert rows_read(found[0]["Plan"]) <= 8_000, json.dumps(found, indent=1)


def test_what_an_organ_last_had_months_ago_is_found_among_its_own_of_some_months(years: Room) -> None:
    """Not among all it ever had: of these 1,700 speak of a swing."""
    (found,) = plans(lambda: words(years.worker, "秋千"))
    assert rows_read(found[0]["Plan"]) <= 700, json.dumps(found, indent=1)


def test_what_is_open_is_read_without_what_an_organ_ever_had(years: Room) -> None:
    """Of its 2,000 matters 200 are open; each is read once as a matter and once as a task."""
    for by in (years.worker, years.centre):
        assert set(m.open_matters(by)) == set(m.visible_matters(by).filter(closed_at=None))
    (found,) = plans(lambda: list(m.open_matters(years.worker).values_list("pk", flat=True)))
    assert rows_read(found[0]["Plan"]) <= 1_000, json.dumps(found, indent=1)


def rows_read(node: dict[str, Any]) -> float:
    """What all scans of tables together gave and threw away; what an index alone sorted out is not read."""
    own = 0.0
    if "Relation Name" in node:
        kept = (
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        )
        own = kept * node["Actual Loops"]
    return own + sum(map(rows_read, node.get("Plans", ())))
