"""Daily counts, the plan and the stages, on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules import counting, stages

START = date(2026, 3, 1)


def day(n: int) -> date:
    return START + timedelta(days=n)


@pytest.mark.parametrize(
    ("on", "wanted"), [(-5, 0), (-1, 0), (0, 2), (4, 10), (5, 10), (9, 10), (14, 15), (24, 25), (40, 25)]
)
def test_the_plan_runs_straight_from_point_to_point(on: int, wanted: int) -> None:
    points = [(day(24), 25), (day(4), 10), (day(9), 10)]
    assert counting.planned(points, START, day(on)) == wanted


def test_no_plan_asks_for_nothing_and_the_straight_one_for_all_by_the_last_day() -> None:
    assert counting.planned([], START, day(3)) == 0
    assert counting.planned(counting.straight(40, START, day(39)), START, day(19)) == 20


def test_plans_are_added_day_by_day() -> None:
    whole = counting.added([[(day(9), 10)], [(day(4), 5), (day(19), 20)]], START)
    assert whole == [(day(4), 10), (day(9), 20), (day(19), 30)]


def test_daily_counts_and_what_is_open() -> None:
    rows = counting.daily({day(0): 5, day(2): 1}, {day(2): 3}, {day(3): 1}, day(6))
    assert [(row.on, row.found, row.done, row.aside, row.open) for row in rows] == [
        (day(0), 5, 0, 0, 5), (day(2), 1, 3, 0, 3), (day(3), 0, 0, 1, 2), (day(6), 0, 0, 0, 2),
    ]  # fmt: skip
    assert counting.open_on(rows, [day(-1), day(1), day(3), day(6), day(7)], day(6)) == [0, 5, 2, 2, None]


@given(st.integers(0, 2000))
def test_a_chart_has_few_days_and_always_the_last(length: int) -> None:
    days = counting.drawn(START, day(length))
    assert days[0] == START
    assert days[-1] == day(length)
    assert len(days) <= counting.MOST_DRAWN + 1
    assert days == sorted(set(days))


def test_stages_as_typed() -> None:
    assert stages.typed("已发现\n 已告知 \n\n＊已拆除\n*已复绿") == [
        ("已发现", False), ("已告知", False), ("已拆除", True), ("已复绿", True),
    ]  # fmt: skip
    assert stages.typed("在建\n完成") == [("在建", False), ("完成", True)]
    assert stages.typed(" \n*\n") == []
    assert stages.typed(stages.shown([("在建", False), ("完成", True)])) == [("在建", False), ("完成", True)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("在建", "few"), ("*在建\n*完成", "first_done"), ("在建\n*完成\n复查", "gap"), ("在建\n在建", "twice"),
     ("在建\n" + "长" * 41, "long"), ("\n".join(map(str, range(13))), "many"), ("在建\n完成", "")],
)  # fmt: skip
def test_what_cannot_be_stages(text: str, problem: str) -> None:
    assert stages.wrong(stages.typed(text), 12) == problem
