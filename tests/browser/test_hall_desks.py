"""What the guide promises is drafted, looked at and published; whoever cannot come has an agent.  At their desks, on a phone.

Screenshots of every page are in ``test-results/hall-editor`` and ``test-results/hall-agent``.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import BY, District
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions import agency
from zhitong.lines.hall.models import Errand, Item, Version
from zhitong.lines.hall.tests.factories import COMPLETE

from .walking import Album, Walk, answer, pick, small_targets

pytestmark = pytest.mark.django_db(transaction=True)

CITIZEN_ID = "11010519491231002X"


@pytest.fixture
def item(district: District) -> Item:
    """One item of the bureau, in force."""
    at, organ = timezone.now() - timedelta(days=1), district.organs["bureau"].pk
    base = actions.create_base(code="B1", name="小餐饮登记", kind="permit", by=BY, at=at)
    made = actions.create_item(
        base_id=base.pk, code="SB1", organ_id=organ, topic="food", everyday="开饭馆", by=BY, at=at
    )
    draft = actions.start_draft(made.pk, by=BY, at=at)
    actions.write_draft(draft.pk, {**COMPLETE, "visits": "agent"}, [{"name": "申请表"}], by=BY, at=at)
    actions.publish(draft.pk, effective_on=timezone.localdate(at), by=BY, at=at)
    return made


def test_a_version_is_drafted_looked_at_and_published(open_page: Callable[..., Page], phone: Page, item: Item) -> None:
    walk = Walk(open_page, phone, Album("hall-editor"))
    page = walk.desk("admin")
    page.goto("/setup/hall/")
    page.get_by_role("link", name="小餐饮登记").click()
    page.get_by_role("button", name="起草新版本").click()
    what_is_missing_is_named(walk, page)
    what_differs_is_shown_and_published(walk, page)
    the_resident_reads_the_new_one(walk)


def what_is_missing_is_named(walk: Walk, page: Page) -> None:
    """A question that nobody named is called as it asks, and a material may depend on it."""
    answer(page.locator("#draft"), promised_days="50")
    page.get_by_role("button", name="添加问题").click()
    answer(page.locator("#q-0"), **{"q-0-label": "经营场所从哪里来？", "q-0-kind": "单选"})
    expect(page.locator("[name=promised_days]")).to_have_value("50")
    page.locator("[name=m-0-needed_when]").fill("从哪来=租赁")
    walk.look(page, "draft")
    page.get_by_role("button", name="保存并预览").click()
    page.get_by_role("link", name="返回编制").click()
    for words in ("承诺时限不能长于法定时限", "选项", "可以用：经营场所从哪里来"):
        expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("button", name="发布")).to_have_count(0)
    walk.look(page, "missing")


def what_differs_is_shown_and_published(walk: Walk, page: Page) -> None:
    page.get_by_role("link", name="编辑草稿").first.click()
    answer(
        page.locator("#draft"), promised_days="2",
        **{"q-0-choices": "自有\n租赁", "m-0-needed_when": "经营场所从哪里来=租赁", "m-0-condition": "租房经营的"},
    )  # fmt: skip
    page.get_by_role("button", name="保存并预览").click()
    expect(page.get_by_role("main")).to_contain_text("租房经营的")
    walk.look(page, "preview")
    page.get_by_role("link", name="返回编制").click()
    expect(page.get_by_role("row", name="承诺时限")).to_contain_text("2")
    walk.look(page, "differences")
    page.get_by_role("button", name="发布").click()
    page.locator("#confirm-dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("第2版已发布")).to_be_visible()
    expect(page.get_by_role("row", name="第1版")).to_contain_text("已由新版接替")
    walk.look(page, "published")
    assert Version.objects.get(number=2).form[0].slug == "经营场所从哪里来"


def the_resident_reads_the_new_one(walk: Walk) -> None:
    page = walk.phone
    page.goto("/hall/?q=开饭馆")
    page.locator(".hl-item").click()
    expect(page.get_by_role("main")).to_contain_text("租房经营的")
    walk.look(page, "guide")  # an agent's item: its figures fit a small phone


def test_whoever_cannot_come_has_an_agent(
    open_page: Callable[..., Page], phone: Page, district: District, item: Item
) -> None:
    staff = district.people["grid"].staff_id
    assert staff
    agency.appoint(staff, sort="grid_agent", division_id=district.streets["street"], by=BY, at=timezone.now())
    walk = Walk(open_page, phone, Album("hall-agent"))
    an_agent_is_asked_for(walk)
    the_agent_takes_it(walk)
    a_mandate_is_given_and_papers_handed_over(walk)
    the_mandate_is_taken_back(walk)


def an_agent_is_asked_for(walk: Walk) -> None:
    page = walk.phone
    page.goto("/hall/?q=开饭馆")
    page.locator(".hl-item").click()
    page.get_by_role("link", name="请人帮办代办").click()
    form = page.locator("main form")
    answer(form, name="钱奶奶", phone="1380000")
    pick(form, form.locator("[name=division]"), "东风社区")
    form.get_by_role("button", name="提交").click()
    expect(page.locator(".zt-form-errors")).to_contain_text("电话号码不正确")
    expect(form.locator("[name=name]")).to_have_value("钱奶奶")
    answer(form, phone="13800001234", address="东风路18号", words="腿脚不便，上午在家。")
    walk.look(page, "ask")
    assert small_targets(page) == []
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到代办申请")
    walk.keeps(page.locator(".hc-number"), page.locator(".hc-code"))
    walk.look(page, "receipt")


def the_agent_takes_it(walk: Walk) -> None:
    page = walk.desk("grid")
    page.goto("/desk/agency/")
    walk.look(page, "pool")
    page.get_by_role("row", name="小餐饮登记").get_by_role("button", name="接单").click()
    expect(page.get_by_text("已接单，请尽快与申请人联系")).to_be_visible()
    expect(walk.follow().get_by_role("main")).to_contain_text("代办中")


def a_mandate_is_given_and_papers_handed_over(walk: Walk) -> None:
    """The code that only the applicant has confirms both."""
    walk.does("grid", "签署委托", citizen_id=CITIZEN_ID, months="1", way="by_code", code=walk.code)
    walk.does("grid", "收取原件", things="房屋租赁合同\n身份证", way="by_code", code=walk.code)
    page = walk.follow()
    for words in ("房屋租赁合同", "身份证", "有效期至"):
        expect(page.get_by_role("main")).to_contain_text(words)
    walk.look(page, "followed")


def the_mandate_is_taken_back(walk: Walk) -> None:
    page = walk.phone
    page.get_by_role("button", name="撤销委托").click()
    page.locator("#confirm-dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已办理。")).to_be_visible()
    walk.look(page, "taken-back")
    assert Errand.objects.get().revoked_at
