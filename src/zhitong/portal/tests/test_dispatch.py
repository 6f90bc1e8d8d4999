"""The page about suggestions, over matters whose words are made by chance."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.district import District, build
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.dispatch.tests.conftest import MONDAY, SYSTEM, Room, kind, room  # noqa: F401

PAGE = reverse("portal:dispatch_kind", args=["sorted"])


@pytest.fixture
def district(room: Room) -> District:  # noqa: F811
    return build()


@pytest.fixture
def admin(district: District) -> Client:
    return district.client("admin")


def test_before_it_has_learned_the_page_says_so(admin: Client) -> None:
    body = admin.get(PAGE).content.decode()
    assert "尚未学习" in body
    assert "阈值与正确率" not in body
    said = admin.post(reverse("portal:dispatch_learn", args=["sorted"]), follow=True).content.decode()
    assert "至少需要200件" in said


def test_it_learns_at_a_click_and_shows_how_good_it_is(admin: Client, room: Room) -> None:  # noqa: F811
    room.close(400)
    said = admin.post(reverse("portal:dispatch_learn", args=["sorted"]), follow=True).content.decode()
    assert "已学习400件" in said
    for part in ("阈值与正确率", "把握与实际", "逐月变化", "各类别", "路灯照明", "使用中"):
        assert part in said
    admin.cookies["django_language"] = "en"
    english = admin.get(PAGE).content.decode()
    for part in ("Threshold and precision", "Confidence and truth", "By month", "Learned from 400 matters"):
        assert part in english


def test_the_threshold_is_set_by_an_administrator(admin: Client, district: District, room: Room) -> None:  # noqa: F811
    assert admin.post(PAGE, {"threshold": "75"}).status_code == 302
    assert d.use_of("sorted").threshold == 0.75
    wrong = admin.post(PAGE, {"threshold": "12"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    assert admin.post(PAGE, {"threshold": "80", "is_automatic": "on"}).status_code == 422, "nothing was learned yet"
    dispatcher = district.client("dispatcher")
    assert "立即学习" not in dispatcher.get(PAGE).content.decode()
    assert dispatcher.post(PAGE, {"threshold": "60"}).status_code == 403


def test_an_earlier_version_is_taken_back(admin: Client, room: Room) -> None:  # noqa: F811
    room.close(250)
    first, _second = (d.train("sorted", by=SYSTEM, at=MONDAY + timedelta(days=day)) for day in range(2))
    assert admin.post(reverse("portal:dispatch_use", args=[first.pk])).status_code == 302
    assert d.versions("sorted").get(is_active=True).pk == first.pk
