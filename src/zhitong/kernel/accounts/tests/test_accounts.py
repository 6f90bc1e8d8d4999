"""Opening, changing and closing accounts; roles and grants."""

from datetime import date

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import Event

from .. import actions
from ..models import Account, Grant, Role
from ..permissions import Actor, declared_permissions, default_roles
from ..public import actor_for
from .conftest import AT, BY, PASSWORD, START, grant, make_account, make_division, make_organ, make_post, seat

NOBODY = Actor.resident()


def kinds(stream):
    return list(Event.objects.filter(stream=stream).order_by("seq").values_list("kind", flat=True))


def test_names_are_kept_small_and_once(db):
    account = make_account("  WangXM ")
    assert account.username == "wangxm"
    with pytest.raises(Conflict) as refused:
        make_account("WANGXM")
    assert refused.value.field == "username"
    assert kinds(account.pk) == ["account.created"]


@pytest.mark.parametrize("name", ["", "a", "-ab", "a b", "a" * 65, "a\x00", "wang/xm"])
def test_odd_names_are_refused(db, name):
    with pytest.raises(Refused):
        make_account(name)


def test_a_person_has_one_account(office):
    with pytest.raises(Conflict):
        make_account("second", staff_id=office.staff.pk)


def test_many_at_once_cost_a_few_queries(db, django_assert_max_num_queries):
    wanted = [actions.NewAccount(username=f"worker{n}") for n in range(200)]
    with django_assert_max_num_queries(8):
        made = actions.create_accounts(wanted, by=BY, at=AT)
    assert Account.objects.count() == 200
    assert not made[0].has_usable_password()
    with pytest.raises(Conflict):
        actions.create_accounts([actions.NewAccount(username="x1"), actions.NewAccount(username="X1")], by=BY, at=AT)


def test_a_weak_password_is_refused(db):
    with pytest.raises(Refused) as refused:
        make_account(password="12345678")
    assert refused.value.field == "password"


def test_everything_asks_for_permission(office):
    pk, role = office.account.pk, Role.objects.first()
    attempts = [
        lambda: actions.create_account(username="x1", by=NOBODY, at=AT),
        lambda: actions.change_account(pk, by=NOBODY, at=AT, description="x"),
        lambda: actions.set_active(pk, False, by=NOBODY, at=AT),
        lambda: actions.reset_password(pk, by=NOBODY, at=AT),
        lambda: actions.remove_second_factor(pk, by=NOBODY, at=AT),
        lambda: actions.create_role(slug="x", name="x", permissions=[], by=NOBODY, at=AT),
        lambda: actions.change_role(role.pk, by=NOBODY, at=AT, name="x"),
        lambda: actions.grant_many([], by=NOBODY, at=AT),
        lambda: actions.end_grant(role.pk, on=START, by=NOBODY, at=AT),
        lambda: actions.change_password(pk, old=PASSWORD, new="another-horse-8", by=NOBODY, at=AT),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_only_a_superuser_makes_or_touches_one(office):
    grant(office.post, "administrator", scope="all")
    administrator, root = actor_for(office.account), make_account("root", is_superuser=True)
    for attempt in (
        lambda: actions.create_account(username="evil", is_superuser=True, by=administrator, at=AT),
        lambda: actions.change_account(office.account.pk, is_superuser=True, by=administrator, at=AT),
        lambda: actions.reset_password(root.pk, by=administrator, at=AT),
        lambda: actions.set_active(root.pk, False, by=administrator, at=AT),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    actions.change_account(office.account.pk, is_superuser=True, by=actor_for(root), at=AT)
    assert Account.objects.get(pk=office.account.pk).is_superuser


def test_changes_are_kept_with_before_and_after(office):
    actions.change_account(office.account.pk, by=BY, at=AT, description="窗口", username="WANG2")
    event = Event.objects.get(stream=office.account.pk, kind="account.changed")
    assert event.data["changes"] == {"description": ["", "窗口"], "username": ["wang", "wang2"]}
    actions.change_account(office.account.pk, by=BY, at=AT, description="窗口")
    assert Event.objects.filter(stream=office.account.pk, kind="account.changed").count() == 1


def test_nobody_switches_off_the_own_account(office):
    grant(office.post, "administrator", scope="all")
    with pytest.raises(Refused):
        actions.set_active(office.account.pk, False, by=actor_for(office.account), at=AT)


def test_switching_off_and_on(office):
    actions.set_active(office.account.pk, False, by=BY, at=AT)
    actions.set_active(office.account.pk, False, by=BY, at=AT)
    actions.set_active(office.account.pk, True, by=BY, at=AT)
    assert kinds(office.account.pk)[1:] == ["account.switched_off", "account.switched_on"]


def test_a_reset_password_must_be_changed(office):
    password = actions.reset_password(office.account.pk, by=BY, at=AT)
    account = Account.objects.get(pk=office.account.pk)
    assert account.check_password(password)
    assert account.must_change_password
    actions.change_password(account.pk, old=password, new="another-horse-8", by=actor_for(account), at=AT)
    account.refresh_from_db()
    assert not account.must_change_password
    assert "another-horse-8" not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("wrong", "another-horse-8", "old"), (PASSWORD, PASSWORD, "new"), (PASSWORD, "short", "new")],
)
def test_a_bad_new_password_names_its_field(office, old, new, field):
    with pytest.raises(Refused) as refused:
        actions.change_password(office.account.pk, old=old, new=new, by=actor_for(office.account), at=AT)
    assert refused.value.field == field


