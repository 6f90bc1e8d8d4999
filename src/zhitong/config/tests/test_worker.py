import time

import pytest
from django.db import OperationalError

from zhitong.base import periodic
from zhitong.config import worker


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
