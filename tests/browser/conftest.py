"""Chromium for the tests of this folder: a phone and a desk, and axe to judge what they show."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, expect, sync_playwright

from tests import district as districts
from zhitong.kernel.indicators.public import load_indicators

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "node_modules/axe-core/axe.min.js"
MISSING = "no Chromium: as root, apt-get install chromium fonts-wqy-microhei"
PATIENCE = 90_000  # milliseconds; what does not come at all fails however long one waits
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",  # maps want WebGL, and there is no graphics card
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",  # but pages are drawn without it: imitating a card for them costs a processor
    "--disable-gpu-compositing",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def engine() -> Iterator[tuple[BrowserType, str]]:
    """What launches browsers, and where the program lies; skips where there is none."""
    path = os.environ.get("ZHITONG_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip(MISSING)
    # Playwright's loop runs in this thread, and Django takes any loop for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium, path


@pytest.fixture(scope="session")
def chromium(engine: tuple[BrowserType, str]) -> Iterator[Browser]:
    """One browser for all tests."""
    launcher, path = engine
    browser = launcher.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


def _complaint(said: ConsoleMessage) -> list[str]:
    """An error of the page; a form that is shown again with what is wrong in it (422) is none, nor a conflict
    the field app shows, nor the admin without icon, nor a
    network that a test has cut, nor tiles that a test's source refuses."""
    place = said.location.get("url", "")
    is_fine = (
        said.type != "error"
        or "status of 422" in said.text
        or "ERR_INTERNET_DISCONNECTED" in said.text
        or (not place and "when fetching the script" in said.text)  # a new version asked for while the network is cut
        or ("status of 409" in said.text and place.endswith("/field/send"))
        or ("status of 403" in said.text and "/wrong/" in place)
        or place.endswith("/favicon.ico")
    )
    return [] if is_fine else [f"{place}: {said.text}"]


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """``open_page(width=360, language="zh-CN")``: a page of its own, with the live server as its base address.

    At the end of the test nothing may have been thrown or refused by the content security policy.
    """
    contexts, complaints = [], []

    def make(width: int = 1280, height: int = 800, language: str = "zh-CN", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale=language,
            reduced_motion="reduce",
            **options,  # nothing is looked at while it moves
        )
        context.set_default_timeout(PATIENCE)
        if language == "en":  # pages are Chinese until somebody chooses
            context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.extend(_complaint(said)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(width=360, height=740, is_mobile=True, has_touch=True)


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    return open_page(width=1280, height=800)


@pytest.fixture
def district(live_server: Any, settings: Any, tmp_path: Path) -> districts.District:
    """The district of the tests of the whole, with its indicators; photos go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    built = districts.build()
    load_indicators(by=districts.BY, at=timezone.now())
    return built


def judged(page: Page, only: dict[str, Any] | None = None) -> list[str]:
    """What axe finds serious or critical on the page, a line for each element; ``only`` as its option ``runOnly``."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": only} if only else {})}
    found = page.evaluate("(options) => axe.run(options)", options)
    return [
        f"{violation['id']}: {violation['help']} ({node['html'][:160]})"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical on the page."""
    return judged(page)
