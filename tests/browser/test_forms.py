"""What a form keeps in the browser while it is filled in, and that nothing lies over the field that is filled in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.district import BY, District
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.tests.test_counter import an_item

from .walking import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
CITIZEN_ID, BANK_CARD, PHONE = "11010519491231002X", "6222021234567890128", "13800001234"
KEPT = "() => Object.entries(sessionStorage).filter(([key]) => key.startsWith('zt-form:')).map(([, value]) => value)"
AGED = """(hours) => Object.keys(sessionStorage).filter((key) => key.startsWith('zt-form:')).forEach((key) => {
  const kept = JSON.parse(sessionStorage[key]);
  sessionStorage[key] = JSON.stringify({ ...kept, at: kept.at - hours * 3600000 });
})"""
UNDER = """() => {
  if (document.activeElement === document.body) return '';
  const bar = document.querySelector('.zt-sticky').getBoundingClientRect(), one = document.activeElement.getBoundingClientRect();
  const isIn = document.activeElement.closest('.zt-sticky') !== null;
  return isIn || one.bottom <= bar.top + 1 || one.top >= bar.bottom ? '' : document.activeElement.outerHTML.slice(0, 200);
}"""


@pytest.fixture
def guide(district: District) -> str:
    """The address of the form of an item."""
    load_case_defaults(by=BY)
    words = [{"slug": "说明", "label": "占用说明", "kind": "long_text"}]
    return f"/hall/items/{an_item(district, words)}/apply"


def kept(page: Page) -> list[dict[str, Any]]:
    """What lies in the browser, once the page has had the time to put it there."""
    page.wait_for_timeout(700)
    return [json.loads(one) for one in page.evaluate(KEPT)]


def test_numbers_of_people_are_not_kept(phone: Page, guide: str) -> None:
    """Left and opened again the form has everything but the numbers, and says so."""
    phone.goto(guide)
    phone.locator("[name=name]").fill("王小明")
    phone.locator("[name=citizen_id]").fill(CITIZEN_ID)
    phone.locator("[name=phone]").fill(PHONE)
    words = phone.locator("[name=answer_说明]")
    words.fill(f"本人身份证 110105 19491231 002X，卡号{BANK_CARD}，门前摆摊")
    (found,) = kept(phone)
    text = json.dumps(found, ensure_ascii=False)
    assert "王小明" in text
    assert "门前摆摊" in text
    for number in (CITIZEN_ID, "19491231", BANK_CARD, PHONE):
        assert number not in text
    phone.goto("/hall/")
    phone.goto(guide)
    expect(phone.locator("[name=name]")).to_have_value("王小明")
    expect(phone.locator("[name=citizen_id]")).to_have_value("")
    expect(phone.locator("[name=phone]")).to_have_value("")
    expect(words).to_have_value("本人身份证 □□□，卡号□□□，门前摆摊")
    expect(phone.locator("#toasts")).to_contain_text("不在浏览器里保存")


def test_what_is_kept_is_of_one_shift_and_one_person(open_page: Callable[..., Page], guide: str) -> None:
    page = open_page()
    page.goto(guide)
    page.locator("[name=name]").fill("王小明")
    assert len(kept(page)) == 1
    page.evaluate(AGED, 11)
    page.goto(guide)
    expect(page.locator("[name=name]")).to_have_value("王小明")
    page.evaluate(AGED, 2)
    page.goto(guide)
    expect(page.locator("[name=name]")).to_have_value("")
    assert kept(page) == []


def test_who_leaves_leaves_nothing(open_page: Callable[..., Page], district: District) -> None:
    """Signing out takes it away; somebody else who signs in where a session has run out finds none of it."""
    page = open_page()
    sign_in(page, "clerk")
    typed = page.locator("main [name=name]")
    for leave in ("out", "other"):
        page.goto("/desk/appeals/new")
        expect(typed).to_have_value("")
        typed.fill("王小明")
        assert len(kept(page)) == 1
        if leave == "out":
            page.locator(".zt-account > summary").click()
            page.get_by_role("button", name="退出登录").click()
            expect(page.locator("[name=username]")).to_be_visible()
            assert kept(page) == []
            sign_in(page, "clerk")
        else:
            page.context.clear_cookies()
            sign_in(page, "dispatcher")
            assert kept(page) == []


def test_the_bar_of_a_long_form_covers_no_field(phone: Page, guide: str) -> None:
    """On a small phone the buttons stay at the foot of the screen; what has the focus stays above them."""
    phone.set_viewport_size({"width": 360, "height": 480})
    phone.goto(guide)
    expect(phone.locator(".zt-sticky")).to_be_visible()
    for step in range(120):
        phone.keyboard.press("Tab" if step < 60 else "Shift+Tab")
        assert phone.evaluate(UNDER) == ""
