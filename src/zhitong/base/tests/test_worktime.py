from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.holidays import announced_through, national_days
from zhitong.base.worktime import (
    CHINA,
    Grade,
    Limit,
    Reason,
    Unit,
    WorkCalendar,
    due,
    elapsed_share,
    grade,
    working_days_between,
)

NATIONAL = WorkCalendar({d.day: d.is_working for d in national_days()}, announced_through=announced_through())
PLAIN = WorkCalendar()


def at(month, day, hour=9, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def end(start, amount, unit, calendar=NATIONAL, **more):
    return due(start, Limit(amount, unit), calendar, **more)


# The week: 21 September 2026 is a Monday; 25 September is the Mid-autumn holiday, 1-7 October National Day;
# 20 September and 10 October are made-up working days.


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        (at(9, 21), 2, "hours", at(9, 21, 11)),
        (at(9, 21, 23), 24, "hours", at(9, 22, 23)),
        (at(9, 21), 0.5, "hours", at(9, 21, 9, 30)),
        (at(9, 21), 0, "hours", at(9, 21)),
        (at(9, 21, 16), 2, "working_hours", at(9, 22, 9, 30)),
        (at(9, 24, 16), 2, "working_hours", at(9, 28, 9, 30)),
        (at(9, 21, 7), 1, "working_hours", at(9, 21, 9, 30)),
        (at(9, 21, 20), 1, "working_hours", at(9, 22, 9, 30)),
        (at(9, 21, 15), 2, "working_hours", at(9, 21, 17)),
        (at(9, 21), 0, "working_hours", at(9, 21)),
        (at(9, 21), 1, "working_days", at(9, 22, 17)),
        (at(9, 21, 23), 1, "working_days", at(9, 22, 17)),
        (at(9, 24), 1, "working_days", at(9, 28, 17)),
        (at(9, 30), 1, "working_days", at(10, 8, 17)),
        (at(9, 30), 3, "working_days", at(10, 10, 17)),
        (at(9, 18), 1, "working_days", at(9, 20, 17)),
        (at(9, 21), 0, "working_days", at(9, 21, 17)),
        (at(9, 21, 18), 0, "working_days", at(9, 21, 18)),
        (at(9, 26), 0, "working_days", at(9, 28, 17)),
        (at(9, 1), 15, "calendar_days", at(9, 16, 17)),
        (at(9, 21), 4, "calendar_days", at(9, 28, 17)),
        (at(9, 20), 15, "calendar_days", at(10, 8, 17)),
        (at(9, 30), 10, "calendar_days", at(10, 10, 17)),
    ],
)
def test_known_terms(start, amount, unit, expected):
    assert end(start, amount, unit).at == expected


def test_a_term_says_which_days_counted_and_why_others_did_not():
    found = end(at(9, 24), 2, "working_days")
    assert found.counted == (date(2026, 9, 28), date(2026, 9, 29))
    assert found.skipped == (
        (date(2026, 9, 25), Reason.HOLIDAY),
        (date(2026, 9, 26), Reason.HOLIDAY),
        (date(2026, 9, 27), Reason.HOLIDAY),
    )
    assert found.skipped_for(Reason.HOLIDAY) == [date(2026, 9, n) for n in (25, 26, 27)]
    assert end(at(9, 11), 1, "working_days").skipped_for(Reason.WEEKEND) == [date(2026, 9, 12), date(2026, 9, 13)]


def test_a_calendar_term_says_from_which_day_it_was_moved():
    found = end(at(9, 20), 15, "calendar_days")
    assert found.moved_from == date(2026, 10, 5)
    assert end(at(9, 1), 15, "calendar_days").moved_from is None


def test_working_hours_say_their_days():
    found = end(at(9, 24, 16), 2, "working_hours")
    assert found.counted == (date(2026, 9, 24), date(2026, 9, 28))
    assert len(found.skipped) == 3
    assert end(at(9, 21, 20), 1, "working_hours").skipped == ()


def test_the_warning_comes_at_four_fifths():
    assert end(at(9, 21), 10, "hours").warn_at == at(9, 21, 17)
    assert end(at(9, 21), 5, "working_hours").warn_at == at(9, 21, 13)
    assert end(at(9, 7), 5, "working_days").warn_at == at(9, 11, 17)
    assert end(at(9, 7), 1, "working_days").warn_at == at(9, 8, 15, 18)
    assert end(at(9, 21, 17), 0, "working_days").warn_at == at(9, 21, 17)


