"""The field app in a real browser: the network cut in the middle, the browser killed, answers lost, a clock wrong by an hour."""

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Error, Geolocation, Page, Route, expect

from tests.district import BY, District
from zhitong.kernel.matters.public import Attachment, Matter, check_upload
from zhitong.kernel.register import public as register
from zhitong.kernel.territory.public import Level, descendants, shape
from zhitong.lines.campaigns import public as campaigns
from zhitong.lines.fieldwork.actions.video import set_rooms
from zhitong.lines.fieldwork.models import Joined, Note, Phone, Round, Sent, VideoCall
from zhitong.lines.fieldwork.public import hand_over
from zhitong.lines.surveys import public as surveys
from zhitong.lines.surveys.models import Answer

from .conftest import ARGUMENTS, PATIENCE, judged
from .photos import street_light
from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

WAITING, SENT = "li[data-state=waiting]", "li[data-state=done]"
KEPT = """async () => {
  const files = [];
  for (const name of await caches.keys()) files.push(...(await (await caches.open(name)).keys()).map((one) => one.url));
  return files;
}"""


@pytest.fixture
def grid(district: District) -> Any:
    """A grid of the grid worker's."""
    found = descendants(district.streets["street"], level=Level.GRID)[0]
    staff_id = district.people["grid"].staff_id
    assert staff_id is not None
    hand_over(found.id, staff_id, on=timezone.localdate(), by=district.actor("head"), at=timezone.now())
    return found


@pytest.fixture
def place(grid: Any) -> Geolocation:
    """A point inside it."""
    found = shape(grid.id)
    assert found is not None
    return {"longitude": found.lon, "latitude": found.lat, "accuracy": 8}


@pytest.fixture
def field(open_page: Callable[..., Page], place: Geolocation) -> Page:
    """The app, on a phone that stands in the grid, its shift begun."""
    page = open_page(
        width=360, height=740, is_mobile=True, has_touch=True, geolocation=place, permissions=["geolocation"]
    )
    begin(page)
    return page


def begin(page: Page) -> None:
    sign_in(page, "grid")
    page.goto("/field/")
    page.get_by_role("button", name="开始上班").click()
    expect(page.locator("[data-net]")).to_have_text("已联网")
    expect(page.locator("[data-grids] li")).to_have_count(1)


