"""A survey from the workbook to the last answer: whoever designs it at a desk, the grid worker on a phone, without network too."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import BY, District, photo
from zhitong.kernel.matters.public import finding_subkinds
from zhitong.lines.surveys import public as surveys
from zhitong.lines.surveys.models import Answer, Raised, Survey

from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


# Every byte of what is half filled in, as the browser holds it.
LEFT = """() => new Promise((done) => {
  const asked = indexedDB.open('zhitong-survey');
  asked.onsuccess = () => {
    const read = asked.result.transaction('drafts').objectStore('drafts').getAll();
    read.onsuccess = async () => {
      asked.result.close();
      const bytes = [];
      for (const { sealed, ...more } of read.result.flat()) {
        bytes.push(...new Uint8Array(sealed.data), ...new TextEncoder().encode(JSON.stringify(more)));
        for (const one of Object.values(more)) if (one instanceof Blob) bytes.push(...new Uint8Array(await one.arrayBuffer()));
      }
      done(bytes);
    };
  };
})"""


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
    left = bytes(phone.evaluate(LEFT)).decode("utf-8", "ignore")  # what lies on this machine until then
    assert "王小明" not in left
    assert "13800000000" not in left
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


DOORS = {
    "survey": [["type", "name", "label", "media::image", "required"], ["note", "route", "走访路线", "route.jpg", ""],
               ["select_one doors", "door", "哪一扇门", "", "yes"], ["image", "plate", "门牌照片", "", "yes"]],
    "choices": [["list_name", "name", "label"], ["doors", "left", "东门"], ["doors", "right", "西门"]],
}  # fmt: skip


def test_photos_outlive_the_page_and_are_read_at_the_desk(
    district: District, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    """A form that shows a picture and asks for one; a rule raises a matter of the answer."""
    album, at, today = Album("survey-photos"), timezone.now(), timezone.localdate()
    made = surveys.take(surveys.workbook_of(DOORS), "门牌.xlsx", name="门牌核对", by=BY, at=at)
    desk = open_page(width=1280)
    sign_in(desk, "admin")
    desk.goto(f"/setup/forms/versions/{made.pk}/")
    expect(desk.get_by_text("route.jpg")).to_be_visible()
    desk.locator("#files").set_input_files({"name": "route.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    desk.get_by_role("button", name="附上").click()
    expect(desk.get_by_text("已附上：route.jpg。")).to_be_visible()
    expect(desk.locator(".zt-survey-picture")).to_be_visible()
    album.look(desk, "version")
    surveys.publish(made.pk, by=BY, at=at)
    desk.goto(f"/setup/forms/{made.form_id}/")
    desk.get_by_text("添加规则").click()
    album.look(desk, "rule")
    surveys.add_rule(made.form_id, path="/data/door", crossing="is", bound="西门", title="西门待核实", urgency="normal",
                     subkind=finding_subkinds()[0].pk, by=BY, at=at)  # fmt: skip
    survey = surveys.begin(
        made.pk, name="门牌核对", starts_on=today, ends_on=today + timedelta(days=3), by=BY, at=at,
        targets=[surveys.NewTarget("1号楼", district.streets["street"])],
    )  # fmt: skip
    phone = open_page(width=360, height=740)
    sign_in(phone, "grid")
    phone.goto(f"/desk/surveys/targets/{survey.targets.get().pk}/")
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".zt-survey-said")).to_contain_text("还有2题要改")
    question(phone, "哪一扇门").get_by_text("西门").click()
    question(phone, "门牌照片").locator("input").set_input_files(
        {"name": "IMG 1.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(question(phone, "门牌照片").locator("img")).to_be_visible()
    album.look(phone, "photo")
    phone.reload()
    expect(phone.locator(".zt-survey-said")).to_contain_text("已接着上次没填完的内容")
    expect(question(phone, "门牌照片").locator("img")).to_be_visible()
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="门牌核对")).to_be_visible()
    given = Answer.objects.get()
    assert given.photos.get().media_type == "image/jpeg"
    desk.goto(f"/desk/surveys/{survey.pk}/")
    desk.get_by_role("link", name="查看答卷").click()
    desk.get_by_role("link", name="1号楼").click()
    assert Raised.objects.get(answer=given).matter.title == "西门待核实"  # the administrator sees no matters
    expect(desk.locator(".zt-survey-read img")).to_be_visible()
    album.look(desk, "read")


PLATES = {
    "survey": [["type", "name", "label", "required"], ["text", "owner", "户主姓名", "yes"], ["image", "plate", "门牌照片", "yes"]],
}  # fmt: skip
# The next answer's way to the server, once: ends before it is heard, ends before the server's word is back, goes there twice.
WAY = """(way) => {
  const real = window.fetch;
  window.fetch = async (...asked) => {
    if (asked[1]?.method !== "POST") return real(...asked);
    window.fetch = real;
    if (way !== "unheard") await real(...asked);
    if (way !== "twice") throw new TypeError("Failed to fetch");
    return real(...asked);
  };
}"""


def test_an_answer_whose_network_ends_in_the_middle_is_taken_once(
    district: District, open_page: Callable[..., Page]
) -> None:
    """Before the server has heard, after it has and before it is heard itself, and heard twice."""
    at, today = timezone.now(), timezone.localdate()
    made = surveys.take(surveys.workbook_of(PLATES), "门牌.xlsx", name="门牌核对", by=BY, at=at)
    surveys.publish(made.pk, by=BY, at=at)
    survey = surveys.begin(
        made.pk, name="门牌核对", starts_on=today, ends_on=today + timedelta(days=3), by=BY, at=at,
        targets=[surveys.NewTarget(f"{number}号楼", district.streets["street"]) for number in (1, 2, 3)],
    )  # fmt: skip
    phone = open_page(width=360, height=740)
    sign_in(phone, "grid")
    for way, target, taken in (("unheard", "1号楼", 0), ("unanswered", "2号楼", 2), ("twice", "3号楼", 3)):
        phone.goto(f"/desk/surveys/targets/{survey.targets.get(name=target).pk}/")
        question(phone, "户主姓名").locator("input").fill(f"{target}的王小明")
        plate = {"name": "IMG 1.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        question(phone, "门牌照片").locator("input").set_input_files(plate)
        expect(question(phone, "门牌照片").locator("img")).to_be_visible()
        phone.evaluate(WAY, way)
        phone.get_by_role("button", name="提交").click()
        if way != "twice":
            expect(phone.locator(".zt-survey-said")).to_contain_text("没有网络，答卷保存在本机")
            assert Answer.objects.count() == taken
            phone.reload()
            expect(phone.locator(".zt-survey-said")).to_contain_text("已接着上次没填完的内容")
            question(phone, "户主姓名").locator("input").fill(f"{target}的李芳")  # put right before it goes again
            phone.get_by_role("button", name="提交").click()
        expect(phone.get_by_role("heading", name=target)).to_have_count(0)  # the app goes on to what is left
    given = Answer.objects.order_by("target__name")
    assert [one.values["owner"] for one in given] == ["1号楼的李芳", "2号楼的李芳", "3号楼的王小明"]
    assert [one.photos.count() for one in given] == [1, 1, 1]