def test_terms_beyond_the_announced_holidays_are_provisional():
    assert end(at(12, 25), 15, "working_days").is_provisional
    assert not end(at(12, 1), 15, "working_days").is_provisional
    assert not end(at(12, 31), 48, "hours").is_provisional
    assert not end(at(12, 25), 15, "working_days", PLAIN).is_provisional


def test_a_pause_over_a_closing_costs_the_day_and_a_short_one_does_not():
    over = [(at(9, 8, 10), at(9, 9, 9))]
    within = [(at(9, 8, 10), at(9, 8, 16))]
    assert end(at(9, 7), 2, "working_days", pauses=over).at == at(9, 10, 17)
    assert end(at(9, 7), 2, "working_days", pauses=over).skipped == ((date(2026, 9, 8), Reason.PAUSED),)
    assert end(at(9, 7), 2, "working_days", pauses=within).at == at(9, 9, 17)


def test_a_pause_of_hours_is_added_and_overlapping_ones_once():
    pauses = [(at(9, 21, 10), at(9, 21, 12)), (at(9, 21, 11), at(9, 21, 13)), (at(9, 20), at(9, 21, 8))]
    assert end(at(9, 21), 2, "hours", pauses=pauses).at == at(9, 21, 14)
    assert end(at(9, 21), 2, "working_hours", pauses=pauses).at == at(9, 21, 14)
    assert end(at(9, 21, 11), 2, "hours", pauses=pauses).at == at(9, 21, 15)


def test_a_whole_day_paused_does_not_give_working_hours():
    found = end(at(9, 21, 16), 2, "working_hours", pauses=[(at(9, 22, 0), at(9, 23, 0))])
    assert found.at == at(9, 23, 9, 30)
    assert found.skipped == ((date(2026, 9, 22), Reason.PAUSED),)


def test_a_pause_after_the_end_does_not_bring_the_term_back():
    late = [(at(9, 8, 18), at(9, 20))]
    assert end(at(9, 7), 1, "working_days", pauses=late).at == at(9, 8, 17)
    assert end(at(9, 7), 2, "hours", pauses=late).at == at(9, 7, 11)
    assert end(at(9, 7), 2, "working_hours", pauses=late).at == at(9, 7, 11)


def test_an_open_pause_is_told_and_gives_the_earliest_end():
    found = end(at(9, 7), 1, "working_days", pauses=[(at(9, 7, 10), None)])
    assert found.is_paused
    assert found.at == at(9, 8, 17)
    assert not end(at(9, 7), 1, "working_days", pauses=[(at(9, 9), None)]).is_paused


def test_extensions_are_added():
    found = end(at(9, 1), 60, "calendar_days", PLAIN, extensions=[30])
    assert found.total == 90
    assert found.at == at(11, 30, 17)


@pytest.mark.parametrize(("amount", "unit"), [(-1, "hours"), (1.5, "working_days"), (10**6, "hours"), (1, "weeks")])
def test_senseless_limits_are_errors(amount, unit):
    with pytest.raises(ValueError, match=r"amount|days|Unit"):
        Limit(amount, unit)


def test_naive_moments_and_senseless_calendars_are_errors():
    with pytest.raises(ValueError, match="aware"):
        end(datetime(2026, 1, 1), 1, "hours")  # noqa: DTZ001
    with pytest.raises(ValueError, match="open before"):
        WorkCalendar(opens=PLAIN.closes)
    never = WorkCalendar(weekend=range(7))
    for unit in ("working_days", "working_hours", "calendar_days"):
        with pytest.raises(ValueError, match="no working days"):
            end(at(1, 1), 1, unit, never)


# Properties

moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
units = st.sampled_from(list(Unit))
amounts = st.integers(0, 40)
near = st.timedeltas(timedelta(0), timedelta(days=12))


@st.composite
def pauses_near(draw, start):
    found = []
    for _ in range(draw(st.integers(0, 3))):
        since = start + draw(near) - timedelta(days=1)
        found.append((since, since + draw(near)))
    return found


@given(st.data(), moments, near, amounts, units)
def test_starting_later_never_ends_earlier(data, start, later, amount, unit):
    held = data.draw(pauses_near(start))
    assert end(start, amount, unit, pauses=held).at <= end(start + later, amount, unit, pauses=held).at


