"""The check of replies: a warning before one is sent, and the page about those that were."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.district import District
from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.matters import public as matters

from .desk import MOST_QUERIES, Desk, person, signed_in

PAGE = "/desk/replies/"
SYSTEM = Actor.system("test")
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


def test_a_matter_answered_twice_stands_there_once(office: Desk, handled: matters.Matter) -> None:
    office.act(handled, "conclude", office.worker, outcome="solved", reply=EMPTY)
    dispatch.check_replies(timezone.now())
    first = dispatch.ReplyCheck.objects.get(matter=handled)
    again = dispatch.ReplyCheck.objects.create(
        record=matters.Record.objects.filter(matter=handled).exclude(pk=first.record_id).latest("pk"), matter=handled,
        organ=first.organ, at=first.at, flags=first.flags,
    )  # fmt: skip
    (one,) = dispatch.examples(SYSTEM, timezone.now())["empty"]
    assert one.check.pk in {first.pk, again.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("page", [PAGE, "/desk/hot/"])
def test_who_may_not_see_matters_is_told_so_instead_of_that_there_is_nothing(page: str, district: District) -> None:
    body = district.client("admin").get(page).content.decode()
    assert "您的岗位不能查看事项" in body
    assert "还没有看过的答复" not in body
    assert "没有多人反映" not in body


def test_a_copy_and_a_reply_to_something_else_are_told(office: Desk, handled: matters.Matter) -> None:
    office.act(handled, "conclude", office.worker, outcome="solved", reply=GOOD)
    other = office.passed(text="丽景花园夜宵摊喝酒喧哗到凌晨三点，孩子睡不好，多次投诉没有用，请管一管。")
    found = dispatch.doubts(other, GOOD)
    assert [one.kind for one in found] == ["off", "copied"]
    assert handled.number in found[1].advice


def _block(is_on: bool = True) -> None:
    dispatch.set_blocking("appeal", is_on=is_on, by=SYSTEM, at=timezone.now())


def _stage(matter: matters.Matter) -> str:
    return matters.Matter.objects.get(pk=matter.pk).stage


def test_where_the_district_blocks_them_only_its_head_concludes_with_a_reason(
    office: Desk, handled: matters.Matter
) -> None:
    _block()
    answer = _send(office, handled, EMPTY)
    body = answer.content.decode()
    assert "本区规定这样的答复不能办结" in body
    assert 'name="insisted"' not in body
    mark = body.split('name="doubted" value="')[1].split('"')[0]
    body = _send(office, handled, EMPTY, doubted=mark, insisted="就这样").content.decode()
    assert "由本单位负责人写明理由后提交" in body
    assert EMPTY in body
    with pytest.raises(Refused) as refused:
        office.act(handled, "conclude", office.worker, outcome="solved", reply=EMPTY, insisted="就这样")
    assert (refused.value.code, refused.value.field, _stage(handled)) == ("reply_blocked", "reply", "handled")
    head = person("所长", office.street, "appeals.handle", dispatch.INSIST)
    with pytest.raises(Refused, match="请写明理由"):
        office.act(handled, "conclude", head, outcome="solved", reply=EMPTY)
    form = signed_in(head).get(f"/desk/matters/{handled.pk}/do/conclude/").content.decode()
    assert 'name="insisted"' in form
    office.act(handled, "conclude", head, outcome="solved", reply=EMPTY, insisted="已当面详细答复")
    assert _stage(handled) == "concluded"
    event = stream(handled.pk).get(kind="appeal.conclude")
    assert event.data["reply_insisted"] == ["empty"]
    assert handled.records.get(action="conclude").data["insisted"] == "已当面详细答复"


def test_what_is_done_on_the_spot_is_held_back_as_well(office: Desk) -> None:
    matter = office.open(text="舜耕路小区门口路灯不亮，晚上出行不安全。")
    grid = person("网格员", office.street, "appeals.on_spot", scope="all")
    address = f"/desk/matters/{matter.pk}/do/on_spot/"
    office.act(office.open(text=matter.text), "on_spot", grid, done=EMPTY)
    _block()
    assert 'name="insisted"' not in signed_in(grid).get(address).content.decode()
    with pytest.raises(Refused) as refused:
        office.act(matter, "on_spot", grid, done=EMPTY, insisted="就这样")
    assert (refused.value.code, refused.value.field, _stage(matter)) == ("reply_blocked", "done", "received")
    head = person("所长", office.street, "appeals.on_spot", dispatch.INSIST, scope="all")
    assert 'name="insisted"' in signed_in(head).get(address).content.decode()
    office.act(matter, "on_spot", head, done=EMPTY, insisted="已当面详细答复")
    assert stream(matter.pk).get(kind="appeal.on_spot").data["reply_insisted"] == ["empty"]
    other = office.open(text=matter.text)
    office.act(other, "on_spot", grid, done=GOOD)
    assert (_stage(matter), _stage(other)) == ("concluded", "concluded")


def test_a_good_reply_concludes_though_bad_ones_are_blocked_and_the_switch_goes_back(
    office: Desk, handled: matters.Matter
) -> None:
    _block()
    assert _send(office, handled, GOOD).status_code == 302
    _block(is_on=False)
    assert not dispatch.blocks("appeal")
    kinds = [(row.kind, row.data["blocks"]) for row in Event.objects.filter(kind="dispatch.replies_set").order_by("at")]
    assert kinds == [("dispatch.replies_set", True), ("dispatch.replies_set", False)]


def test_only_who_sets_up_switches_it(office: Desk) -> None:
    admin = signed_in(person("管理员", office.centre, dispatch.VIEW, dispatch.MANAGE, scope="all"))
    where = f"{PAGE}blocking"
    assert "改为拦截" in admin.get(PAGE).content.decode()
    assert "改为只提醒" in admin.post(where, {"to": "on"}, follow=True).content.decode()
    assert dispatch.blocks("appeal")
    assert signed_in(office.worker).post(where, {"to": "off"}).status_code == 403
    admin.post(where, {"to": "off"})
    assert not dispatch.blocks("appeal")
    with pytest.raises(NotAllowed):
        dispatch.set_blocking("appeal", is_on=True, by=Actor(kind="staff", label="外人"), at=timezone.now())
    with pytest.raises(NotFound):
        dispatch.set_blocking("other", is_on=True, by=SYSTEM, at=timezone.now())
