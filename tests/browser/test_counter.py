"""The clerk's screen by keyboard alone: an ordinary acceptance in fewer than 25 key presses beside the text itself.

How many seconds of work that is says the keystroke-level model (Card, Moran, Newell, 1980); it is printed and written beside the
screenshots.  A clock of the machine that runs the tests decides nothing.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.district import BY, District
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Served, Ticket
from zhitong.lines.hall.tests.test_counter import ASKED, PLAN_OF_WORK, an_item
from zhitong.lines.hall.tests.window_scene import a_hall, window_things

from .test_keyboard import hears, sign_in
from .walking import Album

pytestmark = pytest.mark.django_db(transaction=True)
CITIZEN_ID = "11010519491231002X"
MOST_PRESSES = 24
COUNTER_SCRIPT = re.compile(r"/hall/counter(\.\w+)?\.js")
KEY, THINK, READ = 0.28, 1.35, 0.2  # seconds for a key of an average typist, for a decision, to read a character
PINYIN = 4  # keys for a Chinese character: three letters and the choice


class Clerk:
    """Presses keys, and counts those that are not the text itself; adds up what a person needs for all of it."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0
        self.typed = self.thoughts = self.characters = 0
        self.answers = 0.0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += sum(PINYIN if ord(one) > 0x2E80 else 1 for one in text)

    def think(self) -> None:
        """Decide what comes next."""
        self.thoughts += 1

    def read(self, place: str) -> None:
        """What stands there, once."""
        self.characters += sum(len("".join(text.split())) for text in self.page.locator(place).all_inner_texts())

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Until the answer is there, as long as this machine takes."""
        began = perf_counter()
        yield
        self.answers += perf_counter() - began

    def work(self) -> float:
        """Seconds of work by the model, without the answers."""
        return KEY * (self.presses + self.typed) + THINK * self.thoughts + READ * self.characters

    def told(self) -> str:
        return (
            f"an ordinary acceptance: {self.presses} key presses beside {self.typed} keys of text, {self.thoughts} decisions, "
            f"{self.characters} characters read: {self.work():.1f} s of work, and {self.answers:.1f} s of answers here"
        )  # fmt: skip


@pytest.fixture
def counter(district: District) -> Any:
    """A hall with somebody who waits; one item."""
    load_case_defaults(by=BY)
    an_item(district)
    scene, at = a_hall(district), timezone.now()
    for number in (1, 2):
        Ticket.objects.create(
            hall=scene.hall, queue=scene.general, day=timezone.localdate(at), prefix="A", number=number, source="kiosk",
            taken_at=at, place_at=at,
        )  # fmt: skip
    return scene


def test_an_ordinary_acceptance(open_page: Callable[..., Page], counter: Any) -> None:
    page = open_page(width=1440, height=900)
    clerk, album = Clerk(page), Album("counter")
    sign_in(page, "clerk")
    page.goto("/desk/window/")
    hears(page)
    album.look(page, "sit")
    page.keyboard.press("1")
    expect(page.get_by_text("窗口空闲")).to_be_visible()
    hears(page)
    clerk.think()
    clerk.press("n")
    with clerk.waiting():
        expect(page.locator(".wd-number")).to_have_text("A001")
        hears(page)
    clerk.read(".wd-number")
    album.look(page, "called")
    clerk.think()  # they have come
    clerk.press("a")
    with clerk.waiting():
        expect(page.locator("#ct-who")).to_be_focused()
    clerk.write(CITIZEN_ID)
    clerk.press("Enter")
    with clerk.waiting():
        expect(page.locator("#ct-name")).to_be_focused()
    clerk.read("#ct-person label")
    clerk.think()
    clerk.write("王小明")
    clerk.press("Enter")
    clerk.write("13800001234")
    clerk.press("Enter")
    expect(page.locator("#ct-q")).to_be_focused()
    clerk.think()  # what is it called
    clerk.write("摆摊")
    with clerk.waiting():
        expect(page.locator("#ct-items [data-item]").first).to_be_visible()
    clerk.read("#ct-items [data-item]:first-child")
    clerk.press("Enter")
    with clerk.waiting():
        expect(page.locator("[data-material]").first).to_be_focused()
    album.look(page, "sheet")
    for _material in page.locator("[data-material]").all():
        clerk.think()  # is it there, and right
    clerk.read("[data-material] strong")
    clerk.press("a")  # all there
    clerk.think()
    clerk.press("F2")
    with clerk.waiting():
        expect(page.locator(".ct-slip")).to_contain_text("审查中")
        hears(page)
    clerk.read(".ct-slip h2")
    album.look(page, "receipt")
    clerk.think()
    clerk.press("e")
    with clerk.waiting():
        expect(page.get_by_text("窗口空闲")).to_be_visible()
    print(clerk.told())
    (album.folder / "seconds.txt").write_text(clerk.told() + "\n", encoding="utf-8")
    assert clerk.presses <= MOST_PRESSES, f"{clerk.presses} key presses"
    assert Served.objects.get().ticket.number == 1
    (matter,) = m.Matter.objects.all()
    assert matter.stage == "examining"
    _somebody_known(page, clerk)


def _somebody_known(page: Page, clerk: Clerk) -> None:
    """The same person again: what is typed by mistake is said, and stays; a material that follows later is promised."""
    before = clerk.presses
    hears(page)
    clerk.press("n")
    expect(page.locator(".wd-number")).to_have_text("A002")
    hears(page)
    clerk.press("a")
    expect(page.locator("#ct-who")).to_be_focused()
    clerk.write(CITIZEN_ID[:-1] + "1")
    clerk.press("Enter")
    expect(page.locator("#ct-person")).to_contain_text("号码不对")
    expect(page.locator("#ct-who")).to_be_focused()
    clerk.write(CITIZEN_ID)  # over what was typed
    expect(page.locator("#ct-who")).to_have_value(CITIZEN_ID)
    clerk.press("Enter")
    expect(page.locator("[data-known]")).to_be_visible()
    expect(page.locator("#ct-q")).to_be_focused()
    clerk.write("占道")
    clerk.press("Enter")
    expect(page.locator("[data-material]").first).to_be_focused()
    clerk.press("Space", "ArrowDown", "Space", "Space")
    expect(page.locator("[data-state=deferred]")).to_have_count(1)
    clerk.press("s", "F2")
    expect(page.locator("[data-wrong]")).to_contain_text("正在办理")
    expect(page.locator("[data-state=deferred]")).to_have_count(1)  # nothing is lost
    clerk.press("Space")  # it is another one
    clerk.press("F2")
    expect(page.locator(".ct-slip")).to_contain_text("容缺后补")
    assert clerk.presses - before <= MOST_PRESSES


def test_what_is_not_asked_is_not_shown(open_page: Callable[..., Page], district: District) -> None:
    load_case_defaults(by=BY)
    item = an_item(district, ASKED, [PLAN_OF_WORK])
    page = open_page(width=1440, height=1100)
    sign_in(page, "clerk")
    page.goto(f"/desk/window/counter?item={item}")
    at_night, plan = page.get_by_label("夜间是否施工"), page.locator("[data-material]", has_text="夜间施工方案")
    for shown in (at_night, plan):
        expect(shown).to_be_hidden()
    page.get_by_label("占用做什么").select_option("施工")
    expect(at_night).to_be_visible()
    expect(plan).to_be_hidden()
    at_night.select_option("是")
    expect(plan).to_be_visible()
    Album("counter").look(page, "asked")
    page.get_by_label("占用做什么").select_option("摆摊")
    page.get_by_role("button", name="全部收齐").click()
    for shown in (at_night, plan):
        expect(shown).to_be_hidden()
    expect(page.locator("[data-state=handed]")).to_have_count(2)
    page.locator("#ct-q").fill("摆摊")  # chosen again, the sheet comes as a part of the page
    expect(page.locator("#ct-items [data-item]").first).to_be_visible()
    page.locator("#ct-items [data-item]").first.click()
    expect(page.locator("#ct-items [data-item]")).to_have_count(0)
    expect(plan).to_be_hidden()


def test_whoever_types_fast_gets_what_was_typed(open_page: Callable[..., Page], district: District) -> None:
    """Enter before the answer is there does not choose what was found for the words before."""
    load_case_defaults(by=BY)
    for code, name, everyday in (("B1", "临时占用城市道路许可", "占道"), ("B2", "残疾人证办理", "残疾证")):
        an_item(district, code=code, name=name, everyday=everyday)
    page = open_page(width=1440, height=900)
    sign_in(page, "clerk")
    page.goto("/desk/window/counter")
    page.locator("#ct-q").press_sequentially("占道")
    expect(page.locator("#ct-items [data-item]")).to_contain_text("临时占用城市道路许可")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("残疾证")
    page.keyboard.press("Enter")
    expect(page.locator("#ct-sheet h2")).to_contain_text("残疾人证办理")
    page.locator("li", has_text="申请表").locator("input[type=file]").set_input_files(
        {"name": "申请表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    expect(page.locator("li", has_text="申请表")).to_contain_text("申请表.pdf")
    expect(page.locator("li", has_text="申请表").locator("[data-state=handed]")).to_be_visible()


def test_a_card_scanned_before_the_scripts_are_there(open_page: Callable[..., Page], district: District) -> None:
    """The field has the focus as soon as it is drawn; the Enter that ends a scan is not lost, and sends nothing."""
    page = open_page(width=1440, height=900)
    sign_in(page, "clerk")
    held: list[Route] = []
    page.route(COUNTER_SCRIPT, lambda route: held.append(route))
    for number, shown in ((CITIZEN_ID, "[data-first]"), (CITIZEN_ID[:-1] + "1", ".zt-alert")):
        page.goto("/desk/window/counter", wait_until="commit")
        expect(page.locator("#ct-who")).to_be_focused()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(page.locator("#ct-who")).to_have_value(number)
        expect(page.locator("#ct-person")).to_be_empty()
        held.pop().continue_()
        expect(page.locator(f"#ct-person {shown}")).to_be_visible()
        expect(page.locator("#ct-who")).to_have_value(number)
        assert page.url.endswith("/desk/window/counter")


@pytest.mark.parametrize("width", [360, 1440, 1920])
def test_the_screens_of_a_hall(open_page: Callable[..., Page], district: District, width: int) -> None:
    things = window_things(district, "centre")
    page, album = open_page(width=width, height=900 if width > 400 else 740), Album(f"hall-{width}")
    for name, path in (
        ("halls", "halls/"), ("hall", f"halls/{things['hall_id']}/"), ("book", f"halls/{things['hall_id']}/book"),
        ("ticket", f"tickets/{things['ticket']}/"), ("booking", f"bookings/{things['booking']}/"),
        ("machine", f"machine/{things['kiosk']}/"), ("screen", f"screen/{things['screen']}/"),
        ("display", f"display/{things['display']}/"),
    ):  # fmt: skip
        page.goto(f"/hall/{path}")
        album.look(page, name)
    sign_in(page, "admin")
    for name, path in (
        ("day", f"desk/hall/{things['hall_id']}/"), ("setup", "setup/halls/"), ("edit", f"setup/halls/{things['hall_id']}/"),
    ):  # fmt: skip
        page.goto(f"/{path}")
        album.look(page, name)
