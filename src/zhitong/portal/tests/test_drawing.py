"""Divisions drawn on their page: looked at, written, taken back."""

import json
import re
from typing import Any

import pytest
import shapely
from django.urls import reverse
from django.utils import timezone

from zhitong.base.geometry import convert_shape
from zhitong.kernel.territory import public as t

pytestmark = pytest.mark.django_db
PAGE = "portal:territory_draw"


@pytest.fixture
def grid(admin: Any) -> t.Node:
    """A grid of the small district."""
    return t.of_level("grid")[0]


def area(node: t.Node) -> Any:
    return t.areas([node.id])[node.id]


def written(shape: Any) -> str:
    """Points as the page writes them."""
    return "\n".join(f"{x:.7f},{y:.7f}" for x, y in shapely.get_coordinates(shape))


def across(node: t.Node) -> str:
    west, _south, east, _north = area(node).bounds
    y = area(node).point_on_surface().y
    return f"{west - 0.001:.7f},{y:.7f}\n{east + 0.001:.7f},{y:.7f}"


def send(client: Any, do: str = "preview", **said: Any) -> Any:
    return client.post(reverse(PAGE), {"do": do, "is_fitted": "on", "datum": "wgs84", **said})


def test_looked_at_then_split_then_taken_back(admin: Any, grid: t.Node) -> None:
    said = {"kind": "split", "divisions": grid.code, "points": across(grid), "reason": "路口改造"}
    shown = send(admin, **said)
    text = shown.content.decode()
    assert "还没有保存" in text
    assert "没有重叠、空隙和超出" in text
    codes = t.free_codes(grid.parent_id, 2, timezone.localdate())
    assert all(code in text for code in codes)
    assert t.by_code(codes[0]) is None
    parts = "\n".join(f"{code} 新网格{code[-1]}" for code in codes)
    assert send(admin, "save", **said, parts=parts).status_code == 302
    assert t.node(grid.id).valid_to
    assert [t.by_code(code).name for code in codes] == [f"新网格{code[-1]}" for code in codes]
    row = t.redrawings()[0]
    page = admin.get(reverse(PAGE), {"division": codes[0]}).content.decode()
    assert "路口改造" in page
    admin.post(reverse("portal:territory_undo", args=[row.id]))
    assert t.node(grid.id).valid_to is None
    again = admin.post(reverse("portal:territory_undo", args=[row.id]), follow=True)
    assert "已经撤销" in again.content.decode()


def test_the_preview_names_what_begins_and_loses_no_square_metre(admin: Any, grid: t.Node) -> None:
    said = {"kind": "split", "divisions": grid.code, "points": across(grid), "reason": "路口改造"}
    text = send(admin, **said).content.decode()
    table = text.split('id="preview"')[1].split("面积变化")[1].split("</table>")[0]
    lines = [re.sub(r"<[^>]*>", " ", line).split() for line in table.split("<tr>")[2:]]
    codes = t.free_codes(grid.parent_id, 2, timezone.localdate())
    assert [line[:2] for line in lines[:3]] == [
        *([f"第{int(code[-3:])}网格", code] for code in codes),
        [grid.name, grid.code],
    ]
    one, other = (int(line[3].replace(",", "")) for line in lines[:2])
    whole = round(t.shape(grid.id).area_m2)
    assert (int(lines[2][2].replace(",", "")), one + other) == (whole, whole)
    columns = [[int(cell.replace(",", "").replace("—", "0")) for cell in line[-3:-1]] for line in lines]
    assert [sum(column) for column in zip(*columns[:-1], strict=True)] == columns[-1]
    shown = json.loads(text.split('id="draw-shown">')[1].split("</script>")[0])
    assert [one["properties"]["name"] for one in shown["features"]][:2] == [f"第{int(code[-3:])}网格" for code in codes]


