"""The worker dies between sending to another system and writing down that it did: the same delivery comes twice, and is known."""

import threading

import pytest

from .load import Load
from .stage import Stage, wait

pytestmark = pytest.mark.django_db
STATE = """
SELECT state FROM events_notice n JOIN matters_matter m ON m.id = n.subject WHERE n.channel = 'webhook' AND m.number = %s"""


def test_a_delivery_that_comes_twice_has_the_same_id_and_signature_that_fits(stage: Stage, load: Load) -> None:
    try:
        twice(stage, load)
    finally:
        stage.receiver.before_answer = None


def twice(stage: Stage, load: Load) -> None:
    """Kill the worker while the receiver has the delivery, and the worker not yet its answer."""
    heard = threading.Event()

    def die(_number: int) -> None:
        if not heard.is_set():
            heard.set()
            stage.kill("worker")  # before it has the answer

    wait(lambda: not stage.ask("SELECT count(*) FROM events_notice WHERE state = 'pending'"), "an empty queue")
    first = len(stage.receiver.got)
    stage.receiver.before_answer = die
    text = f"{load.name} 下水道堵塞"
    load.receipts[text] = load.raise_one(text, f"webhook-{load.name}")["number"]
    assert heard.wait(300)
    stage.receiver.before_answer = None
    wait(lambda: "worker" not in stage.running, "the end of the worker")
    assert stage.ask(STATE, load.receipts[text]) == "pending"
    stage.start("worker")
    stage.check(load)
    ids = stage.receiver.verified(stage.setting["webhook"])[first:]
    bodies = {body for _headers, body in stage.receiver.got[first:]}
    assert len(ids) == 2
    assert len(set(ids)) == len(bodies) == 1


def test_a_receiver_that_drops_what_it_knows_has_each_event_once(stage: Stage, load: Load) -> None:
    with load.going():
        load.wait_for(4)
        stage.kill_worker()
        load.wait_for(4)
    stage.check(load)
    known = dict(zip(stage.receiver.verified(stage.setting["webhook"]), stage.receiver.got, strict=True))
    events = [body for _headers, body in known.values()]
    assert len(events) == len(set(events)) >= len(load.receipts)
