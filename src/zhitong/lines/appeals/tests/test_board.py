"""The dispatcher's board: the queue, the help, sending on, and two dispatchers at once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, actor_for
from zhitong.kernel.matters import public as matters
from zhitong.kernel.organisation.public import Category
from zhitong.portal.tests.desk import MOST_QUERIES, Desk, desk, person, signed_in

from ..queries import board
from ..queries.similar import alike

BOARD = "/desk/dispatch/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(db: None, settings: object, tmp_path: object) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    found = desk()
    found.category.keywords = "路灯 不亮 灯杆"
    found.category.save()
    return found


@pytest.fixture
def arbiter(office: Desk) -> Account:
    return person("裁定员", office.centre, "appeals.pass", "appeals.arbitrate", scope="all")


def one(matter: matters.Matter, rest: str = "") -> str:
    return f"{BOARD}{matter.pk}/{rest}"


def answers(office: Desk, matter: matters.Matter, **more: object) -> dict[str, object]:
    said = {
        "category": str(office.category.pk), "lead": str(office.street.pk), "urgency": "normal", "reason": "属地管理",
        "version": str(matter.version), "tab": "new",
    }  # fmt: skip
    return {**said, **more}


def is_chosen(pk: object, body: str) -> bool:
    return bool(re.search(rf'<option value="{pk}"[^>]* selected', body))


def returned(office: Desk, times: int = 1) -> matters.Matter:
    matter = office.passed()
    for n in range(times):
        reason = str(matters.Reason.objects.filter(list="return").first().pk)
        matter = office.act(matter, "return", office.worker, reason=reason, ground="不属于本街道职责")
        if n + 1 < times:
            office.act(
                matter, "pass", office.dispatcher, category=str(office.category.pk), lead=str(office.street.pk),
                urgency="normal", reason="再核",
            )  # fmt: skip
    return matter


# the queue


def test_tabs(office: Desk) -> None:
    new, urgent = office.open(), office.open(urgency="urgent")
    back, twice = returned(office), returned(office, 2)
    by, now = actor_for(office.dispatcher), timezone.now()
    assert board.tab_counts(by, now) == {"new": 2, "returned": 1, "arbitrate": 1, "urgent": 1}
    queues = {tab: [m.pk for m in board.queue(by, tab, now)] for tab in board.TABS}
    assert queues == {"new": [urgent.pk, new.pk], "returned": [back.pk], "arbitrate": [twice.pk], "urgent": [urgent.pk]}


def test_the_first_is_open_already(office: Desk) -> None:
    office.open()
    body = signed_in(office.dispatcher).get(BOARD).content.decode()
    assert "路灯照明" in body
    assert is_chosen(office.street.pk, body)
    assert "由舜耕街道负责" in body
    assert "不亮、路灯" in body or "路灯、不亮" in body


def test_one_key_takes_a_suggestion_and_no_key_does_two_things(office: Desk) -> None:
    """The first of two elements with one key is the one that hears it: the tabs took the digits of the suggestions."""
    office.open()
    body = signed_in(office.dispatcher).get(BOARD).content.decode()
    keys = re.findall(r'data-key="([^"]+)"', body)
    assert "1" in keys
    assert len(keys) == len(set(keys)), keys
    (taken,) = re.findall(r'<a class="zt-chip"[^>]*data-key="1"', body)
    assert f"category={office.category.pk}" in taken


def test_nothing_to_do(office: Desk) -> None:
    body = signed_in(office.dispatcher).get(BOARD).content.decode()
    assert "没有新到的诉求" in body
    assert "都处理完了" in body


def test_counts_tell_of_what_came_since(office: Desk) -> None:
    client = signed_in(office.dispatcher)
    first = office.open()
    calm = client.get(BOARD + "counts", {"last": str(first.pk)}).content.decode()
    assert "有新到的诉求" not in calm
    office.open()
    told = client.get(BOARD + "counts", {"last": str(first.pk)}).content.decode()
    assert "有新到的诉求" in told
    assert re.search(r'id="bd-n-new"[^>]*>2<', told)
    assert client.get(BOARD + "counts", {"last": "x", "tab": "?"}).status_code == 200


# sending on


def test_passing_leads_to_the_next(office: Desk) -> None:
    first, second, third = (office.open() for _n in range(3))
    client = signed_in(office.dispatcher)
    answer = client.post(one(second, "do/pass/"), answers(office, second), headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#board"
    assert answer["HX-Push-Url"] == one(third)
    assert second.number in json.loads(answer["HX-Trigger"])["toast"]["text"]
    last = client.post(one(third, "do/pass/"), answers(office, third))
    assert last.headers["Location"] == one(first)
    client.post(one(first, "do/pass/"), answers(office, first))
    assert client.get(BOARD).content.decode().count("bd-item-title") == 0
    assert matters.Matter.objects.filter(stage="passed").count() == 3


def test_what_is_missing_is_said_and_nothing_is_lost(office: Desk) -> None:
    matter = office.open()
    data = answers(office, matter, lead="", reason="写了半天的理由")
    for headers in (HTMX, {}):
        answer = signed_in(office.dispatcher).post(one(matter, "do/pass/"), data, headers=headers)
        assert answer.status_code == 422
        assert "写了半天的理由" in answer.content.decode()
        assert "此项必填" in answer.content.decode()


def test_somebody_was_quicker(office: Desk) -> None:
    matter = office.open()
    data = answers(office, matter, reason="我的理由")
    said = {name: value for name, value in data.items() if name not in ("version", "tab")}
    office.act(matter, "pass", office.dispatcher, **said)
    answer = signed_in(person("转办员二", office.centre, "appeals.pass", scope="all")).post(
        one(matter, "do/pass/"), data, headers=HTMX
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "刚刚有了新的进展" in body
    assert "转办员" in body
    assert "我的理由" in body
    assert "看下一件" in body


def test_a_note_in_between_asks_to_look_again(office: Desk) -> None:
    matter = office.open()
    office.act(matter, "note", office.dispatcher, note="已电话核实")
    client = signed_in(office.dispatcher)
    answer = client.post(one(matter, "do/pass/"), answers(office, matter), headers=HTMX)
    assert answer.status_code == 422
    fresh = matters.Matter.objects.get(pk=matter.pk)
    assert f'name="version" value="{fresh.version}"' in answer.content.decode()
    assert client.post(one(matter, "do/pass/"), answers(office, fresh), headers=HTMX).status_code == 200


def test_another_category_suggests_anew(office: Desk) -> None:
    matter = office.open()
    asked = {"suggest": "1", "category": str(office.category.pk), "brief": "请带梯子", "urgency": "urgent"}
    body = signed_in(office.dispatcher).get(one(matter, "do/pass/"), asked, headers=HTMX).content.decode()
    assert "请带梯子" in body
    assert is_chosen(office.street.pk, body)


def test_words_of_danger_are_marked(office: Desk) -> None:
    matter = office.open(text="楼道里<b>燃气泄漏</b>，气味很大。")
    body = signed_in(office.dispatcher).get(one(matter), headers=HTMX).content.decode()
    assert "<mark>燃气泄漏</mark>" in body
    assert "<b>" not in body
    assert "危及生命" in body
    assert re.search(r'value="danger"[^>]*checked', body)


# merging and the rest


def test_alike_and_earlier(office: Desk) -> None:
    at: dict[str, Any] = {"lon": 117.0, "lat": 36.6}
    first = office.open(text="舜耕路小区门口路灯不亮，晚上出行不安全。", at=None, **at)
    far = office.open(text="舜耕路小区门口路灯不亮，晚上出行不安全。", lon=117.5, lat=36.9)
    other = office.open(text="食堂饭菜价格太贵，质量也不好。", at=None, **at)
    matter = office.open(text="舜耕路小区门口的路灯还是不亮，出行不安全", at=None, **at)
    found = alike(matter, actor_for(office.dispatcher), timezone.now())
    assert [one.matter.pk for one in found] == [first.pk]
    assert found[0].metres == 0
    assert {"舜耕", "不亮"} <= set(found[0].words)
    body = signed_in(office.dispatcher).get(one(matter, "around")).content.decode()
    assert first.number in body
    assert all(m.title in body for m in (far, other))  # the same person's
    assert f'name="into" value="{first.number}"' in body


def test_each_suggestion_shows_past_cases_of_its_own(office: Desk) -> None:
    now = timezone.now()
    water = Category(code="0102", name="供水", keywords="停水 水压", level=1, sort=2)
    water.path = [water.pk]
    water.save()
    over: dict[str, list[str]] = {}
    for category, text in ((office.category, "东门路灯不亮"), (water, "西门停水两天"), (water, "北门停水，水压低")):
        matter = office.open(text=text)
        matters.Matter.objects.filter(pk=matter.pk).update(
            stage="closed", closed_at=now, category=category, lead=office.street
        )
        over.setdefault(category.name, []).append(matter.number)
    asked = office.open(text="路灯不亮，灯杆歪了，又停水了")
    body = signed_in(office.dispatcher).get(one(asked, "around")).content.decode()
    blocks = re.findall(r'<details class="bd-past".*?</details>', body, re.S)
    assert len(blocks) == 2
    for n, (block, name) in enumerate(zip(blocks, ("路灯照明", "供水"), strict=True), 1):
        assert f"<kbd>{n}</kbd> {name}" in block, "numbered as the keys that take it"
        told = {number for numbers in over.values() for number in numbers if number in block}
        assert told == set(over[name])


def test_merging_with_one_click(office: Desk) -> None:
    first, second = office.open(), office.open()
    data = {"into": first.number, "reason": "同一地点反映同一问题", "version": str(second.version), "tab": "new"}
    answer = signed_in(office.dispatcher).post(one(second, "do/merge/"), data, headers=HTMX)
    assert answer["HX-Push-Url"] == one(first)
    assert matters.Matter.objects.get(pk=second.pk).stage == "merged"


@pytest.mark.parametrize("slug", ["merge", "transfer", "split", "reroute", "expedite"])
def test_every_move_aside_has_its_form(office: Desk, slug: str) -> None:
    matter = office.open()
    client = signed_in(office.dispatcher)
    assert "<form" in client.get(one(matter, f"do/{slug}/"), headers=HTMX).content.decode()
    assert "<form" in client.get(one(matter, f"do/{slug}/")).content.decode()
    assert client.post(one(matter, f"do/{slug}/"), {"version": "x"}, headers=HTMX).status_code == 422


def test_after_a_return_the_board_says_who_and_why_and_offers_nobody_who_refused(office: Desk) -> None:
    again = office.act(
        returned(office), "pass", office.dispatcher, category=str(office.category.pk), lead=str(office.bureau.pk),
        urgency="normal", reason="再核",
    )  # fmt: skip
    reason = str(matters.Reason.objects.filter(list="return").first().pk)
    twice = office.act(
        again, "return", office.co_worker, reason=reason, ground="道路归街道养护", suggest=str(office.street.pk)
    )
    body = signed_in(office.dispatcher).get(one(twice)).content.decode()
    for text in ("退单情况", str(office.bureau), "道路归街道养护", "不属于本街道职责", f"建议转：{office.street}"):
        assert text in body


def test_after_a_return_the_organ_that_was_named_is_suggested(office: Desk) -> None:
    matter = office.passed()
    reason = str(matters.Reason.objects.filter(list="return").first().pk)
    office.act(matter, "return", office.worker, reason=reason, ground="不属于本街道职责", suggest=str(office.bureau.pk))
    body = signed_in(office.dispatcher).get(one(matter)).content.decode()
    assert is_chosen(office.bureau.pk, body)
    assert f"{office.street}退单时建议" in body


def test_after_a_return_the_organ_that_refused_is_not_suggested(office: Desk) -> None:
    client, fresh = signed_in(office.dispatcher), office.open(category_id=office.category.pk)
    assert is_chosen(office.street.pk, client.get(one(fresh)).content.decode())
    body = client.get(one(returned(office))).content.decode()
    assert not is_chosen(office.street.pk, body)


def test_no_other_move(office: Desk) -> None:
    matter = office.open()
    assert signed_in(office.dispatcher).get(one(matter, "do/withdraw/")).status_code == 404


def test_the_arbiter_decides(office: Desk, arbiter: Account) -> None:
    matter = returned(office, 2)
    assert "裁定主办单位" not in signed_in(office.dispatcher).get(one(matter, "?tab=arbitrate")).content.decode()
    client = signed_in(arbiter)
    body = client.get(BOARD, {"tab": "arbitrate"}).content.decode()
    assert "裁定主办单位" in body
    data = {"lead": str(office.bureau.pk), "reason": "职责在城管", "version": str(matter.version), "tab": "arbitrate"}
    assert client.post(one(matter, "do/arbitrate/"), data).headers["Location"] == BOARD + "?tab=arbitrate"
    assert matters.Matter.objects.get(pk=matter.pk).lead_id == office.bureau.pk


# who may, how much it asks


def test_only_dispatchers(office: Desk, client) -> None:
    matter = office.open()
    assert client.get(BOARD).status_code == 302
    for address in (BOARD, one(matter), one(matter, "around"), one(matter, "do/pass/"), BOARD + "counts"):
        assert signed_in(office.worker).get(address).status_code == 403


def test_a_street_dispatcher_sees_his_own(office: Desk) -> None:
    matter = office.open()
    here = person("街道转办", office.street, "appeals.pass")
    client = signed_in(here)
    assert client.get(one(matter)).status_code == 404
    assert client.get(BOARD).content.decode().count("bd-item-title") == 0


def test_it_asks_as_much_however_long_the_queue_is(office: Desk) -> None:
    client = signed_in(office.dispatcher)
    matter, again = office.open(at=timezone.now() - timedelta(minutes=5)), returned(office, 1)
    for address in (BOARD, one(matter), one(again, "?tab=returned"), one(matter, "around"), BOARD + "counts"):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _n in range(5):
            office.open()
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)
        assert len(many) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in many.captured_queries)


def test_in_english(office: Desk) -> None:
    office.open()
    client = signed_in(office.dispatcher)
    client.cookies["django_language"] = "en"
    body = client.get(BOARD).content.decode()
    assert "Dispatch board" in body
    assert "Nothing learned yet; by keywords" in body
