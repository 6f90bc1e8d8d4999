"""The log gives the same figures again; what does not follow from it is found."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.clock import set_clock
from zhitong.kernel.indicators import actions, models
from zhitong.kernel.indicators.queries.totals import totals
from zhitong.kernel.indicators.rules import measures

from .conftest import TODAY, Log, moment, named

DAY = date(2026, 3, 5)
TWO = (Decimal(2), 2)
EVERY = ["area", "organ", "category", "channel", "day"]


def _history(log: Log) -> None:
    for n in range(40):
        log.write(date(2026, 1 + n % 3, 1 + n % 28), area=f"a{n % 3}", organ=f"o{n % 4}", channel="portal", value=n)
    log.write(TODAY, "test.split", value=3)


def _snapshot() -> Any:
    facts = sorted(models.Fact.objects.values_list(*measures.COLUMNS), key=str)
    return facts, totals(["test.value", "test.split"], date(2025, 1, 1), TODAY, by=EVERY)


def test_a_rebuild_gives_identical_figures(log: Log) -> None:
    _history(log)
    while actions.fold_finished():
        pass
    before = _snapshot()
    assert list(actions.check()) == []
    days: list[date] = []
    assert actions.rebuild(days.append) == 42
    assert _snapshot() == before
    assert (days[0], days[-1]) == (date(2026, 1, 1), TODAY)
    assert list(actions.check()) == []


def test_a_day_is_read_in_pieces(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhitong.kernel.indicators.actions.rebuilding.CHUNK", 2)
    for _ in range(4):
        log.write(DAY)
    assert actions.rebuild() == 4
    assert list(actions.check()) == []
    log.write(DAY)
    assert actions.rebuild() == 5


def test_a_rebuild_puts_right_what_was_spoilt(log: Log) -> None:
    _history(log)
    before = _snapshot()
    models.Fact.objects.filter(day__month=2).delete()
    models.Fact.objects.filter(day__month=3).update(value=7)
    _forge(DAY, "test.value")
    actions.rebuild()
    assert _snapshot() == before


def test_check_finds_facts_and_rollups_that_do_not_follow(log: Log) -> None:
    _history(log)
    while actions.fold_finished():
        pass
    models.Fact.objects.filter(day=date(2026, 2, 2)).update(value=7)
    models.RollupDay.objects.filter(day=date(2026, 1, 1)).update(count=99)
    _forge(DAY, "test.value")
    found = "\n".join(actions.check())
    assert "day 2026-02-02: 2 facts do not follow from the log" in found or "day 2026-02-02: 4 facts" in found
    assert "day 2026-01-01: its rollup does not agree with its facts" in found
    assert f"day {DAY}: " in found
    assert "month 2026-02: its rollup (category) does not agree" in found


def test_check_changes_nothing(log: Log) -> None:
    _history(log)
    models.Fact.objects.filter(day__month=3).update(value=7)
    before = _snapshot()
    assert list(actions.check(lambda day: None))
    assert _snapshot() == before


def test_facts_of_a_measure_that_is_gone_go(log: Log) -> None:
    log.write(DAY)
    _forge(DAY, "test.gone")
    assert actions.rebuild() == 1
    assert models.Fact.objects.count() == 1


def test_an_empty_log_is_rebuilt_too(log: Log) -> None:
    assert actions.rebuild() == 0
    assert list(actions.check()) == []


def test_an_event_that_no_measure_reads_leaves_no_fact(log: Log) -> None:
    log.write(DAY, "test.other")
    assert not models.Fact.objects.exists()


def _forge(day: date, measure: str) -> None:
    """A fact that no event bears out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_fact (day, measure, event, n, stream, channel, kind, value) "
            "VALUES (%s, %s, gen_random_uuid(), 0, gen_random_uuid(), '', '', 1)",
            [day, measure],
        )


def test_a_clock_that_was_ahead_leaves_no_figure_behind(log: Log) -> None:
    log.write(TODAY, area="a1")
    set_clock("40 days")
    while actions.fold_finished():
        pass
    assert models.RolledDay.objects.filter(day=TODAY).exists()
    assert models.RolledMonth.objects.filter(month=TODAY.replace(day=1)).exists()
    set_clock("0 days")
    log.write(TODAY, area="a1")
    assert totals(["test.value"], TODAY, TODAY, by=["area"]) == {("test.value", named("a1")): TWO}
    assert totals(["test.value"], TODAY.replace(day=1), TODAY + timedelta(days=31))[("test.value",)] == TWO
    assert list(actions.check()) == []
    actions.fold_finished()
    assert not models.RollupDay.objects.filter(day__gte=TODAY).exists()
    assert not models.RollupMonth.objects.filter(month=TODAY.replace(day=1)).exists()
    set_clock("40 days")
    assert totals(["test.value"], TODAY, TODAY)[("test.value",)] == TWO
    while actions.fold_finished():
        pass
    assert totals(["test.value"], TODAY, TODAY)[("test.value",)] == TWO
    assert list(actions.check()) == []


def test_a_process_whose_clock_was_set_back_marks_the_days_behind_it(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhitong.kernel.indicators.actions.facts._latest", date.min)
    log.write(TODAY)
    before = TODAY - timedelta(days=3)
    log.write(before)
    assert actions.fold_day(before)
    with monkeypatch.context() as back:
        back.setattr(timezone, "now", lambda: moment(before))
        log.write(before)
    assert totals(["test.value"], before, before)[("test.value",)] == TWO
    assert list(actions.check()) == []
