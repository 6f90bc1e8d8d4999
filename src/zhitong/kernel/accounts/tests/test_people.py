"""Accounts for many people at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhitong.base.errors import NotAllowed, Refused

from .. import actions, rules
from ..models import Account, Grant
from ..permissions import Actor
from ..public import actor_for
from .conftest import AT, BY, grant, make_account, make_organ, make_post, make_staff, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    actions.load_default_roles(by=BY, at=AT)
    organ = make_organ("B1", "城管局")
    post, other = make_post(organ), make_post(organ, "副局长")
    found = [make_staff(name) for name in ("丁一", "丁二", "丁三")]
    for one, where in zip(found, (post, post, other), strict=True):
        seat(one, where)
    return found


def ids(people):
    return [one.pk for one in people]


def test_each_signs_in_with_the_number_and_a_password_that_must_be_changed(people):
    opened = actions.open_for_people(ids(people), by=BY, at=AT)
    assert {one.account.staff_id for one in opened} == set(ids(people))
    assert len({one.password for one in opened}) == len(people)
    for one in opened:
        stored = Account.objects.get(pk=one.account.pk)
        assert stored.username == stored.staff.staff_no.lower()
        assert stored.check_password(one.password)
        assert stored.must_change_password
        assert [seat.staff_id for seat in one.seats] == [stored.staff_id]
        assert one.password not in repr(one)
    assert not Grant.objects.exists()


def test_posts_get_the_role_once(people):
    held = people[0].appointments.get().post
    grant(held, "case_worker")
    opened = actions.open_for_people(ids(people), role="case_worker", scope="organ", by=BY, at=AT)
    assert Grant.objects.filter(post=held).count() == 1
    assert Grant.objects.count() == 2
    for one in opened:
        assert actor_for(one.account).may("matters.view")


def test_who_has_one_is_left_out(people):
    actions.open_for_people(ids(people[:1]), by=BY, at=AT)
    assert len(actions.open_for_people(ids(people), by=BY, at=AT)) == 2
    with pytest.raises(Refused) as refused:
        actions.open_for_people(ids(people), by=BY, at=AT)
    assert refused.value.code == "people"
    assert Account.objects.count() == 3


def test_a_name_that_is_taken_gets_a_tail(people):
    make_account(people[0].staff_no)
    [opened] = actions.open_for_people(ids(people[:1]), by=BY, at=AT)
    assert opened.account.username.startswith(f"{people[0].staff_no.lower()}-")


def test_it_needs_the_permission_and_has_a_limit(people):
    with pytest.raises(NotAllowed):
        actions.open_for_people(ids(people), by=Actor.resident(), at=AT)
    many = [make_staff(f"戊{n}").pk for n in range(actions.MOST_PEOPLE + 1)]
    with pytest.raises(Refused):
        actions.open_for_people(many, by=BY, at=AT)


def test_what_it_costs_does_not_grow(people):
    more = [make_staff(f"戊{n}") for n in range(20)]
    for one in more:
        seat(one, people[0].appointments.get().post)
    costs = []
    for some in (people[:1], more):
        with CaptureQueriesContext(connection) as asked:
            actions.open_for_people(ids(some), role="organ_head", scope="organ", by=BY, at=AT)
        costs.append(len(asked))
    assert costs[1] <= costs[0]


@pytest.mark.parametrize(
    ("number", "name"),
    [("S001", "s001"), (" 市/01 ", "市-01"), ("-7", "user-7"), ("x" * 80, "x" * 64), ("7", "user-7")],
)
def test_numbers_become_names(number, name):
    assert rules.as_username(number) == name
    assert rules.is_username(rules.as_username(number))
