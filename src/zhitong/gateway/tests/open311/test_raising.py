"""Requests that apps send."""

import io
import re

import pytest

from tests.district import photo
from tests.machine import machine
from zhitong.kernel.matters.public import Attachment, Matter, Participant
from zhitong.kernel.register.public import contacts_of

from .conftest import App

pytestmark = pytest.mark.django_db
HERE = {"lat": "36.55", "long": "117.02"}
GOOD = {"service_code": "010101", "description": "东风路18号门前路灯不亮。", **HERE}


def test_what_an_app_raises_is_an_appeal(app, district):
    told = app.raised(
        **GOOD, address_string="东风路18号", first_name="小明", last_name="王", phone="138 0000 1234", email="m@example.org",
        device_id="tt222111", account_id="123456", jurisdiction_id="",
        **{"attribute[subkind]": "request", "attribute[is_urgent]": "1", "attribute[is_public]": "1"},
    )  # fmt: skip
    matter = Matter.objects.select_related("subkind").get(number=told["service_request_id"])
    assert (matter.text, matter.address) == (GOOD["description"], "东风路18号")
    assert (matter.lat, matter.lon, matter.category_id) == (36.55, 117.02, district.category.pk)
    assert (matter.subkind.slug, matter.urgency, matter.is_public, matter.channel) == (
        "request",
        "urgent",
        True,
        "system",
    )
    assert matter.division_id is not None  # found by the point
    person = Participant.objects.get(matter=matter).person
    assert person.name == "王小明"
    assert {contact.kind for contact in contacts_of([person.pk])[person.pk]} == {"phone", "email"}
    (found,) = app.get("requests", f"v2/requests/{matter.number}")
    assert found["service_code"] == "010101"


def test_the_notice_gives_the_code_with_which_it_is_followed(app):
    told = app.raised(**GOOD)
    assert told["service_request_id"] in told["service_notice"]
    assert "http://testserver/appeals/track" in told["service_notice"]
    (code,) = re.findall(r"查询码([0-9A-Z]{8})", told["service_notice"])
    answer = app.client.post("/appeals/track", {"number": told["service_request_id"], "code": code})
    assert answer.status_code == 302


def test_danger_is_told_whom_to_call(app):
    assert "119" in app.raised(**GOOD | {"description": "楼下起火了"})["service_notice"]


@pytest.mark.parametrize(
    "place", [HERE, {"address_string": "东风路与解放路口"}, {"address_id": "990101001"}, {"address_id": "990101001001"}]
)
def test_any_of_the_three_says_where(app, place):
    told = app.raised(service_code="unsorted", description="路灯不亮。", **place)
    matter = Matter.objects.get(number=told["service_request_id"])
    assert matter.category_id is None
    assert bool(matter.division_id) is ("address_string" not in place)


def test_without_words_the_service_says_what_it_is(app):
    told = app.raised(service_code="010101", media_url="https://photos.example.org/1.jpg", **HERE)
    text = Matter.objects.get(number=told["service_request_id"]).text
    assert text == "路灯照明\n附件链接：https://photos.example.org/1.jpg"


def test_a_photo_comes_along(app, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = io.BytesIO(photo())
    file.name = "lamp.jpg"
    told = app.raised(**GOOD, media=file, **{"attribute[is_public]": "1", "attribute[has_public_photos]": "1"})
    kept = Attachment.objects.get(matter__number=told["service_request_id"])
    assert (kept.media_type, kept.is_public) == ("image/jpeg", True)
    (found,) = App().get("requests", f"v2/requests/{told['service_request_id']}")
    assert app.client.get(found["media_url"]).status_code == 200


def test_a_file_of_another_kind_is_refused(app):
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    file.name = "lamp.jpg"
    assert app.ask("/open311/v2/requests.json", "POST", **GOOD, media=file).status_code == 400
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nonsense"}, 404, "nonsense"),
        ({"service_code": "0101"}, 404, "0101"),
        ({"lat": "", "long": ""}, 400, "位置"),
        ({"lat": ""}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"long": "nan"}, 400, "long"),
        ({"long": "east"}, 400, "long"),
        ({"address_id": "12"}, 400, "address_id"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"phone": "123"}, 400, "phone"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[subkind]": "nonsense"}, 400, "attribute[subkind]"),
        ({"attribute[is_public]": ["0", "1"]}, 400, "attribute[is_public]"),
        ({"attribute[colour]": "red"}, 400, "attribute[colour]"),
        ({"attribute[danger]": "yes"}, 400, "attribute[danger]"),
    ],
)
def test_what_is_wrong_is_said(app, change, status, said):
    assert said in app.refused("v2/requests", status, "POST", **GOOD | change)
    app.language = "en"
    assert not re.search(
        "[\u4e00-\u9fff]", app.refused("v2/requests", status, "POST", **GOOD | change).replace("长", "")
    )
    assert not Matter.objects.exists()


def test_only_a_form_is_taken(app):
    answer = app.client.post("/open311/v2/requests.json", GOOD | {"api_key": app.key}, content_type="application/json")
    assert answer.status_code == 403  # no key is read out of it
    header = {"Authorization": f"Bearer {app.key}"}
    answer = app.client.post("/open311/v2/requests.json", GOOD, content_type="application/json", headers=header)
    assert answer.status_code == 400


def test_without_a_key_nothing_is_raised(anybody):
    assert "api_key" in anybody.refused("v2/requests", 403, "POST", **GOOD)
    assert not Matter.objects.exists()


@pytest.mark.parametrize(("name", "uses"), [("dispatcher", ("read", "act")), ("visitor", ("raise",))])
def test_a_key_needs_the_use_and_its_post_the_permission(district, name, uses):
    App(machine(district, name, *uses).secret).refused("v2/requests", 403, "POST", **GOOD)
    App("zt_nonsense").refused("v2/requests", 403, "POST", **GOOD)
    assert not Matter.objects.exists()


def test_the_district_may_let_anybody_raise(anybody, settings):
    settings.OPEN311_ANONYMOUS = True
    told = anybody.raised(**GOOD, **{"attribute[is_public]": "1"})
    matter = Matter.objects.get(number=told["service_request_id"])
    assert matter.opened_by is None
    assert [one["service_request_id"] for one in anybody.get("requests", "v2/requests")] == [matter.number]
    kind = {"attribute[subkind]": "petition"}
    assert "subkind" in anybody.refused("v2/requests", 400, "POST", **GOOD, **kind)  # not raised on the portal


def test_a_key_may_raise_what_the_portal_does_not_offer(app):
    told = app.raised(**GOOD, **{"attribute[subkind]": "petition"})
    assert Matter.objects.get(number=told["service_request_id"]).subkind.slug == "petition"


def test_anybody_raises_no_more_often_than_on_the_portal(anybody, settings, monkeypatch):
    settings.OPEN311_ANONYMOUS = True
    monkeypatch.setattr("zhitong.gateway.open311.raising.AN_HOUR", 2)
    answers = [anybody.ask("/open311/v2/requests.json", "POST", **GOOD) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600


def test_sent_again_under_its_key_it_is_the_same_request(app):
    again = {"headers": {"Idempotency-Key": "app-0001"}}
    one, two = app.raised(**GOOD, **again), app.raised(**GOOD, **again)
    assert one == two
    assert Matter.objects.count() == 1
    other = app.refused("v2/requests", 400, "POST", **GOOD | {"description": "另一件。"}, **again)
    assert "已经提交过" in other
