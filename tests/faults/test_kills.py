"""kill -9 of the web server, of PostgreSQL and of the worker under load; the same request many times at once."""

import threading
from collections import Counter

import pytest

from .load import Load
from .stage import Stage, wait

pytestmark = pytest.mark.django_db  # its tables are what the district begins with


@pytest.mark.parametrize("what", ["web", "postgres", "worker"])
def test_what_was_acknowledged_is_there_once(stage: Stage, load: Load, what: str) -> None:
    kill(stage, load, what)


def kill(stage: Stage, load: Load, *what: str, before: int = 5, after: int = 5) -> None:
    """Kill these after so many were acknowledged; go on until as many more are, and look."""
    with load.going():
        load.wait_for(before)
        for each in what:
            getattr(stage, f"kill_{each}")()
        load.wait_for(after)
    stage.check(load)


def test_the_worker_is_killed_in_the_middle_of_its_queue(stage: Stage, load: Load) -> None:
    in_the_queue(stage, load)


def in_the_queue(stage: Stage, load: Load) -> None:
    """Kill it while it sends."""
    stage.kill("worker")
    with load.going():
        load.wait_for(24)
    before, pending = sent(stage), waiting(stage)
    assert pending >= 24
    stage.start("worker")
    wait(lambda: sent(stage) > before + 3, "some to be sent")
    stage.kill_worker()
    stage.check(load)


def waiting(stage: Stage) -> int:
    """Short messages in the queue."""
    return int(stage.ask("SELECT count(*) FROM events_notice WHERE channel = 'sms' AND state = 'pending'"))


def sent(stage: Stage) -> int:
    """Lines in the file."""
    path = stage.folder / "sms.jsonl"
    return path.read_text().count("\n") if path.exists() else 0


def test_the_same_request_many_times_at_once_is_one_appeal(stage: Stage, load: Load) -> None:
    text, told = f"{load.name} 同一件事", list[str]()

    def send() -> None:
        told.append(load.raise_one(text, f"twice-{load.name}")["number"])

    senders = [threading.Thread(target=send) for _n in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert list(Counter(told).values()) == [8]
    load.receipts[text] = told[0]
    stage.check(load)