BROKEN = """() => [...document.querySelectorAll(".fw-bar span, .fw-screen .btn")].filter((one) => one.offsetParent).filter((one) => {
  const lines = new Range();
  lines.selectNodeContents(one);
  const isBar = one.matches(".fw-bar span"), rows = new Set([...lines.getClientRects()].map((row) => Math.round(row.top / 8)));
  return (isBar && rows.size > 1) || one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.textContent)"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_label_is_broken_or_runs_out_of_its_button(
    language: str, open_page: Callable[..., Page], place: Geolocation, grid: Any
) -> None:
    registered(grid)
    building = register.Unit.objects.get().building_id
    register.add_units(building, [register.NewUnit("商铺三零一")], by=BY, at=timezone.now())  # nobody lives there
    page = open_page(
        width=360,
        height=740,
        language=language,
        is_mobile=True,
        has_touch=True,
        geolocation=place,
        permissions=["geolocation"],
    )
    sign_in(page, "grid")
    page.goto("/field/")
    page.locator("[data-begin]").click()
    expect(page.locator("[data-grids] li")).to_have_count(1)
    for name in ("day", "walk", "listen", "file", "resolve", "report"):
        screen(page, name)
        if name == "file":
            page.locator("[data-screen=file] summary").first.click()
        assert page.evaluate(BROKEN) == [], name


def kept_by_the_worker(page: Page) -> None:
    """The shell lies on the phone."""
    until_kept(page, lambda files: len(files) > 8 and any(one.endswith("/field/") for one in files))


def until_kept(page: Page, is_enough: Callable[[list[str]], bool]) -> None:
    """Wait for the files on the phone.  `wait_for_function` would not: it takes the promise of an answer for a yes."""
    until = time.monotonic() + PATIENCE / 1000
    while not is_enough(files := page.evaluate(KEPT)):
        assert time.monotonic() < until, files
        page.wait_for_timeout(50)


def screen(page: Page, name: str) -> None:
    page.locator(f"[data-go={name}]").click()
    expect(page.locator(f"[data-screen={name}]")).to_be_visible()


def report(page: Page, text: str, photo: Path | None = None) -> None:
    screen(page, "report")
    part = page.locator("[data-screen=report]")
    expect(part.locator("[data-place]")).to_contain_text("误差约8米")
    if photo:
        part.locator("input[type=file]").set_input_files(photo)
        expect(part.locator(".zt-photo img")).to_have_count(1)
    part.locator("textarea").fill(text)
    part.get_by_role("button", name="上报").click()
    expect(page.locator("[data-said]")).to_contain_text("已保存在手机里")


def test_every_step_without_network_and_all_of_it_sent_once(
    field: Page, place: Geolocation, grid: Any, tmp_path: Path
) -> None:
    album, photo = Album("field"), tmp_path / "IMG_1.jpg"
    photo.write_bytes(street_light(is_lit=False))
    kept_by_the_worker(field)
    album.look(field, "day")
    phone = field.context
    phone.set_offline(True)
    field.reload()  # the app itself comes from the phone
    expect(field.locator("[data-net]")).to_have_text("无网络")
    screen(field, "walk")
    album.look(field, "walk")
    field.get_by_role("button", name="签到，开始巡查").click()
    expect(field.locator("[data-walk-said]")).to_contain_text("正在巡查")
    for step in range(1, 4):
        phone.set_geolocation({**place, "longitude": place["longitude"] + step * 0.00018})
        expect(field.locator("[data-walk-said]")).to_contain_text(f"已走{round(step * 0.00018 * 89450) // 10}")
    album.look(field, "walking")
    field.get_by_role("button", name="结束巡查").click()
    phone.set_geolocation(place)
    screen(field, "listen")
    part = field.locator("[data-screen=listen]")
    part.locator("textarea").fill("楼道灯坏了一周没人修")
    part.locator("[name=phone]").fill("13800001111")
    album.look(field, "listen")
    part.get_by_role("button", name="只记下").click()
    screen(field, "resolve")
    part = field.locator("[data-screen=resolve]")
    part.locator("textarea[name=text]").fill("垃圾桶倒在路上")
    part.locator("textarea[name=done]").fill("已扶正并清扫")
    for name in ("photos", "after"):
        part.locator(f"input[name={name}]").set_input_files(photo)
    expect(part.locator(".zt-photo img")).to_have_count(2)
    album.look(field, "resolve")
    part.get_by_role("button", name="已处置，提交").click()
    report(field, "井盖缺失", photo)
    expect(field.locator(WAITING)).to_have_count(5)
    album.look(field, "waiting")
    assert not Sent.objects.exists()
    phone.set_offline(False)
    expect(field.locator(SENT)).to_have_count(5)
    assert Sent.objects.count() == 5
    walked = Round.objects.get()
    assert (walked.division_id, walked.is_inside) == (grid.id, True)
    assert walked.metres > 30
    assert Note.objects.get().matter is None
    assert {matter.stage for matter in Matter.objects.all()} == {"concluded", "received"}
    assert Attachment.objects.count() == 3
    field.get_by_role("button", name="转为诉求").first.click()
    expect(field.locator(SENT)).to_have_count(6)
    assert Matter.objects.count() == 3
    album.look(field, "sent")


def test_an_answer_that_is_lost_and_one_that_comes_twice(field: Page) -> None:
    lost = [True]

    def lose(route: Route) -> None:
        route.fetch()  # the server has taken it
        if lost.pop() if lost else False:
            route.abort("internetdisconnected")
        else:
            route.fulfill(response=route.fetch())  # and once more

    kept_by_the_worker(field)
    field.context.route("**/field/send", lose)
    report(field, "井盖缺失")
    expect(field.locator("[data-net]")).to_have_text("无网络")
    expect(field.locator(WAITING)).to_have_count(1)
    assert Matter.objects.count() == 1
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.locator(SENT)).to_have_count(1)
    assert (Matter.objects.count(), Sent.objects.count()) == (1, 1)


def killed_by_force(context: BrowserContext, profile: Path) -> None:
    """The browser of this profile ends like a battery: nobody asks it."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (command := folder / "cmdline").exists():
            with contextlib.suppress(OSError):
                if f"--user-data-dir={profile}".encode() in command.read_bytes().split(b"\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
    with contextlib.suppress(Error):
        context.close()
    for lock in profile.glob("Singleton*"):
        lock.unlink()


@pytest.fixture
def killed(
    engine: tuple[BrowserType, str], live_server: Any, place: Geolocation, tmp_path: Path
) -> Iterator[Callable[[], Page]]:
    """A browser whose profile outlives it: each call kills the last one and opens it again."""
    launcher, path = engine
    opened: list[BrowserContext] = []

    def again() -> Page:
        cookies = opened[-1].cookies() if opened else []  # a browser writes them down within half a minute
        while opened:
            killed_by_force(opened.pop(), tmp_path / "profile")
        context = launcher.launch_persistent_context(
            tmp_path / "profile", executable_path=path, args=ARGUMENTS, base_url=live_server.url,
            viewport={"width": 360, "height": 740}, locale="zh-CN", geolocation=place, permissions=["geolocation"],
        )  # fmt: skip
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        return context.new_page()

    yield again
    for context in opened:
        context.close()


def test_a_browser_that_is_killed_keeps_what_was_entered(killed: Callable[[], Page]) -> None:
    page = killed()
    begin(page)
    kept_by_the_worker(page)
    page.context.set_offline(True)
    screen(page, "walk")
    page.get_by_role("button", name="签到，开始巡查").click()
    expect(page.locator("[data-walk-said]")).to_contain_text("正在巡查")
    report(page, "井盖缺失")
    page = killed()
    page.context.set_offline(True)
    page.goto("/field/")
    expect(page.locator(WAITING)).to_have_count(2)
    screen(page, "walk")
    expect(page.locator("[data-walk-said]")).to_contain_text("正在巡查")  # the round goes on
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SENT)).to_have_count(2)
    assert (Matter.objects.count(), Round.objects.count()) == (1, 1)