def test_a_new_code_is_shown_for_everybody_who_gets_one_before_it_is_kept(admin: Any, grid: t.Node) -> None:
    community = next(node for node in t.of_level("community") if node.id == grid.parent_id)
    wanted = f"{community.code[:-3]}777"
    said = {"kind": "renumber", "divisions": community.code, "parts": wanted, "reason": "编码调整"}
    shown = send(admin, **said).content.decode().split('id="preview"')[1]
    for node in (community, *t.children(community.id)):
        assert f"<code>{node.code}</code>" in shown
        assert f"<code>{node.code.replace(community.code, wanted)}</code>" in shown
    assert t.node(community.id).code == community.code
    taken = next(node.code for node in t.of_level("community") if node.id != community.id)
    for code, sentence in ((taken, "已被使用"), ("77", "应为12位数字"), ("", "请填写一行")):
        answer = send(admin, **{**said, "parts": code})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert send(admin, "save", **said).status_code == 302
    assert t.node(grid.id).code == grid.code.replace(community.code, wanted)


def test_a_new_one_finds_its_parent_by_where_it_lies(admin: Any, grid: t.Node) -> None:
    inner = area(grid).point_on_surface().buffer(0.0005, quad_segs=1)
    said = {"kind": "new", "points": written(inner.exterior), "reason": "新建市场", "type": "dedicated"}
    assert "新区划" in send(admin, **said).content.decode()
    code = t.free_codes(grid.parent_id, 1, timezone.localdate())[0]
    assert send(admin, "save", **said, parts=f"{code} 市场").status_code == 302
    made = t.by_code(code)
    assert (made.parent_id, made.kind, made.name) == (grid.parent_id, "dedicated", "市场")


def test_coordinates_of_another_ground_are_taken_back(admin: Any, grid: t.Node) -> None:
    smaller = area(grid).buffer(-0.0005)
    moved = convert_shape(smaller, "wgs84", "gcj02")
    points = "\n\n".join(written(part.exterior) for part in shapely.get_parts(moved))
    said = {
        "kind": "shape",
        "divisions": grid.code,
        "points": points,
        "reason": "退让",
        "datum": "gcj02",
        "is_fitted": "",
    }
    assert send(admin, "save", **said).status_code == 302
    assert area(grid).symmetric_difference(smaller).area < smaller.length * 2e-7


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "shape"}, "选择一个区划"),
        ({"kind": "shape", "divisions": "nowhere"}, "没有编码为"),
        ({"kind": "shape", "divisions": "GRID", "points": "1"}, "每行填写一个点"),
        ({"kind": "shape", "divisions": "GRID", "points": "1,1\n2,2"}, "不是有效的多边形"),
        ({"kind": "shape", "divisions": "GRID", "points": "999,999\n2,2\n3,3\n4,5"}, "不是有效的多边形"),
        ({"kind": "split", "divisions": "GRID", "points": "1,1"}, "至少两个点"),
        ({"kind": "split", "divisions": "GRID", "points": "1,1\n2,2"}, "没有穿过"),
        ({"kind": "new", "points": "1,1\n2,2\n2,1"}, "不在任何社区"),
        ({"kind": "merge", "divisions": "GRID"}, "两个以上"),
        ({"kind": "renumber", "divisions": "GRID", "do": "save"}, "编码 名称"),
        ({"kind": "renumber", "divisions": "GRID", "do": "save", "parts": "990101001001999"}, "填写变更原因"),
        ({"kind": "split", "divisions": "GRID", "points": "LINE", "do": "save", "reason": "x"}, "先预览"),
        (
            {"kind": "split", "divisions": "GRID", "points": "LINE", "do": "save", "reason": "x", "on": "2999-01-01"},
            "不能晚于今天",
        ),
    ],
)
def test_what_is_refused_keeps_what_was_typed(admin: Any, grid: t.Node, said: dict[str, str], sentence: str) -> None:
    filled = {
        name: grid.code if text == "GRID" else across(grid) if text == "LINE" else text for name, text in said.items()
    }
    answer = send(admin, **filled)
    text = answer.content.decode()
    assert answer.status_code == 422, text[-500:]
    assert sentence in text
    if filled.get("points"):
        assert filled["points"].splitlines()[0] in text


def test_only_who_sets_up_divisions(grid: t.Node, district: Any) -> None:
    assert district.client("clerk").get(reverse(PAGE)).status_code == 403
