"""The admin site: what it shows, and that it writes through actions."""

import re

import pytest
from django.urls import reverse

from zhitong.kernel.events.public import Event

from ..models import Account, Grant, Role
from .conftest import PASSWORD, grant, make_account
from .test_sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, office):
    """王小明 sets the whole district up."""
    grant(office.post, "administrator", scope="all")
    Account.objects.update(is_staff=True)
    sign_in(client)
    return office


def test_strangers_sign_in_at_our_page(client, db):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("accounts:sign_in"))


def test_staff_without_the_role_are_refused(client, office):
    sign_in(client)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_the_role_must_hold_for_the_whole_district(client, office):
    grant(office.post, "administrator", scope="organ")
    Account.objects.update(is_staff=True)
    sign_in(client)
    assert client.get(reverse("admin:accounts_account_changelist")).status_code == 403


@pytest.mark.parametrize("model", ["account", "role", "grant"])
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_pages_open(client, administrator, model, page):
    assert client.get(reverse(f"admin:accounts_{model}_{page}")).status_code == 200


def test_an_account_is_opened_changed_and_switched_off(client, administrator):
    add = reverse("admin:accounts_account_add")
    fields = {"username": "Li.Ming", "password": PASSWORD, "staff": "", "is_demo_persona": ""}
    assert client.post(add, {**fields, "password": "12345678"}).status_code == 200
    assert client.post(add, fields).status_code == 302
    account = Account.objects.get(username="li.ming")
    assert account.must_change_password
    assert account.check_password(PASSWORD)
    event = Event.objects.get(stream=account.pk)
    assert event.by_account == administrator.account.pk
    page = client.post(add, {**fields, "username": "LI.MING"})
    assert page.status_code == 200
    assert "已被使用" in page.content.decode()
    change = reverse("admin:accounts_account_change", args=[account.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"username": "li.ming", "staff": "", "description": "值班"}).status_code == 302
    chosen = {"action": "switch_off", "_selected_action": [str(account.pk)]}
    client.post(reverse("admin:accounts_account_changelist"), chosen)
    account.refresh_from_db()
    assert (account.description, account.is_active) == ("值班", False)
    kinds = list(Event.objects.filter(stream=account.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["account.created", "account.changed", "account.switched_off"]


def test_a_superuser_is_not_made_by_an_administrator(client, administrator):
    fields = {"username": "evil", "password": PASSWORD, "staff": "", "is_superuser": "on"}
    assert client.post(reverse("admin:accounts_account_add"), fields).status_code == 200
    assert not Account.objects.filter(username="evil").exists()


def test_a_password_is_reset_and_shown_once(client, administrator):
    other = make_account("li")
    chosen = {"action": "reset_passwords", "_selected_action": [str(other.pk)]}
    page = client.post(reverse("admin:accounts_account_changelist"), chosen, follow=True).content.decode()
    password = re.findall(r"“li”的新密码：(\S+?)（", page)[0]
    other.refresh_from_db()
    assert other.check_password(password)


def test_a_role_gets_permissions_by_ticking(client, administrator):
    fields = {"slug": "helper", "name": "协管员", "sort": "50", "permissions": ["territory.manage"]}
    assert client.post(reverse("admin:accounts_role_add"), fields).status_code == 302
    role = Role.objects.get(slug="helper")
    assert role.permissions == ["territory.manage"]
    change = reverse("admin:accounts_role_change", args=[role.pk])
    page = client.get(change).content.decode()
    assert "管理辖区与网格" in page
    assert client.post(change, {"name": "协管", "sort": "50", "permissions": []}).status_code == 302
    role.refresh_from_db()
    assert (role.name, role.permissions) == ("协管", [])


def test_a_grant_is_given_and_ended(client, administrator):
    role = Role.objects.get(slug="clerk")
    fields = {"post": administrator.post.pk, "role": role.pk, "scope": "organ", "valid_from": "2026-01-01"}
    add = reverse("admin:accounts_grant_add")
    assert client.post(add, {**fields, "scope": "division"}).status_code == 200
    assert client.post(add, fields).status_code == 302
    given = Grant.objects.get(role=role)
    change = reverse("admin:accounts_grant_change", args=[given.pk])
    assert client.post(change, {"valid_to": ""}).status_code == 200
    assert client.post(change, {"valid_to": "2026-02-01"}).status_code == 302
    given.refresh_from_db()
    assert str(given.valid_to) == "2026-02-01"
    assert Event.objects.filter(stream=given.pk).count() == 2


def test_nothing_is_deleted(client, administrator):
    url = reverse("admin:accounts_account_delete", args=[administrator.account.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_the_sites_own_password_page_is_ours(client, administrator):
    assert client.get("/admin/password_change/")["Location"] == reverse("accounts:password")
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session