def test_a_clock_that_goes_an_hour_ahead(open_page: Callable[..., Page], place: Geolocation, grid: Any) -> None:
    page = open_page(width=360, height=740, geolocation=place, permissions=["geolocation"])
    page.add_init_script(
        "{ const Real = Date; window.Date = class extends Real {"
        " constructor(...said) { if (said.length) super(...said); else super(Real.now() + 3600000); }"
        " static now() { return Real.now() + 3600000; } } }"
    )
    begin(page)
    report(page, "井盖缺失")
    expect(page.locator(SENT)).to_have_count(1)
    sent = Sent.objects.get()
    assert abs(sent.clock_off - 3600) < 300
    assert abs((Matter.objects.get().opened_at - sent.received_at).total_seconds()) < 300
    assert (sent.said_at - sent.received_at).total_seconds() > 3000


def test_the_queue_is_sealed_at_the_end_of_the_shift_and_opens_with_the_next(field: Page) -> None:
    kept_by_the_worker(field)
    field.context.set_offline(True)
    report(field, "井盖缺失，就在门口")
    field.once("dialog", lambda dialog: dialog.accept())
    field.get_by_role("button", name="下班").click()
    expect(field.get_by_role("button", name="开始上班")).to_be_visible()
    rows = field.evaluate(
        "() => new Promise((done) => { const asked = indexedDB.open('zhitong-field'); asked.onsuccess = () => {"
        " const read = asked.result.transaction('queue').objectStore('queue').getAll(); read.onsuccess = () => {"
        " asked.result.close(); done(JSON.stringify(read.result.map((row) => [row.key, Array.from(new Uint8Array(row.sealed.data))]))) } } })"
    )
    assert "井盖" not in bytes(json.loads(rows)[0][1]).decode("utf-8", "ignore")  # what the browser itself has written
    field.context.set_offline(False)
    field.get_by_role("button", name="开始上班").click()
    expect(field.locator(SENT)).to_have_count(1)
    assert Matter.objects.get().text == "井盖缺失，就在门口"


def test_a_lost_phone_is_emptied_at_its_next_contact(field: Page, district: District) -> None:
    kept_by_the_worker(field)
    field.context.set_offline(True)
    report(field, "井盖缺失")
    district.client("head").post(reverse("fieldwork:phones"), {"phone": Phone.objects.get().pk})
    field.context.set_offline(False)
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.get_by_text("这部手机已停用")).to_be_visible()
    expect(field.locator("[data-said]")).to_be_hidden()  # that it would be sent later is no longer true
    expect(field.locator("[data-grid]")).to_be_hidden()
    expect(field.locator("[data-queue] li, [data-grids] li, [data-matters] li")).to_have_count(0)
    left = field.evaluate("async () => [(await indexedDB.databases()).length, (await caches.keys()).length]")
    assert left == [0, 0]
    assert not Matter.objects.exists()


def registered(grid: Any) -> Any:
    """A household of one in a building of the grid."""
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    found = shape(grid.id)
    assert found is not None
    there = register.NewBuilding(grid.id, "1号楼", "东风路1号", lon=found.lon, lat=found.lat)
    (building,) = register.add_buildings([there], **who)
    (unit,) = register.add_units(building.pk, [register.NewUnit("101", "1单元", 1)], **who)
    head = register.NewResident(timezone.localdate(), register.NewPerson("王小明"), role="head")
    return register.open_household(unit.pk, [head], **who)


def test_two_phones_edit_one_household(field: Page, grid: Any, district: District) -> None:
    album, home = Album("field-file"), registered(grid)
    kept_by_the_worker(field)
    field.evaluate("dispatchEvent(new Event('online'))")
    screen(field, "file")
    expect(field.locator("summary")).to_have_text("1号楼 (1)")
    field.context.set_offline(True)
    field.locator("summary").click()
    album.look(field, "doors")
    field.get_by_role("button", name="1单元-101").click()
    part = field.locator("form[data-kind=household]")
    part.locator("textarea").fill("养了一条狗")
    album.look(field, "household")
    part.get_by_role("button", name="核实无误，保存").click()
    expect(field.locator(WAITING)).to_have_count(1)
    changed: dict[str, Any] = {"kind": "tenants", "note": "白天家里没人", "version": home.version}
    register.change_household(home.pk, by=BY, at=timezone.now(), **changed)  # another phone was first
    field.context.set_offline(False)
    table = field.locator(".fw-beside")
    expect(table).to_contain_text("白天家里没人")
    expect(table).to_contain_text("养了一条狗")
    expect(table).to_contain_text("承租户")
    album.look(field, "beside")
    field.get_by_role("button", name="以我填的为准").click()
    expect(field.locator(SENT)).to_have_count(1)
    home.refresh_from_db()
    assert (home.note, home.kind) == ("养了一条狗", "family")


