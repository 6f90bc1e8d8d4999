"""The desk by keyboard alone: nothing is clicked, and whoever tabs sees where they are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.district import PASSWORD, TEXT, District, Raised

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = TEXT.split("，")[0]
MOST_TABS = 40
# The button inside the picker of a moment has a ring of its own.
HERE = "document.activeElement.matches(':focus-visible, [type=datetime-local]')"


def test_passing_on_meeting_and_handling(open_page: Callable[..., Page], district: District) -> None:
    raised = district.open(lon=117.05, lat=36.56)
    pass_on(open_page(), raised)
    meet_and_handle(open_page(), raised)


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/sign-in/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".zt-account")).to_be_visible()
    hears(page)


def hears(page: Page) -> None:
    """What is pressed before the page's scripts have run is lost; they run once it is loaded."""
    page.wait_for_load_state("load")


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until there; everything on the way shows that it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(HERE), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached in {MOST_TABS} steps")


def pass_on(page: Page, raised: Raised) -> None:
    sign_in(page, "dispatcher")
    keys(page, "g", "d")
    expect(page.locator(".bd-title")).to_contain_text(TITLE)
    expect(page.locator("#id_category_box")).to_be_visible()
    hears(page)
    keys(page, "Enter")
    expect(page.locator("#id_category_box")).to_be_focused()
    page.keyboard.type("ludeng")
    keys(page, "Enter")
    expect(page.locator("[name=lead]")).not_to_have_value("")
    keys(page, "Control+Enter")
    expect(page.get_by_text("没有新到的诉求")).to_be_visible()
    assert raised.matter.stage == "passed"


def meet_and_handle(page: Page, raised: Raised) -> None:
    sign_in(page, "worker")
    keys(page, "g", "w")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    hears(page)
    keys(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    hears(page)
    keys(page, "a")
    expect(page.locator(".zt-act-title")).to_be_focused()
    tab_to(page, "[name=who]")
    page.keyboard.type("承办人与反映人")
    tab_to(page, "[name=how]")
    keys(page, "ArrowRight")  # the next of the group: by telephone
    tab_to(page, "[name=said]")
    page.keyboard.type("约定明晚前修好。")
    tab_to(page, ".zt-act-form button.zt-btn-primary")
    keys(page, "Enter")
    expect(page.get_by_text("已完成：记录见面")).to_be_visible()
    hears(page)
    keys(page, "a")
    expect(page.locator(".zt-act-title")).to_be_focused()
    tab_to(page, "[name=done]")
    page.keyboard.type("更换灯泡一只。")
    tab_to(page, ".zt-act-form button.zt-btn-primary")
    keys(page, "Enter")
    expect(page.get_by_text("已完成：记录办理")).to_be_visible()
    assert raised.matter.stage == "handled"
