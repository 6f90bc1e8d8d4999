"""The main pages on a small phone and on a wide screen, in both languages.

Screenshots are in ``test-results/widths-zh`` and ``test-results/widths-en``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.district import District, Raised

from .walking import Album, settled, sign_in, small_targets

pytestmark = pytest.mark.django_db(transaction=True)

HEIGHTS = {360: 740, 1920: 1080}
OPEN = {
    "home": "/", "new": "/appeals/new", "track": "/appeals/track", "public": "/appeals/public/", "map": "/appeals/public/map",
    "privacy": "/privacy", "sign-in": "/accounts/sign-in/",
}  # fmt: skip
DESK = {
    "dispatcher": {
        "home": "/desk/home/", "board": "/desk/dispatch/", "matters": "/desk/matters/", "register": "/desk/appeals/new",
        "late": "/desk/late/", "map": "/desk/map/", "figures": "/desk/figures/",
    },
    "worker": {"home": "/desk/home/", "work": "/desk/", "notices": "/desk/notices/"},
    "admin": {"home": "/desk/home/", "setup": "/setup/", "duties": "/setup/duties/"},
}  # fmt: skip


@dataclass
class Room:
    """Something of everything."""

    closed: Raised
    passed: Raised


@pytest.fixture
def room(district: District) -> Room:
    district.open(
        "东风路与和平路口信号灯不亮，早晚高峰十分危险，请尽快处理。",
        urgency="urgent",
        lon=117.03,
        lat=36.55,
        is_public=True,
    )
    district.concluded(lon=117.06, lat=36.57, is_public=True)
    return Room(
        closed=district.closed(lon=117.05, lat=36.56, is_public=True, address="东风路18号"),
        passed=district.passed(co="bureau", lon=117.04, lat=36.56, is_public=True, address="东风路18号"),
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_fits(open_page: Callable[..., Page], district: District, room: Room, language: str) -> None:
    album, found = Album(f"widths-{language[:2]}"), []
    page = open_page(width=360, height=740, language=language)
    for name, address in {**OPEN, "public-appeal": f"/appeals/public/{room.closed.number}/"}.items():
        found += fits(page, album, f"open-{name}", address)
    for person, pages in DESK.items():
        desk = open_page(width=360, height=740, language=language)
        sign_in(desk, person)
        if person == "worker":
            matter = f"/desk/matters/{room.passed.id}/"
            pages = {**pages, "matter": matter, "meeting": f"{matter}do/meet/"}
        for name, address in pages.items():
            found += fits(desk, album, f"{person}-{name}", address)
    assert not found, "\n".join(found)


def fits(page: Page, album: Album, name: str, address: str) -> list[str]:
    """What is wrong with one page at either width; a screenshot of each."""
    found = []
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        if width == 360:
            answer = page.goto(address)
            if answer is None or not answer.ok:
                return [f"{name}: {address} answers {answer.status if answer else 'nothing'}"]
        settled(page)
        found += album.keep(page, f"{name}-{width}")
        if "-zh" in album.folder.name:  # the size of a control does not depend on its words
            found += [f"{name} at {width}: {line}" for line in small_targets(page)]
    return found
