"""A form built on screen: questions, choices, conditions by clicks, what is wrong said at the question, tried, kept, and opened again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.district import District
from zhitong.lines.surveys.models import Version
from zhitong.lines.surveys.public import EXAMPLES, workbook_of

from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def opened(page: Page) -> Locator:
    """The question that is open."""
    return page.locator(".zt-build-item").filter(has=page.locator(".zt-build-editor"))


def add(page: Page, kind: str, words: str) -> None:
    page.locator(".zt-build-add").get_by_role("button", name=kind, exact=True).click()
    said = opened(page).get_by_label("题目文字").first
    said.fill(words)
    said.blur()


def test_a_form_is_built_without_a_workbook(district: District, open_page: Callable[..., Page], tmp_path: Path) -> None:
    album, desk = Album("survey-building"), open_page(width=1280)
    sign_in(desk, "admin")
    desk.goto("/setup/forms/")
    desk.get_by_role("link", name="新建表单").click()
    expect(desk.get_by_text("还没有题目")).to_be_visible()
    desk.get_by_label("表单名称").fill("楼道巡查")
    add(desk, "单选", "楼道灯亮吗")
    for at, words in enumerate(("亮", "不亮"), 1):
        desk.get_by_label(f"选项文字 {at}").fill(words)
        desk.get_by_label(f"选项文字 {at}").blur()
    opened(desk).get_by_label("添加选项").fill("时亮时不亮")
    opened(desk).get_by_label("添加选项").press("Enter")
    expect(opened(desk).get_by_label("选项文字 3")).to_have_value("时亮时不亮")
    opened(desk).get_by_text("必填", exact=True).click()
    add(desk, "整数", "坏了几盏")
    opened(desk).get_by_label("什么时候问这一题").select_option("clicks")
    opened(desk).get_by_label("题目", exact=True).select_option(label="楼道灯亮吗")
    opened(desk).get_by_label("选项值", exact=True).select_option(label="不亮")
    opened(desk).get_by_label("填写要求").select_option("between")
    opened(desk).get_by_label("最小").fill("1")
    opened(desk).get_by_label("最小").blur()
    expect(desk.locator(".zt-build-said")).to_contain_text("共2题，没有问题")
    album.look(desk, "condition")
    add(desk, "自动计算", "坏灯加一")
    opened(desk).get_by_label("算式").fill("${nobody} + 1")
    opened(desk).get_by_label("算式").blur()
    expect(opened(desk).locator(".zt-build-wrong")).to_contain_text("nobody")
    album.look(desk, "wrong")
    opened(desk).get_by_role("button", name="删除").first.click()
    expect(desk.locator(".zt-build-item")).to_have_count(2)
    desk.locator(".zt-build-bar").get_by_role("button", name="撤销").click()
    expect(desk.locator(".zt-build-item")).to_have_count(3)
    desk.locator(".zt-build-bar").get_by_role("button", name="重做").click()
    add(desk, "重复填写", "每个单元")
    add(desk, "录音", "现场情况")
    expect(desk.locator(".zt-build-item[data-depth='1']")).to_have_count(1)
    desk.locator(".zt-build-open").filter(has_text="现场情况").press("Alt+ArrowDown")
    expect(desk.locator(".zt-build-item[data-depth='1']")).to_have_count(0)
    desk.keyboard.press("Alt+ArrowUp")
    expect(desk.locator(".zt-build-item[data-depth='1']")).to_have_count(1)
    desk.get_by_role("button", name="预览").click()
    trial = desk.locator(".zt-build-trial .zt-survey")
    trial.get_by_text("不亮", exact=True).click()
    expect(trial.get_by_text("坏了几盏")).to_be_visible()
    album.look(desk, "tried")
    desk.reload()
    expect(desk.get_by_text("已接着上次没保存的内容。")).to_be_visible()
    expect(desk.locator(".zt-build-open")).to_have_count(5)
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk.get_by_role("heading", name="楼道巡查 · 第1版")).to_be_visible()
    made = Version.objects.get()
    questions = {question.label: question for question in made.questions.questions.values()}
    assert questions["楼道灯亮吗"].choices == {"1": "亮", "2": "不亮", "3": "时亮时不亮"}
    assert questions["坏了几盏"].relevant.endswith("= '2'")
    assert questions["坏了几盏"].constraint == ". >= 1"
    workbook = tmp_path / "again.xlsx"
    workbook.write_bytes(bytes(made.workbook))
    desk.goto(f"/setup/forms/{made.form_id}/")
    desk.locator("input[type=file]").set_input_files(workbook)
    desk.get_by_role("button", name="上传并检查").click()
    expect(desk.get_by_role("heading", name="楼道巡查 · 第2版")).to_be_visible()
    assert Version.objects.get(number=2).xform == made.xform


def test_a_workbook_is_opened_and_what_is_not_known_stays(
    district: District, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    album, desk, workbook = Album("survey-opened"), open_page(width=360, height=740), tmp_path / "入户.xlsx"
    workbook.write_bytes(workbook_of(EXAMPLES["epidemic"][1]))
    sign_in(desk, "admin")
    desk.goto("/setup/forms/")
    desk.locator("input[type=file]").set_input_files(workbook)
    desk.get_by_role("button", name="上传并检查").click()
    desk.get_by_role("link", name="编辑", exact=True).click()
    expect(desk.locator(".zt-build-said")).to_contain_text("没有问题")
    first = Version.objects.get()
    album.look(desk, "opened")
    desk.locator(".zt-build-open").filter(has_text="去过哪里").click()
    expect(opened(desk).get_by_label("什么时候问这一题")).to_have_value("clicks")
    album.look(desk, "on-a-phone")
    desk.locator(".zt-build-open").filter(has_text="started").click()
    expect(opened(desk)).to_contain_text("原样保留")
    desk.get_by_label("表单名称").fill("入户登记")
    desk.get_by_label("表单名称").blur()
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk.get_by_role("heading", name="入户登记 · 第1版")).to_be_visible()
    now = Version.objects.get()
    assert now.xform == first.xform.replace("疫情防控入户登记", "入户登记")
