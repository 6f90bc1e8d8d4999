"""Several machines: the primary dies, a machine dies, the primary moves, under load; nothing acknowledged is lost.

``script/torture --fleet`` runs it and prints what it took.
"""

import os
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest

from .fleet import MISSING, Fleet
from .load import Load
from .receiver import Receiver
from .stage import wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("ZHITONG_FLEET"), reason="takes a quarter of an hour: script/torture --fleet"
    ),
    pytest.mark.skipif(
        bool(MISSING), reason=f"apt-get install etcd-server haproxy: {' and '.join(MISSING)} is missing"
    ),
]
ROUNDS, SECONDS = 3, 8.0


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """One for all: what one fault leaves behind, the next one finds."""
    receiver = Receiver()
    found = Fleet(tmp_path_factory.mktemp("fleet"), receiver)
    try:
        found.build()
        found.start_front()
        load = found.clients()
        with load.going():
            load.wait_for(5)
        yield found
    finally:
        found.stop()
        receiver.stop()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """A line for whoever watches."""

    def told(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="", flush=True)

    return told


def faults(fleet: Fleet, say: Callable[[str], None], what: str, strike: Callable[[Load], None], times: int) -> None:
    """Strike under load, wait until all is as before, check; several times."""
    silences = []
    load = fleet.clients()
    with load.going():
        for _time in range(times):
            wait(lambda: fleet.primary() and fleet.standbys() == 2, "a whole cluster")
            load.wait_for(20)
            since = time.monotonic()
            strike(load)
            load.wait_for(20)
            silences.append(load.silence(since))
    fleet.check(load)
    others = {status: count for status, count in load.answers.items() if status != 503}
    assert set(others) <= {502, 504}, load.answers  # HAProxy's, where the web server itself was killed
    waited = " ".join(f"{silence:.1f}" for silence in silences)
    say(
        f"{what}: {waited} s without an acknowledgement; {len(load.receipts)} acknowledged, {load.repeated} of them when "
        f"asked again, answers besides {dict(load.answers)}"
    )


def primary_moves(fleet: Fleet, was: str) -> None:
    wait(lambda: (now := fleet.primary()) and now.name != was, "another primary")


def test_postgresql_of_the_primary_is_killed(fleet: Fleet, say: Callable[[str], None]) -> None:
    def strike(_load: Load) -> None:
        primary = fleet.primary()
        assert primary
        fleet.kill_postgres_of(primary)
        primary_moves(fleet, primary.name)

    faults(fleet, say, "kill -9 of the primary's PostgreSQL", strike, ROUNDS)


def test_the_machine_of_the_primary_is_lost(fleet: Fleet, say: Callable[[str], None]) -> None:
    """With its etcd and its Patroni.  It comes back when the other has taken over."""

    def strike(_load: Load) -> None:
        primary = fleet.primary()
        assert primary
        fleet.kill_machine(primary)
        primary_moves(fleet, primary.name)
        fleet.start_machine(primary)

    faults(fleet, say, "loss of the primary's machine", strike, ROUNDS)


def test_the_primary_is_moved_by_hand(fleet: Fleet, say: Callable[[str], None]) -> None:
    def strike(_load: Load) -> None:
        primary = fleet.primary()
        assert primary
        fleet.ask_patroni("POST", "switchover", {"leader": primary.name})
        fleet.kills += len(fleet.webs)  # who was telling somebody was cut off
        primary_moves(fleet, primary.name)

    faults(fleet, say, "a planned switchover", strike, ROUNDS)


def test_a_web_server_and_a_worker_are_killed(fleet: Fleet, say: Callable[[str], None]) -> None:
    def strike(load: Load) -> None:
        fleet.kill("web1")
        fleet.kill("worker1")
        load.wait_for(20)
        fleet.start_web("web1", fleet.webs["web1"])
        fleet.start_worker("worker1")

    faults(fleet, say, "kill -9 of a web server and a worker", strike, ROUNDS)


def test_what_a_second_disk_costs(fleet: Fleet, say: Callable[[str], None]) -> None:
    """Acknowledgements a second while a standby must have them too, and while it need not; by turns, in one run."""
    rates: dict[str, list[float]] = {"quorum": [], "off": []}
    loads = []
    for _time in range(ROUNDS):
        for mode, found in rates.items():
            wait(lambda: fleet.primary() and fleet.standbys() + fleet.followers() >= 2, "a whole cluster")
            fleet.ask_patroni("PATCH", "config", {"synchronous_mode": mode})
            fleet.await_mode(mode)
            loads.append(load := fleet.clients())
            with load.going():
                load.wait_for(5)
                before, started = len(load.receipts), time.monotonic()
                time.sleep(SECONDS)
                found.append((len(load.receipts) - before) / (time.monotonic() - started))
    fleet.check(*loads)
    fleet.ask_patroni("PATCH", "config", {"synchronous_mode": "quorum"})
    fleet.await_mode("quorum")
    said = ", ".join(f"{mode} {median(found):.1f} ({min(found):.1f}-{max(found):.1f})" for mode, found in rates.items())
    say(f"acknowledged a second with 4 clients: {said}; ratio {median(rates['quorum']) / median(rates['off']):.2f}")
