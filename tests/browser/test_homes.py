"""The register at a desk and on a phone: found by number, shown in full for a reason, merged and parted, taken over from a table."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import BY, District
from zhitong.base.citizen import citizen_check
from zhitong.kernel.events.public import Event
from zhitong.kernel.register import public as register
from zhitong.kernel.register.tasks import import_waiting
from zhitong.kernel.territory import public as territory

from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
CITIZEN = "37999919800101001" + citizen_check("37999919800101001")
PHONE = "13800000001"


@pytest.fixture
def home(district: District) -> register.Household:
    """A household of two, and the head entered once more behind the next door."""
    at, today = timezone.now(), timezone.localdate()
    new = register.NewBuilding(district.streets["street"], "示范花园3号楼", "东风路8号", floors=6)
    (building,) = register.add_buildings([new], by=BY, at=at)
    units = register.add_units(
        building.pk, [register.NewUnit("501", "1单元", 5), register.NewUnit("502", "1单元", 5)], by=BY, at=at
    )
    head = register.NewResident(today, register.NewPerson("张三丰", PHONE, "", CITIZEN), role="head")
    child = register.NewResident(today, register.NewPerson("张小丰"), role="child", born_on=date(2012, 5, 1))
    again = register.NewResident(
        today, register.NewPerson("张三丰"), role="tenant", kind="living", born_on=date(1980, 1, 1), is_another=True
    )
    register.open_household(units[0].pk, [again], by=BY, at=at)
    kind = register.keep_tag_kind(name="独居老人", subject="person", purpose="定期探访", by=BY, at=at)
    one = register.open_household(units[1].pk, [head, child], by=BY, at=at)
    register.put_tag(
        kind.pk, register.residents_of([one.pk])[one.pk][0].person_id, purpose="入户走访时登记", by=BY, at=at
    )
    return one


def find(page: Page, typed: str) -> None:
    page.goto("/desk/homes/")
    page.get_by_label("查找人员或楼栋").fill(typed)
    page.get_by_role("button", name="查找").click()


def test_found_by_number_and_shown_in_full_for_a_reason(
    district: District, home: register.Household, open_page: Callable[..., Page]
) -> None:
    album = Album("homes-found")
    page = open_page(width=1280, height=800)
    sign_in(page, "worker")
    find(page, CITIZEN)
    album.look(page, "found")
    page.get_by_role("link", name="张**").first.click()
    album.look(page, "person")
    expect(page.locator("main")).not_to_contain_text(CITIZEN)
    page.get_by_role("link", name="查看身份证号").or_(page.get_by_role("button", name="查看身份证号")).click()
    page.get_by_label("查看原因").fill("核对居住登记")
    page.get_by_label("查看原因").press("Enter")
    expect(page.get_by_text(CITIZEN)).to_be_visible()
    album.look(page, "in-full")
    assert Event.objects.get(kind="person.revealed").data["reason"] == "核对居住登记"
    phone = open_page(width=360, height=740)
    sign_in(phone, "grid")
    find(phone, PHONE)
    album.look(phone, "found-on-a-phone")
    phone.goto(f"/desk/homes/buildings/{home.unit.building_id}/")
    album.look(phone, "building-on-a-phone")
    phone.goto(f"/desk/homes/households/{home.pk}/")
    album.look(phone, "household-on-a-phone")


def test_merged_and_parted(district: District, home: register.Household, open_page: Callable[..., Page]) -> None:
    album, page = Album("homes-merged"), open_page(width=1280, height=800)
    sign_in(page, "grid")
    find(page, CITIZEN)
    page.get_by_role("link", name="张**").first.click()
    expect(page.get_by_text("登记中可能相同的人")).to_be_visible()
    album.look(page, "twice")
    page.get_by_role("link", name="比对合并").click()
    album.look(page, "side-by-side")
    page.get_by_role("button", name="确认是同一人，合并").click()
    expect(page.get_by_text("已合并，可在本页撤销。")).to_be_visible()
    album.look(page, "merged")
    assert register.Person.objects.filter(name="张三丰").count() == 1
    page.get_by_role("button", name="撤销合并").click()
    page.locator("#confirm-dialog").get_by_role("button").last.click()
    expect(page.get_by_text("已撤销合并，两条记录恢复原样。")).to_be_visible()
    assert register.Person.objects.filter(name="张三丰").count() == 2


def test_a_table_is_tried_and_taken_over(district: District, open_page: Callable[..., Page], tmp_path: Path) -> None:
    node = territory.node(district.streets["street"])
    assert node is not None
    path, album = tmp_path / "人房登记.csv", Album("homes-table")
    rows = (
        f"{node.code},示范花园1号楼,东风路1号,101,李四,{PHONE},户主",
        f"{node.code},示范花园1号楼,东风路1号,102,王五,12,户主",
    )
    path.write_text("\n".join(["区划编码,楼栋名称,地址,房号,姓名,电话,与户主关系", *rows]), encoding="utf-8")
    page = open_page(width=1280, height=800)
    sign_in(page, "grid")
    page.goto("/desk/homes/")
    page.get_by_role("link", name="导入").click()
    album.look(page, "import")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并试运行").click()
    expect(page.get_by_text("排队中，马上开始…")).to_be_visible()
    import_waiting()
    expect(page.get_by_text("试运行完成，什么都还没有写入。")).to_be_visible()
    expect(page.get_by_text("电话号码不正确")).to_be_visible()
    album.look(page, "tried")
    assert not register.Building.objects.exists()
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("排队中，马上开始…")).to_be_visible()
    import_waiting()
    expect(page.get_by_text("导入完成。")).to_be_visible()
    find(page, PHONE)
    expect(page.get_by_role("link", name="李*")).to_be_visible()
    page.goto("/desk/homes/")
    page.get_by_role("link", name="导出").click()
    album.look(page, "export")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
