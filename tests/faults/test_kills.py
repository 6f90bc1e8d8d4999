"""kill -9 of the web server under load; the same request many times at once."""

import os
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from .stage import Load, Stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("ZHITONG_FAULTS"), reason="takes minutes: script/torture runs it"),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One district for all: what one fault leaves behind, the next one finds."""
    found = Stage(tmp_path_factory.mktemp("faults"))
    try:
        found.build()
        found.start("web")
        yield found
    finally:
        found.stop()


def test_the_web_server_is_killed_under_load(stage: Stage) -> None:
    load = Load(stage)
    with load.going():
        for _time in range(2):
            load.wait_for(15)
            stage.kill_web_worker()
        load.wait_for(15)
    stage.check(load)


def test_the_same_request_many_times_at_once_is_one_appeal(stage: Stage) -> None:
    load, told = Load(stage), list[str]()
    text = f"{load.name} 同一件事"

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
