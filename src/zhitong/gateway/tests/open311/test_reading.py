"""What was raised, as it may be seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.district import photo
from tests.machine import machine
from zhitong.kernel.matters import public as m

from .conftest import App

pytestmark = pytest.mark.django_db
TEXT = "我是王小明，住东风路18号3单元402室，电话13800001234，门前路灯不亮。"
POINT = {"lon": 117.04321, "lat": 36.55678}


@pytest.fixture
def lamp(district):
    """A public one that is being handled."""
    return district.met(text=TEXT, is_public=True, address="东风路18号3单元402室", **POINT)


def test_a_public_request_with_personal_details_masked(anybody, lamp):
    (found,) = anybody.get("requests", f"v2/requests/{lamp.number}")
    assert found["service_request_id"] == lamp.number
    assert (found["status"], found["status_notes"]) == ("open", "待办理")
    assert (found["service_code"], found["service_name"]) == ("010101", "路灯照明")
    assert found["agency_responsible"] == "东风路街道办事处"
    assert found["address"].endswith("，东风路街道")
    assert found["address_id"] == "990101001"
    assert found["expected_datetime"] > found["requested_datetime"]
    assert found["updated_datetime"] >= found["requested_datetime"]
    assert (found["lat"], found["long"]) == (36.557, 117.043)
    for personal in ("王小明", "13800001234", "402"):
        assert personal not in str(found)
    assert anybody.get("requests", f"v2/request/{lamp.number}") == [
        found
    ]  # the address of the community's Swagger file


def test_in_english(anybody, lamp):
    anybody.language = "en"
    (found,) = anybody.get("requests", f"v2/requests/{lamp.number}")
    assert (found["service_name"], found["status_notes"]) == ("Street lights", "To be handled")


def test_what_is_closed_says_how(anybody, district):
    closed = district.closed(is_public=True)
    (found,) = anybody.get("requests", f"v2/requests/{closed.number}")
    assert (found["status"], found["status_notes"]) == ("closed", "已办结：路灯已修好，感谢反映。")
    assert found["expected_datetime"] is None
    assert found["updated_datetime"][:19] == timezone.localtime(closed.matter.closed_at).isoformat()[:19]


def test_what_nobody_has_sorted_is_the_service_of_its_own(anybody, district):
    raised = district.open(is_public=True)
    (found,) = anybody.get("requests", f"v2/requests/{raised.number}")
    assert (found["service_code"], found["service_name"], found["agency_responsible"]) == ("unsorted", "待分类", None)
    assert (found["lat"], found["long"]) == (None, None)


def test_a_photo_that_everybody_may_see(anybody, district, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shown, hidden = district.open(is_public=True), district.open(is_public=True)
    for raised, is_public in ((shown, True), (hidden, False)):
        upload = m.check_upload("a.jpg", photo())
        m.attach(raised.matter, [upload], by=district.actor("clerk"), at=timezone.now(), is_public=is_public)
    (found,) = anybody.get("requests", f"v2/requests/{shown.number}")
    assert anybody.client.get(found["media_url"]).status_code == 200
    (found,) = anybody.get("requests", f"v2/requests/{hidden.number}")
    assert found["media_url"] is None


@pytest.mark.parametrize("how", ["private", "complaint", "withdrawn", "nothing"])
def test_what_is_not_public_is_not_there(anybody, district, how):
    match how:
        case "private":
            number = district.open().number
        case "complaint":
            number = district.open(subkind="complaint", is_public=True).number
        case "withdrawn":
            raised = district.open(is_public=True)
            by = type(district.actor("clerk")).resident([raised.id])
            m.act(raised.id, "withdraw", {"reason": "不需要了"}, by=by, at=timezone.now())
            number = raised.number
        case _:
            number = "202601010000019"
    said = anybody.refused(f"v2/requests/{number}", 404)
    assert number in said
    assert anybody.get("requests", "v2/requests", service_request_id=number) == []


def test_a_key_sees_what_its_post_sees(district, desk):
    raised = district.passed(text=TEXT, **POINT)
    (found,) = desk.get("requests", f"v2/requests/{raised.number}")
    assert (found["lat"], found["long"]) == (POINT["lat"], POINT["lon"])
    assert "13800001234" not in found["description"]  # masked for whoever asks
    assert "王小明" not in found["description"]
    elsewhere = App(machine(district, "elsewhere").secret)
    elsewhere.refused(f"v2/requests/{raised.number}", 404)
    worker = App(machine(district, "worker").secret)
    assert [one["service_request_id"] for one in worker.get("requests", "v2/requests")] == [raised.number]


def test_a_key_that_may_not_read_sees_what_everybody_sees(district):
    shown, hidden = district.open(is_public=True), district.open()
    only_raises = App(machine(district, "dispatcher", "raise").secret)
    assert [one["service_request_id"] for one in only_raises.get("requests", "v2/requests")] == [shown.number]
    only_raises.refused(f"v2/requests/{hidden.number}", 404)


def test_the_newest_come_first_and_in_stretches(anybody, district):
    numbers = [district.open(text=f"路灯不亮，第{n}盏。", is_public=True).number for n in range(5)][::-1]

    def found(**asked):
        return [one["service_request_id"] for one in anybody.get("requests", "v2/requests", **asked)]

    assert found() == numbers
    assert found(page=1, page_size=2) == numbers[:2]
    assert found(page=3, page_size=2) == numbers[4:]
    assert found(page=2) == []
    assert found(page_size=3) == numbers[:3]
    assert found(page="", page_size="", status="", service_code="", start_date="", end_date="") == numbers


def test_by_numbers_and_nothing_else_counts(anybody, district):
    numbers = [district.open(is_public=True).number for _n in range(3)]
    asked = f"{numbers[0]}, {numbers[2]},nonsense"
    found = anybody.get("requests", "v2/requests", service_request_id=asked, status="closed", start_date="1999-01-01")
    assert [one["service_request_id"] for one in found] == [numbers[2], numbers[0]]


def test_by_status_and_service(anybody, district):
    new, closed = district.open(is_public=True), district.closed(is_public=True)

    def found(**asked):
        return {one["service_request_id"] for one in anybody.get("requests", "v2/requests", **asked)}

    assert found(status="open") == {new.number}
    assert found(status="closed") == {closed.number}
    assert found(status="open,closed") == {new.number, closed.number}
    assert found(service_code="010101") == {closed.number}
    assert found(service_code="01") == {closed.number}  # a heading means all below it
    assert found(service_code="unsorted") == {new.number}
    assert found(service_code="unsorted,010101") == {new.number, closed.number}
    assert found(service_code="nonsense") == set()


def test_by_days(anybody, district):
    now = timezone.now()
    old, new = (district.open(is_public=True, at=now - timedelta(days=days)) for days in (120, 1))

    def found(**asked):
        given = {name: at.isoformat() for name, at in asked.items()}
        return {one["service_request_id"] for one in anybody.get("requests", "v2/requests", **given)}

    assert found() == {new.number}
    assert found(start_date=now - timedelta(days=130)) == {old.number}
    assert found(end_date=now - timedelta(days=60)) == {old.number}
    assert found(start_date=now - timedelta(days=121), end_date=now - timedelta(days=119)) == {old.number}
    assert found(start_date=now) == set()
    exactly = new.matter.opened_at
    assert found(start_date=exactly, end_date=exactly) == {new.number}
    assert found(start_date=exactly + timedelta(microseconds=1)) == set()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"start_date": "2026-01-01", "end_date": "2026-06-01"}, "90天"),
        ({"start_date": "yesterday"}, "start_date"),
        ({"end_date": "0000"}, "end_date"),
        ({"status_": "open,shut"}, "status"),
        ({"page": "0"}, "page"),
        ({"page": "x"}, "page"),
        ({"page_size": "-1"}, "page_size"),
        ({"page": "999999"}, "翻页过深"),
        ({"service_request_id": ",".join(str(n) for n in range(1001))}, "1000"),
    ],
)
def test_what_cannot_be_asked_says_what_to_mend(anybody, asked, said):
    assert said in anybody.refused("v2/requests", 400, **asked)


def test_a_long_list_takes_no_more_queries_than_a_short_one(district, desk, django_assert_max_num_queries):
    for n in range(12):
        district.open(text=f"路灯不亮，第{n}盏。", is_public=bool(n % 2))
    with django_assert_max_num_queries(16):
        assert len(desk.ask("/open311/v2/requests.json").json()) == 12


def test_a_token_leads_to_its_number(anybody, desk, district):
    shown, hidden = district.open(is_public=True), district.open()
    assert anybody.get("token", f"v2/tokens/{shown.id}") == [
        {"service_request_id": shown.number, "token": str(shown.id)}
    ]
    anybody.refused(f"v2/tokens/{hidden.id}", 404)
    assert desk.get("token", f"v2/tokens/{hidden.id}")[0]["service_request_id"] == hidden.number
    anybody.refused("v2/tokens/12345", 404)
