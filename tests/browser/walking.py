"""What the tests do on every page: look at it, sign in, answer the form of an action."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.district import PASSWORD
from zhitong.kernel.matters.public import Matter

from .conftest import judged, serious

RESULTS = Path(__file__).parents[2] / "test-results"
# Maps and charts are drawn when they come into view, pictures loaded.
LATE = "[data-map]:not([data-is-drawn]), [data-chart]:not(:has(canvas, svg))"
UNDRAWN = f"() => [...document.querySelectorAll('{LATE}')].filter((one) => one.checkVisibility()).map((one) => one.id)"
EAGER = "() => document.querySelectorAll('img[loading=lazy]').forEach((one) => { one.loading = 'eager'; })"
WAITING = """() => [...document.querySelectorAll('[aria-busy=true], .htmx-request, .htmx-swapping, .htmx-settling')]
  .concat([...document.images].filter((one) => !one.complete)).map((one) => one.outerHTML.slice(0, 200))"""
# A picture of the whole page would show what waits above its edge.
SKIP = "(is_away) => document.querySelectorAll('.zt-skip').forEach((one) => { one.hidden = is_away; })"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Album:
    """Screenshots of one test, numbered in the order in which they were taken."""

    def __init__(self, name: str) -> None:
        self.folder, self.count = RESULTS / name, 0
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.png"):
            old.unlink()

    def look(self, page: Page, name: str) -> None:
        """Keep a picture of the page; nothing on it may be wider than the screen, or a serious barrier."""
        settled(page)
        found = [*self.keep(page, name), *serious(page)]
        assert not found, f"{name} ({page.url}):\n" + "\n".join(found)

    def keep(self, page: Page, name: str) -> list[str]:
        """A picture of the whole page; tells when it is wider than the screen."""
        self.count += 1
        page.evaluate(SKIP, True)
        page.screenshot(path=self.folder / f"{self.count:02d}-{name}.png", full_page=True)
        page.evaluate(SKIP, False)
        over = page.evaluate(OVERFLOW)
        return [f"{name}: {over} pixels wider than the screen"] if over > 0 else []


@dataclass
class Walk:
    """A story through several people's browsers: who has which page open, and what the resident holds in hand."""

    open_page: Callable[..., Page]
    phone: Page
    album: Album
    number: str = ""
    code: str = ""
    pages: dict[str, Page] = field(default_factory=dict)

    def desk(self, name: str, **options: Any) -> Page:
        """The browser at which that person has signed in."""
        if name not in self.pages:
            self.pages[name] = self.open_page(**{"width": 1280, "height": 800, **options})
            sign_in(self.pages[name], name)
        return self.pages[name]

    def look(self, page: Page, name: str) -> None:
        self.album.look(page, name)

    @property
    def matter(self) -> Matter:
        return Matter.objects.get(number=self.number)

    def keeps(self, number: Locator, code: Locator) -> None:
        """Write down what a receipt shows."""
        self.number = re.sub(r"\D", "", number.inner_text())
        self.code = re.sub(r"\s", "", code.inner_text())

    def case(self, name: str) -> Page:
        """The page of the matter at the desk of that person."""
        page = self.desk(name)
        page.goto(f"/desk/matters/{self.matter.pk}/")
        return page

    def does(self, name: str, label: str, chosen: dict[str, str] | None = None, **answers: Any) -> Page:
        """One step of the matter, at that person's desk; ``chosen`` is picked from lists by typing."""
        page = self.case(name)
        form = open_action(page, label)
        answer(form, **answers)
        for field_name, words in (chosen or {}).items():
            pick(form, form.locator(f'[name="{field_name}"]'), words)
        send(page, form, label)
        return page

    def follow(self) -> Page:
        """The resident's own page, by number and code."""
        self.phone.goto("/appeals/track")
        answer(self.phone.locator("main form").first, number=self.number, code=self.code)
        self.phone.locator("main form button").first.click()
        return self.phone


def settled(page: Page) -> None:
    """Wait until everything that the page loads by itself is there."""
    page.wait_for_load_state()
    for name in page.evaluate(UNDRAWN):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        expect(page.locator(f"#{name}:is({LATE})")).to_have_count(0)
    page.evaluate(EAGER)
    try:
        page.wait_for_function(f"() => !({WAITING})().length")
    except TimeoutError as error:
        raise AssertionError(f"{page.url} still waits for {page.evaluate(WAITING)}") from error
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")


def small_targets(page: Page) -> list[str]:
    """Controls too small for a finger, a line each: less than 24 by 24 CSS pixels and too near to others (WCAG 2.2, 2.5.8)."""
    return judged(page, {"type": "rule", "values": ["target-size"]})


def sign_in(page: Page, name: str) -> None:
    """By name and password, as everybody does."""
    page.goto("/accounts/sign-in/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.locator(".zt-account")).to_be_visible()


def answer(form: Locator, **answers: Any) -> None:
    """Fill in the controls of a form by the names of its questions."""
    for name, value in answers.items():
        control = form.locator(f'[name="{name}"]').first
        match control.evaluate("one => one.dataset.search !== undefined && one.dataset.isPicker ? 'picker' : one.type"):
            case "picker":
                pick(form, control, value)
            case "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            case "checkbox":
                control.set_checked(value)
            case "select-one" | "select-multiple":
                control.select_option(label=value)
            case "file":
                attach(form, control, value)
            case _:
                control.fill(value)


def pick(form: Locator, select: Locator, words: str) -> None:
    """Choose from a list by typing."""
    name = select.get_attribute("id")
    form.locator(f"#{name}_box").fill(words)
    form.locator(f"#{name}_list [data-n]").first.click()


def attach(form: Locator, control: Locator, photo: bytes) -> None:
    """One photo, as the camera names it."""
    control.set_input_files({"name": "IMG_20260907_203015.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(control.locator("xpath=ancestor::*[@data-is-ready]").locator(".zt-photo img")).to_have_count(1)


def open_action(page: Page, label: str) -> Locator:
    """Press the action's button on the page of the matter; its form."""
    page.get_by_role("group", name="下一步").get_by_role("link", name=label, exact=True).click()
    form = page.locator("form.zt-act-form")
    expect(form).to_be_visible()
    return form


def send(page: Page, form: Locator, label: str) -> None:
    """Send the form of an action; it is done."""
    form.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text(f"已完成：{label}").first).to_be_visible()


def act(page: Page, label: str, **answers: Any) -> None:
    """One action from its button to its end."""
    form = open_action(page, label)
    answer(form, **answers)
    send(page, form, label)


def open_work(page: Page, title: str) -> None:
    """Open a matter from the list of what waits for oneself."""
    page.goto("/desk/")
    page.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def describe(rows: object) -> str:
    """Anything as a message of a failed assertion."""
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)
