"""Writers, folders and rebuilds at the same time: nobody waits but for the day being folded, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from queue import Queue
from typing import Any

import pytest
from django.db import connection, transaction

from zhitong.kernel.indicators import actions, models
from zhitong.kernel.indicators.actions import folding, locks
from zhitong.kernel.indicators.queries.totals import totals

from .conftest import TODAY, YESTERDAY, Log

DAY = date(2026, 3, 5)
pytestmark = pytest.mark.django_db(transaction=True)


class Other(threading.Thread):
    """Runs something on a connection of its own; ``result()`` waits for it and raises what it raised."""

    def __init__(self, run: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.run_it, self.said = run, Queue[tuple[bool, Any]]()
        self.start()

    def run(self) -> None:
        try:
            self.said.put((True, self.run_it()))
        except BaseException as error:
            self.said.put((False, error))
        finally:
            connection.close()

    def result(self, seconds: float = 20) -> Any:
        went_well, value = self.said.get(timeout=seconds)
        if not went_well:
            raise value
        return value


@contextmanager
def under_way(begin: Callable[[], Any]) -> Iterator[None]:
    """``begin`` has run in another transaction, which stays open until the block ends and is committed then."""
    begun, end = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            begin()
            begun.set()
            assert end.wait(20)

    other = Other(run)
    assert begun.wait(20)
    try:
        yield
    finally:
        end.set()
        other.result()


def _sum(day: date = DAY) -> tuple[Decimal, int]:
    return totals(["test.value"], day, day).get(("test.value",), (Decimal(), 0))


@pytest.mark.parametrize("day", [TODAY, YESTERDAY, DAY])
def test_writers_of_one_day_do_not_wait_for_one_another(log: Log, day: date) -> None:
    if day != TODAY:
        log.write(day)
        assert actions.fold_day(day)
    with under_way(lambda: log.write(day)):
        Other(lambda: log.write(day)).result()
    assert _sum(day)[1] == (2 if day == TODAY else 3)


def test_a_day_is_not_folded_while_somebody_writes_it(log: Log) -> None:
    log.write(DAY)
    with under_way(lambda: log.write(DAY, value=5)):
        assert not actions.fold_day(DAY)
        assert actions.fold_day(DAY + timedelta(days=1))
    assert actions.fold_day(DAY)
    assert _sum() == (Decimal(6), 2)


def test_a_writer_waits_for_the_fold_of_its_own_day_only(log: Log) -> None:
    log.write(DAY)
    with under_way(lambda: actions.fold_day(DAY)):
        Other(lambda: log.write(DAY + timedelta(days=1))).result()
        Other(lambda: log.write(TODAY)).result()
        waiting = Other(lambda: log.write(DAY, value=5))
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.result()
    assert models.StaleDay.objects.filter(day=DAY).exists()
    assert _sum() == (Decimal(6), 2)


def test_two_folders_do_not_wait_for_one_another(log: Log) -> None:
    log.write(DAY)
    with under_way(lambda: actions.fold_day(DAY)):
        assert not Other(lambda: actions.fold_day(DAY)).result()
        assert not Other(lambda: actions.fold_month(DAY.replace(day=1))).result()


def test_a_batch_over_many_days_takes_one_lock(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MOST_LOCKS", 1)

    def write_two() -> None:
        locks.share([DAY, DAY + timedelta(days=1)])

    with under_way(write_two):
        assert not actions.fold_day(DAY)
        Other(lambda: log.write(DAY)).result()
    assert actions.fold_day(DAY)


def test_a_day_is_not_folded_while_a_transaction_that_began_before_its_end_runs(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a writer of today's facts, which took no lock, that is still busy after midnight."""
    log.write(DAY)
    begins: list[datetime] = []
    real = folding.bounds
    monkeypatch.setattr(folding, "bounds", lambda day: (real(day)[0], begins[0]))
    monkeypatch.setattr(locks, "GRACE", timedelta())

    def begin() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            begins.append(cursor.fetchone()[0] + timedelta(microseconds=1))

    with under_way(begin):
        assert not actions.fold_day(DAY)
    assert actions.fold_day(DAY)


def test_a_fold_racing_backdated_writers_loses_nothing(log: Log) -> None:
    log.write(DAY)
    stop = threading.Event()

    def write() -> int:
        for _ in range(25):
            log.write(DAY, value=2)
        return 25

    def fold() -> int:
        folded = 0
        while not stop.is_set():
            folded += actions.fold_day(DAY)
        return folded

    def read() -> int:
        seen = 0
        while not stop.is_set():
            many = _sum()[1]
            assert many >= seen
            seen = many
        return seen

    helpers = [Other(fold), Other(read)]
    written = sum(writer.result(60) for writer in [Other(write) for _ in range(3)])
    stop.set()
    for helper in helpers:
        helper.result()
    assert written == 75
    assert _sum() == (Decimal(151), 76)
    assert actions.fold_day(DAY)
    assert _sum() == (Decimal(151), 76)
    assert list(actions.check()) == []


def test_a_rebuild_leaves_alone_what_is_written_meanwhile(log: Log) -> None:
    for day in (DAY, TODAY):
        log.write(day)
    with under_way(lambda: (log.write(TODAY, value=3), log.write(DAY, value=4))):
        Other(lambda: actions.rebuild()).result(60)
        assert _sum(TODAY) == (Decimal(1), 1)
    assert _sum(TODAY) == (Decimal(4), 2)
    assert _sum() == (Decimal(5), 2)
    assert list(actions.check()) == []
