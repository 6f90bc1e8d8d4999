"""The page of a matter, its actions, and the numbers that are shown for a reason only."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import actor_for
from zhitong.kernel.dispatch.public import gather
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters import public as matters
from zhitong.kernel.register.public import Contact

from ..queries.matter import last_seq
from .desk import MOST_QUERIES, Desk, page, picture, signed_in

PHONE = "13800001234"


def body(office: Desk, matter, who: str = "worker") -> str:
    answer = signed_in(getattr(office, who)).get(page(matter))
    assert answer.status_code == 200
    return answer.content.decode()


def do(client, matter, slug: str, *, htmx: bool = False, **said: Any):
    seen = {"version": str(matter.version), "last": str(last_seq(matter))}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"{page(matter)}do/{slug}/", {**seen, **said}, headers=headers)


MEETING = {"who": "李承办与反映人", "how": "phone", "when": "", "said": "约定周五前修复", "place": ""}


def an_hour_ago(office: Desk):
    """One that waits to be met."""
    return office.passed(at=timezone.now() - timedelta(hours=1))


def meeting(**changes: Any) -> dict[str, Any]:
    return {**MEETING, "when": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), **changes}


def test_everything_about_it_stands_on_one_page(office: Desk) -> None:
    matter = office.met(co=True, lon=117.0, lat=36.6, address="舜耕路1号")
    text = body(office, matter)
    for shown in (
        matter.number, "路灯不亮", "舜耕街道", "城管局", "路灯照明", "舜耕路1号", "王**", "138****1234", "已了解情况，约定本周修复。",
        "见面人员", "电话", "办结时限", "为什么是这一天", "派给城管局（协办）", "data-map", "记录办理",
    ):  # fmt: skip
        assert shown in text, shown
    assert PHONE not in text


def test_the_clocks_of_an_earlier_handling_can_still_be_explained(office: Desk) -> None:
    matter = office.act(office.met(), "handle", office.worker, done="已更换灯泡")
    office.act(matter, "conclude", office.worker, outcome="solved", reply="路灯已修复。")
    office.act(matter, "visit", office.visitor, how="phone", reached=True, grade="1", words="又不亮了")
    text = body(office, matter)
    assert "此前办理的4个时限" in text
    assert text.count("为什么是这一天") == 5
    assert text.index("二次办理时限") < text.index("此前办理的") < text.index("办结时限 ·")


@pytest.mark.parametrize("make", ["open", "passed", "met", "closed"])
def test_it_opens_in_every_stage_in_both_languages(office: Desk, make: str) -> None:
    matter = getattr(office, make)()
    client = signed_in(office.dispatcher)
    assert client.get(page(matter)).status_code == 200
    client.cookies["django_language"] = "en"
    assert "Street lights" in client.get(page(matter)).content.decode() or make == "open"


def test_another_organs_matter_is_not_there(office: Desk) -> None:
    matter = office.passed()
    client = signed_in(office.co_worker)
    for address in (page(matter), f"{page(matter)}do/meet/", f"{page(matter)}do/note/", page(uuid4())):
        assert client.get(address).status_code == 404, address
    assert do(client, matter, "note", note="看看").status_code == 404


def test_an_action_opens_as_a_page_and_in_the_page(office: Desk) -> None:
    matter = office.passed()
    client = signed_in(office.worker)
    whole = client.get(f"{page(matter)}do/meet/").content.decode()
    part = client.get(f"{page(matter)}do/meet/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'name="said"' in whole
    assert 'name="said"' in part
    assert f'value="{actor_for(office.worker).label}与反映人"' in part
    assert client.get(f"{page(matter)}do/fly/").status_code == 404


def test_taking_an_action(office: Desk) -> None:
    matter = an_hour_ago(office)
    client = signed_in(office.worker)
    answer = do(client, matter, "meet", **meeting(), list="work:organ", files=SimpleUploadedFile("笔录.jpg", picture()))
    assert answer.status_code == 302
    assert "list=work%3Aorgan" in answer.headers["Location"]
    matter.refresh_from_db()
    assert matter.stage == "met"
    kept = matter.attachments.get()
    assert (kept.purpose, kept.record.action) == ("evidence", "meet")
    assert kept.name in body(office, matter)


def test_with_htmx_the_page_is_loaded_again(office: Desk) -> None:
    matter = an_hour_ago(office)
    answer = do(signed_in(office.worker), matter, "meet", htmx=True, **meeting())
    assert (answer.status_code, answer.headers["HX-Redirect"].split("?")[0]) == (204, page(matter))


def test_photos_before_and_after(office: Desk) -> None:
    matter = office.met()
    photos: dict[str, Any] = {
        "before": SimpleUploadedFile("前.jpg", picture()),
        "after": SimpleUploadedFile("后.jpg", picture("green")),
    }
    do(signed_in(office.worker), matter, "handle", done="已更换", **photos)
    assert sorted(matter.attachments.values_list("purpose", "name")) == [("after", "后.jpg"), ("before", "前.jpg")]


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_wrong_is_said_in_place_and_what_was_typed_stays(office: Desk, htmx: bool) -> None:
    matter = an_hour_ago(office)
    client = signed_in(office.worker)
    answer = do(client, matter, "meet", htmx=htmx, **meeting(how="in_person"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "当面沟通请填写地点。" in text
    assert "约定周五前修复" in text
    bad = do(client, matter, "meet", htmx=htmx, **meeting(), files=SimpleUploadedFile("a.jpg", b"nothing"))
    assert "重新选择照片或文件" in bad.content.decode()
    matter.refresh_from_db()
    assert matter.stage == "passed"


def test_somebody_was_quicker(office: Desk) -> None:
    matter = an_hour_ago(office)
    client = signed_in(office.worker)
    old = {"version": str(matter.version), "last": str(last_seq(matter))}
    office.act(matter, "note", office.colleague, note="已联系物业")
    answer = client.post(f"{page(matter)}do/meet/", {**old, **meeting()}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 422
    for shown in ("有人更新了这件事项", "赵承办", "内部备注", "约定周五前修复"):
        assert shown in text, shown
    matter.refresh_from_db()
    assert do(client, matter, "meet", **meeting()).status_code == 302


def test_the_same_form_twice_is_one_act(office: Desk) -> None:
    matter = an_hour_ago(office)
    client = signed_in(office.worker)
    said = {"version": str(matter.version), "last": str(last_seq(matter)), **meeting()}
    codes = [client.post(f"{page(matter)}do/meet/", said).status_code for _ in range(2)]
    assert codes == [302, 422]
    assert [e.kind for e in stream(matter.pk)].count("appeal.meet") == 1


@pytest.mark.parametrize("said", [{"version": "x", "last": "-1"}, {"version": "9" * 30}, {}])
def test_a_form_without_its_version_is_not_taken(office: Desk, said: dict[str, str]) -> None:
    matter = office.passed()
    answer = signed_in(office.worker).post(f"{page(matter)}do/meet/", {**said, **meeting()})
    assert answer.status_code == 422


def test_the_duty_list_is_asked_who_answers(office: Desk) -> None:
    matter = office.open()
    client = signed_in(office.dispatcher)
    address = f"{page(matter)}do/pass/"
    assert "职责清单推荐" not in client.get(address).content.decode()
    asked = {"suggest": "1", "category": str(office.category.pk), "brief": "请尽快", "urgency": "urgent"}
    text = client.get(address, asked).content.decode()
    assert "职责清单推荐" in text
    assert "依据属地管理" in text
    chosen = re.findall(r'<option value="([^"]+)"[^>]* selected', text)
    assert {str(office.street.pk), str(office.bureau.pk)} <= set(chosen)
    assert "请尽快" in text
    assert client.get(address, {"suggest": "1", "category": "x", "co": ["y", "z"]}).status_code == 200


def test_an_action_that_is_not_open_says_so(office: Desk) -> None:
    matter = office.passed()
    assert "不能进行这项操作" in signed_in(office.worker).get(f"{page(matter)}do/handle/").content.decode()
    assert do(signed_in(office.worker), matter, "pass").status_code == 422
    assert do(signed_in(office.dispatcher), matter, "meet", **meeting()).status_code == 422


def test_a_returned_matter_leaves_ones_sight_and_one_comes_back_to_the_list(office: Desk) -> None:
    matter = office.passed(co=True)
    reason = matters.Reason.objects.get(list="return", slug="not_duty")
    answer = do(signed_in(office.co_worker), matter, "return_co", reason=str(reason.pk), ground="不属本单位职责")
    assert answer.status_code == 302
    assert (
        not matters.visible_matters(actor_for(office.co_worker)).exists()
        or "/desk/matters/" in answer.headers["Location"]
    )


def test_merging_by_number(office: Desk) -> None:
    matter, target = office.open(), office.open("另一处路灯")
    client = signed_in(office.dispatcher)
    assert target.number in client.get(f"{page(matter)}do/merge/").content.decode()
    assert do(client, matter, "merge", into=target.number, reason="同一处").status_code == 302
    text = body(office, matter, "dispatcher")
    assert "已并入" in text
    assert target.number in text
    assert "并入本件" in body(office, target, "dispatcher")


def test_an_extension_request_is_shown_to_whoever_decides(office: Desk) -> None:
    matter = office.met()
    do(signed_in(office.worker), matter, "ask_extension", clock="conclude", amount="3", reason="需采购配件")
    text = body(office, matter, "dispatcher")
    assert "需采购配件" in text
    assert "审批延期" in text
    matter.refresh_from_db()
    assert do(signed_in(office.dispatcher), matter, "decide_extension", grant="yes", note="同意").status_code == 302
    assert matters.Extension.objects.get().is_granted is True


def reveal_address(matter) -> str:
    participant, contact = matter.participants.get(), Contact.objects.get()
    return f"{page(matter)}people/{participant.pk}/reveal/{contact.pk}"


def test_a_number_is_shown_once_for_a_reason_and_the_log_knows(office: Desk) -> None:
    matter = office.passed()
    client = signed_in(office.worker)
    address = reveal_address(matter)
    assert address in body(office, matter)
    assert PHONE not in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "约定见面时间"}, headers={"HX-Request": "true"})
    assert PHONE in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    event = Event.objects.get(kind="person.revealed")
    assert (event.data["reason"], event.data["matter"]) == ("约定见面时间", str(matter.pk))


def test_numbers_of_other_organs_matters_stay_hidden(office: Desk) -> None:
    matter = office.passed()
    address = reveal_address(matter)
    assert signed_in(office.co_worker).post(address, {"reason": "好奇"}).status_code == 404
    assert signed_in(office.head).post(address, {"reason": "好奇"}).status_code == 403
    assert address not in body(office, matter, "head")
    strange = address.replace(str(Contact.objects.get().pk), str(uuid4()))
    assert signed_in(office.worker).post(strange, {"reason": "看看"}).status_code == 404


def test_what_people_wrote_is_masked_for_those_who_need_not_know(office: Desk) -> None:
    matter = office.passed(text=f"路灯不亮，请打{PHONE}")
    assert PHONE in body(office, matter, "worker")
    assert PHONE not in body(office, matter, "head")


def test_the_public_mark_and_who_did_it(office: Desk) -> None:
    matter = office.passed()
    office.act(matter, "supplement", office.dispatcher, text="反映人来电补充")
    text = unquote(body(office, matter, "dispatcher"))
    assert "反映人可见" in text
    assert "转办员（中心" in text


def test_the_machine_is_named_in_the_readers_language(office: Desk) -> None:
    matter = office.passed()
    matters.tick(timezone.now() + timedelta(days=60))
    client = signed_in(office.worker)
    assert re.search(r">\s*计时\s*<", client.get(page(matter)).content.decode())
    client.cookies["django_language"] = "en"
    english = client.get(page(matter)).content.decode()
    assert re.search(r">\s*Clock\s*<", english)
    assert not re.search(r">\s*计时\s*<", english)


@pytest.mark.parametrize(
    ("came_from", "marked"), [("work:mine", "/desk/"), ("work:co", "/desk/"), ("matters:", "/desk/matters/")]
)
def test_the_menu_shows_from_which_list_one_came(office: Desk, came_from: str, marked: str) -> None:
    matter = office.passed()
    answer = signed_in(office.worker).get(page(matter), {"list": came_from})
    current = re.findall(r'<a href="([^"]+)" aria-current="page"[^>]* data-key=', answer.content.decode())
    assert current == [marked]


def test_what_else_belongs_to_the_same_thing_is_told_as_far_as_one_may_see_it(office: Desk) -> None:
    text = "幸福小区南门口的路灯坏了三天，晚上看不清台阶。"
    mine = office.passed(text=text)
    others = [office.open(text, reporter=matters.Reporter(name=f"居民{n}", phone=f"1380000123{n}")) for n in range(7)]
    gather(timezone.now())
    client = signed_in(office.dispatcher)
    client.get(page(mine))
    with CaptureQueriesContext(connection) as queries:
        body = client.get(page(mine)).content.decode()
    assert len(queries) <= MOST_QUERIES
    assert "同一件事的其他诉求" in body
    assert all(f'href="{page(one)}"' in body for one in others)
    assert "其余2件" in body
    assert "8人共同反映" in body
    seen = signed_in(office.worker).get(page(mine)).content.decode()
    assert "同一件事的其他诉求" not in seen
    assert not any(one.number in seen for one in others)
