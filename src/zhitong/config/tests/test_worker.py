import signal
import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError

from zhitong.base import periodic
from zhitong.config import worker
from zhitong.kernel.events import public as events
from zhitong.kernel.events import tasks


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> dict[str, periodic.Periodic]:
    """An empty register; the real one is untouched.  Connections are left alone."""
    empty: dict[str, periodic.Periodic] = {}
    monkeypatch.setattr(periodic, "REGISTERED", empty)
    monkeypatch.setattr(worker, "REGISTERED", empty)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    return empty


def test_runs_what_is_due_and_nothing_else(register: dict[str, periodic.Periodic]) -> None:
    ran: list[str] = []
    periodic.every(seconds=60, name="a.now")(lambda: ran.append("now"))
    periodic.every(seconds=60, name="a.later")(lambda: ran.append("later"))
    now = time.monotonic()
    register["a.later"].due = now + 60
    worker.run_due(now)
    assert ran == ["now"]
    assert register["a.now"].due >= now + 60


def test_a_failure_stops_nobody_else_and_waits_longer_each_time(register: dict[str, periodic.Periodic]) -> None:
    ran: list[str] = []

    def fails() -> None:
        raise RuntimeError("no")

    periodic.every(seconds=10, name="a.fails")(fails)
    periodic.every(seconds=10, name="a.works")(lambda: ran.append("works"))
    waits = []
    for _ in range(12):
        assert worker.run_due(float("inf")) == [False, True]
        waits.append(round(register["a.fails"].due - time.monotonic()))
    assert len(ran) == 12
    assert waits == sorted(waits)
    assert waits[0] == 12
    assert waits[-1] == 10 + periodic.SLOWEST_RETRY


def test_while_the_database_is_away_it_is_nobodys_failure(register: dict[str, periodic.Periodic]) -> None:
    def away() -> None:
        try:
            raise OperationalError("the server is going down")
        except OperationalError:
            raise LookupError("and so nothing is found") from None

    periodic.every(seconds=600, name="a.seldom")(away)
    periodic.every(seconds=2, name="a.often")(away)
    for _ in range(5):
        assert worker.run_due(float("inf")) == [False, False]
    now = time.monotonic()
    assert all(work.failures == 0 for work in register.values())
    assert register["a.often"].due <= register["a.seldom"].due <= now + periodic.SOON


def test_what_takes_long_runs_beside_the_others(
    register: dict[str, periodic.Periodic], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long one goes on until the short one has run: were they one after the other, it would wait in vain."""
    handlers: dict[int, Callable[[int, None], None]] = {}
    short, done = threading.Event(), []

    def long() -> None:
        done.append(short.wait(60))
        handlers[signal.SIGTERM](signal.SIGTERM, None)

    monkeypatch.setattr(worker, "autodiscover_modules", lambda _name: None)
    monkeypatch.setattr("zhitong.config.worker.signal.signal", handlers.__setitem__)
    monkeypatch.setattr(worker, "LONGEST_NAP", 0.05)
    monkeypatch.setattr(worker, "last_trusted", lambda: None)
    periodic.every(seconds=600, name="a.long", is_long=True)(long)
    register["a.short"] = periodic.Periodic("a.short", 600, short.set, due=time.monotonic() + 0.5)
    assert worker.work()
    assert done == [True]


def test_recovers(register: dict[str, periodic.Periodic]) -> None:
    periodic.every(seconds=10, name="a.b")(lambda: None)
    register["a.b"].failures = 3
    worker.run_due(float("inf"))
    assert register["a.b"].failures == 0


def test_a_name_is_given_once(register: dict[str, periodic.Periodic]) -> None:
    periodic.every(seconds=10, name="a.b")(lambda: None)
    with pytest.raises(ValueError, match=r"a\.b"):
        periodic.every(seconds=10, name="a.b")(lambda: 1)


def test_one_round_says_whether_all_went_well(
    register: dict[str, periodic.Periodic], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "autodiscover_modules", lambda _name: None)
    periodic.every(seconds=10, name="a.b")(lambda: None)
    assert worker.work(once=True)
    periodic.every(seconds=10, name="a.c")(lambda: 1 / 0)
    assert not worker.work(once=True)


@pytest.mark.parametrize("jump", [3 * 24 * 3600.0, -7200.0, 301.0])
def test_a_clock_that_jumped_is_not_trusted_for_an_hour(jump: float) -> None:
    clock = worker.Clock(100.0, 1_000_000.0)
    assert clock.look(160.0, 1_000_060.5)
    assert not clock.look(165.0, 1_000_065.0 + jump)
    assert not clock.look(3764.0, 1_003_664.0 + jump)
    assert clock.look(3765.0, 1_003_665.0 + jump)


def test_being_put_right_begins_the_hour_anew_and_slewing_does_not() -> None:
    clock = worker.Clock(0.0, 0.0)
    assert not clock.look(10.0, 90_010.0)
    assert not clock.look(3000.0, 3000.0)
    assert not clock.look(6599.0, 6599.0)
    assert clock.look(6600.0, 6600.0)
    for hour in range(1, 40):  # a minute an hour
        assert clock.look(6600.0 + 3600 * hour, 6600.0 + 3660 * hour)


DAY = 24 * 3600.0


@pytest.mark.parametrize(("since", "is_believed"), [(-7200.0, False), (0.0, True), (3 * DAY, True), (40 * DAY, False)])
def test_a_worker_that_starts_doubts_a_clock_far_from_what_was_last_trusted(since: float, is_believed: bool) -> None:
    clock = worker.Clock(100.0, 50 * DAY, 50 * DAY - since)
    assert clock.look(105.0, 50 * DAY + 5) is is_believed
    assert clock.look(3700.0, 50 * DAY + 3600) is True


@pytest.mark.django_db
def test_what_the_clock_says_is_kept_for_the_next_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert events.last_trusted() is None
    fresh = worker._clock(0.0, time.time())
    assert fresh
    assert fresh.look(1.0, time.time() + 1)
    tasks.keep_what_the_clock_says()
    tasks.keep_what_the_clock_says()
    later = worker._clock(0.0, time.time() + 40 * DAY)
    assert later
    assert not later.look(1.0, time.time() + 40 * DAY + 1)


def test_a_worker_that_cannot_ask_has_no_clock_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(worker, "last_trusted", away)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    assert worker._clock(0.0, 0.0) is None


def test_what_cannot_be_taken_back_waits_for_a_clock_that_is_right(register: dict[str, periodic.Periodic]) -> None:
    ran: list[str] = []
    periodic.every(seconds=1, name="test.send")(lambda: ran.append("send"))
    periodic.every(seconds=1, name="test.forget", by_clock=True)(lambda: ran.append("forget"))
    worker.run_due(time.monotonic(), is_clock_right=False)
    assert ran == ["send"]
    worker.run_due(time.monotonic() + 2)
    assert sorted(ran) == ["forget", "send", "send"]