SAME = "(one) => one.dataset.isTheSame"


def test_what_is_heard_anew_takes_nothing_out_of_the_hand(field: Page, grid: Any) -> None:
    """What is unfolded stays so, what a finger is on is not replaced, what is being written stays."""
    home = registered(grid)
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    field.evaluate("dispatchEvent(new Event('online'))")
    screen(field, "file")
    field.locator("summary").click()
    door = field.get_by_role("button", name="1单元-101")
    folded = field.locator("details"), field.locator("summary"), door, field.locator("[data-grids] li")
    for one in folded:
        one.evaluate("(one) => { one.dataset.isTheSame = 'yes' }")
    (unit,) = register.add_units(home.unit.building_id, [register.NewUnit("102", "1单元", 1)], **who)
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.get_by_role("button", name="1单元-102")).to_be_visible()
    assert [one.evaluate(SAME) for one in folded] == ["yes"] * 4
    door.click()
    note = field.locator("form[data-kind=household] textarea")
    note.fill("养了一")
    register.open_household(
        unit.pk, [register.NewResident(timezone.localdate(), register.NewPerson("李芳"), role="head")], **who
    )
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.locator("summary")).to_have_text("1号楼 (1)")  # the list is drawn when it is seen again
    expect(note).to_have_value("养了一")
    field.get_by_role("button", name="返回").click()
    expect(field.locator("summary")).to_have_text("1号楼 (2)")
    expect(door).to_be_visible()  # still unfolded


def test_who_asks_while_the_phone_cannot_read_what_it_keeps_is_heard(field: Page) -> None:
    """A turn that fails in an unforeseen way, with the network coming back in the middle of it: another turn follows at once."""
    kept_by_the_worker(field)
    field.context.set_offline(True)
    report(field, "井盖缺失")
    expect(field.locator(WAITING)).to_have_count(1)
    field.context.set_offline(False)
    expect(field.locator(SENT)).to_have_count(1)
    field.evaluate(
        "() => { const real = IDBObjectStore.prototype.getAll; let left = 2; IDBObjectStore.prototype.getAll = function (...said) {"
        " if (left-- > 0) { dispatchEvent(new Event('online')); throw new Error('the disk is busy'); } return real.apply(this, said); };"
        " dispatchEvent(new Event('online')); }"
    )
    report(field, "路灯不亮")
    expect(field.locator(SENT)).to_have_count(2)


def test_who_goes_on_while_a_slow_phone_still_writes_is_not_called_back(field: Page, grid: Any) -> None:
    registered(grid)
    field.evaluate("dispatchEvent(new Event('online'))")
    field.evaluate(
        "() => { const real = crypto.subtle.encrypt.bind(crypto.subtle); crypto.subtle.encrypt = async (...said) => {"
        " await new Promise((done) => setTimeout(done, 2000)); return real(...said); } }"
    )
    for enter, onward in ((listen, "walk"), (correct, "walk"), (correct_building, "file")):  # be it the next building
        enter(field)
        screen(field, onward)  # at once
        expect(field.locator("[data-said]")).to_contain_text("已保存在手机里")
        expect(field.locator(f"[data-screen={onward}]")).to_be_visible()
    expect(field.get_by_role("button", name="核实楼栋")).to_be_visible()
    expect(field.locator(SENT)).to_have_count(3)


def a_drive(district: District, grid: Any) -> Any:
    """Two sheds in the grid, and finds are taken."""
    today = timezone.localdate()
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    drive = campaigns.begin(campaigns.DriveSaid(
        name="违建清零", kind="order", organ=district.organs["bureau"].pk, stages=(("已发现", False), ("已告知", False), ("已拆除", True)),
        starts_on=today, ends_on=today + timedelta(days=9), sorts=("违法建设",), needs_after=True, takes_finds=True,
    ), **who)  # fmt: skip
    sheds = [
        campaigns.NewTarget(name=name, division=grid.id, address="东风路1号") for name in ("东侧彩钢棚", "西侧彩钢棚")
    ]
    campaigns.add(drive.pk, sheds, **who)
    return drive


