"""Divisions are drawn in a browser: split by a line, merged, a border moved onto the neighbour's; at a desk and on a phone.

Screenshots are in ``test-results/drawing``.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import District
from zhitong import ui
from zhitong.base.geometry import from_geojson, wgs84_to_gcj02
from zhitong.kernel.territory import public as territory

from .conftest import PATIENCE
from .walking import Album, Walk

pytestmark = pytest.mark.django_db(transaction=True)
READY = "#draw-map[data-is-drawing]"
# Where a place of the map is on the screen.
AT = """([lon, lat]) => { const map = document.getElementById('draw-map').ztMap; const box = map.getCanvas().getBoundingClientRect();
  const p = map.project([lon, lat]); return [box.left + p.x, box.top + p.y]; }"""
# The borders around are read again.
FARTHER = """() => { const map = document.getElementById('draw-map').ztMap; delete document.querySelector('[data-draw]').dataset.isNear;
  map.setZoom(map.getZoom() - 1.3); }"""
# What has been drawn and chosen so far.
DRAWN = """() => JSON.stringify([document.getElementById('draw-map').ztDraw.getSnapshot(), document.querySelector('[name=divisions]').value])"""
STILL = "() => { const map = document.getElementById('draw-map').ztMap; return map.loaded() && !map.isMoving(); }"


@pytest.fixture
def grids(district: District) -> list[territory.Node]:
    """The grids of the community that has most."""
    best = max(territory.of_level("community"), key=lambda node: len(territory.children(node.id)))
    return territory.children(best.id)


def area(node: territory.Node) -> Any:
    return territory.areas([node.id])[node.id]


def opened(page: Page, node: territory.Node) -> None:
    page.goto(f"/setup/territory/draw?division={node.code}")
    page.wait_for_selector(READY)
    page.wait_for_selector("[data-draw][data-is-near]")
    page.locator("#draw-map").scroll_into_view_if_needed()
    page.evaluate(FARTHER)
    page.wait_for_selector("[data-draw][data-is-near]")
    page.wait_for_function(STILL, timeout=PATIENCE)


def tap(page: Page, lon: float, lat: float) -> None:
    """Move there first: what is drawn follows the pointer."""
    x, y = page.evaluate(AT, [lon, lat])
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y, steps=3)
    before = page.evaluate(DRAWN)
    page.mouse.click(x, y)
    page.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=before)


def choose(page: Page, kind: str) -> None:
    page.locator(f"input[name=kind][value={kind}]").check()


def save(page: Page, reason: str) -> None:
    page.locator("[name=reason]").fill(reason)
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#preview")).to_contain_text("没有重叠、空隙和超出")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存，自")).to_be_visible()


def test_a_grid_is_split_by_a_line_merged_again_and_all_taken_back(
    open_page: Callable[..., Page], phone: Page, grids: list[territory.Node]
) -> None:
    walk = Walk(open_page, phone, Album("drawing"))
    page, mine = walk.desk("admin"), grids[0]
    opened(page, mine)
    choose(page, "split")
    place = area(mine).point_on_surface()
    expect(page.locator("[name=divisions]")).to_have_value(mine.code)
    west, _south, east, _north = area(mine).bounds
    margin = (east - west) / 20
    tap(page, west - margin, place.y)
    tap(page, east + margin, place.y)
    page.get_by_role("button", name="结束绘制").click()
    expect(page.locator("[name=points]")).not_to_have_value("")
    codes = territory.free_codes(mine.parent_id, 2, timezone.localdate())
    save(page, "路口改造")
    walk.look(page, "split")
    assert territory.node(mine.id).valid_to
    assert all(territory.by_code(code) for code in codes)
    merged_again(page, mine, codes)
    for _ in range(2):
        page.get_by_role("button", name="撤销调整").first.click()
        with page.expect_response(
            lambda answer: answer.request.method == "POST"
        ):  # what was said of the first is still there
            page.get_by_role("button", name="确定").click()
        expect(page.get_by_text("已撤销自")).to_be_visible()
    assert territory.node(mine.id).valid_to is None
    walk.look(page, "taken-back")


def merged_again(page: Page, was: territory.Node, codes: tuple[str, ...]) -> None:
    """Both halves by clicks on the map."""
    halves = [node for code in codes if (node := territory.by_code(code))]
    opened(page, halves[0])
    choose(page, "merge")
    place = area(halves[1]).point_on_surface()
    tap(page, place.x, place.y)
    expect(page.locator("[name=divisions]")).to_have_value(", ".join(codes))
    page.locator("[name=parts]").fill(f"{was.code[:-3]}899 合并网格")
    save(page, "工作量太小")
    made = territory.by_code(f"{was.code[:-3]}899")
    assert made
    assert area(made).symmetric_difference(area_before(was)).area < area(made).length * 1e-7


def area_before(node: territory.Node) -> Any:
    row = territory.DivisionShape.objects.filter(division=node.id).order_by("valid_from").first()
    return from_geojson(row.geometry)


def test_a_corner_is_dragged_onto_the_neighbours(
    open_page: Callable[..., Page], phone: Page, grids: list[territory.Node]
) -> None:
    walk = Walk(open_page, phone, Album("drawing-snap"))
    page = walk.desk("admin")
    mine = max(grids, key=lambda node: area(node).area)
    opened(page, mine)
    page.wait_for_function("() => document.querySelector('[name=points]').value")
    corner = near_corner(mine)
    others = {xy for node in grids if node != mine for xy in area(node).exterior.coords if beyond(mine, xy)}
    target = min(others, key=lambda xy: shapely.Point(xy).distance(shapely.Point(corner)))
    x, y = page.evaluate(AT, list(corner))
    there = page.evaluate(AT, list(target))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + there[0]) / 2, (y + there[1]) / 2, steps=8)
    page.mouse.move(there[0] + 4, there[1] + 3, steps=8)
    page.mouse.up()
    written = f"{target[0]:.7f}".rstrip("0") + "," + f"{target[1]:.7f}".rstrip("0")
    page.wait_for_function("(text) => document.querySelector('[name=points]').value.includes(text)", arg=written)
    page.get_by_role("button", name="撤销一步").click()
    page.get_by_role("button", name="重做").click()
    save(page, "路口改造")
    assert target in [tuple(xy) for xy in area(mine).exterior.coords]
    found = territory.check_coverage("grid", mine.parent_id)
    assert found.faults == ()


def near_corner(node: territory.Node) -> tuple[float, float]:
    """A corner of the grid well inside its community."""
    assert node.parent_id
    holder = territory.areas([node.parent_id])[node.parent_id].boundary
    lon, lat = max(area(node).exterior.coords, key=lambda xy: holder.distance(shapely.Point(xy)))
    return lon, lat


def beyond(node: territory.Node, xy: tuple[float, float]) -> bool:
    """Another's corner, none of the grid's own."""
    return bool(area(node).distance(shapely.Point(xy)) > 1e-6)


def test_by_keyboard_and_on_a_phone(open_page: Callable[..., Page], phone: Page, grids: list[territory.Node]) -> None:
    walk = Walk(open_page, phone, Album("drawing-phone"))
    page, mine = walk.desk("admin"), grids[0]
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, mine)
    walk.look(page, "phone")
    choose(page, "split")
    page.locator("[name=divisions]").fill(mine.code)
    page.locator("[name=divisions]").press("Tab")
    west, _south, east, _north = area(mine).bounds
    y = area(mine).point_on_surface().y
    page.locator(".dr-points summary").click()
    page.locator("[name=points]").fill(f"{west - 0.001:.7f},{y:.7f}\n{east + 0.001:.7f},{y:.7f}")
    save(page, "按坐标拆分")
    walk.look(page, "saved")
    assert territory.node(mine.id).valid_to


def test_the_page_moves_points_as_the_server_does(open_page: Callable[..., Page]) -> None:
    """On a ground drawn in GCJ-02; outside China nothing is moved."""
    page = open_page()
    page.goto("about:blank")
    script = Path(ui.__file__).parent / "static/ui/map_datum.js"
    points = [[117.02, 36.65], [87.6, 43.8], [113.3, 23.1], [2.35, 48.85]]
    run = """async ([script, points]) => {
      const { toGround, fromGround } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
      return points.map((one) => [toGround(one, "gcj02"), fromGround(toGround(one, "gcj02"), "gcj02")]);
    }"""
    for point, (there, back) in zip(points, page.evaluate(run, [script.read_text("utf-8"), points]), strict=True):
        assert there == pytest.approx(wgs84_to_gcj02(*point), abs=1e-9)
        assert back == pytest.approx(point, abs=1e-8)
