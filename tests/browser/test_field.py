"""The field app in a real browser: the network cut in the middle, the browser killed, answers lost, a clock wrong by an hour."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Geolocation, Page, Route, expect

from tests.district import BY, District
from zhitong.kernel.matters.public import Attachment, Matter
from zhitong.kernel.register import public as register
from zhitong.kernel.territory.public import Level, descendants, shape
from zhitong.lines.fieldwork.models import Note, Phone, Round, Sent
from zhitong.lines.fieldwork.public import hand_over

from .conftest import ARGUMENTS
from .photos import street_light
from .walking import Album, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

WAITING, SENT = "li[data-state=waiting]", "li[data-state=done]"


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


def kept_by_the_worker(page: Page) -> None:
    """The shell lies on the phone."""
    page.wait_for_function(
        "async () => { const [name] = await caches.keys(); if (!name) return false; const cache = await caches.open(name);"
        " return (await cache.match('/field/')) && (await cache.keys()).length > 8 }"
    )


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

    field.route("**/field/send", lose)
    report(field, "井盖缺失")
    expect(field.locator("[data-net]")).to_have_text("无网络")
    expect(field.locator(WAITING)).to_have_count(1)
    assert Matter.objects.count() == 1
    field.evaluate("dispatchEvent(new Event('online'))")
    expect(field.locator(SENT)).to_have_count(1)
    assert (Matter.objects.count(), Sent.objects.count()) == (1, 1)


@pytest.fixture
def killed(
    engine: tuple[BrowserType, str], live_server: Any, place: Geolocation, tmp_path: Path
) -> Iterator[Callable[[], Page]]:
    """A browser whose profile outlives it: each call kills the last one and opens it again."""
    launcher, path = engine
    opened: list[BrowserContext] = []

    def again() -> Page:
        while opened:
            opened.pop().close()
        context = launcher.launch_persistent_context(
            tmp_path / "profile", executable_path=path, args=ARGUMENTS, base_url=live_server.url,
            viewport={"width": 360, "height": 740}, locale="zh-CN", geolocation=place, permissions=["geolocation"],
        )  # fmt: skip
        opened.append(context)
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
    left = field.evaluate("async () => [(await indexedDB.databases()).length, (await caches.keys()).length]")
    assert left == [0, 0]
    assert not Matter.objects.exists()


def test_two_phones_edit_one_household(field: Page, grid: Any, district: District) -> None:
    album = Album("field-file")
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    found = shape(grid.id)
    assert found is not None
    there = register.NewBuilding(grid.id, "1号楼", "东风路1号", lon=found.lon, lat=found.lat)
    (building,) = register.add_buildings([there], **who)
    (unit,) = register.add_units(building.pk, [register.NewUnit("101", "1单元", 1)], **who)
    head = register.NewResident(timezone.localdate(), register.NewPerson("王小明"), role="head")
    home = register.open_household(unit.pk, [head], **who)
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
    register.change_household(
        home.pk, version=home.version, kind="tenants", note="白天家里没人", **who
    )  # another phone was first
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