def test_targets_of_a_drive_are_ticked_off_in_a_cellar(
    field: Page, grid: Any, district: District, tmp_path: Path
) -> None:
    album, photo, drive = Album("field-drive"), tmp_path / "IMG_1.jpg", a_drive(district, grid)
    photo.write_bytes(street_light(is_lit=False))
    kept_by_the_worker(field)
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.get_by_role("button", name="西侧彩钢棚")).to_be_visible()
    field.context.set_offline(True)
    field.reload()
    album.look(field, "day")
    field.get_by_role("button", name="东侧彩钢棚").click()
    part = field.locator("form[data-kind=drive_tick]")
    part.locator("select[name=stage]").select_option("已拆除")
    part.get_by_role("button", name="提交").click()
    expect(field.locator("[data-said]")).to_contain_text(
        "请先拍照：处置后照片"
    )  # here, and not from the server hours later
    part.locator("textarea").fill("当场拆除")
    for name in ("photos", "after"):
        part.locator(f"input[name={name}]").set_input_files(photo)
    expect(part.locator(".zt-photo img")).to_have_count(2)
    album.look(field, "tick")
    part.get_by_role("button", name="提交").click()
    expect(field.locator(WAITING)).to_have_count(1)
    expect(field.get_by_role("button", name="东侧彩钢棚")).to_have_count(0)  # entered: it waits
    expect(field.locator("[data-todo=drive_tick] li", has_text="东侧彩钢棚")).to_contain_text("待发送")
    field.get_by_role("button", name="西侧彩钢棚").click()
    part.locator("select[name=stage]").select_option("已告知")
    expect(part.locator("textarea")).to_have_value("")
    part.get_by_role("button", name="提交").click()
    field.get_by_role("button", name="违建清零").click()
    found = field.locator("form[data-kind=drive_find]")
    expect(found.locator("[data-place]")).to_contain_text("误差约8米")
    found.locator("input[name=photos]").set_input_files(photo)
    expect(found.locator(".zt-photo img")).to_have_count(1)
    found.locator("[name=name]").fill("路口铁皮棚")
    album.look(field, "find")
    found.get_by_role("button", name="登记").click()
    expect(field.locator(WAITING)).to_have_count(3)
    album.look(field, "waiting")
    west = campaigns.Target.objects.select_related("stage").get(name="西侧彩钢棚")
    done = drive.stages.get(is_done=True)
    photos = campaigns.Said(after=[check_upload("a.jpg", photo.read_bytes())])
    campaigns.move(west.pk, done.pk, photos, by=BY, at=timezone.now())  # somebody else was first
    field.context.set_offline(False)
    expect(field.locator(SENT)).to_have_count(2)
    expect(field.locator(".fw-beside")).to_contain_text("已拆除")
    album.look(field, "beside")
    field.get_by_role("button", name="以现在登记的为准").click()
    expect(field.locator(".fw-beside")).to_have_count(0)
    east = campaigns.Target.objects.get(name="东侧彩钢棚")
    assert (east.state, east.photos.count(), east.steps.get().text) == ("done", 2, "当场拆除")
    shed = campaigns.Target.objects.get(name="路口铁皮棚")
    assert (shed.source, shed.sort, shed.photos.count()) == ("found", "违法建设", 1)
    assert sorted(Sent.objects.values_list("kind", flat=True)) == ["drive_find", "drive_tick"]
    field.get_by_role("button", name="路口铁皮棚").click()  # what was found is on the list
    expect(part).to_be_visible()
    field.locator("[data-screen=drive_tick]").get_by_role("button", name="返回").click()
    expect(field.locator("[data-screen=day]")).to_be_visible()


def test_two_phones_edit_one_building(field: Page, grid: Any) -> None:
    album, home = Album("field-building"), registered(grid)
    building = home.unit.building
    field.evaluate("dispatchEvent(new Event('online'))")
    screen(field, "file")
    field.locator("summary").click()
    field.get_by_role("button", name="核实楼栋").click()
    field.context.set_offline(True)
    album.look(field, "building")
    part = field.locator("form[data-kind=building]")
    part.locator("[name=name]").fill("甲1号楼")
    part.locator("[name=floors]").fill("6")
    part.get_by_role("button", name="入口定在我站的位置").click()
    expect(part.locator("[data-point]")).to_contain_text("误差约8米")
    part.get_by_role("button", name="核实无误，保存").click()
    expect(field.locator(WAITING)).to_have_count(1)
    screen(field, "file")
    expect(field.locator("summary")).to_have_text("甲1号楼 (1)")  # what comes next rests on it
    field.get_by_role("button", name="核实楼栋").click()
    part = field.locator("form[data-kind=new_unit]")
    part.locator("[name=entrance]").fill("1单元")
    part.locator("[name=number]").fill("102")
    part.get_by_role("button", name="登记").click()
    register.change_building(building.pk, version=building.version, name="1号楼（东）", by=BY, at=timezone.now())
    field.context.set_offline(False)
    table = field.locator(".fw-beside")
    expect(table).to_contain_text("1号楼（东）")
    expect(table).to_contain_text("甲1号楼")
    album.look(field, "beside")
    field.get_by_role("button", name="以我填的为准").click()
    expect(field.locator(SENT)).to_have_count(2)
    building.refresh_from_db()
    assert (building.name, building.floors, building.units.count()) == ("甲1号楼", 6, 2)
    screen(field, "file")
    field.get_by_role("button", name="1单元-102").click()
    field.get_by_role("button", name="核实房屋").click()
    album.look(field, "unit")
    field.get_by_label("房屋已拆除或合并").check()
    field.locator("form[data-kind=unit]").get_by_role("button", name="核实无误，保存").click()
    expect(field.locator(SENT)).to_have_count(3)
    assert building.units.filter(ended_on=None).count() == 1


