"""The page about suggestions, over matters whose words are made by chance."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import District, build
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.dispatch.tasks import learn
from zhitong.kernel.dispatch.tests.conftest import MONDAY, SYSTEM, Room, kind, room  # noqa: F401
from zhitong.kernel.matters.public import act

from ..queries import dispatch as reading

PAGE = reverse("portal:dispatch_kind", args=["sorted"])


@pytest.fixture
def district(room: Room) -> District:  # noqa: F811
    return build()


@pytest.fixture
def admin(district: District) -> Client:
    return district.client("admin")


def test_before_it_has_learned_the_page_says_so(admin: Client, room: Room) -> None:  # noqa: F811
    body = admin.get(PAGE).content.decode()
    assert "尚未学习" in body
    assert "阈值与正确率" not in body
    assert "现有0件" in body
    room.close(3)
    assert "现有3件" in admin.get(PAGE).content.decode()
    admin.post(reverse("portal:dispatch_learn", args=["sorted"]))
    learn()
    said = admin.get(PAGE).content.decode()
    assert "可学习的事项太少" in said
    assert "有3件" in said


def test_a_click_leaves_it_to_the_worker_and_the_page_says_how_far_it_is(admin: Client, room: Room) -> None:  # noqa: F811
    room.close(250)
    progress = reverse("portal:dispatch_progress", args=["sorted"])
    said = admin.post(reverse("portal:dispatch_learn", args=["sorted"]), follow=True).content.decode()
    assert "已安排学习" in said
    assert "等待学习" in said
    assert "立即学习</" not in said, "not twice"
    again = admin.post(reverse("portal:dispatch_learn", args=["sorted"]), follow=True).content.decode()
    assert "已有人要求学习" in again
    waiting = admin.get(progress)
    assert "HX-Refresh" not in waiting
    assert "every 5s" in waiting.content.decode()
    d.Use.objects.filter(kind="sorted").update(learning_since=timezone.now())
    assert "正在学习" in admin.get(PAGE).content.decode()
    d.Use.objects.filter(kind="sorted").update(learning_since=None)
    learn()
    assert admin.get(progress)["HX-Refresh"] == "true", "it is over: the page is shown anew"
    assert "立即学习" in admin.get(PAGE).content.decode()


def test_it_shows_how_good_it_is(admin: Client, room: Room) -> None:  # noqa: F811
    room.close(400)
    d.train("sorted", by=SYSTEM, at=MONDAY)
    said = admin.get(PAGE).content.decode()
    for part in ("学习了400件", "阈值与正确率", "把握与实际", "逐月变化", "各类别", "路灯照明", "使用中"):
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


def test_categories_are_looked_for_ordered_and_turned_over(
    admin: Client,
    room: Room,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room.close(400)
    d.train("sorted", by=SYSTEM, at=MONDAY)
    monkeypatch.setattr(reading, "CATEGORIES", 3)
    every = reading.shown("sorted", 0.9, {})["categories"]
    assert every.n == len(room.categories) > 6
    seen, after = [], ""
    for _page in range(every.n):
        page = reading.shown("sorted", 0.9, {"after": after})["categories"]
        seen += [row.category for row in page.rows]
        if not (after := page.older):
            break
    assert len(seen) == len(set(seen)) == every.n
    back = reading.shown("sorted", 0.9, {"before": seen[3]})["categories"]
    assert [row.category for row in back.rows] == seen[:3]
    by_recall = reading.shown("sorted", 0.9, {"sort": "recall"})["categories"].rows
    assert [row.recall for row in by_recall] == sorted(row.recall or 0 for row in by_recall)
    found = admin.get(PAGE, {"q": "路灯"}).content.decode()
    assert "共1个类别" in found
    assert "没有这样的类别" in admin.get(PAGE, {"q": "没有的", "sort": "nothing", "after": "x"}).content.decode()


def test_an_earlier_version_is_taken_back(admin: Client, room: Room) -> None:  # noqa: F811
    room.close(250)
    first, _second = (d.train("sorted", by=SYSTEM, at=MONDAY + timedelta(days=day)) for day in range(2))
    assert admin.post(reverse("portal:dispatch_use", args=[first.pk])).status_code == 302
    assert d.versions("sorted").get(is_active=True).pk == first.pk


def test_what_passed_by_itself_is_counted_where_it_is_switched(admin: Client, district: District) -> None:
    page = reverse("portal:dispatch_kind", args=["appeal"])
    assert "近30天自动转办0件" in admin.get(page).content.decode()
    district.passed()  # by hand
    alone = district.open()
    data = {
        "category": str(district.category.pk),
        "lead": str(district.organs["street"].pk),
        "urgency": "normal",
        "reason": "自动转办：把握大",
    }
    act(alone.id, "pass", data, by=Actor.system("智能转办"), at=timezone.now())
    body = admin.get(page).content.decode()
    assert "近30天自动转办1件" in body
    assert "自动转办未开启" in body
