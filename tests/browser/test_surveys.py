"""A survey from the workbook to the last answer: whoever designs it at a desk, the grid worker on a phone, without network too."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import BY, District
from zhitong.lines.surveys import public as surveys
from zhitong.lines.surveys.models import Answer, Survey

from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def question(page: Page, label: str, place: int = 0):
    """The question with that label; of a repeat, in that round."""
    return page.locator(".zt-survey-question").filter(has_text=label).nth(place)


def member(page: Page, place: int, name: str, temperature: str) -> None:
    """One person of the household."""
    question(page, "姓名", place + 1).locator("input").fill(name)  # the first is the holder's
    question(page, "近14天是否出省", place).get_by_text("否", exact=True).click()
    question(page, "今日体温", place).locator("input").fill(temperature)
    question(page, "有无下列症状", place).get_by_text("都没有").click()


def test_from_the_workbook_to_the_certificate(
    district: District, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    album, workbook = Album("surveys"), tmp_path / "入户.xlsx"
    workbook.write_bytes(surveys.workbook_of(surveys.EXAMPLES["epidemic"][1]))
    desk = open_page(width=1280)
    sign_in(desk, "admin")
    desk.goto("/setup/forms/")
    desk.locator("input[type=file]").set_input_files(workbook)
    desk.get_by_role("button", name="上传并检查").click()
    expect(question(desk, "户主姓名")).to_be_visible()
    desk.get_by_role("button", name="检查一遍").click()
    expect(desk.locator(".zt-survey-said")).to_contain_text("题要改")
    album.look(desk, "tried")
    desk.get_by_role("button", name="发布").click()
    desk.locator("#confirm-dialog").get_by_role("button").last.click()
    expect(desk.get_by_text("已发布。现在可以用它开展摸排。")).to_be_visible()
    today = timezone.localdate()
    version = surveys.published()[0]
    survey = surveys.begin(
        version.pk, name="入户登记", purpose="掌握入户情况", starts_on=today, ends_on=today + timedelta(days=3), by=BY, at=timezone.now(),
        targets=[surveys.NewTarget(f"{number}号楼", district.streets["street"]) for number in (1, 2)],
    )  # fmt: skip
    phone = open_page(width=360, height=740)
    sign_in(phone, "grid")
    phone.goto(f"/desk/surveys/{survey.pk}/")
    album.look(phone, "targets")
    phone.get_by_role("link", name="1号楼").click()
    question(phone, "户主姓名").locator("input").fill("王小明")
    question(phone, "联系电话").locator("input").fill("1380000")
    question(phone, "现居住人数").locator("input").fill("2")
    member(phone, 0, "王小明", "36.5")
    expect(question(phone, "去过哪里")).to_have_count(0)
    question(phone, "近14天是否出省").get_by_text("是", exact=True).click()
    question(phone, "去过哪里").locator("input").fill("河北")
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".zt-survey-said")).to_contain_text("还有1题要改")
    expect(question(phone, "联系电话")).to_contain_text("手机号应为11位。")
    album.look(phone, "wrong")
    question(phone, "联系电话").locator("input").fill("13800000000")
    phone.get_by_role("button", name="再加一项").click()
    member(phone, 1, "王小红", "37.6")
    expect(phone.get_by_text("体温达到37.3℃")).to_be_visible()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".zt-survey-said")).to_contain_text("没有网络")
    assert not Answer.objects.exists()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.locator(".zt-survey-said")).to_contain_text("已接着上次没填完的内容")
    expect(question(phone, "户主姓名").locator("input")).to_have_value("王小明")
    album.look(phone, "again")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="2号楼")).to_be_visible()
    given = Answer.objects.get()
    assert [one["temperature"] for one in given.values["member"]] == ["36.5", "37.6"]
    assert given.values["member"][0]["went_to"] == "河北"
    desk.goto(f"/desk/surveys/{survey.pk}/")
    album.look(desk, "followed")
    for button in ("结束摸排", "汇总并销毁答卷"):
        desk.get_by_role("button", name=button).click()
        desk.locator("#confirm-dialog").get_by_role("button").last.click()
    expect(desk.get_by_text("汇总和销毁证明")).to_be_visible()
    album.look(desk, "destroyed")
    assert Survey.objects.get().destroyed_at