def test_a_call_by_video_is_one_tap_away(
    field: Page, grid: Any, district: District, open_page: Callable[..., Page]
) -> None:
    album = Album("field-video")
    set_rooms("https://meet.example.gov/{room}", by=district.actor("admin"), at=timezone.now())
    raised = district.passed(division_id=grid.id)
    desk = open_page(width=1280)
    sign_in(desk, "dispatcher")
    desk.goto(f"/desk/matters/{raised.id}/do/video_call/")
    album.look(desk, "form")
    desk.locator("main form").get_by_role("button", name="视频连线").click()
    expect(desk.locator("#calls")).to_contain_text("连线中")
    album.look(desk, "called")
    rooms: list[str] = []

    def enter(route: Route) -> None:
        rooms.append(route.request.url)
        assert "referer" not in route.request.headers
        route.fulfill(body="the room", content_type="text/plain")

    field.context.route("https://meet.example.gov/**", enter)
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.locator("[data-said]")).to_contain_text("有视频连线")
    album.look(field, "waits")
    with field.context.expect_page() as opened:
        field.get_by_role("button", name="进入会议室").click()
    expect(opened.value.get_by_text("the room")).to_be_visible()
    expect(field.locator("[data-net]")).to_have_text("已联网")  # the app has stayed where it was
    assert rooms == [VideoCall.objects.get().address]
    assert Joined.objects.get().account_id == district.people["grid"].pk
    desk.goto(f"/desk/matters/{raised.id}/do/video_end/")
    desk.locator("main textarea").fill("现场确认灯杆倾斜，已围挡。")
    album.look(desk, "minutes")
    desk.locator("main form").get_by_role("button", name="结束连线").click()
    expect(desk.get_by_text("现场确认灯杆倾斜")).to_be_visible()
    album.look(desk, "ended")
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.locator("[data-part=calls]")).to_be_hidden()


def walk(page: Page) -> None:
    screen(page, "walk")
    page.get_by_role("button", name="签到，开始巡查").click()
    expect(page.locator("[data-walk-said]")).to_contain_text("正在巡查")
    page.get_by_role("button", name="结束巡查").click()
    expect(page.get_by_role("button", name="签到，开始巡查")).to_be_visible()


def listen(page: Page) -> None:
    screen(page, "listen")
    part = page.locator("[data-screen=listen]")
    part.locator("textarea").fill("楼道灯坏了一周没人修")
    part.get_by_role("button", name="转为诉求").click()


def correct(page: Page) -> None:
    screen(page, "file")
    page.locator("details").evaluate("(fold) => { fold.open = true }")
    page.get_by_role("button", name="1单元-101").click()
    part = page.locator("form[data-kind=household]")
    part.locator("textarea").fill("养了一条狗")
    part.get_by_role("button", name="核实无误，保存").click()


def correct_building(page: Page) -> None:
    screen(page, "file")
    page.locator("details").evaluate("(fold) => { fold.open = true }")
    page.get_by_role("button", name="核实楼栋").click()
    part = page.locator("form[data-kind=building]")
    part.locator("[name=floors]").fill("6")
    part.get_by_role("button", name="核实无误，保存").click()


def resolve(page: Page) -> None:
    screen(page, "resolve")
    part = page.locator("[data-screen=resolve]")
    part.locator("textarea[name=text]").fill("垃圾桶倒在路上")
    part.locator("textarea[name=done]").fill("已扶正并清扫")
    for name in ("photos", "after"):
        shot = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": street_light(is_lit=name == "after")}
        part.locator(f"input[name={name}]").set_input_files(shot)  # type: ignore[arg-type]
    expect(part.locator(".zt-photo img")).to_have_count(2)
    part.get_by_role("button", name="已处置，提交").click()


def a_survey(grid: Any, **more: Any) -> Any:
    """Doors of the grid, and a form that asks a name, a photo and whether somebody has a fever, with a picture in it."""
    at, today = timezone.now(), timezone.localdate()
    asked = {"survey": [["type", "name", "label", "media::image", "required"], ["note", "route", "走访路线", "route.jpg", ""],
                        ["text", "owner", "户主姓名", "", "yes"], ["image", "plate", "门牌照片", "", "yes"]]}  # fmt: skip
    made = surveys.take(surveys.workbook_of(asked), "门牌.xlsx", name="门牌核对", by=BY, at=at)
    surveys.add_media(made.pk, [("route.jpg", street_light(is_lit=True))], by=BY, at=at)
    surveys.publish(made.pk, by=BY, at=at)
    doors = [surveys.NewTarget(f"{number}号楼", grid.id) for number in (1, 2, 3)]
    return surveys.begin(
        made.pk,
        name="门牌核对",
        purpose="核对门牌",
        starts_on=today,
        ends_on=today + timedelta(days=3),
        targets=doors,
        by=BY,
        at=at,
        **more,
    )


