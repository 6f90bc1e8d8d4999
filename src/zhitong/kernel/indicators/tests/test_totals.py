"""Figures are what the log says, whatever is rolled, stale or being rebuilt."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.kernel.indicators import actions, models, tasks
from zhitong.kernel.indicators.choices import DAY_GRAINS, FOLDED_BY, MONTH_GRAINS, Grain
from zhitong.kernel.indicators.queries.places import Where
from zhitong.kernel.indicators.queries.totals import Asked, totals, totals_many

from .conftest import TODAY, YESTERDAY, Log, named

LONG_AGO = (TODAY - timedelta(days=62)).replace(day=1)


def test_an_event_becomes_facts_on_its_day_in_shanghai(log: Log) -> None:
    log.write(date(2026, 3, 5), hour=0, area="a", channel="portal", value=2.5)
    fact = models.Fact.objects.get()
    assert (fact.day, fact.measure, fact.value) == (date(2026, 3, 5), "test.value", Decimal("2.5"))
    assert (fact.area, fact.organ, fact.channel, fact.kind) == (named("a"), None, "portal", "test")


def test_one_event_may_give_several_facts_with_dimensions_of_their_own(log: Log) -> None:
    log.write(TODAY, "test.split", value=3, organ="own")
    facts = models.Fact.objects.order_by("n")
    assert [(f.n, f.organ, f.value) for f in facts] == [
        (0, named("own"), Decimal("1.5")), (1, named("other"), Decimal("1.5")),
    ]  # fmt: skip


def test_today_is_read_from_facts_and_earlier_days_from_the_rollup(log: Log) -> None:
    for day in (YESTERDAY, TODAY):
        log.write(day, area="a")
    assert actions.fold_day(YESTERDAY)
    assert not actions.fold_day(TODAY)
    models.Fact.objects.filter(day=YESTERDAY).delete()  # only to see where it is read from
    assert totals(["test.value"], YESTERDAY, TODAY) == {("test.value",): (Decimal(2), 2)}


def test_a_fact_that_comes_late_makes_its_day_stale_and_folding_mends_it(log: Log) -> None:
    day = date(2026, 3, 5)
    log.write(day)
    assert actions.fold_day(day)
    log.write(day, value=5)
    log.write(day, value=7)
    assert models.StaleDay.objects.filter(day=day).count() == 2
    assert totals(["test.value"], day, day) == {("test.value",): (Decimal(13), 3)}
    assert actions.fold_day(day)
    assert not models.StaleDay.objects.exists()
    assert totals(["test.value"], day, day) == {("test.value",): (Decimal(13), 3)}


def test_a_day_that_is_not_rolled_needs_no_mark(log: Log) -> None:
    log.write(date(2026, 3, 5))
    assert not models.StaleDay.objects.exists()


def _fold_everything() -> None:
    while actions.fold_finished():
        pass


def test_whole_months_are_read_from_their_own_rollup(log: Log) -> None:
    for day in range(1, 32):
        log.write(date(2026, 3, day), area=f"a{day % 3}", category=f"c{day % 5}", channel="portal")
    log.write(date(2026, 4, 1), area="a0")
    _fold_everything()
    assert models.RolledMonth.objects.filter(month=date(2026, 3, 1)).exists()
    grains = set(models.RollupMonth.objects.values_list("grain", flat=True))
    assert grains == {int(grain) for grain in MONTH_GRAINS}
    models.Fact.objects.all().delete()
    models.RollupDay.objects.filter(day__month=3).delete()
    found = totals(["test.value"], date(2026, 2, 10), date(2026, 4, 20), by=["area"])
    assert sum(many for _sum, many in found.values()) == 32


def test_a_day_is_rolled_by_street_and_category_too(log: Log) -> None:
    for number in range(6):
        log.write(date(2026, 3, 5), area=f"a{number % 2}", category=f"c{number % 3}")
    day = date(2026, 3, 5)
    before = totals(["test.value"], day, day, by=["area", "category"])
    assert actions.fold_day(day)
    models.Fact.objects.all().delete()
    assert totals(["test.value"], day, day, by=["area", "category"]) == before
    assert len(before) == 6


def test_a_day_that_was_rolled_by_fewer_grains_is_read_from_its_facts_and_rolled_again(log: Log) -> None:
    day = date(2026, 3, 5)
    log.write(day, area="a0", category="c0")
    _fold_everything()
    models.RolledDay.objects.update(folded_by=FOLDED_BY - 1)
    models.RollupDay.objects.filter(grain=Grain.CATEGORY).delete()
    models.RollupDay.objects.update(sum=999)
    ((_key, found),) = totals(["test.value"], day, day, by=["category"]).items()
    assert found == (Decimal(1), 1)
    assert list(actions.check()) == []
    _fold_everything()
    assert models.RolledDay.objects.get(day=day).folded_by == FOLDED_BY
    models.Fact.objects.all().delete()
    assert list(totals(["test.value"], day, day, by=["category"]).values()) == [found]


def test_a_month_that_was_rolled_by_fewer_grains_is_read_from_its_days(log: Log) -> None:
    log.write(date(2026, 3, 5), area="a0", item="i0")
    _fold_everything()
    span = date(2026, 3, 1), date(2026, 3, 31)
    models.RolledDay.objects.update(folded_by=FOLDED_BY - 1)
    models.RollupMonth.objects.filter(grain=Grain.PLACE_ITEM).delete()
    before = totals(["test.value"], *span, by=["area", "item"])
    assert list(before.values()) == [(Decimal(1), 1)]
    _fold_everything()
    assert models.RollupMonth.objects.filter(grain=Grain.PLACE_ITEM).exists()
    models.Fact.objects.all().delete()
    assert totals(["test.value"], *span, by=["area", "item"]) == before


def test_who_folds_as_before_and_does_not_say_so_is_refused(log: Log) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("INSERT INTO indicators_rolledday (day) VALUES ('2026-03-05') ON CONFLICT (day) DO NOTHING")


def test_a_month_with_a_stale_day_is_read_from_its_days(log: Log) -> None:
    log.write(date(2026, 3, 5))
    log.write(date(2026, 4, 5))
    _fold_everything()
    log.write(date(2026, 3, 6), value=10)
    span = date(2026, 3, 1), date(2026, 3, 31)
    assert totals(["test.value"], *span) == {("test.value",): (Decimal(11), 2)}
    actions.fold_day(date(2026, 3, 6))
    assert not models.RolledMonth.objects.filter(month=date(2026, 3, 1)).exists()
    assert totals(["test.value"], *span) == {("test.value",): (Decimal(11), 2)}
    assert actions.fold_month(date(2026, 3, 1))
    assert not actions.fold_month(date(2026, 3, 1))
    assert totals(["test.value"], *span) == {("test.value",): (Decimal(11), 2)}


def test_folding_twice_changes_nothing(log: Log) -> None:
    log.write(date(2026, 3, 5), area="a")
    for _ in range(2):
        assert actions.fold_day(date(2026, 3, 5))
    assert models.RollupDay.objects.count() == len(DAY_GRAINS)


def test_folding_stops_when_its_time_is_up_and_goes_on_later(log: Log) -> None:
    log.write(LONG_AGO)
    assert actions.fold_finished(seconds=-1) == 0
    while actions.fold_finished(most=1):
        pass
    assert models.RolledMonth.objects.filter(month=LONG_AGO).exists()
    models.RolledMonth.objects.all().delete()
    assert actions.fold_finished(seconds=-1) == 0
    tasks.fold()
    assert models.RolledMonth.objects.filter(month=LONG_AGO).exists()


def test_any_question_is_one_statement(log: Log) -> None:
    log.write(date(2026, 3, 5))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        totals(["test.value", "test.split"], date(2025, 1, 1), TODAY, by=["area", "month"])
    assert len(queries) == 1


def test_several_questions_are_one_statement_and_answer_as_each_alone(log: Log) -> None:
    log.write(date(2026, 3, 5), area="a", channel="portal")
    log.write(TODAY, area="b", organ="o")
    asked = [
        Asked(["test.value"], date(2026, 1, 1), TODAY),
        Asked(["test.value"], date(2026, 1, 1), TODAY, ["area", "month"]),
        Asked(["test.value"], TODAY, TODAY, ["channel"]),
        Asked(["test.value"], date(2026, 3, 5), date(2026, 3, 5), ["day", "organ", "kind"]),
        Asked(["test.value"], date(2026, 1, 1), TODAY, [], Where(((("area", (named("a"),)),),))),
    ]
    with CaptureQueriesContext(connection) as queries:
        found = totals_many(asked)
    assert len(queries) == 1
    alone = [totals(one.measures, one.start, one.end, by=one.by, where=one.where) for one in asked]
    assert found == alone
    assert found[1][("test.value", named("a"), date(2026, 3, 1))] == (Decimal(1), 1)
    assert found[2] == {("test.value", None): (Decimal(1), 1)}
    assert found[3] == {("test.value", date(2026, 3, 5), None, "test"): (Decimal(1), 1)}
    assert found[4][("test.value",)] == (Decimal(1), 1)
    assert totals_many([]) == []


DAYS = st.dates(LONG_AGO, TODAY)
NAMES = st.sampled_from(["", "x", "y"])
WRITE = st.tuples(
    st.just("write"), DAYS, st.fixed_dictionaries(dict.fromkeys(("area", "organ", "category", "subkind", "division"), NAMES)),
    st.sampled_from(["portal", "hotline"]), st.integers(-3, 9),
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        WRITE, WRITE, WRITE, st.tuples(st.just("fold_day"), DAYS), st.just(("fold_all",)), st.just(("rebuild",)),
        st.tuples(st.just("spoil"), DAYS),
    ),
    max_size=14,
)  # fmt: skip
BY = st.lists(
    st.sampled_from(["area", "organ", "category", "subkind", "channel", "division", "day", "month"]),
    unique=True,
    max_size=3,
)


def _step(log: Log, step: Any) -> None:
    match step:
        case ("write", day, dims, channel, value):
            log.write(day, value=value, channel=channel, **{name: text for name, text in dims.items() if text})
        case ("fold_day", day):
            actions.fold_day(day)
        case ("fold_all",):
            _fold_everything()
        case ("rebuild",):
            actions.rebuild()
        case ("spoil", day):  # what may not be read must not matter
            rolled = models.RolledDay.objects.filter(day=day)
            if not rolled.exists() or models.StaleDay.objects.filter(day=day).exists():
                models.RollupDay.objects.filter(day=day).update(sum=999)


@settings(max_examples=100)
@given(steps=STEPS, asked=st.lists(st.tuples(DAYS, st.integers(0, 80), BY), min_size=1, max_size=3))
def test_figures_are_what_a_naive_recount_of_the_log_gives(log: Log, steps: list[Any], asked: list[Any]) -> None:
    with transaction.atomic():
        for step in steps:
            _step(log, step)
            for start, length, by in asked:
                end = start + timedelta(days=length)
                found = totals(["test.value"], start, end, by=by)
                assert {k: (float(s), n) for k, (s, n) in found.items()} == log.recount(start, end, *by)
        assert list(actions.check()) == []
        transaction.set_rollback(True)


@pytest.mark.parametrize("column", ["area", "organ", "category", "subkind", "channel", "division", "kind"])
def test_every_column_narrows(log: Log, column: str) -> None:
    value = "portal" if column == "channel" else "test" if column == "kind" else named("x")
    for dims in ({}, {column: "portal" if column == "channel" else "test" if column == "kind" else "x"}):
        log.write(date(2026, 3, 5), dims={"kind": "else", **dims})
    _fold_everything()
    found = totals(["test.value"], date(2026, 3, 1), date(2026, 3, 31), where=Where((((column, (value,)),),)))
    assert found == {("test.value",): (Decimal(1), 1)}
