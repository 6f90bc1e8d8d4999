"""What a process keeps: given up with every change of its mark, asked for once while a page is read."""

from typing import Any

import pytest
from django.db import transaction

from .. import public as events
from ..models import Mark

pytestmark = pytest.mark.django_db


def things(most: int = 4) -> events.Kept[object]:
    events.set_mark("things")
    return events.Kept("things", lambda *question: object(), most=most)


def test_it_is_built_once_and_again_after_a_change() -> None:
    kept = things()
    first = kept.get()
    assert kept.get() is first
    events.set_mark("things")
    assert kept.get() is not first


def test_another_mark_is_nobodys_business() -> None:
    kept = things()
    first = kept.get()
    events.set_mark("others")
    assert kept.get() is first


def test_after_a_rollback_the_old_one_is_right_again() -> None:
    kept = things()
    first = kept.get()
    with transaction.atomic():
        events.set_mark("things")
        assert kept.get() is not first
        transaction.set_rollback(True)
    assert kept.get() is first


def test_each_question_has_its_answer_and_only_the_last_few_are_kept() -> None:
    kept = things(most=2)
    first, second = kept.get(1), kept.get(2)
    assert kept.get(1) is first is not second
    third = kept.get(3)
    assert kept.get(1) is first
    assert kept.get(3) is third
    assert kept.get(2) is not second


def test_without_a_mark_nothing_is_kept() -> None:
    kept = things()
    Mark.objects.all().delete()
    assert kept.get() is not kept.get()
    events.set_mark("things")
    assert kept.get() is kept.get()


def test_it_costs_one_small_query_and_none_more_in_one_view(django_assert_num_queries: Any) -> None:
    kept = things()
    kept.get()
    with django_assert_num_queries(2):
        kept.get()
        kept.get()
    with django_assert_num_queries(1), events.one_view():
        kept.get()
        kept.get()
        events.mark("others")


def test_one_view_sees_one_version_and_the_next_the_next() -> None:
    kept = things()
    with events.one_view():
        first = kept.get()
        events.set_mark("things")
        assert kept.get() is first
        with events.one_view():  # the outermost decides
            assert kept.get() is first
        assert events.mark("nothing") == events.mark("nothing")
    assert kept.get() is not first
    assert str(Mark.objects.get(name="things")) == f"things {events.mark('things')}"