@given(st.data(), moments, amounts, st.integers(0, 5), units)
def test_more_time_never_ends_earlier(data, start, amount, more, unit):
    held = data.draw(pauses_near(start))
    assert end(start, amount, unit, pauses=held).at <= end(start, amount, unit, pauses=held, extensions=[more]).at
    assert end(start, amount, unit, extensions=[more]).at == end(start, amount + more, unit).at


@given(st.data(), moments, amounts, units)
def test_pausing_never_ends_earlier(data, start, amount, unit):
    held = data.draw(pauses_near(start))
    assert all(
        end(start, amount, unit, pauses=held[:n]).at <= end(start, amount, unit, pauses=held[: n + 1]).at
        for n in range(len(held))
    )


@given(moments, amounts, units, st.sets(st.integers(0, 60), max_size=8))
def test_a_new_holiday_never_ends_earlier(start, amount, unit, offsets):
    more = {start.date() + timedelta(days=n): False for n in offsets}
    changed = WorkCalendar({**NATIONAL.days, **more})
    assert end(start, amount, unit).at <= end(start, amount, unit, changed).at


@given(st.data(), moments, amounts, units)
def test_the_warning_lies_within_the_term(data, start, amount, unit):
    found = end(start, amount, unit, pauses=data.draw(pauses_near(start)))
    assert start <= found.warn_at <= found.at


@given(st.data(), moments, st.integers(1, 40))
def test_every_day_from_the_start_to_the_end_is_counted_or_explained(data, start, amount):
    found = end(start, amount, "working_days", pauses=data.draw(pauses_near(start)))
    told = sorted([*found.counted, *(day for day, _ in found.skipped)])
    first = NATIONAL.day_of(start)
    assert told == [first + timedelta(days=n + 1) for n in range((NATIONAL.day_of(found.at) - first).days)]
    assert len(found.counted) == amount
    assert all(NATIONAL.is_working(day) for day in found.counted)


@given(moments, st.integers(1, 40))
def test_days_end_at_the_close_of_a_working_day(start, amount):
    for unit in ("working_days", "calendar_days"):
        found = end(start, amount, unit)
        assert found.at == NATIONAL.closing(NATIONAL.day_of(found.at))
        assert NATIONAL.is_working(NATIONAL.day_of(found.at))


@given(moments, st.integers(1, 40), units)
def test_shares_grow_and_meet_the_warning_and_the_end(start, amount, unit):
    found = end(start, amount, unit)
    span = found.at - start
    shares = [elapsed_share(start, found, start + span * n / 10) for n in range(16)]
    assert all(a <= b for a, b in pairwise(shares))
    assert elapsed_share(start, found, found.warn_at) == pytest.approx(0.8)
    assert elapsed_share(start, found, found.at) == 1
    assert elapsed_share(start, found, start - span) == 0
    assert elapsed_share(start, found.at, start + span / 2) == pytest.approx(0.5)


def test_grades_follow_one_another_each_from_its_moment():
    found = end(at(9, 21, 0), 10, "hours")
    seen, now = [], at(9, 21, 0)
    while True:
        reached, following = grade(now, found.started_at, found.at, found.warn_at, 50, 100)
        seen.append((reached, now))
        if following is None:
            break
        assert following > now
        now = following
    assert seen == [
        (Grade.ON_TIME, at(9, 21, 0)),
        (Grade.WARNING, at(9, 21, 8)),
        (Grade.OVERDUE, at(9, 21, 10)),
        (Grade.MODERATE, at(9, 21, 15)),
        (Grade.SEVERE, at(9, 21, 20)),
    ]


def test_a_term_of_no_length_is_not_severely_late_at_once():
    start = at(9, 21)
    assert grade(start, start, start, start, 50, 100) == (Grade.OVERDUE, start + timedelta(minutes=30))


def test_working_days_between_two_days():
    assert working_days_between(NATIONAL, date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert working_days_between(NATIONAL, date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert working_days_between(NATIONAL, date(2026, 9, 30), date(2026, 9, 30)) == 0


def test_the_national_table():
    days = {d.day: d for d in national_days()}
    assert min(days).year == 2004
    assert days[date(2026, 10, 1)].name == "国庆节"
    assert not days[date(2026, 10, 1)].is_working
    assert days[date(2026, 10, 10)].is_working
    assert days[date(2026, 10, 10)].name == "国庆节调休上班"
    assert announced_through() >= date(2026, 12, 31)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_the_calendar_agrees_with_the_library(day):
    from chinese_calendar import is_workday

    assert NATIONAL.is_working(day) == is_workday(day)
