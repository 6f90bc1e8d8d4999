"""What is heard of later counts on the day it was done: in facts, rollups and after a rebuild."""

from datetime import timedelta
from decimal import Decimal

from zhitong.kernel.indicators import actions, models
from zhitong.kernel.indicators.queries.totals import totals
from zhitong.kernel.indicators.rules.measures import LATEST

from .conftest import TODAY, YESTERDAY, Log

BEFORE = TODAY - timedelta(days=5)


def _days() -> list[object]:
    return list(models.Fact.objects.filter(measure="test.late").order_by("day").values_list("day", flat=True))


def _folded() -> None:
    while actions.fold_finished():
        pass


def test_it_counts_on_the_day_it_was_done(log: Log) -> None:
    log.write(BEFORE, "test.late")
    _folded()
    assert totals(["test.late"], BEFORE, BEFORE)[("test.late",)] == (Decimal(1), 1)
    log.write(TODAY, "test.late", on=BEFORE)
    assert totals(["test.late"], BEFORE, BEFORE)[("test.late",)] == (Decimal(2), 2)  # the rolled day is stale
    _folded()
    assert totals(["test.late"], BEFORE, BEFORE)[("test.late",)] == (Decimal(2), 2)
    assert not totals(["test.late"], TODAY, TODAY)
    assert list(actions.check()) == []


def test_never_to_come_and_not_long_ago(log: Log) -> None:
    log.write(YESTERDAY, "test.late", on=TODAY)
    log.write(TODAY, "test.late", on=TODAY - timedelta(days=400))
    assert _days() == [TODAY - LATEST, YESTERDAY]


def test_a_rebuild_leaves_it_on_its_day(log: Log) -> None:
    log.write(TODAY, "test.late", on=BEFORE)
    log.write(TODAY, "test.late")
    assert actions.rebuild() == 2
    assert _days() == [BEFORE, TODAY]
    models.Fact.objects.filter(day=BEFORE).update(day=YESTERDAY)
    told = [line for line in actions.check() if "facts do not follow" in line]
    assert [str(day) in line for day, line in zip((BEFORE, YESTERDAY), told, strict=True)] == [
        True,
        True,
    ]  # missing, and too much
    assert actions.rebuild() == 2
    assert _days() == [BEFORE, TODAY]
    models.Fact.objects.filter(day=BEFORE).delete()  # nothing else tells of that day
    assert actions.rebuild() == 2
    assert _days() == [BEFORE, TODAY]
