"""The same review sent by many at the same moment is one; two people who exclude at the same moment are two."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from zhitong.base.errors import Conflict
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.reviews import public as r

from .conftest import MONDAY, RESIDENT, build

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, all let go at once; what each gave or raised."""
    gate, answers = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers.append(work())
        except Conflict as conflict:
            answers.append(conflict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_service_is_reviewed_once_whoever_comes_first() -> None:
    hall = build()
    served = hall.serve()

    def send(mark: int) -> Callable[[], object]:
        return lambda: r.judge(served.code, r.Judgement(mark), by=RESIDENT, at=MONDAY)

    answers = together(*(send(mark) for mark in (5, 4, 2, 1, 5, 1)))
    assert answers.count("reviewed") == 5
    assert r.Review.objects.count() == 1


def test_one_person_twice_at_once_is_not_two_people() -> None:
    hall = build()
    review = hall.bad()

    def say(by: Actor) -> Callable[[], object]:
        return lambda: r.exclude(review.pk, reason="误评", by=by, at=MONDAY)

    assert "two_people" in together(say(hall.caller), say(hall.caller))
    review.refresh_from_db()
    assert review.excluded_at is None
    answers = together(say(hall.supervisor), say(hall.supervisor))
    assert answers.count("excluded") == 1
    review.refresh_from_db()
    assert review.excluded_at == MONDAY
