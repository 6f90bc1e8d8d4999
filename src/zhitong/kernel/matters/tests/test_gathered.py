"""Open tasks know how their matters stand, and lists are read from them in their order, no farther than they show."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from zhitong.kernel.matters import public as m

from ..models import KNOWN_TO_TASKS
from ..queries.gathered import MOST_ORGANS
from .conftest import MONDAY, Room
from .test_reading import SHOWN, rows_read, years

__all__ = ["years"]


def known(pk: UUID) -> None:
    matter, (task,) = m.Matter.objects.get(pk=pk), m.Task.objects.filter(matter=pk, state="open")
    stands = {name: getattr(matter, name) for name in KNOWN_TO_TASKS if name != "is_live"}
    assert {name: getattr(task, name) for name in KNOWN_TO_TASKS} == {**stands, "is_live": matter.closed_at is None}


def test_an_open_task_knows_how_its_matter_stands(room: Room) -> None:
    pk = room.given().matter_id
    known(pk)
    reason = m.Reason.objects.get(list="pause", slug="wait")
    m.act(pk, "pause", {"reason": str(reason.pk), "note": "等配件"}, by=room.centre, at=MONDAY + timedelta(hours=1))
    assert m.Task.objects.get(matter=pk).is_paused
    known(pk)
    m.act(pk, "resume", {"note": "配件已到"}, by=room.centre, at=MONDAY + timedelta(hours=2))
    m.tick(MONDAY + timedelta(days=60))
    assert m.Task.objects.get(matter=pk).grade in m.LATE_GRADES
    known(pk)
    m.Matter.objects.filter(pk=pk).update(due_at=None, closed_at=MONDAY)
    known(pk)


def test_a_task_that_is_done_knows_it_too_as_long_as_the_matter_is_open(room: Room) -> None:
    pk = room.given().matter_id
    m.Task.objects.filter(matter=pk).update(state="done")
    m.Matter.objects.filter(pk=pk).update(grade="severe")
    task = m.Task.objects.get(matter=pk)
    assert (task.grade, task.is_live) == ("severe", True)
    m.act(room.given().matter_id, "finish", {"note": "已修好"}, by=room.worker, at=MONDAY)
    assert m.Task.objects.filter(is_live=True).count() == 1


def test_a_matter_that_begins_with_an_organ(room: Room) -> None:
    known(room.open(lead_id=room.organ.pk).matter_id)


def reopen() -> None:
    """Everything: PostgreSQL then knows that two thousand of the organ's are open, and that reading them all is dear."""
    due = RawSQL("now() + random() * interval '90 days'", [])
    m.Matter.objects.update(stage="given", closed_at=None, due_at=due)
    m.Task.objects.update(state="open")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_matter, matters_task")


def test_no_more_is_read_than_is_shown(years: Room) -> None:
    by, organs = years.worker, {years.organ.pk}
    reopen()
    for condition in (Q(state="open"), Q(kind="trial", stage="given", is_paused=False)):
        gathered = m.Gathered(m.shares(by, organs, condition))
        first = gathered.first(lambda rows, pk: [rows.order_by("due_at", pk).distinct("due_at", pk)[:SHOWN]])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        rows = m.visible_matters(by).filter(first).order_by("due_at", "pk")
        with CaptureQueriesContext(connection) as queries:
            found = list(rows)
        everything = m.visible_matters(by).filter(stage="given").order_by("due_at", "pk")
        assert found == list(everything[:SHOWN])
        assert gathered.ids().count() == everything.count() > 50 * SHOWN
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {queries[0]['sql']}")
            (plan,) = cursor.fetchone()[0]
        assert rows_read(plan["Plan"]) <= 4 * SHOWN, json.dumps(plan, indent=1)


def test_many_organs_or_one_it_is_the_same(room: Room) -> None:
    pk = room.given().matter_id
    few, many = {room.organ.pk}, {room.organ.pk, *(uuid4() for _n in range(MOST_ORGANS))}
    for organs in (few, many):
        assert list(m.Gathered(m.shares(room.worker, organs, Q())).ids().values_list("matter", flat=True)) == [pk]
    assert m.ever(room.worker, many) is None


@pytest.mark.parametrize("name", ["stranger", "worker", "centre"])
def test_what_may_not_be_seen_is_not_gathered(room: Room, name: str) -> None:
    by, pk = getattr(room, name), room.given().matter_id
    sees = [] if name == "stranger" else [pk]
    assert list(m.Gathered(m.shares(by, {room.organ.pk}, Q())).ids().values_list("matter", flat=True)) == sees
