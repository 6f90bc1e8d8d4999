"""A drive from its first word to zero: made at a desk, found and cleared on a phone, followed, and shown to residents."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import District, photo
from zhitong.kernel.territory.public import Level, areas, of_level
from zhitong.lines.campaigns.public import Drive, Target

from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_list_to_zero(district: District, open_page: Callable[..., Page], tmp_path: Path) -> None:
    album, today = Album("drives"), timezone.localdate()
    grid = next(one for one in of_level(Level.GRID) if district.streets["street"] in one.path)
    table, before, after = tmp_path / "清单.csv", tmp_path / "before.jpg", tmp_path / "after.jpg"
    table.write_text(
        f"编号,对象名称,统一编码,问题类型\nA1,东侧彩钢棚,{grid.code},违法建设\nA2,西侧彩钢棚,000,\n", encoding="utf-8"
    )
    before.write_bytes(photo("gray", (400, 300)))
    after.write_bytes(photo("green", (400, 300)))
    desk = open_page(width=1280)
    sign_in(desk, "admin")
    desk.goto("/desk/drives/new")
    desk.get_by_label("行动名称").fill("违建清零")
    desk.locator("#id_organ").evaluate("(list, id) => { list.value = id; list.dispatchEvent(new Event('change', { bubbles: true })); }",
                                       str(district.organs["bureau"].pk))  # fmt: skip
    desk.locator("#id_starts_on").fill(f"{today - timedelta(days=3)}")
    desk.locator("#id_ends_on").fill(f"{today + timedelta(days=3)}")
    desk.locator("#id_stages").fill("已发现\n已告知\n*已拆除")
    desk.locator("#id_sorts").fill("违法建设\n占道经营")
    desk.get_by_label("完成时须有处置后照片").check()
    desk.get_by_label("网格员可现场登记对象").check()
    desk.get_by_role("button", name="建立行动").click()
    expect(desk.get_by_text("请补充行动对象")).to_be_visible()
    desk.locator("input[type=file]").set_input_files(table)
    desk.get_by_role("button", name="试运行").click()
    expect(desk.get_by_text("没有编码为“000”的网格或村居。")).to_be_visible()
    album.look(desk, "tried")
    desk.locator("input[type=file]").set_input_files(table)
    desk.get_by_role("button", name="导入", exact=True).click()
    expect(desk.get_by_text("已写入1行")).to_be_visible()
    drive = Drive.objects.get()

    phone = open_page(width=360, height=740)
    sign_in(phone, "grid")
    phone.goto(f"/desk/drives/{drive.pk}/find")
    spot = areas([grid.id])[grid.id].representative_point()
    phone.locator("#id_lon").evaluate("(field, value) => { field.value = value; }", f"{spot.x:.6f}")
    phone.locator("#id_lat").evaluate("(field, value) => { field.value = value; }", f"{spot.y:.6f}")
    phone.locator("input[type=file]").first.set_input_files(before)
    phone.get_by_label("对象名称").fill("路口铁皮棚")
    phone.locator("#id_sort").select_option("违法建设")
    album.look(phone, "found")
    phone.get_by_role("button", name="登记", exact=True).click()
    expect(phone.get_by_text("已登记为第2号")).to_be_visible()
    phone.locator("#id_stage").select_option(label="已拆除")
    phone.get_by_role("button", name="推进", exact=True).click()
    expect(phone.get_by_text("请上传处置后的照片。").first).to_be_visible()
    phone.locator("#id_stage").select_option(label="已拆除")
    phone.locator("input[name=after]").set_input_files(after)
    phone.get_by_label("说明").first.fill("当场拆除")
    phone.get_by_role("button", name="推进", exact=True).click()
    expect(phone.get_by_text("已推进到“已拆除”")).to_be_visible()
    album.look(phone, "cleared")
    assert Target.objects.get(number=2).state == "done"

    desk.goto(f"/desk/drives/{drive.pk}/")
    expect(desk.locator(".zt-stat").filter(has_text="已完成")).to_contain_text("50.0%")
    album.look(desk, "drive")
    desk.goto(f"/desk/drives/{drive.pk}/targets/")
    desk.locator("input[name=target]").first.check()
    desk.locator("#bulk-stage").select_option(label="已告知")
    desk.get_by_role("button", name="推进", exact=True).click()
    expect(desk.get_by_text("已推进1个对象。")).to_be_visible()
    album.look(desk, "moved")
    desk.goto(f"/desk/drives/{drive.pk}/")
    desk.get_by_text("管理", exact=True).last.click()
    desk.get_by_role("button", name="向居民公开进度").click()
    anybody = open_page(width=360, height=740)
    anybody.goto(f"/drives/{drive.pk}/")
    expect(anybody.get_by_role("heading", name="违建清零")).to_be_visible()
    expect(anybody.get_by_text("路口铁皮棚")).to_have_count(0)
    album.look(anybody, "public")