def kept_the_form(page: Page) -> None:
    """The form lies on the phone, and what asks it."""
    needed = ("xforms/", "surveys/phone", "asking", "controls", "drafts")
    until_kept(page, lambda files: all(any(part in one for one in files) for part in needed))


def fill_in(page: Page, target: str, owner: str) -> Any:
    """The form of a target, filled in as far as it can be sent."""
    screen(page, "day")
    page.get_by_role("button", name=target).click()
    part = page.locator("[data-screen=survey_answer]")
    question = part.locator(".zt-survey-question")
    question.filter(has_text="户主姓名").locator("input").fill(owner)
    question.filter(has_text="户主姓名").locator("input").blur()
    shot = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": street_light(is_lit=False)}
    question.filter(has_text="门牌照片").locator("input").set_input_files(shot)  # type: ignore[arg-type]
    expect(question.filter(has_text="门牌照片").locator("img")).to_be_visible()
    expect(part.locator("form[data-saving]")).to_have_count(0)
    return part


def survey(page: Page) -> None:
    fill_in(page, "1号楼", "王小明").get_by_role("button", name="提交").click()
    expect(page.locator("[data-said]")).to_contain_text("已保存在手机里")


# What is entered, how many entries that makes, and what the district has of it when all is over.
STEPS: dict[str, tuple[Callable[[Page], None], int, Callable[[], Any], Any]] = {
    "walk": (walk, 2, lambda: [(one.is_inside, one.ended_at is None) for one in Round.objects.all()], [(True, False)]),
    "listen": (listen, 1, lambda: (Note.objects.count(), said("楼道灯坏了一周没人修")), (1, ["received"])),
    "file a household": (correct, 1, lambda: list(register.Household.objects.values_list("note", "version")), [("养了一条狗", 2)]),
    "file a building": (correct_building, 1, lambda: list(register.Building.objects.values_list("floors", "version")), [(6, 2)]),
    "resolve": (resolve, 1, lambda: [*sorted(Attachment.objects.values_list("purpose", flat=True)), *said("垃圾桶倒在路上")],
                ["after", "report", "concluded"]),
    "report": (lambda page: report(page, "井盖缺失"), 1, lambda: said("井盖缺失"), ["received"]),
    "survey": (survey, 1, lambda: [(one.values["owner"], one.photos.count()) for one in Answer.objects.all()], [("王小明", 1)]),
}  # fmt: skip


def said(text: str) -> list[str]:
    """Where the matters stand that say this."""
    return list(Matter.objects.filter(text=text).values_list("stage", flat=True))


def all_sent(page: Page, count: int) -> None:
    """So many entries are sent in the end: the app asks again by itself, here it is told to at once, as often as it takes."""
    until = time.monotonic() + PATIENCE / 1000
    while (now := page.locator(SENT).count()) < count:
        assert time.monotonic() < until, f"{now} of {count}: {page.locator('main').inner_text()}"
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(200)


def test_the_network_goes_in_the_middle_of_each_step(field: Page, grid: Any) -> None:
    """Every entry: cut before the server heard of it, cut before the phone heard of the answer, then answered twice."""
    registered(grid)
    a_survey(grid)
    field.evaluate("dispatchEvent(new Event('online'))")
    kept_by_the_worker(field)  # from when the worker holds the page, its network is watched through it
    tried: dict[str, int] = {}

    def cut(route: Route) -> None:
        (key,) = re.findall(rb'name="key"\r\n\r\n(\S+)', route.request.post_data_buffer or b"")
        tried[key.decode()] = turn = tried.get(key.decode(), 0) + 1
        if turn == 1:
            route.abort("internetdisconnected")
            return
        answer = route.fetch()
        if turn == 2:
            route.abort("internetdisconnected")
        else:
            route.fulfill(response=route.fetch() if turn == 3 else answer)

    field.context.route("**/field/send", cut)  # also what the worker of the page sends for it
    sent = 0
    for step, (enter, count, read, wanted) in STEPS.items():
        enter(field)
        sent += count
        all_sent(field, sent)
        assert (Sent.objects.count(), len(tried), min(tried.values())) == (sent, sent, 3), step
        assert read() == wanted, step


def test_the_browser_is_killed_after_each_step(killed: Callable[[], Page], grid: Any) -> None:
    registered(grid)
    a_survey(grid)
    page = killed()
    begin(page)
    kept_by_the_worker(page)
    kept_the_form(page)
    screen(page, "file")
    expect(page.locator("summary")).to_have_count(1)
    page.context.set_offline(True)
    for enter, *_rest in STEPS.values():
        enter(page)
    count = sum(many for _enter, many, *_rest in STEPS.values())
    expect(page.locator(WAITING)).to_have_count(count)
    assert not Sent.objects.exists()
    page = killed()
    page.goto("/field/")
    expect(page.locator(SENT)).to_have_count(count)
    for step, (_enter, _count, read, wanted) in STEPS.items():
        assert read() == wanted, step


