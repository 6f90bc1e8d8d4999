"""Who somebody is today, and what that reaches."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from zhitong.base.errors import NotAllowed
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import one_view
from zhitong.kernel.organisation.public import Appointment

from ..models import Account, Grant, Role
from ..permissions import Actor, Granted, scope_q
from ..public import accounts_of_posts, actor_for, holders_of
from ..web.backend import AccountBackend
from .conftest import grant, make_account, make_division, make_organ, make_post, make_staff, seat

REACH = {
    "organ": lambda ids: Q(organ__in=ids),
    "division": lambda top: Q(path__contains=[top]),
    "own": lambda granted: Q(assignee="me"),
}


def test_grants_come_from_the_post(office):
    grant(office.post, "case_worker")
    actor = actor_for(office.account)
    assert actor.may("test.handle")
    assert not actor.may("accounts.manage")
    assert actor.post_id == office.post.pk
    assert actor.label == "王小明（甲街道办事处 科员）"
    (granted,) = actor.grants_for("test.view")
    assert granted.organ_ids == {office.organ.pk, office.section.pk}


def test_several_posts_add_up_and_the_head_comes_first(office):
    other = make_organ("B", "城市管理局")
    head = make_post(other, "局长", is_head=True)
    seat(office.staff, head)
    grant(office.post, "clerk")
    grant(head, "organ_head")
    actor = actor_for(office.account)
    assert actor.post_id == head.pk
    assert actor.post_ids == {head.pk, office.post.pk}
    assert actor.may("test.approve")
    assert actor.organ_ids == {office.organ.pk, other.pk}


def test_only_todays_appointments_and_grants_count(office):
    grant(office.post, "case_worker", valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    assert actor_for(office.account, date(2024, 6, 1)).may("test.handle")
    assert not actor_for(office.account, date(2023, 12, 31)).may("test.handle")
    assert not actor_for(office.account, date(2025, 1, 1)).may("test.handle")
    assert actor_for(office.account, date(2019, 1, 1)).post_id is None


def test_a_switched_off_account_may_nothing(office):
    grant(office.post, "case_worker")
    office.account.is_active = False
    assert not actor_for(office.account).permissions


def test_a_superuser_sets_up_and_reads_nothing(roles):
    actor = actor_for(make_account("root", is_superuser=True))
    assert actor.may_everywhere("accounts.manage")
    assert not actor.may("test.view")


def test_the_first_superuser_needs_no_roles_loaded(db):
    account = Account.objects.create_superuser("Root", "correct-horse-7")
    assert account.username == "root"
    assert actor_for(account).may_everywhere("organisation.manage")


def test_few_queries(office, django_assert_num_queries):
    grant(office.post, "case_worker")
    account = Account.objects.select_related("staff").get(pk=office.account.pk)
    actor_for(account)
    with django_assert_num_queries(2):  # posts with their grants, marks
        actor_for(account)


def test_an_account_of_a_session_comes_with_its_posts(office, django_assert_num_queries):
    grant(office.post, "case_worker")
    other = make_organ("B", "城市管理局")
    head = make_post(other, "局长", is_head=True)
    seat(office.staff, head)
    grant(head, "organ_head")
    grant(head, "clerk", valid_from=date(2019, 1, 1), valid_to=date(2020, 1, 1))
    alone = Account.objects.select_related("staff").get(pk=office.account.pk)
    account = AccountBackend().get_user(office.account.pk)
    assert account is not None
    assert actor_for(account) == actor_for(alone)
    with django_assert_num_queries(1), one_view():  # the marks
        assert actor_for(account).may("test.approve")
    with django_assert_num_queries(1), one_view():  # another day is asked for
        assert not actor_for(account, date(2018, 1, 1)).permissions
    office.account.is_active = False
    office.account.save()
    assert AccountBackend().get_user(office.account.pk) is None


def test_the_system_may_everything_and_a_resident_nothing():
    system, resident = Actor.system("夜间任务"), Actor.resident([uuid7()])
    assert system.may("anything.at_all")
    assert system.may_everywhere("anything.at_all")
    assert not resident.may("test.view")
    with pytest.raises(NotAllowed):
        resident.demand("test.view")
    assert resident.is_resident
    assert len(resident.tracked) == 1


def test_an_integration_may_what_it_was_given():
    actor = Actor.integration("12345热线", ["hotline.send"])
    actor.demand_everywhere("hotline.send")
    with pytest.raises(NotAllowed):
        actor.demand_everywhere("hotline.other")


def test_scope_reaches_nothing_without_grants():
    assert scope_q([], **REACH) == Q(pk__in=[])


def test_scope_all_swallows_the_rest():
    grants = [Granted(frozenset(), scope="own"), Granted(frozenset(), scope="all")]
    assert scope_q(grants, **REACH) == Q()


def test_scopes_are_joined():
    organ, below, division = uuid7(), uuid7(), uuid7()
    grants = [
        Granted(frozenset(), scope="organ", organ_id=organ, organ_ids=frozenset({organ, below})),
        Granted(frozenset(), scope="division", division_id=division),
        Granted(frozenset(), scope="own"),
    ]
    expected = Q(path__contains=[division]) | Q(organ__in=frozenset({organ, below})) | Q(assignee="me")
    assert scope_q(grants, **REACH) == expected


def test_a_division_scope_without_a_division_reaches_nothing():
    assert scope_q([Granted(frozenset(), scope="division")], **REACH) == Q(pk__in=[])


def test_the_division_of_post_or_organ_is_taken(office):
    street = make_division()
    place = make_post(make_organ("C", "丙街道办事处", kind="street_office", division_id=street.pk))
    seat(office.staff, place)
    grant(place, "grid_worker", scope="division")
    (granted,) = actor_for(office.account).grants
    assert granted.division_id == street.pk


def test_who_is_told_of_a_post(office):
    deputy = make_staff("李代")
    seat(deputy, office.post, is_deputy=True, valid_from=date(2024, 1, 1))
    other = make_account("li", staff_id=deputy.pk)
    gone = make_staff("赵前任")
    seat(gone, office.post, valid_to=date(2021, 1, 1))
    make_account("zhao", staff_id=gone.pk)
    assert accounts_of_posts([office.post.pk]) == {office.post.pk: [office.account.pk, other.pk]}


def test_holders_of_a_permission(office):
    grant(office.post, "organ_head")
    assert holders_of("test.approve") == [office.account.pk]
    assert holders_of("test.approve", office.organ.pk) == [office.account.pk]
    assert holders_of("test.approve", office.section.pk) == []
    assert holders_of("test.visit") == []


def test_who_holds_a_permission_is_known_anew_after_any_change(office, django_assert_num_queries):
    given = grant(office.post, "organ_head")
    assert holders_of("test.approve") == [office.account.pk]
    with django_assert_num_queries(1):  # the marks
        assert holders_of("test.approve") == [office.account.pk]
    changes: Any = (
        (Role.objects.filter(pk=given.role_id), {"permissions": []}, {"permissions": ["test.approve"]}),
        (Grant.objects.filter(pk=given.pk), {"valid_to": date(2021, 1, 1)}, {"valid_to": None}),
        (Account.objects.filter(pk=office.account.pk), {"is_active": False}, {"is_active": True}),
        (Appointment.objects.filter(post=office.post), {"valid_to": date(2021, 1, 1)}, {"valid_to": None}),
    )
    for rows, change, back in changes:
        rows.update(**change)
        assert holders_of("test.approve") == []
        rows.update(**back)
        assert holders_of("test.approve") == [office.account.pk]
    Account.objects.filter(pk=office.account.pk).update(last_login=timezone.now())
    with django_assert_num_queries(1):
        holders_of("test.approve")


def test_an_organ_is_not_told_through_who_sees_only_their_own(office):
    grant(office.post, "organ_head", scope="own")
    assert holders_of("test.approve") == [office.account.pk]
    assert holders_of("test.approve", office.organ.pk) == []