def test_default_roles_are_loaded_once_and_keep_what_was_changed(roles):
    assert roles == len(default_roles()) == Role.objects.count()
    assert actions.load_default_roles(by=BY, at=AT) == 0
    role = Role.objects.get(slug="administrator")
    actions.change_role(role.pk, permissions=["accounts.manage"], by=BY, at=AT)
    assert actions.load_default_roles(by=BY, at=AT) == 0
    role.refresh_from_db()
    assert role.permissions == ["accounts.manage"]


def test_a_new_default_reaches_an_existing_role(roles):
    Role.objects.filter(slug="administrator").update(permissions=["accounts.manage"], offered=["accounts.manage"])
    assert actions.load_default_roles(by=BY, at=AT) == 1
    assert "territory.manage" in Role.objects.get(slug="administrator").permissions


def test_default_roles_hold_declared_permissions_only():
    declared = {permission.slug for permission in declared_permissions()}
    for role in default_roles():
        assert role.permissions <= declared
        assert role.permissions, role.slug


def test_roles_take_declared_permissions_only(db):
    with pytest.raises(Refused):
        actions.create_role(slug="x", name="甲", permissions=["no.such"], by=BY, at=AT)
    role = actions.create_role(slug="x", name="甲", permissions=["accounts.manage"], by=BY, at=AT)
    with pytest.raises(Conflict):
        actions.create_role(slug="x", name="甲", permissions=[], by=BY, at=AT)
    assert kinds(role.pk) == ["role.created"]


def test_grants_end_and_are_not_changed(office):
    given = grant(office.post, "case_worker")
    actions.end_grant(given.pk, on=date(2026, 1, 1), by=BY, at=AT)
    assert Grant.objects.get(pk=given.pk).valid_to == date(2026, 1, 1)
    future = grant(office.post, "clerk", valid_from=date(2030, 1, 1))
    actions.end_grant(future.pk, on=date(2029, 1, 1), by=BY, at=AT)
    assert not Grant.objects.filter(pk=future.pk).exists()
    assert kinds(future.pk) == ["grant.given", "grant.ended"]


def test_bad_grants_are_refused(office):
    with pytest.raises(NotFound):
        grant(office.post, "no_such_role")
    with pytest.raises(Refused):
        grant(office.post, "clerk", scope="galaxy")
    with pytest.raises(Refused):
        grant(office.post, "clerk", valid_to=START)
    with pytest.raises(Refused) as refused:
        grant(office.post, "clerk", scope="division")
    assert refused.value.field == "division"
    grant(office.post, "clerk", scope="division", division_id=make_division().pk)
    grant(office.post, "clerk")
    with pytest.raises(Conflict):
        grant(office.post, "clerk")


def test_many_grants_cost_a_few_queries(office, django_assert_max_num_queries):
    organ = make_organ("B", "城市管理局")
    posts = [make_post(organ, f"岗位{n}") for n in range(20)]
    wanted = [actions.NewGrant(post_id=post.pk, role="clerk", scope="organ", valid_from=START) for post in posts]
    with django_assert_max_num_queries(10):
        actions.grant_many(wanted, by=BY, at=AT)
    assert Grant.objects.count() == 20
    seat(office.staff, posts[0])
    assert actor_for(office.account).may("test.view")


def test_only_known_fields_are_changed(office):
    with pytest.raises(TypeError):
        actions.change_account(office.account.pk, by=BY, at=AT, password="x")
    with pytest.raises(TypeError):
        actions.change_role(Role.objects.first().pk, by=BY, at=AT, slug="x")


def test_a_chosen_password_is_checked_too(office):
    with pytest.raises(Refused):
        actions.reset_password(office.account.pk, password="12345678", by=BY, at=AT)
    assert actions.reset_password(office.account.pk, password="another-horse-8", by=BY, at=AT) == "another-horse-8"


def test_a_role_that_stays_as_it_is_leaves_no_event(roles):
    role = Role.objects.get(slug="clerk")
    actions.change_role(role.pk, by=BY, at=AT, name=role.name, permissions=role.permissions)
    assert kinds(role.pk) == ["role.created"]


def test_a_permission_taken_away_by_hand_and_offered_anew_is_only_remembered(roles):
    role = Role.objects.get(slug="administrator")
    Role.objects.filter(pk=role.pk).update(offered=[])
    assert actions.load_default_roles(by=BY, at=AT) == 1
    role.refresh_from_db()
    assert set(role.offered) == set(role.permissions)


def test_where_a_notice_reaches_an_account(office):
    from ..queries import address_of

    staff = office.staff
    staff.email, staff.phone = "wang@example.com", "13800000000"
    staff.save()
    assert address_of("email", office.account.pk, None) == "wang@example.com"
    assert address_of("sms", office.account.pk, None) == "13800000000"
    assert address_of("in_app", office.account.pk, None) is None
    assert address_of("email", None, None) is None