def test_who_is_signed_out_is_led_to_the_sign_in(field: Page) -> None:
    """The shell that is kept does not stand in the way: the page of the app leads elsewhere then."""
    kept_by_the_worker(field)
    field.context.clear_cookies()
    field.goto("/field/")
    expect(field).to_have_url(re.compile("/accounts/sign-in/"))


SMALL = """() => {
  const tapped = 'button, a, input:not([type=hidden], [type=file], [type=checkbox], [type=radio]), select, textarea, summary,'
    + ' label:has(input), .zt-photo-add';
  const seen = [...document.querySelectorAll('.fw :is(' + tapped + ')')].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  return seen.map((one) => [one.tagName, one.textContent.trim().slice(0, 20), one.getBoundingClientRect()])
    .filter(([_tag, _text, { width, height }]) => Math.min(width, height) < 43.5)
    .map(([tag, text, { width, height }]) => `${tag} ${text} ${width} by ${height}`);
}"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_is_read_in_sunlight_and_used_with_one_thumb(
    open_page: Callable[..., Page], place: Geolocation, grid: Any, language: str
) -> None:
    """Text as the strictest level wants it (7:1), whatever is tapped at least 44 pixels each way, the bar where the thumb is."""
    album = Album(f"field-{language}")
    page = open_page(360, 740, language, is_mobile=True, has_touch=True, geolocation=place, permissions=["geolocation"])
    registered(grid)
    sign_in(page, "grid")
    page.goto("/field/")
    page.locator("[data-begin]").click()
    expect(page.locator("[data-grids] li")).to_have_count(1)
    found = []
    enhanced = {"type": "rule", "values": ["color-contrast-enhanced"]}
    for name in ("day", "walk", "listen", "file", "resolve", "report"):
        screen(page, name)
        if name == "file":
            page.locator("details").evaluate("(fold) => { fold.open = true }")
        album.look(page, name)
        found += [f"{name}: {told}" for told in [*judged(page, enhanced), *map(str, page.evaluate(SMALL))]]
    assert not found, "\n".join(found)
    bar = page.locator(".fw-bar").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] == pytest.approx(740, abs=1)


def test_a_survey_is_filled_in_at_the_door_without_network(field: Page, grid: Any, district: District) -> None:
    album, survey = Album("field-survey"), a_survey(grid)
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.get_by_role("button", name="1号楼")).to_be_visible()
    kept_the_form(field)
    field.context.set_offline(True)
    field.reload()
    album.look(field, "day")
    part = fill_in(field, "1号楼", "王小明")
    expect(part.locator(".zt-survey-picture")).to_be_visible()  # what the form shows is here, too
    album.look(field, "filled")
    field.reload()  # half filled in: it is there again, with the photo
    screen(field, "day")
    field.get_by_role("button", name="1号楼").click()
    expect(part.locator(".zt-survey-said")).to_contain_text("已接着上次没填完的内容")
    expect(part.locator("input[type=text]")).to_have_value("王小明")
    part.get_by_role("button", name="提交").click()
    expect(field.locator("[data-said]")).to_contain_text("已保存在手机里")
    expect(field.locator("[data-todo=survey_answer] li", has_text="1号楼")).to_contain_text("待发送")
    fill_in(field, "2号楼", "李芳").get_by_role("button", name="提交").click()
    screen(field, "day")
    field.get_by_role("button", name="3号楼").click()
    part.get_by_text("没能填报？").click()
    part.get_by_label("未能填报的原因").fill("三次上门无人")
    part.get_by_role("button", name="记下原因").click()
    expect(field.locator(WAITING)).to_have_count(3)
    album.look(field, "waiting")
    _first, second, third = survey.targets.order_by("sort")
    assert not Answer.objects.exists()
    type(second).objects.filter(pk=second.pk).update(
        state="done", state_at=timezone.now(), state_by="张三"
    )  # somebody else was first
    field.context.set_offline(False)
    expect(field.locator(SENT)).to_have_count(2)
    expect(field.locator(".fw-beside")).to_contain_text("由张三填报")
    album.look(field, "beside")
    field.get_by_role("button", name="以我填的为准").click()
    expect(field.locator(SENT)).to_have_count(3)
    given = {one.target.name: one.values["owner"] for one in Answer.objects.select_related("target")}
    assert given == {"1号楼": "王小明", "2号楼": "李芳"}
    assert [one.photos.count() for one in Answer.objects.all()] == [1, 1]
    third.refresh_from_db()
    assert (third.state, third.note) == ("missed", "三次上门无人")
    expect(field.locator("[data-todo=survey_answer] li")).to_have_count(1)  # what could not be asked stays to do
