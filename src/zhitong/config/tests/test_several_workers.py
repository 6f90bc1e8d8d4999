"""Several workers at once do together what one does alone: nothing twice, nothing left."""

import importlib
from collections import Counter
from datetime import timedelta
from threading import Barrier, Lock, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.district import District, build
from zhitong.config import worker
from zhitong.kernel.events.public import Event, Notice, verify
from zhitong.kernel.indicators.public import check
from zhitong.kernel.matters.models import Clock

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, MATTERS = 3, 12
delivery = importlib.import_module("zhitong.kernel.events.actions.deliver")
REGULAR = (
    "matters.clocks",
    "events.deliver",
    "events.seal",
    "events.bring_forward",
    "indicators.fold",
    "gateway.webhooks",
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the short messages that went out."""
    found: list[str] = []
    lock = Lock()

    def send(_address: str, _title: str, _body: str, notice: str) -> None:
        with lock:
            found.append(notice)

    monkeypatch.setitem(delivery._adapters, "sms", send)
    return found


def waiting() -> District:
    """A district in which clocks have passed while no worker ran."""
    district = build()
    for number in range(MATTERS):
        district.open(text=f"东风路{number}号门前路灯不亮。", at=timezone.now() - timedelta(days=60))
    return district


def at_once(rounds: int = 3) -> list[BaseException]:
    """Each worker runs everything that is registered, in its order, at the same time as the others."""
    failed: list[BaseException] = []
    together = Barrier(WORKERS)

    def run() -> None:
        try:
            for _round in range(rounds):
                for name in REGULAR:
                    together.wait()
                    worker.REGISTERED[name].run()
        except BaseException as error:
            failed.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [Thread(target=run) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_nothing_is_done_twice_and_nothing_is_left(sent: list[str]) -> None:
    worker.autodiscover_modules("tasks")
    waiting()
    assert at_once() == []
    grades: Counter[Any] = Counter(
        (event.stream, event.data["clock"], event.data["round"], event.data["grade"])
        for event in Event.objects.filter(kind="appeal.clock")
    )
    assert grades
    assert set(grades.values()) == {1}
    assert not Clock.objects.filter(state="running", next_at__lte=timezone.now()).exists()
    told = Notice.objects.filter(channel="sms")
    assert told.count() >= MATTERS
    assert Counter(sent) == Counter(str(pk) for pk in told.values_list("pk", flat=True))
    assert not Notice.objects.exclude(channel="webhook").filter(state="pending").exists()
    assert list(verify()) == []
    assert list(check()) == []
