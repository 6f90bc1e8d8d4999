"""Registering for somebody at the desk."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Staff, change_category, set_duty

from .factories import MONDAY, SINCE, SYSTEM, District, actor
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


def test_two_callers_join_one_appeal_from_the_same_desk(place: District, clerk: Client) -> None:
    opened, said_again = place.open(at=timezone.now()), {"text": "小区门口路灯不亮，晚上出行不安全"}
    shown = page(clerk.post(reverse("appeals:register_hints"), said_again))
    where = reverse("appeals:join", args=[opened.number])
    assert f'formaction="{where}"' in shown
    assert "记入此件" in shown
    assert "我也遇到" not in shown
    for phone in ("13900002222", "13900003333"):
        answer = clerk.post(where, {"name": "李四", "phone": phone})
        assert answer.headers["Location"] == REGISTER
        assert "已加入" not in page(clerk.post(reverse("appeals:register_hints"), said_again))
    assert m.Matter.objects.get(pk=opened.matter_id).appeal.supporters == 2
    clerk.post(where, {"name": "李四", "phone": "13900003333"})
    assert m.Matter.objects.get(pk=opened.matter_id).appeal.supporters == 2, "one telephone is one person"


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


@pytest.fixture
def lamps(place: District) -> District:
    """People say of the category what they say, and the street answers for it."""
    change_category(place.category.pk, keywords="路灯 不亮", by=SYSTEM, at=MONDAY)
    set_duty(
        organ_id=place.street.pk,
        category_id=place.category.pk,
        division_id=None,
        valid_from=SINCE,
        by=SYSTEM,
        at=MONDAY,
    )
    return place


def hints(browser: Client, text: str, **more: str) -> str:
    return page(browser.post(reverse("appeals:register_hints"), {"text": text, **more}))


def test_the_category_and_who_answers_are_suggested_while_it_is_taken_down(lamps: District, clerk: Client) -> None:
    shown = hints(clerk, "小区门口的路灯一直不亮，晚上看不清")
    assert f'data-fill="id_category" value="{lamps.category.pk}"' in shown
    assert "尚未学习" in shown
    assert 'aria-pressed="false"' in shown
    assert str(lamps.street) in shown
    assert 'aria-pressed="true"' in hints(clerk, "路灯一直不亮", category=str(lamps.category.pk))


def test_nothing_is_suggested_for_a_few_characters_or_without_a_word_that_speaks(
    lamps: District, clerk: Client
) -> None:
    assert "data-fill" not in hints(clerk, "路灯")
    assert "data-fill" not in hints(clerk, "想问一问这件事情怎么办")


def test_what_is_no_category_or_channel_is_passed_over(lamps: District, clerk: Client) -> None:
    assert "data-fill" in hints(
        clerk, "小区门口的路灯一直不亮", category="x", channel="pigeon", division="y", lon="9e9"
    )


def test_each_at_the_desk_has_an_allowance_of_his_own(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhitong.lines.appeals.web.views.registering.HINTS_A_MINUTE", 1)
    assert clerk.post(reverse("appeals:register_hints"), {"text": "路灯不亮"}).status_code == 200
    assert clerk.post(reverse("appeals:register_hints"), {"text": "路灯不亮"}).status_code == 204
    assert clerk.post(reverse("appeals:hints"), {"text": "路灯不亮"}).status_code == 200


def test_residents_are_told_in_plain_words(lamps: District, client: Client) -> None:
    shown = page(client.post(reverse("appeals:hints"), {"text": "小区门口的路灯一直不亮，晚上看不清"}))
    assert "方面的事" in shown
    assert f"一般由{lamps.street}办理" in shown
    assert "您不用选择" in shown
    assert "data-fill" not in shown
    assert "方面的事" not in page(client.post(reverse("appeals:hints"), {"text": "想问一问这件事情怎么办"}))
