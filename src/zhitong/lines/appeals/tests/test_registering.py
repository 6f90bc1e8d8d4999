"""Registering for somebody at the desk."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Staff

from .factories import District, actor
from .test_raising import page, photo, upload

pytestmark = pytest.mark.django_db
REGISTER = "/desk/appeals/new"


@pytest.fixture
def clerk(place: District, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser in which somebody who may register has signed in."""
    by = actor("登记员", place.street, "appeals.register")
    staff = Staff.objects.get(name="登记员")
    account = accounts.Account.objects.create(username="clerk", staff=staff)
    mine = Actor(**{**by.__dict__, "account_id": account.pk})
    monkeypatch.setattr("zhitong.kernel.accounts.web.protection.actor_for", lambda *a, **k: mine)
    client.force_login(account, backend="zhitong.kernel.accounts.web.backend.AccountBackend")
    return client


def said(**more: Any) -> dict[str, Any]:
    return {
        "channel": "visit", "subkind": "petition", "urgency": "normal", "text": "反映征地补偿问题，请依法处理。", "name": "王小明",
        "phone": "13800001234", "key": "key-of-a-desk-form-1", **more,
    }  # fmt: skip


def test_strangers_are_sent_to_sign_in(place: District, client: Client) -> None:
    assert client.get(REGISTER).status_code == 302
    assert client.post(REGISTER, said()).status_code == 302
    assert not m.Matter.objects.exists()


def test_the_form_has_what_residents_do_not_see(clerk: Client) -> None:
    shown = page(clerk.get(REGISTER))
    assert "信访事项" in shown
    assert "来源" in shown


def test_a_petition_is_taken_down_and_a_slip_given(place: District, clerk: Client) -> None:
    answer = clerk.post(REGISTER, said(category=str(place.category.pk), photos=[upload("a.jpg", photo())]))
    matter = m.Matter.objects.get()
    assert answer["Location"] == reverse("appeals:slip", args=[matter.number])
    assert (matter.channel, matter.subkind.slug, matter.category_id) == ("visit", "petition", place.category.pk)
    assert matter.opened_by is not None
    shown = page(clerk.get(answer["Location"]))
    assert "ap-code" in shown
    assert Client().get(answer["Location"]).status_code == 302


def test_sent_twice_it_is_one(clerk: Client) -> None:
    assert clerk.post(REGISTER, said())["Location"] == clerk.post(REGISTER, said())["Location"]
    assert m.Matter.objects.count() == 1


def test_faults_are_shown_and_nothing_lost(clerk: Client) -> None:
    answer = clerk.post(REGISTER, said(channel="pigeon", category="x", text="啊"))
    assert answer.status_code == 422
    assert "王小明" in page(answer)


def test_hints_work_at_the_desk(clerk: Client) -> None:
    answer = clerk.post(reverse("appeals:register_hints"), {"text": "有人触电昏迷"})
    assert 'href="tel:120"' in page(answer)


def test_no_slip_of_what_one_may_not_see(place: District, clerk: Client) -> None:
    assert clerk.get(reverse("appeals:slip", args=[place.open().number])).status_code == 404
