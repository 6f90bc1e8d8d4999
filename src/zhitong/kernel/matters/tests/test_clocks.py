"""Clocks: moments pass once, holidays move them, and every date can say why."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from zhitong.base.errors import Refused
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.actions import ticking

from .conftest import MONDAY, SYSTEM, Room


def clock(opened: m.Opened, slug: str = "main") -> m.Clock:
    return m.Clock.objects.get(matter=opened.matter_id, slug=slug)


def test_five_working_days_end_at_close_of_business(room: Room) -> None:
    assert clock(room.given()).due_at.isoformat() == "2026-09-14T09:30:00+00:00"


def test_grades_pass_one_after_the_other_each_once(room: Room) -> None:
    opened = room.given()
    start, due = clock(opened), clock(opened).due_at
    grades = []
    for at in (start.warn_at, due, due + (due - start.started_at) * 0.5, due + (due - start.started_at)):
        assert m.tick(at + timedelta(seconds=1)) == 1
        assert m.tick(at + timedelta(seconds=1)) == 0
        grades.append(clock(opened).grade)
    assert grades == ["warning", "overdue", "moderate", "severe"]
    told = [e.data["grade"] for e in events.stream(opened.matter_id) if e.kind == "trial.clock"]
    assert told == grades
    assert m.Matter.objects.get(pk=opened.matter_id).grade == "severe"
    assert clock(opened).next_at is None


def test_a_late_worker_leaves_the_record_it_would_have_left_in_time(room: Room) -> None:
    opened = room.given()
    start, due = clock(opened), clock(opened).due_at
    assert m.tick(MONDAY + timedelta(days=90)) == 1
    assert clock(opened).grade == "severe"
    kept = [(e.data["was"], e.data["grade"], e.at) for e in events.stream(opened.matter_id) if e.kind == "trial.clock"]
    assert kept == [
        ("on_time", "warning", start.warn_at),
        ("warning", "overdue", due),
        ("overdue", "moderate", due + (due - start.started_at) * 0.5),
        ("moderate", "severe", due + (due - start.started_at)),
    ]


def test_a_row_that_fails_is_put_off_and_jams_nobody(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = room.given(), room.given()
    real = ticking._pass

    def passing(matter: m.Matter, *rest: object) -> None:
        if matter.pk == bad.matter_id:
            raise RuntimeError("broken")
        real(matter, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ticking, "_pass", passing)
    late = MONDAY + timedelta(days=90)
    assert m.tick(late) == 1
    assert clock(good).grade == "severe"
    assert clock(bad).next_at == late + ticking.PUT_OFF


def test_a_holiday_announced_late_moves_running_clocks_and_says_so(room: Room) -> None:
    opened = room.given()
    before = clock(opened).due_at
    calendar = m.Calendar.objects.get()
    moved = m.set_day(
        calendar.pk, date(2026, 9, 9), is_working=False, name="临时放假", source="市政府通知", by=SYSTEM, at=MONDAY
    )
    assert moved == 1
    assert clock(opened).due_at == before + timedelta(days=1)
    event = events.stream(opened.matter_id).last()
    assert event is not None
    assert event.kind == "trial.recomputed"
    assert event.data["clocks"][0]["slug"] == "main"
    assert m.Matter.objects.get(pk=opened.matter_id).due_at == clock(opened).due_at


def test_a_day_needs_a_name_and_a_source(room: Room) -> None:
    calendar = m.Calendar.objects.get()
    with pytest.raises(Refused):
        m.set_day(calendar.pk, date(2026, 9, 9), is_working=False, name="", source="", by=SYSTEM, at=MONDAY)


def test_loading_the_national_table_again_changes_nothing(room: Room) -> None:
    days = m.CalendarDay.objects.count()
    assert days > 500
    assert m.import_holidays(by=SYSTEM, at=MONDAY) == 0
    assert m.CalendarDay.objects.count() == days


def test_a_year_not_announced_is_provisional_and_says_so(room: Room) -> None:
    m.Calendar.objects.update(announced_through=date(2026, 9, 10))
    m.touch_catalogue()
    found = clock(room.given())
    assert found.is_provisional
    assert "尚未公布" in m.why(found)


def test_why_this_date_in_both_languages(room: Room) -> None:
    found = clock(room.given())
    said = m.why(found)
    assert "5个工作日" in said
    assert "《规定》" in said
    assert "9月12日" in said
    with translation.override("en"):
        assert "7 Sep 2026" in m.why(found)


@pytest.mark.parametrize("specific", [{"urgency": "urgent"}, {"subkind": True}])
def test_the_most_specific_limit_wins(room: Room, specific: dict[str, object]) -> None:
    more = {"subkind": m.SubKind.objects.get()} if "subkind" in specific else specific
    m.Limit.objects.create(kind="trial", clock="first", amount=30, unit="hours", basis="特别规定", **more)
    m.touch_catalogue()
    opened = room.open(urgency="urgent")
    assert clock(opened, "first").amount == 30


def test_no_limit_no_clock(room: Room) -> None:
    m.Limit.objects.all().delete()
    m.touch_catalogue()
    opened = room.open()
    assert not m.Clock.objects.filter(matter=opened.matter_id).exists()
    assert m.Matter.objects.get(pk=opened.matter_id).due_at is None
