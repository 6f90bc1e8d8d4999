"""Pages of reviews: the phone's two taps, the tablet, the poster, the desk, the figures."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, SINCE, District, build
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.matters.public import Matter, act
from zhitong.kernel.organisation.public import Appointment
from zhitong.kernel.reviews import public as r
from zhitong.lines.hall import public as hall

CALLER = {"phone": "13800001234", "name": "王小明"}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def district(built: District, db: None) -> District:
    r.load_defaults(by=BY)
    return built


@pytest.fixture
def window(district: District) -> r.Point:
    return r.put_point(organ_id=district.organs["street"].pk, name="3号窗口", by=BY, at=timezone.now())


def serve(district: District, point: r.Point | None = None, **more: Any) -> r.Served:
    giving = r.Giving(
        "hall", district.organs["street"].pk, "counter", point_id=point.pk if point else None, item_label="食品经营许可",
        staff_id=district.people["worker"].staff_id, **more,
    )  # fmt: skip
    return r.served(giving, by=BY, at=timezone.now())


def path(name: str, *args: Any) -> str:
    return reverse(f"portal:{name}", args=args)


def test_two_taps_and_thanks(district: District) -> None:
    served, client = serve(district), Client()
    page = client.get(path("review", served.code)).content.decode()
    assert "食品经营许可" in page
    answer = client.post(path("review", served.code), {"mark": "5"})
    assert answer.status_code == 302
    after = client.get(answer["Location"]).content.decode()
    assert "感谢您的评价" in after
    assert 'name="mark"' not in after
    client.post(path("review", served.code), {"mark": "1"})
    assert r.Review.objects.get().mark == 5


def test_what_was_typed_is_kept_when_it_is_refused(district: District) -> None:
    served = serve(district)
    answer = Client().post(
        path("review", served.code), {"mark": "1", "words": "排队两小时", "phone": "123", "bad": "attitude"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "排队两小时" in page
    assert 'value="123"' in page
    assert "电话号码不正确" in page


def test_reasons_of_the_other_side_are_left_out(district: District) -> None:
    served = serve(district)
    Client().post(path("review", served.code), {"mark": "4", "good": "warm", "bad": ["attitude"], **CALLER})
    review = r.Review.objects.get()
    assert (review.reasons, review.person_id) == (["warm"], None)


def test_a_bad_one_is_followed_on_the_same_page(district: District) -> None:
    served, client = serve(district), Client()
    client.post(path("review", served.code), {"mark": "1", "bad": "attitude", **CALLER})
    page = client.get(path("review", served.code)).content.decode()
    assert "对您评价的处理" in page
    matter = Matter.objects.get(kind="rectification")
    Matter.objects.filter(pk=matter.pk).update(stage="closed", outcome="mended", closed_at=timezone.now())
    again = client.get(path("review", served.code)).content.decode()
    assert "整改后，请您再次评价" in again
    assert client.post(path("review", served.code), {"mark": "4"}).status_code == 302
    assert r.Review.objects.count() == 2


def test_who_tries_codes_is_stopped(district: District) -> None:
    client = Client()
    seen = {client.get(path("review", f"WRONG{n:05}")).status_code for n in range(70)}
    assert seen == {404, 429}


def test_a_device_reviews_a_window_once_a_day(window: r.Point) -> None:
    client, address = Client(), path("review_poster", r.code_of_poster(window))
    assert client.post(address, {"mark": "2", "phone": "1"}).status_code == 422
    assert client.post(address, {"mark": "2"}).status_code == 200
    again = client.post(address, {"mark": "5"})
    assert again.status_code == 422
    assert "您今天已经评价过这个窗口" in again.content.decode()
    assert Client().post(address, {"mark": "5"}).status_code == 200
    assert r.Review.objects.filter(is_counted=False).count() == 2


def test_many_at_one_address_are_not_told_that_they_reviewed(window: r.Point, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(r, "POSTER_BY_ADDRESS", 2)
    address, last = path("review_poster", r.code_of_poster(window)), Client()
    assert [Client().post(address, {"mark": "5"}).status_code for _ in range(2)] == [200, 200]
    for _ in range(2):  # and the device keeps its own review of the day
        answer = last.post(address, {"mark": "2", "words": "排队两小时"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "您今天已经评价过" not in answer.content.decode()
        assert "排队两小时" in answer.content.decode()


def test_the_tablet_waits_asks_and_returns(district: District, window: r.Point) -> None:
    client, code = Client(), r.code_of_tablet(window)
    now, tap = path("review_tablet_now", code), path("review_tablet_judge", code)
    assert "正在为您服务" in client.get(path("review_tablet", code)).content.decode()
    assert client.get(now, {"waits": "1"}).status_code == 204
    served = serve(district, window)
    faces = client.get(now, {"waits": "1"}).content.decode()
    assert "请您评价本次服务" in faces
    assert "食品经营许可" not in faces  # nothing on it says what somebody came for
    assert client.get(now, {"waits": "1", "passed": str(served.service_id)}).status_code == 204
    why = client.post(tap, {"service": served.service_id, "mark": "1"}).content.decode()
    assert "哪里没有做好" in why
    assert not r.Review.objects.exists()
    thanks = client.post(tap, {"service": served.service_id, "mark": "1", "sure": "1", "bad": "attitude"})
    assert "感谢您的评价" in thanks.content.decode()
    assert r.Review.objects.get().source == "tablet"
    assert client.get(now, {"waits": "1"}).status_code == 204


@pytest.mark.parametrize("service", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_tablet_takes_nothing_of_another_window(district: District, window: r.Point, service: str) -> None:
    tap = path("review_tablet_judge", r.code_of_tablet(window))
    elsewhere = serve(district)
    for one in (service, elsewhere.service_id):
        assert Client().post(tap, {"service": one, "mark": "5"}).status_code == 404


def test_the_judged_one_sees_nothing_before_the_period_ends(district: District) -> None:
    served = serve(district)
    r.judge(served.code, r.Judgement(1, words="我是王小明，电话13800001234"), by=BY, at=timezone.now())
    review = r.Review.objects.get()
    one = path("review_one", review.pk)
    head = district.client("head")  # of the organ that was judged
    page = head.get(one).content.decode()
    assert "13800001234" not in page
    assert "认定不计入" not in page
    r.Review.objects.update(staff=district.people["head"].staff_id)
    assert head.get(one).status_code == 404
    assert str(review.pk) not in head.get(path("reviews")).content.decode()
    r.Review.objects.update(shown_from=timezone.now() - timedelta(seconds=1))
    assert head.get(one).status_code == 200


def test_whoever_verifies_sees_whom_to_call_and_the_organ_does_not(district: District) -> None:
    """On the page of the rectification; the organ that was judged is where the form begins."""
    Client().post(path("review", serve(district).code), {"mark": "1", "bad": "attitude", **CALLER})
    matter, review = Matter.objects.get(kind="rectification"), r.Review.objects.get()
    visitor, worker = district.client("visitor"), district.client("worker")
    page = visitor.get(path("matter", matter.pk)).content.decode()
    for words in ("联系评价人", "138****1234", path("review_one", review.pk)):
        assert words in page
    assert "好差评" in page
    form = visitor.get(f"{path('matter', matter.pk)}do/send/").content.decode()
    assert re.search(f'value="{review.organ_id}"[^>]*(selected|checked)', form)
    visitor.post(f"{path('matter', matter.pk)}do/call/", {"said": "已说明", "version": matter.version, "last": 1})
    act(
        matter.pk,
        "send",
        {"organ": str(review.organ_id), "demand": "改"},
        by=district.actor("visitor"),
        at=timezone.now(),
    )
    page = worker.get(path("matter", matter.pk)).content.decode()
    assert "138****1234" not in page
    assert "请按评价内容整改" in page


def test_two_people_exclude_on_the_page(district: District) -> None:
    served = serve(district)
    r.judge(served.code, r.Judgement(1), by=BY, at=timezone.now())
    review = r.Review.objects.get()
    decide, one = path("review_decide", review.pk), path("review_one", review.pk)
    first, second = district.client("visitor"), district.client("supervisor")
    assert first.post(decide, {"do": "exclude", "reason": ""}).status_code == 422
    assert first.post(decide, {"do": "exclude", "reason": "恶意刷评"}).status_code == 302
    assert "恶意刷评" not in second.get(one).content.decode()  # the second decides without the first's words
    assert first.post(decide, {"do": "exclude", "reason": "恶意刷评"}).status_code == 422
    assert second.post(decide, {"do": "exclude", "reason": "同一设备"}).status_code == 302
    review.refresh_from_db()
    assert review.excluded_at is not None
    assert "恶意刷评" in second.get(one).content.decode()
    told = Client().get(path("review", served.code)).content.decode()
    assert "不计入统计" in told, "whoever reviewed is told what became of it"
    assert "已核实办结" not in told
    assert "恶意刷评" not in told


def test_what_was_answered_stays_answered_when_the_review_is_excluded_later(district: District) -> None:
    served, now = serve(district), timezone.now()
    r.judge(served.code, r.Judgement(1), by=BY, at=now)
    review = r.Review.objects.select_related("matter").get()
    assert review.matter_id
    organ = str(review.organ_id)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("send", {"organ": organ, "demand": "改进"}), ("mend", {"done": "已改进"}), ("answer", {"reply": "已增开窗口"}),
    )  # fmt: skip
    for action, data in steps:
        act(review.matter_id, action, data, by=BY, at=now)
    for who in ("visitor", "supervisor"):
        r.exclude(review.pk, reason="误评", by=district.actor(who), at=now)
    told = Client().get(path("review", served.code)).content.decode()
    assert "不计入统计" in told
    assert "已增开窗口" in told
    assert "整改已终止" not in told


def test_list_search_export_and_figures(district: District) -> None:
    for mark in (5, 4, 1):
        r.judge(
            serve(district).code, r.Judgement(mark, words="窗口排队太久" if mark == 1 else ""), by=BY, at=timezone.now()
        )
    supervisor = district.client("supervisor")
    listed = supervisor.get(path("reviews"), {"q": "排队", "state": "bad"}).content.decode()
    assert "窗口排队太久" in listed
    assert listed.count("data-href") == 1
    assert (
        supervisor.get(path("reviews"), {"since": "0001-01-01", "until": "9999-12-31", "organ": "x"}).status_code == 200
    )
    assert supervisor.post(path("reviews_export"), {"query": "state=bad"}).status_code == 200
    page = district.client("leader").get(path("review_figures")).content.decode()
    assert "66.67%" in page
    assert "2 ÷ 3" in page


def test_windows_are_set_up_by_an_administrator(district: District) -> None:
    admin, organ = district.client("admin"), district.organs["street"].pk
    assert (
        admin.post(path("review_points"), {"organ_id": organ, "name": "1号窗口", "is_active": "on"}).status_code == 302
    )
    again = admin.post(path("review_points"), {"organ_id": organ, "name": "1号窗口", "is_active": "on"})
    assert again.status_code == 422
    point = r.Point.objects.get()
    link = path("review_tablet", r.code_of_tablet(point))
    assert link in admin.get(path("review_points")).content.decode()
    assert "<svg" in admin.get(path("review_posters")).content.decode()
    admin.post(path("review_renew", point.pk), {"what": "tablet"})
    assert Client().get(link).status_code == 404


def test_windows_are_listed_by_their_numbers(district: District) -> None:
    admin, organ = district.client("admin"), district.organs["street"].pk
    names = [f"{name}窗口" for name in ("一厅2号", "一厅10号", "二厅1号", "二厅9号", "二厅11号")]
    for name in reversed(names):
        admin.post(path("review_points"), {"organ_id": organ, "name": name, "is_active": "on"})
    shown = admin.get(path("review_points")).content.decode()
    for hall_ in ("一厅", "二厅"):
        of_hall = [shown.index(f">{name}<") for name in names if name.startswith(hall_)]
        assert of_hall == sorted(of_hall)


def test_the_manager_of_a_hall_prints_its_posters_and_no_others(district: District, window: r.Point) -> None:
    """Whichever organs staff the windows; setting them up stays with the administrator."""
    at = timezone.now()
    fields = {
        "name": "政务大厅", "organ_id": district.organs["centre"].pk, "division_id": district.streets["street"], "address": "东风路1号",
        "phone": "0531-00000000", "opens": time(9), "closes": time(17),
    }  # fmt: skip
    place = hall.write_hall(fields, by=BY, at=at)
    queue = hall.write_queue(place.pk, {"prefix": "A", "name": "综合受理", "topics": []}, by=BY, at=at)
    of_hall = {"number": 1, "name": "综合", "organ_id": district.organs["bureau"].pk}
    hall.write_window(place.pk, of_hall, queues=[queue.pk], by=BY, at=at)
    post = Appointment.objects.get(staff=district.people["visitor"].staff_id).post_id
    accounts.grant_many(
        [accounts.NewGrant(post_id=post, role="hall_manager", scope="organ", valid_from=SINCE)], by=BY, at=at
    )
    manager = district.client("visitor")
    shown = manager.get(path("review_posters")).content.decode()
    assert "政务大厅1号窗口" in shown
    assert window.name not in shown
    assert manager.get(path("review_points")).status_code == 403


def test_a_window_whose_key_is_gone_says_so_and_gets_new_codes(
    district: District, window: r.Point, settings: Any
) -> None:  # fmt: skip
    admin = district.client("admin")
    settings.DATA_KEYS = ["bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5ISE="]
    for page in ("review_points", "review_posters"):
        assert "数据密钥已更换" in admin.get(path(page)).content.decode()
    for what in ("tablet", "poster"):
        admin.post(path("review_renew", window.pk), {"what": what})
    assert "数据密钥已更换" not in admin.get(path("review_points")).content.decode()
    assert "数据密钥已更换" not in admin.get(path("review_posters")).content.decode()
