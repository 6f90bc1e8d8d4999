"""Many taken in at once are what each would be by itself; the fast lane leaves to the ordinary way whatever is not plain."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.district import District, build
from tests.machine import Machine, machine
from zhitong.apikit import lane
from zhitong.base.citizen import citizen_check
from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import stream, verify
from zhitong.kernel.matters import public as m
from zhitong.kernel.reviews.public import Service
from zhitong.lines.hall.actions.cases import Given, Submission, submit
from zhitong.lines.hall.actions.counter import accept_many
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.api.lane import LANES
from zhitong.lines.hall.models import Application, Item, Version

from .cases import SYSTEM, Desk
from .factories import MONDAY, hall

pytestmark = pytest.mark.django_db
(LANE,) = LANES
PEOPLE = [number + citizen_check(number) for number in ("11010519491231002", "11010519900307123", "11010519850615244")]
PLAN = "场所平面图"


def by_three(counter: Desk) -> list[Submission]:
    """Three people, one of whom hands something in later."""
    saids = [
        counter.said(citizen_id=who, phone=f"1380000123{n}", name=f"王小{'明红兰'[n]}") for n, who in enumerate(PEOPLE)
    ]
    later = {**saids[1].materials, counter.materials[PLAN].pk: Given("deferred")}
    return [saids[0], replace(saids[1], materials=later, signed=True), saids[2]]


def rows_of(ids: list[UUID]) -> list[Any]:
    """Everything that is stored of these matters, by table, without what differs each time."""
    told: list[Any] = []
    for model in apps.get_models():
        fields = {f.name: f for f in model._meta.concrete_fields}
        key = next((name for name in ("matter", "application", "about", "subject", "stream") if name in fields), "")
        if model is m.Matter:
            key = "id"
        if not key or not model.__module__.startswith("zhitong."):
            continue
        for place, pk in enumerate(ids):
            found = model._base_manager.filter(**{key: pk})
            told += [(model._meta.label, place, _plain(model, row, set(map(str, ids)))) for row in found]
    return sorted(told, key=str)


OWN = {
    "id", "key", "number", "tracking", "hash", "prev", "event", "digest", "facts", "next_at", "code", "subject", "stream", "recorded_at",
    "created_at",
}  # fmt: skip


def _plain(model: Any, row: Any, ids: set[str]) -> str:
    said = {f.name: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name not in OWN}
    for name in ("data", "context"):
        if isinstance(said.get(name), dict):
            said[name] = {
                k: v
                for k, v in said[name].items()
                if k not in ("number", "paper", "digest", "text", "record", "matter")
            }
    kept = {k: v for k, v in said.items() if not (isinstance(v, UUID) and str(v) in ids)}
    return json.dumps(kept, default=str, sort_keys=True, ensure_ascii=False)


def test_many_at_once_leave_the_same_rows_as_each_by_itself(counter: Desk) -> None:
    saids = by_three(counter)
    together = [one.matter_id for one in accept_many(saids, by=counter.clerk, at=MONDAY)]
    apart = []
    for said in saids:
        done = submit(replace(said, key=uuid4().hex, is_another=True), by=counter.clerk, at=MONDAY)
        counter.act(done.matter_id, "accept", counter.clerk, signed=said.signed)
        apart.append(done.matter_id)
    first, second = rows_of(together), rows_of(apart)
    services = [one for one in first if one[0] == "reviews.Service"]
    assert len(services) == 3  # asked once a day each: `apart` came the second time
    assert [one for one in first if one[0] != "reviews.Service"] == second
    labels = {label for label, _place, _row in first}
    assert {"matters.Matter", "matters.Clock", "matters.Task", "hall.Application", "hall.Handed", "papers.Paper", "events.Event",
            "events.Notice", "indicators.Fact", "matters.Participant"} <= labels  # fmt: skip
    assert not list(verify())


def test_many_cost_hardly_more_than_one(counter: Desk) -> None:
    accept_many(by_three(counter), by=counter.clerk, at=MONDAY)  # prepares statements
    again = [replace(one, key=uuid4().hex, is_another=True) for one in by_three(counter)]
    with CaptureQueriesContext(connection) as asked:
        accept_many(again, by=counter.clerk, at=MONDAY)
    assert len(asked) <= 13, [query["sql"][:100] for query in asked]


def test_all_or_none_and_it_says_which(counter: Desk) -> None:
    saids = by_three(counter)
    saids[1] = replace(saids[1], materials={})
    with pytest.raises(Refused) as found:
        accept_many(saids, by=counter.clerk, at=MONDAY)
    assert (found.value.code, found.value.index) == ("missing_material", 1)
    assert not m.Matter.objects.exists()


def test_one_person_twice_for_the_same_is_told(counter: Desk) -> None:
    one = counter.said()
    with pytest.raises(Conflict) as found:
        accept_many([one, counter.said()], by=counter.clerk, at=MONDAY)
    assert (found.value.code, found.value.index) == ("same_at_once", 1)
    both = accept_many([one, counter.said(is_another=True)], by=counter.clerk, at=MONDAY)
    assert len({done.number for done in both}) == 2
    assert Service.objects.count() == 1  # who is at the desk once is asked once


def test_what_is_known_comes_back_among_what_is_new(counter: Desk) -> None:
    first, second, third = by_three(counter)
    (then,) = accept_many([first], by=counter.clerk, at=MONDAY)
    done = accept_many([second, first, third], by=counter.clerk, at=MONDAY)
    assert [one.was_known for one in done] == [False, True, False]
    assert done[1].number == then.number
    assert m.Matter.objects.count() == 3
    assert {matter.stage for matter in m.Matter.objects.all()} == {"examining"}


def test_a_version_that_changes_is_read_anew(counter: Desk) -> None:
    accept_many(by_three(counter), by=counter.clerk, at=MONDAY)
    Item.objects.update(name="食品经营许可（新名）")
    (done,) = accept_many([counter.said(is_another=True)], by=counter.clerk, at=MONDAY)
    assert counter.matter(done).title == "食品经营许可（新名）"
    assert counter.case(done).version == Version.objects.get()


# over HTTP


@pytest.fixture
def district() -> District:
    lane.forget()
    found = build()
    load_case_defaults(by=SYSTEM)
    return found


@pytest.fixture
def offered(district: District) -> Version:
    today = timezone.localdate()
    return hall().published(on=today, at=timezone.now())


@pytest.fixture
def window(district: District) -> Machine:
    return machine(district, "clerk")


def asked(window: Machine, body: Any, key: str = "") -> lane.Asked:
    return lane.Asked(window.secret, key or uuid4().hex, body if isinstance(body, bytes) else json.dumps(body).encode())


def carried(*wanted: lane.Asked) -> list[Any]:
    return [told and json.loads(told) for told in lane.carry(LANE, wanted)]


@pytest.fixture
def full(offered: Version) -> Callable[..., dict[str, Any]]:
    materials = {str(one.pk): "handed" for one in offered.materials.all() if not (one.held_by or one.condition)}
    body = {
        "item": str(offered.item_id), "name": "王小明", "phone": "13800001234", "citizen_id": PEOPLE[0], "materials": materials,
        "is_another": True,
    }  # fmt: skip
    return lambda **more: {**body, **more}


def test_it_is_taken_in_either_way(window: Machine, full: Any) -> None:
    sent = full()
    first = window.post("/applications", sent, Idempotency_Key="order-1234")
    assert first.status_code == 201
    assert carried(asked(window, sent, "order-1234")) == [first.json() | {"is_repeated": True}]
    (other,) = carried(asked(window, sent))
    assert other["number"] != first.json()["number"]
    assert [e.kind for e in stream(UUID(other["id"]))] == [e.kind for e in stream(UUID(first.json()["id"]))]
    assert Application.objects.filter(accepted_at__isnull=False).count() == 2
    assert not list(verify())


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (b"{", 400), ({"phone": "12"}, 422), ({"citizen_id": "110105194912310021"}, 422), ({"materials": {}}, 422),
        ({"item": str(uuid4())}, 409), ({"version": str(uuid4())}, 409), ({"nobody": "asked"}, 422), ({"name": " \u200b "}, 422),
        ({"materials": {"no": "handed"}}, 422), ({"delivery": "carried"}, 422), ({"credit_code": "91"}, 422),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_and_harms_nobody(window: Machine, full: Any, wrong: Any, status: int) -> None:
    bad = wrong if isinstance(wrong, bytes) else full(**wrong)
    told = carried(asked(window, full()), asked(window, bad), asked(window, full()))
    assert told[1] is None
    assert told[0]["number"] != told[2]["number"]
    assert m.Matter.objects.filter(kind="application").count() == 2
    if not isinstance(wrong, bytes):
        answer = window.post("/applications", bad)
        assert (answer.status_code, m.Matter.objects.filter(kind="application").count()) == (status, 2)


def test_the_same_while_one_is_open_is_told(window: Machine, full: Any) -> None:
    told = carried(asked(window, full(is_another=False)), asked(window, full(is_another=False)))
    assert sum(map(bool, told)) == 1
    answer = window.post("/applications", full(is_another=False))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_open")
    assert next(one for one in told if one)["number"] in answer.json()["message"]


def test_nobody_takes_in_who_may_not(district: District, window: Machine, full: Any) -> None:
    no_scope, no_permission = machine(district, "clerk", "read"), machine(district, "grid")
    told = carried(*(asked(one, full()) for one in (Machine("zt_unknown"), no_scope, no_permission, window)))
    assert [bool(one) for one in told] == [False, False, False, True]
    assert [one.post("/applications", full()).status_code for one in (no_scope, no_permission)] == [403, 403]


def test_what_an_item_asks_for_is_told(window: Machine, offered: Version) -> None:
    listed = window.get("/items").json()["items"]
    assert [one["id"] for one in listed] == [str(offered.item_id)]
    assert window.get("/items?q=%E5%BC%80%E9%A5%AD%E5%BA%97").json()["items"] == listed
    whole = window.get(f"/items/{offered.item_id}").json()
    assert whole["version"] == str(offered.pk)
    assert {one["name"]: one["states"][0] for one in whole["materials"]}[PLAN] == "missing"
    assert window.get(f"/items/{uuid4()}").status_code == 404
    assert window.get("/items?q=x&after=x").json()["code"] == "bad_after"


def test_all_items_come_page_by_page_though_some_come_and_go_meanwhile(window: Machine) -> None:
    house, at = hall(), timezone.now()
    codes = [house.published(on=timezone.localdate(), at=at).item.code for _n in range(5)]
    first = window.get("/items?limit=2").json()
    assert ([one["code"] for one in first["items"]], first["next"]) == (codes[:2], codes[1])
    Item.objects.filter(code=codes[0]).update(code="Z")
    house.draft()
    rest = window.get(f"/items?limit=10&after={first['next']}").json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == ([*codes[2:], "Z"], None)
