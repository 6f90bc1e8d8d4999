"""A permit from the guide to the licence that anybody checks: a resident on a phone, clerks and examiners at their desks; a firm.

Screenshots of every page are in ``test-results/hall``.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from tests.district import BY, PASSWORD, SINCE, District
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.papers.public import papers_of
from zhitong.kernel.register import public as register
from zhitong.kernel.reviews.public import Review
from zhitong.kernel.reviews.public import load_defaults as load_review_defaults
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Application, Item
from zhitong.lines.hall.tests.factories import COMPLETE
from zhitong.lines.hall.tests.test_smart_rules import FIRM, citizen

from .photos import street_light
from .walking import Album, Walk, answer, open_action, pick, send, small_targets

pytestmark = pytest.mark.django_db(transaction=True)

CITIZEN_ID, WRONG_ID = "11010519491231002X", "110105194912310021"
QUESTIONS = [
    {"slug": "场所来源", "label": "经营场所从哪里来", "kind": "choice", "choices": ["自有", "租赁"]},
    {"slug": "租期至", "label": "租到哪一天", "kind": "date", "when": "场所来源=租赁", "least": "今天"},
]
MATERIALS = [
    {"name": "小餐饮登记申请表"},
    {"name": "房屋租赁合同", "condition": "租房经营的", "needed_when": "场所来源=租赁"},
    {"name": "场所布局照片", "is_deferrable": True},
]
DESKS = {"examiner": ("审查岗", "examiner"), "decider": ("首席审批岗", "decider")}


@pytest.fixture
def offered(district: District) -> District:
    """The bureau offers one permit, and has people who examine and decide."""
    at = timezone.now()
    load_case_defaults(by=BY)
    load_review_defaults(by=BY)
    for name, (title, role) in DESKS.items():
        organ = district.organs["bureau"].pk
        post = organisation.create_post(organ_id=organ, title=title, is_head=False, valid_from=SINCE, by=BY, at=at)
        staff = organisation.create_staff(staff_no=f"H{role}", name=f"测试{title}", phone="", by=BY, at=at)
        organisation.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=SINCE, by=BY, at=at)
        accounts.create_account(
            username=name,
            staff_id=staff.pk,
            password=PASSWORD,
            must_change_password=False,
            is_staff=False,
            by=BY,
            at=at,
        )
        accounts.grant_many(
            [accounts.NewGrant(post_id=post.pk, role=role, scope="organ", valid_from=SINCE)], by=BY, at=at
        )
    _publish(
        district,
        "小餐饮登记",
        "B1",
        {"questions": QUESTIONS, "result_paper": "hall-licence"},
        MATERIALS,
        everyday="开饭馆 小饭馆",
    )
    return district


def _publish(district: District, name: str, code: str, said: dict[str, Any], materials: Any, **item: Any) -> Item:
    at = timezone.now()
    base = actions.create_base(code=code, name=name, kind="permit", by=BY, at=at)
    made = actions.create_item(
        base_id=base.pk, code=f"S{code}", organ_id=district.organs["bureau"].pk, topic="food", by=BY, at=at, **item
    )
    draft = actions.start_draft(made.pk, by=BY, at=at)
    actions.write_draft(draft.pk, {**COMPLETE, **said}, materials, by=BY, at=at)
    actions.publish(draft.pk, effective_on=timezone.localdate(), by=BY, at=at)
    return made


def test_a_permit_from_guide_to_licence(open_page: Callable[..., Page], phone: Page, offered: District) -> None:
    hall = Walk(open_page, phone, Album("hall"))
    a_resident_finds_the_guide(hall)
    a_resident_applies(hall)
    something_is_missing(hall)
    it_is_accepted_and_paused(hall)
    it_is_decided_and_the_result_waits(hall)
    it_is_made_and_delivered(hall)
    the_licence_is_checked(hall)
    address = it_is_judged_badly(hall)
    whoever_judged_is_called_and_it_is_mended(hall)
    it_is_judged_once_more(hall, address)
    two_people_exclude_it(hall)


def a_resident_finds_the_guide(hall: Walk) -> None:
    page = hall.phone
    page.goto("/")
    page.locator("main form[role=search] [name=q]").fill("我想开个小饭馆")
    page.keyboard.press("Enter")
    page.locator(".hl-item", has_text="小餐饮登记").click()
    hall.look(page, "guide")
    top = page.get_by_role("link", name="在线申请").bounding_box()
    assert top
    assert top["y"] < 740  # without scrolling
    page.get_by_role("link", name="在线申请").click()


def a_resident_applies(hall: Walk) -> None:
    page = hall.phone
    form = page.locator("form.hc-form")
    expect(form.get_by_text("租到哪一天")).to_be_hidden()
    expect(form.get_by_text("房屋租赁合同", exact=True)).to_be_hidden()
    answer(form, answer_场所来源="租赁")
    expect(form.get_by_text("租到哪一天")).to_be_visible()
    expect(form.get_by_text("房屋租赁合同", exact=True)).to_be_visible()
    answer(form, answer_场所来源="自有", name="王小明", citizen_id=WRONG_ID, phone="13800001234")
    expect(form.get_by_text("房屋租赁合同", exact=True)).to_be_hidden()
    deferred = form.locator("[name^=says_][value=deferred]")
    deferred.check()
    photo: FilePayload = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": street_light(is_lit=True)}
    form.locator("input[type=file]:visible").first.set_input_files(photo)
    expect(form.locator(".zt-photo img")).to_have_count(1)
    form.get_by_label("我已阅读并签署承诺书").check()
    hall.look(page, "form")
    assert small_targets(page) == []
    form.get_by_role("button", name="提交申请").click()
    expect(page.locator(".zt-form-errors")).to_contain_text("身份证号不正确")
    expect(page.locator(".zt-form-errors li")).to_have_count(1)
    expect(form.get_by_text("已为您保留")).to_be_visible()
    hall.look(page, "wrong")
    answer(form, citizen_id=CITIZEN_ID)
    form.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("申请已收到")
    hall.keeps(page.locator(".hc-number"), page.locator(".hc-code"))
    hall.look(page, "receipt")
    states = dict(Application.objects.get().handed.values_list("material__name", "state"))
    assert states == {"小餐饮登记申请表": "handed", "房屋租赁合同": "not_needed", "场所布局照片": "deferred"}


def something_is_missing(hall: Walk) -> None:
    """The one notice; the resident reads it on top, and hands in from there."""
    desk = hall.does("examiner", "一次性补正告知", chosen={"materials": "申请表"}, words="第二页没有签名。")
    expect(desk.get_by_role("heading", name="办理记录")).to_be_visible()
    expect(desk.locator(".zt-record").first).to_contain_text("小餐饮登记申请表")
    hall.look(desk, "desk-notice")
    page = hall.follow()
    expect(page.get_by_role("main")).to_contain_text("第二页没有签名。")
    hall.look(page, "missing")
    page.locator(".hc-lacks li", has_text="申请表").get_by_role("link").click()
    _hand_in(hall, page)


def _hand_in(hall: Walk, page: Page) -> None:
    form = page.locator("main form")
    photo: FilePayload = {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": street_light(is_lit=False)}
    form.locator("input[type=file]").set_input_files(photo)
    expect(form.locator(".zt-photo img")).to_have_count(1)
    hall.look(page, "hand-in")
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到补交的材料")).to_be_visible()


def it_is_accepted_and_paused(hall: Walk) -> None:
    hall.does("examiner", "受理")
    form = open_action(hall.case("examiner"), "启动特别程序")
    form.get_by_label("听证").check()
    answer(form, days="5", note="利害关系人要求听证。")
    send(hall.pages["examiner"], form, "启动特别程序")
    page = hall.follow()
    expect(page.get_by_role("main")).to_contain_text("正在进行听证，约需5个工作日")
    hall.look(page, "paused")
    hall.does("examiner", "特别程序结束", note="听证完毕。")


def it_is_decided_and_the_result_waits(hall: Walk) -> None:
    form = open_action(hall.case("examiner"), "提出审查意见")
    form.get_by_label("是", exact=True).check()
    answer(form, opinion="符合条件。")
    send(hall.pages["examiner"], form, "提出审查意见")
    form = open_action(hall.case("decider"), "作出决定")
    form.get_by_label("准予", exact=True).check()
    send(hall.pages["decider"], form, "作出决定")
    hall.look(hall.pages["decider"], "desk-decided")
    form = open_action(hall.case("examiner"), "制发结果")
    form.get_by_role("button", name="制发结果").click()
    expect(form.get_by_role("alert")).to_contain_text("容缺的材料还没有补齐")
    page = hall.follow()
    page.locator(".hc-lacks li", has_text="布局").get_by_role("link").click()
    _hand_in(hall, page)


def it_is_made_and_delivered(hall: Walk) -> None:
    hall.does("examiner", "制发结果")
    form = open_action(hall.case("examiner"), "送达")
    form.get_by_label("邮寄送达").check()
    form.get_by_role("button", name="送达").click()
    expect(form.get_by_role("alert")).to_contain_text("收件地址")
    answer(form, deliver_to="新城区和平路9号")
    form.get_by_role("button", name="送达").click()
    expect(form.get_by_role("alert")).to_contain_text("邮寄单号")
    answer(form, tracking="EA123456789CN")
    send(hall.pages["examiner"], form, "送达")
    hall.look(hall.pages["examiner"], "desk-delivered")
    page = hall.follow()
    expect(page.get_by_role("main")).to_contain_text("EA123456789CN")
    page.get_by_role("link", name="确认收到").click()
    page.locator("main form button").first.click()
    expect(page.get_by_text("已确认收到")).to_be_visible()
    hall.look(page, "closed")


def the_licence_is_checked(hall: Walk) -> None:
    """Anybody asks by the code on it."""
    pk = hall.matter.pk
    licence = next(one for one in papers_of(pk, Actor.resident([pk])) if one.slug == "hall-licence")
    page = hall.open_page(width=390, height=844, language="en")
    page.goto(f"/check/{licence.opened()['_code']}")
    hall.look(page, "licence")
    expect(page.get_by_role("main")).to_contain_text("Valid")


def it_is_judged_badly(hall: Walk) -> str:
    """From the page of progress, with a number to be called back at; where the review is followed."""
    page = hall.follow()
    page.get_by_role("link", name="评价本次服务").click()
    form, address = page.locator("form.rv-form"), page.url
    expect(form.get_by_label("联系电话")).to_be_hidden()
    answer(form, mark="1")
    form.get_by_label("没有在承诺时间内办结").check()
    answer(form, words="等了两个星期，没有人说为什么。", phone="13800001234", name="王小明")
    hall.look(page, "review")
    assert small_targets(page) == []
    form.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("main")).to_contain_text("感谢您的评价")
    hall.look(page, "review-thanks")
    hall.number = Review.objects.get().matter.number  # what is walked through now is what the review opened
    return address


def whoever_judged_is_called_and_it_is_mended(hall: Walk) -> None:
    form = open_action(hall.case("visitor"), "交办整改")
    pick(form, form.locator("[name=organ]"), "城市管理局")
    answer(form, demand="查明为何逾期，改进告知。")
    form.get_by_role("button", name="交办整改").click()
    expect(form.get_by_role("alert")).to_contain_text("请先回电")
    expect(form.locator("[name=demand]")).to_have_value("查明为何逾期，改进告知。")
    hall.does("visitor", "记录回电", reached=True, said="评价人说等候期间没有人告知。")
    hall.does("visitor", "交办整改", chosen={"organ": "城市管理局"}, demand="查明为何逾期，改进告知。")
    desk = hall.case("co")
    expect(desk.get_by_role("main")).not_to_contain_text("13800001234")
    expect(desk.get_by_role("main")).not_to_contain_text("王小明")
    hall.look(desk, "mend")
    hall.does("co", "报告整改", done="已增加超过三天的进度告知。")
    hall.look(hall.does("visitor", "答复评价人", reply="已经改进：超过三天的主动告知。"), "mended")
    assert hall.matter.closed_at


def it_is_judged_once_more(hall: Walk, address: str) -> None:
    page = hall.phone
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("超过三天的主动告知")
    answer(page.locator("form.rv-form"), mark="4")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("main")).to_contain_text("感谢您的评价")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("再次评价：")
    hall.look(page, "review-again")
    assert list(Review.objects.order_by("pk").values_list("mark", "round")) == [(1, 1), (4, 2)]


def two_people_exclude_it(hall: Walk) -> None:
    """The second sees nothing of what the first wrote; until then it counts."""
    first = Review.objects.get(round=1)
    for name, label, state in (("visitor", "提出不计入", False), ("supervisor", "认定不计入", True)):
        page = hall.desk(name)
        page.goto(f"/desk/reviews/{first.pk}/")
        assert "并非本人办理。" not in page.locator("main").inner_text()
        answer(page.locator("main form", has=page.locator("[name=reason]")), reason="并非本人办理。")
        hall.look(page, f"exclude-{name}")
        page.get_by_role("button", name=label).click()
        expect(page.locator(".zt-alert").first).to_be_visible()
        first.refresh_from_db()
        assert bool(first.excluded_at) is state


def test_a_firm_changes_its_name_on_a_phone(open_page: Callable[..., Page], offered: District) -> None:
    """Signed in by a code that is sent, a few answers, every document, submitted and followed."""
    album, page = Album("hall-firm"), open_page(width=390, height=844, is_mobile=True, has_touch=True)
    register.register_firms([FIRM], by=BY, at=timezone.now())
    _publish(
        offered,
        "公司变更登记",
        "0000700100300",
        {"delivery": ["pick_up"]},
        [{"name": "公司变更登记申请书"}],
        for_persons=False,
        for_firms=True,
    )
    page.goto("/firm/")
    answer(page.locator("main form"), code=FIRM.code)
    page.locator("main form button").first.click()
    page.wait_for_url("**/firm/sign-in/code*")
    ((_title, body),) = events.render_many([events.Notice.objects.latest("id")])
    found = re.search(r"\d{6}", body)
    assert found
    answer(page.locator("main form"), code=found[0])
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FIRM.name)
    album.look(page, "firm")
    page.get_by_role("link", name="开始办理").click()
    page.get_by_label("名称变更", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    form = page.locator("form", has=page.locator("[name=new_name]"))
    answer(form, new_name="示范云帆科技", agent_name="钱来", agent_id=citizen(41), agent_phone="13800000041")
    page.get_by_role("button", name="核对并生成材料").click()
    expect(page.locator(".zt-form-errors")).to_contain_text("名称的结尾")
    album.look(page, "wrong")
    answer(form, new_name="示范云帆科技有限公司")
    page.get_by_role("button", name="核对并生成材料").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登记材料已生成")
    album.look(page, "documents")
    expect(page.get_by_role("link", name=re.compile("PDF"))).to_have_count(5)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("main")).to_contain_text("公司变更登记")
    album.look(page, "submitted")
    case = Application.objects.get()
    assert (case.firm and case.firm.code, case.matter.stage) == (FIRM.code, "submitted")
    page.goto("/firm/")
    expect(page.get_by_role("main")).to_contain_text(case.matter.number)
    album.look(page, "followed")
