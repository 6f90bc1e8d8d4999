"""Tiles beneath the maps, in a browser: a source on this machine that draws its own pictures, and one that refuses.

Screenshots are in ``test-results/ground``.
"""

import io
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.district import District
from zhitong.kernel.territory.public import GroundChoice

from .conftest import PATIENCE
from .walking import Album, Walk

pytestmark = pytest.mark.django_db(transaction=True)
SHAPES = "(id) => document.getElementById(id).ztMap.queryRenderedFeatures({ layers: ['shapes-line'] }).length"


def picture(text: str) -> bytes:
    """A tile: rose, framed, with its place on it."""
    image = Image.new("RGB", (256, 256), (236, 120, 160))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 255, 255), outline=(90, 20, 60))
    pen.text((12, 12), text, fill=(90, 20, 60))
    found = io.BytesIO()
    image.save(found, "PNG")
    return found.getvalue()


class Tiles(BaseHTTPRequestHandler):
    """/key/z/x/y; whoever has not the right key is refused."""

    def do_GET(self) -> None:
        is_right = self.path.startswith("/right/")
        body = picture(self.path) if is_right else b"no"
        self.send_response(200 if is_right else 403)
        self.send_header("Content-Type", "image/png" if is_right else "text/plain")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def tiles() -> Iterator[str]:
    """The address of the source."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{{key}}/{{z}}/{{x}}/{{y}}"
    server.shutdown()
    server.server_close()


def rose(page: Page, of: str) -> float:
    """The part of the map that has the colour of the tiles."""
    seen = Image.open(io.BytesIO(page.locator(of).screenshot())).convert("RGB").resize((160, 100))
    pixels = [seen.getpixel((x, y)) for x in range(160) for y in range(100)]
    return sum(red > green + 25 and red > 150 for red, green, _blue in pixels) / len(pixels)  # type: ignore[misc]


def test_tiles_are_looked_at_kept_and_lost(
    open_page: Callable[..., Page], phone: Page, district: District, tiles: str
) -> None:
    walk = Walk(open_page, phone, Album("ground"))
    page = walk.desk("admin")
    page.goto("/setup/territory/ground")
    expect(page.locator("[data-ground-told]")).to_contain_text("没有底图")
    expect(page.locator("[name=tiles]")).to_be_hidden()
    page.locator("input[name=source][value=own]").check()
    page.locator("[name=tiles]").fill(tiles)
    page.locator("[name=key]").fill("wrong")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("[data-ground-told]")).to_contain_text("读取失败（403）", timeout=PATIENCE)
    expect(page.locator(".zt-map-notes")).to_contain_text("仅显示区划边界")
    page.wait_for_function(f"(id) => ({SHAPES})(id) > 0", arg="ground-map", timeout=PATIENCE)
    walk.look(page, "refused")
    page.locator("[name=key]").fill("right")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("[data-ground-told]")).to_contain_text("底图可以读取", timeout=PATIENCE)
    assert not GroundChoice.objects.exists()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存，地图页面刷新后即使用新底图")).to_be_visible()
    expect(page.locator("[data-ground-told]")).to_contain_text("底图可以读取", timeout=PATIENCE)
    page.wait_for_function(f"(id) => ({SHAPES})(id) > 0", arg="ground-map", timeout=PATIENCE)
    until = time.monotonic() + PATIENCE / 1000
    while (part := rose(page, "#ground-map")) <= 0.5:  # tiles fade in
        assert time.monotonic() < until, part
        page.wait_for_timeout(200)
    walk.look(page, "kept")
    page.set_viewport_size({"width": 360, "height": 740})
    walk.look(page, "kept-360")
    page.goto("/setup/territory/check")
    page.wait_for_selector("#coverage-map[data-ground=shown][data-is-drawn]", timeout=PATIENCE)
    page.wait_for_function(f"(id) => ({SHAPES})(id) > 0", arg="coverage-map", timeout=PATIENCE)
