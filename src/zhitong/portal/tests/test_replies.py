"""The check of replies: a warning before one is sent, and the page about those that were."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters import public as matters

from .desk import MOST_QUERIES, Desk, person, signed_in

PAGE = "/desk/replies/"
EMPTY = "您好！您反映的问题已收悉，已转相关部门处理。"
GOOD = "经查，舜耕路小区门口的路灯因电缆损坏不亮，已于今日更换电缆，恢复照明。"


@pytest.fixture
def handled(office: Desk) -> matters.Matter:
    matter = office.passed(text="舜耕路小区门口路灯不亮，晚上出行不安全。")
    when = timezone.now().isoformat()
    matter = office.act(matter, "meet", office.worker, who="李某", how="phone", when=when, said="已了解")
    return office.act(matter, "handle", office.worker, done="已更换灯泡")


def _send(office: Desk, matter: matters.Matter, reply: str, **more: str) -> object:
    data = {"outcome": "solved", "reply": reply, "version": str(matter.version), **more}
    return signed_in(office.worker).post(f"/desk/matters/{matter.pk}/do/conclude/", data)


def test_an_empty_reply_is_warned_of_and_sent_once_more_it_goes_through(office: Desk, handled: matters.Matter) -> None:
    answer = _send(office, handled, EMPTY)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "没有实质内容" in body
    assert EMPTY in body
    assert matters.Matter.objects.get(pk=handled.pk).stage == "handled"
    mark = body.split('name="doubted" value="')[1].split('"')[0]
    assert _send(office, handled, "您好，留言收悉。", doubted=mark).status_code == 422  # another text is looked at anew
    assert _send(office, handled, EMPTY, doubted=mark).status_code == 302
    assert matters.Matter.objects.get(pk=handled.pk).stage != "handled"


def test_a_reply_that_answers_is_sent_at_once(office: Desk, handled: matters.Matter) -> None:
    assert _send(office, handled, GOOD).status_code == 302


def test_what_was_given_is_counted_by_organ_with_examples(office: Desk, handled: matters.Matter) -> None:
    office.act(handled, "conclude", office.worker, outcome="solved", reply=EMPTY)
    assert dispatch.check_replies(timezone.now()) == 1
    assert dispatch.check_replies(timezone.now()) == 0
    client = signed_in(person("督查", office.centre, dispatch.VIEW, scope="all"))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(PAGE).content.decode()
    assert len(queries) <= MOST_QUERIES
    assert str(office.street) in body
    assert handled.number in body
    assert EMPTY in body
    body = signed_in(person("别处", office.bureau, dispatch.VIEW)).get(PAGE).content.decode()
    assert "近90天还没有看过的答复" in body
    assert signed_in(office.worker).get(PAGE).status_code == 403


def test_a_copy_and_a_reply_to_something_else_are_told(office: Desk, handled: matters.Matter) -> None:
    office.act(handled, "conclude", office.worker, outcome="solved", reply=GOOD)
    other = office.passed(text="丽景花园夜宵摊喝酒喧哗到凌晨三点，孩子睡不好，多次投诉没有用，请管一管。")
    found = dispatch.doubts(other, GOOD)
    assert [one.kind for one in found] == ["off", "copied"]
    assert handled.number in found[1].advice
