"""An editor of the catalogue works by keyboard alone: a new version, a question, a material, saved and published."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import BY, District
from zhitong.lines.hall.models import Version
from zhitong.lines.hall.public import publish, start_draft
from zhitong.lines.hall.tests.test_editing import drafted

from .test_keyboard import keys, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, selector: str) -> None:
    """Press what stands there, found by going to it and not by a click."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def test_a_draft_is_written_and_published_by_keyboard(open_page: Callable[..., Page], district: District) -> None:
    version = drafted(district)
    publish(version.pk, effective_on=timezone.localdate(), by=BY, at=timezone.now())
    draft = start_draft(version.item_id, by=BY, at=timezone.now())
    page = open_page()
    sign_in(page, "head")
    page.goto(f"/setup/hall/{version.item_id}/draft")
    page.wait_for_load_state("load")
    enter(page, "[value='add:q:0']")
    expect(page.locator("[name=q-0-label]")).to_be_focused()
    page.keyboard.type("是否夜间施工")
    page.keyboard.press("Tab")
    page.locator("[name=q-0-kind]").select_option("yes_no")
    enter(page, "[value='add:m:0']")
    expect(page.locator("[name=m-4-name]")).to_be_focused()
    page.keyboard.type("夜间施工证明")
    enter(page, "[value='up:m:4']")
    expect(page.locator("[name=m-3-name]")).to_have_value("夜间施工证明")
    expect(page.locator("[value='up:m:3']")).to_be_focused()
    expect(page.locator("[name=q-0-label]")).to_have_value("是否夜间施工")
    page.locator("[name=fee]").focus()
    keys(page, "Control+a")
    page.keyboard.type("每平方米每天一元")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/setup/hall/{version.item_id}/")
    expect(page.locator("main")).to_contain_text("是否夜间施工")
    draft.refresh_from_db()
    assert [one.label for one in draft.form] == ["是否夜间施工"]
    assert [one.name for one in draft.materials.all()][3] == "夜间施工证明"
    assert Version.objects.get(pk=draft.pk).fee == "每平方米每天一元"
