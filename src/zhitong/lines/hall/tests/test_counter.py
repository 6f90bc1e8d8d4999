"""The counter: taken in and judged in one, with nothing lost where it is refused."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import verify
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.public import papers_of
from zhitong.kernel.register import public as register
from zhitong.kernel.reviews import public as reviews
from zhitong.lines.hall import public as hall
from zhitong.lines.hall.actions import tickets
from zhitong.lines.hall.actions.cases import Given
from zhitong.lines.hall.actions.counter import take_in
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Application, Breach, Served, Ticket, Version
from zhitong.lines.hall.queries import counter as reading

from .cases import CITIZEN_ID, SYSTEM, Desk
from .factories import MONDAY
from .test_smart_rules import FIRM
from .window_scene import Scene, a_hall, seated

PLAN = "场所平面图"


def test_accepted_in_one(counter: Desk) -> None:
    done = take_in(counter.said(), "accept", by=counter.clerk, at=MONDAY)
    matter = counter.matter(done)
    assert (matter.stage, matter.channel) == ("examining", "window")


def test_it_asks_little(counter: Desk) -> None:
    take_in(counter.said(), "accept", by=counter.clerk, at=MONDAY)  # prepares statements
    with CaptureQueriesContext(connection) as asked:
        take_in(counter.said(is_another=True), "accept", by=counter.clerk, at=MONDAY)
    assert len(asked) <= 13, [query["sql"][:100] for query in asked]  # a savepoint and its release among them
    assert not list(verify())


def test_sent_twice_is_once(counter: Desk) -> None:
    said = counter.said()
    done = take_in(said, "accept", by=counter.clerk, at=MONDAY)
    again = take_in(said, "accept", by=counter.clerk, at=MONDAY)
    assert (again.matter_id, again.was_known) == (done.matter_id, True)
    with pytest.raises(Conflict, match="正在办理"):
        take_in(counter.said(), "accept", by=counter.clerk, at=MONDAY)
    assert m.Matter.objects.count() == 1


def test_what_is_missing_is_said_once(counter: Desk) -> None:
    said = counter.said(materials={counter.materials[PLAN].pk: Given("missing")})
    with pytest.raises(Refused) as found:
        take_in(said, "accept", by=counter.clerk, at=MONDAY)
    assert (found.value.code, m.Matter.objects.exists()) == ("missing_material", False)
    done = take_in(said, "correct", by=counter.clerk, at=MONDAY)
    assert counter.matter(done).stage == "awaiting"
    assert PLAN in m.Record.objects.get(matter=done.matter_id, action="correct").data["words"]


def test_nothing_is_missing(counter: Desk) -> None:
    with pytest.raises(Refused, match="直接受理"):
        take_in(counter.said(), "correct", by=counter.clerk, at=MONDAY)
    assert not m.Matter.objects.exists()


def test_not_accepted_with_a_reason(counter: Desk) -> None:
    with pytest.raises(Refused) as found:
        take_in(counter.said(), "not_accept", {"words": "不属本机关职权"}, by=counter.clerk, at=MONDAY)
    assert (found.value.field, m.Matter.objects.exists()) == ("reason", False)
    reason = m.reasons("not_accepted")[0]
    more = {"reason": str(reason.pk), "words": "不属本机关职权，可向城管局申请。"}
    done = take_in(counter.said(), "not_accept", more, by=counter.clerk, at=MONDAY)
    assert counter.matter(done).stage == "not_accepted"


def test_at_once_only_what_is_instant(counter: Desk) -> None:
    with pytest.raises((Refused, Conflict)):
        take_in(counter.said(), "at_once", by=counter.clerk, at=MONDAY)
    assert not m.Matter.objects.exists()


def test_the_known_phone_is_taken(counter: Desk) -> None:
    counter.submitted()
    done = take_in(counter.said(phone="", is_another=True), "accept", by=counter.clerk, at=MONDAY)
    assert counter.matter(done).stage == "examining"
    with pytest.raises(Refused) as found:
        take_in(counter.said(phone="", citizen_id="370102199003070016"), "accept", by=counter.clerk, at=MONDAY)
    assert found.value.field == "phone"


def test_who_is_looked_up(counter: Desk) -> None:
    assert reading.who("110105194912310020").kind == ""
    assert reading.who(CITIZEN_ID).person is None
    done = counter.submitted()
    found = reading.who(CITIZEN_ID.lower())
    assert found.masked is not None
    assert found.masked.name != "王小明"
    assert [number for number, _title in found.open] == [done.number]
    assert reading.who("91110000MA0012345X").kind in ("firm", "")


def test_the_list_begins_with_what_may_be_said(counter: Desk) -> None:
    sheet = reading.sheet(counter.version.item_id, timezone.localdate(MONDAY))
    assert sheet is not None
    lines = {line.material.name: line for line in sheet.lines}
    for line in lines.values():
        assert line.state == line.states[0]
        assert ("deferred" in line.states) == (line.material.is_deferrable and not line.material.held_by)
        assert ("held" in line.states) == bool(line.material.held_by)
    assert reading.sheet(uuid4(), timezone.localdate(MONDAY)) is None


def test_what_stands_against_a_firm_is_said_when_its_code_is_typed(counter: Desk) -> None:
    firm = register.register_firms([FIRM], by=SYSTEM, at=MONDAY)[0]
    done = counter.submitted(credit_code=firm.code)
    found = reading.who(firm.code)
    assert (found.firm, found.stains, found.open) == (firm, [], [(done.number, counter.matter(done).title)])
    Breach.objects.create(application_id=done.matter_id, sort="deferral", at=MONDAY)
    assert [one.number for one in reading.who(firm.code).stains] == [done.number]
    assert reading.who(CITIZEN_ID).stains == []


@pytest.fixture
def district(db: None) -> District:
    load_case_defaults(by=BY)
    return build()


def an_item(
    district: District, questions: Sequence[dict[str, Any]] = (), further: Sequence[dict[str, Any]] = (), *,
    code: str = "B1", name: str = "临时占用城市道路许可", everyday: str = "占道 摆摊", **more: Any,
) -> UUID:  # fmt: skip
    """An item of the bureau, in force."""
    at, organ = timezone.now(), district.organs["bureau"].pk
    base = hall.create_base(code=code, name=name, kind="permit", by=BY, at=at)
    item = hall.create_item(
        base_id=base.pk, code=f"I{code}", organ_id=organ, topic="city", everyday=everyday, by=BY, at=at
    )
    fields = {
        "basis": "《城市道路管理条例》第三十一条", "conditions": "无", "statutory_days": 20, "promised_days": 3, "fee": "不收费",
        "delivery": ["pick_up", "mail"], "place": "一楼", "consult_phone": "12345", "complaint_phone": "12345",
        "result": "许可证", "questions": questions, **more,
    }  # fmt: skip
    draft = hall.start_draft(item.pk, by=BY, at=at)
    materials: Any = [
        {"name": "申请表"}, {"name": "占道平面图", "is_deferrable": True}, {"name": "营业执照", "held_by": "市场监管局"}, *further,
    ]  # fmt: skip
    hall.write_draft(draft.pk, fields, materials, by=BY, at=at)
    hall.publish(draft.pk, effective_on=timezone.localdate(at), by=BY, at=at)
    return item.pk


ASKED: list[dict[str, Any]] = [
    {"slug": "用途", "label": "占用做什么", "kind": "choice", "choices": ["施工", "摆摊"]},
    {"slug": "夜间", "label": "夜间是否施工", "kind": "yes_no", "when": "用途=施工"},
]
PLAN_OF_WORK = {"name": "夜间施工方案", "condition": "夜间施工的", "needed_when": "夜间=是"}


def filled(chosen: UUID, /, **more: Any) -> dict[str, Any]:
    version = Version.objects.get(item=chosen)
    states = {f"material_{one.pk}": "held" if one.held_by else "handed" for one in version.materials.all()}
    return {
        "who": CITIZEN_ID, "name": "王小明", "phone": "13800001234", "item": chosen, "version": version.pk, "key": uuid4().hex,
        "verdict": "accept", "delivery": "pick_up", **states, **more,
    }  # fmt: skip


def send(client: Client, body: dict[str, Any]) -> Any:
    return client.post(reverse("hall:counter_send"), body, headers={"HX-Request": "true"})


def test_what_the_answers_make_needless_is_hidden_by_the_same_terms(district: District) -> None:
    item = an_item(district, ASKED, [PLAN_OF_WORK])
    client = district.client("clerk")
    for path, body in (
        (reverse("hall:counter"), {"item": str(item)}),
        (reverse("hall:counter_sheet"), {"item": str(item)}),
    ):
        page = client.get(path, body).content.decode()
        found = [json.loads(unescape(text)) for text in re.findall(r'data-when="([^"]+)"', page)]
        assert found == [[[["answer_用途", "=", ["施工"]]]], [[["answer_夜间", "=", ["yes"]]]]]
        assert "逾期未补的，办件自行终止" in page, "what is signed at the counter is read there"
    plan = Version.objects.get(item=item).materials.get(name="夜间施工方案")
    stays = {f"material_{plan.pk}": "missing"}
    assert "夜间施工方案" in send(client, filled(item, answer_用途="施工", answer_夜间="yes", **stays)).content.decode()
    assert not Application.objects.exists()
    assert send(client, filled(item, answer_用途="摆摊", answer_夜间="yes", **stays)).headers["HX-Redirect"]
    case = Application.objects.get()
    assert (case.answers, case.handed.get(material=plan).state) == ({"用途": "摆摊"}, "not_needed")


def test_the_screen_from_the_ticket_to_the_receipt(district: District) -> None:
    item = an_item(district)
    client = district.client("clerk")
    page = client.get(reverse("hall:counter"), {"item": str(item)})
    assert "申请表" in page.content.decode()
    assert "临时占用" in client.get(reverse("hall:counter_items"), {"q": "摆摊"}).content.decode()
    answer = send(client, filled(item))
    place = answer["HX-Redirect"]
    slip = client.get(place).content.decode()
    matter = m.Matter.objects.get()
    assert matter.number in slip
    assert "占道平面图" in slip
    assert "查询码" in slip
    assert matter.stage == "examining"


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"who": "370102199003070011"}, "who", "号码不对"),
        ({"who": "91370100MA3C000000"}, "who", "号码不对"),
        ({"item": ""}, "q", "请先选择"),
        ({"name": "", "who": "370102199003070016"}, "name", "姓名"),
        ({"phone": ""}, "phone", "手机"),
        ({"delivery": "mail"}, "deliver_to", "收件地址"),
        ({"verdict": "nothing"}, "verdict", "列表"),
    ],
)
def test_bad_input_says_what_to_do(district: District, more: dict[str, Any], field: str, words: str) -> None:
    item = an_item(district)
    answer = send(district.client("clerk"), filled(item, **more))
    assert answer.status_code == 422
    assert f'data-wrong="{field}"' in answer.content.decode()
    assert words in answer.content.decode()
    assert not Application.objects.exists()


def test_an_item_withdrawn_meanwhile(district: District) -> None:
    item = an_item(district)
    body = filled(item)
    version = Version.objects.get(item=item)
    hall.withdraw(version.pk, on=timezone.localdate(), reason="停办", by=BY, at=timezone.now())
    answer = send(district.client("clerk"), body)
    assert answer.status_code == 422
    assert "已停办" in answer.content.decode()


def test_the_same_again_asks_whether_it_is_another(district: District) -> None:
    item = an_item(district)
    client = district.client("clerk")
    body = filled(item)
    assert send(client, body)["HX-Redirect"] == send(client, body)["HX-Redirect"]
    answer = send(client, filled(item))
    assert (answer.status_code, 'name="is_another"' in answer.content.decode()) == (422, True)
    assert send(client, filled(item, is_another="1"))["HX-Redirect"]
    assert Application.objects.count() == 2


def test_the_ticket_remembers_what_was_taken_in(district: District) -> None:
    item, at = an_item(district), timezone.now()
    scene = a_hall(district)
    ticket = take_any(scene, at)
    by = seated(district, scene.windows[1], at)
    tickets.call_next(by=by, at=at)
    tickets.begin(by=by, at=at + timedelta(minutes=1))
    client = district.client("clerk")
    slip = client.get(send(client, filled(item))["HX-Redirect"]).content.decode()
    assert Served.objects.get().ticket == ticket
    assert ("评价的二维码" in slip, reviews.Service.objects.exists()) == (True, False)  # the visit is not over
    tickets.end(by=by, at=at + timedelta(minutes=2))
    service = reviews.Service.objects.get()
    assert (service.item, service.item_label) == (item, "临时占用城市道路许可")


def test_a_visit_for_several_items_counts_for_none_of_them(district: District) -> None:
    items, at = [an_item(district), an_item(district, code="B2", name="占道经营备案")], timezone.now()
    scene = a_hall(district)
    take_any(scene, at)
    by = seated(district, scene.windows[1], at)
    tickets.call_next(by=by, at=at)
    tickets.begin(by=by, at=at)
    for item in items:
        send(district.client("clerk"), filled(item))
    tickets.end(by=by, at=at)
    assert Served.objects.count() == 2
    assert reviews.Service.objects.get().item is None


def test_the_slip_leads_to_the_papers_and_keeps_the_code(district: District) -> None:
    client = district.client("clerk")
    slip = client.get(send(client, filled(an_item(district)))["HX-Redirect"]).content.decode()
    matter = m.Matter.objects.get()
    for paper in papers_of(matter.pk, district.actor("clerk")):
        assert reverse("portal:paper_pdf", args=[paper.pk]) in slip
    assert "受理通知书" in slip
    assert matter.number in slip
    assert reverse("hall:receipt_code", args=[matter.number]) in slip
    assert "评价的二维码" in slip  # nobody sits at a window: asked all the same
    assert reviews.Service.objects.get().point is None


def test_somebody_without_a_ticket_is_asked_once_at_the_window(district: District) -> None:
    item, at = an_item(district), timezone.now()
    scene = a_hall(district)
    by = seated(district, scene.windows[1], at)
    client = district.client("clerk")
    slip = client.get(send(client, filled(item))["HX-Redirect"]).content.decode()
    service = reviews.Service.objects.get()
    assert (service.point_id, service.staff_id, service.channel) == (scene.windows[1].pk, by.staff_id, "counter")
    assert service.matter_id == m.Matter.objects.get().pk
    assert service.point is not None
    assert reviews.waiting_at(service.point, timezone.now()) == service
    assert "评价的二维码" in slip
    send(client, filled(item, is_another="1"))
    assert (Application.objects.count(), reviews.Service.objects.count()) == (2, 1)


def test_nobody_answers_every_question_to_be_turned_away(district: District) -> None:
    """What was answered is kept, and must make sense."""
    load_case_defaults(by=BY)
    asked = [*ASKED, {"slug": "面积", "label": "占用面积", "kind": "number"}]
    item, client = an_item(district, asked, [PLAN_OF_WORK]), district.client("clerk")
    reason = str(m.reasons("not_accepted")[0].pk)
    said = filled(item, verdict="not_accept", reason=reason, words="不属本机关职权", answer_用途="摆摊", answer_面积="")
    assert "占用面积" in send(client, {**said, "answer_面积": "很大"}).content.decode()
    assert send(client, said)["HX-Redirect"]
    case = Application.objects.get()
    assert (case.matter.stage, case.answers) == ("not_accepted", {"用途": "摆摊"})
    assert send(client, {**filled(item), "verdict": "accept"}).status_code == 422


def take_any(scene: Scene, at: datetime) -> Ticket:
    """A ticket, whatever the hour and the day of the test."""
    return Ticket.objects.create(
        hall=scene.hall, queue=scene.general, day=timezone.localdate(at), prefix="A", number=1, source="kiosk",
        taken_at=at, place_at=at,
    )  # fmt: skip
