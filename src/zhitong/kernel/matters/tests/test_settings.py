"""Settings change through actions, leave a trace, and are seen at once."""

from datetime import date

import pytest

from zhitong.base.errors import NotAllowed
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.actions.settings import drop_day, put_calendar, put_setting
from zhitong.kernel.organisation.public import Category

from .conftest import MONDAY, SYSTEM, Room


def test_a_new_limit_counts_for_the_next_clock_only(room: Room) -> None:
    before = room.open()
    limit = m.Limit.objects.get(clock="first")
    limit.amount = 9
    put_setting(limit, by=SYSTEM, at=MONDAY)
    assert m.Clock.objects.get(matter=before.matter_id).amount == 2
    assert m.Clock.objects.get(matter=room.open().matter_id).amount == 9
    event = events.Event.objects.get(kind="setting.changed")
    assert (event.data["before"]["amount"], event.data["after"]["amount"]) == ("2", "9")


def test_settings_need_the_permission(room: Room) -> None:
    with pytest.raises(NotAllowed):
        put_setting(m.Limit.objects.get(clock="first"), by=room.worker, at=MONDAY)


def test_dropping_a_day_moves_the_clocks_back(room: Room) -> None:
    opened = room.given()
    calendar = m.Calendar.objects.get()
    due = m.Clock.objects.get(matter=opened.matter_id, slug="main").due_at
    day = date(2026, 9, 9)
    m.set_day(calendar.pk, day, is_working=False, name="放假", source="通知", by=SYSTEM, at=MONDAY)
    assert drop_day(m.CalendarDay.objects.get(calendar=calendar, day=day), by=SYSTEM, at=MONDAY) == 1
    assert m.Clock.objects.get(matter=opened.matter_id, slug="main").due_at == due


def test_new_hours_move_the_end_of_the_day(room: Room) -> None:
    opened = room.given()
    calendar = m.Calendar.objects.get()
    calendar.closes = calendar.closes.replace(hour=18, minute=0)
    assert put_calendar(calendar, by=SYSTEM, at=MONDAY) == 1
    clock = m.Clock.objects.get(matter=opened.matter_id, slug="main")
    assert clock.due_at.isoformat() == "2026-09-14T10:00:00+00:00"


def test_phrases_are_filled_in_and_the_category_s_own_come_first(room: Room) -> None:
    m.Phrase.objects.create(list="reply", name="general", text="您好，{title}（{number}）{unknown}。")
    own = Category(code="01", name="路灯", level=1, sort=1)
    own.path = [own.pk]
    own.save()
    put_setting(m.Phrase(list="reply", name="own", text="路灯", category=own), by=SYSTEM, at=MONDAY)
    found = m.phrases("reply", [own.pk], {"title": "路灯不亮", "number": "1"})
    assert found == [("路灯", "own"), ("您好，路灯不亮（1）。", "general")]
    assert [name for _text, name in m.phrases("reply", [], {})] == ["general"]
    assert m.phrases("done", [], {}) == []
