"""A change of several steps: whole or not at all, one view, and streams whose ends are known."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor

from .. import public as events

pytestmark = pytest.mark.django_db


def write(stream: UUID, *, is_first: bool = False) -> None:
    events.record(
        "thing.done",
        stream,
        stream_kind="thing",
        at=timezone.now(),
        by=Actor.system("test"),
        data={},
        is_first=is_first,
    )


def failing(*streams: UUID) -> None:
    """Writes to all of them, to the last in a part of the change that fails."""
    for stream in streams[:-1]:
        write(stream)
    with events.one_change():
        write(streams[-1])
        raise ZeroDivisionError


def numbers(stream: UUID) -> list[int]:
    return [event.seq for event in events.stream(stream)]


def test_a_stream_is_locked_and_looked_up_once(django_assert_num_queries: Callable[..., Any]) -> None:
    old, new = uuid4(), uuid4()
    write(old)  # prepares the statement
    with django_assert_num_queries(4), events.one_change():  # savepoint, lock and look, what was written, release
        for _ in range(3):
            write(old)
        write(new, is_first=True)
        write(new)
    assert (numbers(old), numbers(new)) == ([1, 2, 3, 4], [1, 2])
    assert list(events.verify()) == []


def test_what_was_written_inside_a_savepoint_that_was_given_up_counts_for_nothing() -> None:
    old, new = uuid4(), uuid4()
    write(old)
    with events.one_change():
        write(old)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            failing(old, old, new)
        for stream in (old, new):
            write(stream)
        with transaction.atomic(), events.one_change():
            write(new)
        write(new)
    assert (numbers(old), numbers(new)) == ([1, 2, 3], [1, 2, 3])
    assert list(events.verify()) == []


def test_a_part_that_fails_fails_the_whole() -> None:
    first, second = uuid4(), uuid4()
    with pytest.raises(ZeroDivisionError), events.one_change():
        failing(first, second)
    assert numbers(first) == numbers(second) == []


def test_what_is_asked_once_is_asked_once_inside_a_change_and_every_time_outside() -> None:
    once: events.Once[object] = events.Once(lambda *question: object())
    assert once.get(1) is not once.get(1)
    with events.one_change():
        found = once.get(1)
        assert once.get(1) is found is not once.get(2)
        once.put(found, 3)
        with events.one_change():
            assert once.get(3) is found
    assert once.get(1) is not found
