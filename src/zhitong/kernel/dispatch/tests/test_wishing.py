"""Learning is a wish that the worker carries out, once at a time."""

from datetime import timedelta

import pytest

from zhitong.base.errors import Conflict, NotAllowed
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event

from .. import public as d
from .. import tasks
from ..actions import wishing
from ..queries.learning import LEASE, asked_for
from .conftest import MONDAY, SYSTEM, Room

SOON = MONDAY + timedelta(seconds=30)


def test_a_wish_is_kept_once_and_carried_out_once(room: Room) -> None:
    room.close(250)
    assert d.ask_to_learn("sorted", by=SYSTEM, at=MONDAY)
    assert not d.ask_to_learn("sorted", by=SYSTEM, at=SOON)
    assert Event.objects.filter(kind="dispatch.asked").count() == 1
    use = d.use_of("sorted")
    assert (use.asked_at, use.asked_by) == (MONDAY, "test")
    assert asked_for(SOON) == ["sorted"]
    tasks.learn()
    tasks.learn()
    assert d.versions("sorted").count() == 1
    use = d.use_of("sorted")
    assert (use.asked_at, use.learning_since, use.failure, use.found) == (None, None, "", 250)


def test_while_one_is_at_it_another_is_refused(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.close(250)
    refused = []

    def meanwhile(kind: str, *, by: Actor, at: object) -> d.Learned:
        assert asked_for(SOON) == []
        assert not d.ask_to_learn(kind, by=SYSTEM, at=SOON)
        with pytest.raises(Conflict) as conflict:
            d.train(kind, by=SYSTEM, at=SOON)
        refused.append(conflict.value.code)
        return real(kind, by=by, at=MONDAY)

    real = wishing.learn
    monkeypatch.setattr(wishing, "learn", meanwhile)
    d.ask_to_learn("sorted", by=SYSTEM, at=MONDAY)
    d.train("sorted", by=SYSTEM, at=MONDAY)
    assert refused == ["learning"]
    assert d.versions("sorted").count() == 1


def test_a_wish_whose_worker_died_is_taken_up_again(room: Room) -> None:
    room.close(250)
    d.ask_to_learn("sorted", by=SYSTEM, at=MONDAY)
    d.Use.objects.filter(kind="sorted").update(learning_since=MONDAY)
    assert asked_for(MONDAY + LEASE) == []
    late = MONDAY + LEASE + timedelta(seconds=1)
    assert asked_for(late) == ["sorted"]
    d.train("sorted", by=SYSTEM, at=late)
    assert asked_for(late) == []


def test_what_came_to_nothing_is_kept_and_is_over(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.close(7)
    d.ask_to_learn("sorted", by=SYSTEM, at=MONDAY)
    tasks.learn()
    use = d.use_of("sorted")
    assert (use.failure, use.found, use.asked_at) == ("too_few", 7, None)

    def broken(kind: str, *, by: Actor, at: object) -> d.Learned:
        raise MemoryError

    monkeypatch.setattr(wishing, "learn", broken)
    d.ask_to_learn("sorted", by=SYSTEM, at=SOON)
    with pytest.raises(MemoryError):
        tasks.learn()
    use = d.use_of("sorted")
    assert (use.failure, use.learning_since, use.asked_at) == ("fault", None, None)


def test_who_may_not_set_up_may_not_ask(room: Room) -> None:
    with pytest.raises(NotAllowed):
        d.ask_to_learn("sorted", by=Actor.resident(), at=MONDAY)
    assert asked_for(SOON) == []
