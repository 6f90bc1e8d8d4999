"""Appeals raised by other systems."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.district import District, build
from tests.machine import machine
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import Matter, Participant

pytestmark = pytest.mark.django_db
TEXT = "东风路18号门前路灯不亮，晚上出行不安全。"


@pytest.fixture
def district() -> District:
    return build()


@pytest.fixture
def hotline(district):
    """A system that takes down, as the window does."""
    return machine(district, "clerk")


def test_what_is_raised_is_there_and_says_who_raised_it(district, hotline):
    division = district.streets["street"]
    sent = {
        "text": TEXT, "title": "路灯不亮", "channel": "hotline", "subkind": "report", "division": str(division),
        "category": str(district.category.pk), "urgency": "urgent", "name": "李明", "phone": "138 0000 1234",
    }  # fmt: skip
    answer = hotline.post("/appeals", sent)
    assert answer.status_code == 201
    told = answer.json()
    matter = Matter.objects.get(pk=told["id"])
    assert (matter.number, matter.title, matter.channel, matter.urgency) == (
        told["number"],
        "路灯不亮",
        "hotline",
        "urgent",
    )
    assert (matter.division_id, matter.category_id) == (division, district.category.pk)
    assert matter.opened_by == hotline.token_id
    assert Participant.objects.get(matter=matter).person.name == "李明"
    event = stream(matter.pk).get()
    assert event.by_label.startswith("系统 clerk")
    assert event.by_post is not None


def test_sent_again_it_is_the_same_receipt(hotline):
    first = hotline.post("/appeals", {"text": TEXT}, Idempotency_Key="order-20260302-1")
    again = hotline.post("/appeals", {"text": TEXT}, Idempotency_Key="order-20260302-1")
    assert again.json() == first.json() | {"is_repeated": True}
    other = hotline.post("/appeals", {"text": "另一件事"}, Idempotency_Key="order-20260302-1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Matter.objects.count() == 1


def test_without_a_key_it_is_another_appeal(hotline):
    numbers = {hotline.post("/appeals", {"text": TEXT}).json()["number"] for _n in range(2)}
    assert len(numbers) == 2


def test_two_systems_never_share_a_key(district, hotline):
    other = machine(district, "worker")
    one, two = (m.post("/appeals", {"text": TEXT}, Idempotency_Key="order-1234").json() for m in (hotline, other))
    assert one["number"] != two["number"]
    assert one["tracking_code"] != two["tracking_code"]


def test_a_key_holds_across_rotation(district, hotline):
    first = hotline.post("/appeals", {"text": TEXT}, Idempotency_Key="order-1234").json()
    by, at = district.actor("admin"), timezone.now()
    hotline.secret = accounts.rotate_token(hotline.token_id, overlap=timedelta(days=1), by=by, at=at).secret
    again = hotline.post("/appeals", {"text": TEXT}, Idempotency_Key="order-1234").json()
    assert again["number"] == first["number"]


def test_danger_in_the_words_raises_the_urgency(hotline):
    told = hotline.post("/appeals", {"text": "楼道里有人要跳楼", "urgency": "normal"}).json()
    assert told["urgency"] == "danger"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "长" * 10_001}, "text"),
        ({"text": TEXT, "subkind": "nonsense"}, "subkind"),
        ({"text": TEXT, "urgency": "very"}, "urgency"),
        ({"text": TEXT, "channel": "pigeon"}, "channel"),
        ({"text": TEXT, "lon": 117.0}, "lon"),
        ({"text": TEXT, "lon": 217.0, "lat": 36.5}, "lon"),
        ({"text": TEXT, "division": "990101001"}, "division"),
        ({"text": TEXT, "division": "00000000-0000-7000-8000-000000000000"}, "division"),
        ({"text": TEXT, "category": "00000000-0000-7000-8000-000000000000"}, "category"),
        ({"text": TEXT, "phone": "123"}, "phone"),
        ({"text": TEXT, "files": ["nonsense"]}, "files"),
        ({"text": TEXT, "stage": "closed"}, "stage"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(hotline, sent, field):
    for language, mark in (("zh-CN", "。"), ("en", ".")):
        hotline.language = language
        answer = hotline.post("/appeals", sent)
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [field]
        assert answer.json()["fields"][field].endswith(mark)
    assert not Matter.objects.exists()


def test_it_takes_the_permission_and_the_use(district):
    for name, scopes, code in (("visitor", ("raise",), "not_allowed"), ("clerk", ("read", "act"), "scope_missing")):
        answer = machine(district, name, *scopes).post("/appeals", {"text": TEXT})
        assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_raising_takes_no_more_queries_than_it_must(hotline, django_assert_max_num_queries):
    hotline.post("/appeals", {"text": TEXT})
    with django_assert_max_num_queries(25):
        hotline.post("/appeals", {"text": TEXT, "phone": "13800001234"})
