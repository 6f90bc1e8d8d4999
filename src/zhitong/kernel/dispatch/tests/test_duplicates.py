"""Who has said the same, by text, place and time; all texts are invented."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhitong.base.likeness import Message
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.dispatch.rules.nearness import by_place, by_time
from zhitong.kernel.matters import public as m

from .conftest import MONDAY, Room

pytestmark = pytest.mark.django_db
LAMP = "学苑路桥头的路灯坏了三天，晚上看不清台阶"
HERE, NEAR, THERE = (117.0, 36.6), (117.002, 36.6), (117.2, 36.7)


def _ask(text: str, spot: tuple[float, float] | None = HERE, days: float = 0) -> list[dispatch.Same]:
    asked = Message("", text[:20], text, MONDAY, spot=spot)
    return dispatch.likely_same(asked, m.Matter.objects.all(), MONDAY + timedelta(days=days), 5)


def _open(room: Room, text: str, spot: tuple[float, float] | None = HERE) -> m.Matter:
    return room.open(text, lon=spot[0], lat=spot[1]) if spot else room.open(text)


def test_the_same_trouble_near_by_is_found_and_what_is_far_or_else_is_not(room: Room) -> None:
    first = _open(room, f"{LAMP}。")
    near = _open(room, "学苑路桥头路灯不亮，晚上看不清路", NEAR)
    _open(room, f"{LAMP}。", THERE)
    _open(room, "学苑路烧烤店油烟直排，没有净化器")
    room.close(100)
    dispatch.gather(MONDAY + timedelta(minutes=1))
    found = _ask(LAMP)
    assert [one.matter.pk for one in found] == [first.pk, near.pk]
    assert found[0].metres == 0
    assert found[1].metres is not None
    assert 100 < found[1].metres < 250
    assert "路灯" in found[0].words


def test_what_is_old_is_not_told(room: Room) -> None:
    _open(room, LAMP)
    assert len(_ask(LAMP, days=80)) == 1
    assert _ask(LAMP, days=100) == []


def test_it_costs_the_same_however_many_there_are(room: Room) -> None:
    for n in range(4):
        _open(room, f"{LAMP}，第{n}次反映。")
    _ask(LAMP)
    with CaptureQueriesContext(connection) as queries:
        assert len(_ask(LAMP)) == 4
    assert len(queries) <= 3


def test_among_many_who_hold_the_words_the_near_one_is_measured(room: Room) -> None:
    """Thirty newer ones say the same far away: more than are measured."""
    near = _open(room, f"{LAMP}，请修。", NEAR)
    for n in range(30):
        _open(room, f"{LAMP}，请修{n}。", THERE)
    with CaptureQueriesContext(connection) as queries:
        found = _ask(LAMP)
    assert [one.matter.pk for one in found] == [near.pk]
    assert len(queries) <= 5


def test_nothing_is_asked_for_a_text_without_words(room: Room) -> None:
    assert _ask("123 456 ok") == []


def test_how_many_tell_the_same_is_counted(room: Room) -> None:
    rows = [_open(room, LAMP), _open(room, LAMP), _open(room, "游泳证到哪里办，要带什么材料")]
    thing = dispatch.Thing.objects.create(at=MONDAY)
    for row in rows[:2]:
        dispatch.Belonging.objects.create(matter=row, thing=thing)
    assert dispatch.how_many(row.pk for row in rows) == {rows[0].pk: 2, rows[1].pk: 2}


def test_place_and_time_weigh_as_they_are_told() -> None:
    assert by_place(None) == 1.0
    assert by_place(None, is_elsewhere=True) == 0.5
    assert [by_place(metres) for metres in (0, 600, 2000, 9000)] == [1.15, 1.0, 0.5, 0.5]
    assert [by_time(days) for days in (-1, 0, 90, 400)] == [1.0, 1.0, 0.85, 0.85]
