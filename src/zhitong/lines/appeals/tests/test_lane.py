"""The fast lane raises what the ordinary way raises, and leaves to it whatever is not plain."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.district import BY, District, build
from tests.machine import Machine, machine
from zhitong.apikit import lane
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import Clock, Matter, Participant

from ..api.lane import LANES

pytestmark = pytest.mark.django_db
(LANE,) = LANES
TEXT = "东风路18号门前路灯不亮，晚上出行不安全。"


@pytest.fixture
def district() -> District:
    lane.forget()
    return build()


@pytest.fixture
def hotline(district):
    return machine(district, "clerk")


def asked(hotline: Machine, body: Any, key: str = "") -> lane.Asked:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lane.Asked(hotline.secret, key or uuid4().hex, sent)


def carried(*wanted: lane.Asked) -> list[Any]:
    return [told and json.loads(told) for told in lane.carry(LANE, wanted)]


def full(district: District, **more: Any) -> dict[str, Any]:
    return {
        "text": TEXT, "title": "路灯不亮", "address": "东风路18号", "lon": 117.02, "lat": 36.52, "subkind": "report",
        "category": str(district.category.pk), "channel": "hotline", "urgency": "urgent", "name": "李明",
        "phone": "138 0000 1234", "is_public": True, **more,
    }  # fmt: skip


def everything(number: str) -> dict[str, Any]:
    """What stands in the tables of an appeal, but for ids, moments and what is drawn by chance."""
    matter = Matter.objects.get(number=number)
    own = {"id", "number", "tracking", "opened_at", "stage_at", "due_at"}
    plain = {f.attname: getattr(matter, f.attname) for f in Matter._meta.concrete_fields if f.attname not in own}
    events = [(e.kind, e.seq, e.by_label, e.by_post, sorted(e.data)) for e in stream(matter.pk)]
    clocks = list(Clock.objects.filter(matter=matter).values_list("slug", "amount", "unit", "basis"))
    people = list(Participant.objects.filter(matter=matter).values_list("person_id", "part"))
    return plain | {"events": events, "clocks": clocks, "people": people, "words": matter.words.words}


def test_it_writes_what_the_ordinary_way_writes(district, hotline):
    ordinary = hotline.post("/appeals", full(district)).json()
    (fast,) = carried(asked(hotline, full(district)))
    assert set(fast) == set(ordinary)
    assert fast["urgency"] == ordinary["urgency"]
    assert everything(fast["number"]) == everything(ordinary["number"])


def test_many_at_once_each_get_their_own(district, hotline):
    texts = [f"{TEXT}第{n}盏" for n in range(7)]
    told = carried(*(asked(hotline, full(district, text=text)) for text in texts))
    assert len({one["number"] for one in told}) == 7
    assert [Matter.objects.get(number=one["number"]).text for one in told] == texts


@pytest.mark.parametrize(
    "wrong",
    [
        b"{", b"\xff", b"[]", {}, {"text": ""}, {"text": TEXT, "nobody": "asked"}, {"text": TEXT, "subkind": "none"},
        {"text": TEXT, "category": str(uuid4())}, {"text": TEXT, "division": str(uuid4())}, {"text": TEXT, "lon": 117.0},
        {"text": TEXT, "phone": "12"}, {"text": TEXT, "files": ["ticket"]}, {"text": " \u200b "},
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_and_harms_nobody(district, hotline, wrong):
    told = carried(asked(hotline, full(district)), asked(hotline, wrong), asked(hotline, full(district)))
    assert told[1] is None
    assert told[0]["number"] != told[2]["number"]
    assert Matter.objects.count() == 2


def test_the_same_key_twice_is_one_appeal(district, hotline):
    sent = full(district)
    one, two = carried(asked(hotline, sent, "order-1234"), asked(hotline, sent, "order-1234"))
    assert {told["number"] for told in (one, two) if told} == {Matter.objects.get().number}
    again = hotline.post("/appeals", sent, Idempotency_Key="order-1234").json()
    assert (again["number"], again["is_repeated"]) == (Matter.objects.get().number, True)
    (other,) = carried(asked(hotline, full(district, text="另一件事"), "order-1234"))
    assert other is None


def test_the_receipt_is_the_same_either_way(district, hotline):
    sent = full(district)
    first = hotline.post("/appeals", sent, Idempotency_Key="order-1234").json()
    assert carried(asked(hotline, sent, "order-1234")) == [first | {"is_repeated": True}]


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 201])
def test_a_key_that_does_not_fit_is_left(district, hotline, key):
    assert carried(asked(hotline, full(district), key)) == [None]


def test_nobody_comes_in_who_would_not_come_in_elsewhere(district, hotline):
    unknown = Machine("zt_unknown")
    no_scope = machine(district, "clerk", "read")
    no_permission = machine(district, "supervisor")
    revoked = machine(district, "clerk", "raise")
    assert revoked.token_id
    accounts.revoke_token(revoked.token_id, by=BY, at=timezone.now())
    told = carried(*(asked(one, full(district)) for one in (unknown, no_scope, no_permission, revoked, hotline)))
    assert [bool(one) for one in told] == [False, False, False, False, True]


def test_a_token_that_was_revoked_is_noticed_within_a_second(district, hotline, monkeypatch):
    assert carried(asked(hotline, full(district)))[0]
    assert hotline.token_id
    accounts.revoke_token(hotline.token_id, by=BY, at=timezone.now())
    monkeypatch.setattr(lane, "LOOK_AGAIN", 0.0)
    assert carried(asked(hotline, full(district))) == [None]


def test_what_a_token_may_send_in_a_minute_counts_here_too(district):
    slow = machine(district, "clerk", per_minute=3)
    assert all(carried(*(asked(slow, full(district)) for _n in range(3))))
    assert carried(asked(slow, full(district))) == [None]
    assert slow.post("/appeals", full(district)).status_code == 429


def test_each_system_acts_as_itself(district, hotline):
    street = machine(district, "grid")
    told = carried(asked(hotline, full(district)), asked(street, full(district)))
    by = [Matter.objects.get(number=one["number"]).opened_by for one in told if one]
    assert by[0] == hotline.token_id
    assert by[1:] in ([], [street.token_id])
