"""The coverage check as a page and as a layer of a map."""

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from zhitong.base.geometry import from_geojson, to_geojson
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.register.public import NewBuilding, add_buildings
from zhitong.kernel.territory import public as t
from zhitong.portal.web import coverage

pytestmark = pytest.mark.django_db
BY = Actor.system("测试")
PAGE = "portal:territory_check"


@pytest.fixture
def whole(admin: Any) -> t.Node:
    """The first of the district's four grids."""
    return t.of_level("grid")[0]


@pytest.fixture
def torn(whole: t.Node) -> t.Node:
    """A grid that has grown over its neighbours."""
    found = t.shape(whole.id)
    assert found
    area = from_geojson(found.geometry).buffer(0.001)
    t.set_shape(whole.id, to_geojson(area), by=BY, at=timezone.now())
    return whole


def test_nothing_wrong(whole: t.Node, admin: Any) -> None:
    text = admin.get(reverse(PAGE)).content.decode()
    assert "共检查4个，没有重叠、空隙和超出。" in text
    assert "无人负责" in text
    assert admin.get(reverse("portal:territory_check_areas")).json()["features"] == []


def test_what_is_wrong_is_listed_and_drawn(torn: t.Node, admin: Any) -> None:
    features = admin.get(reverse("portal:territory_check_areas")).json()["features"]
    said = {}
    for kind in {one["properties"]["kind"] for one in features}:
        said[kind] = admin.get(reverse(PAGE), {"level": "grid", "kind": kind}).content.decode()
    assert len(said) > 1
    for one in features:
        assert f"{one['properties']['area_m2']:,}</td>" in said[one["properties"]["kind"]]
    assert all(torn.code in text for text in said.values())
    other = next(node for node in t.of_level("street") if node.id not in torn.path)
    narrowed = admin.get(reverse("portal:territory_check_areas"), {"within": str(other.id)}).json()["features"]
    assert len(narrowed) <= len(features)


def test_buildings_are_told_on_the_page_on_the_map_and_in_the_file(whole: t.Node, admin: Any) -> None:
    place = t.shape(whole.id)
    assert place
    other = t.of_level("grid")[1]
    given = [
        NewBuilding(whole.id, "安居1号楼", "示范路1号", lon=place.lon, lat=place.lat), NewBuilding(whole.id, "安居2号楼", "示范路2号"),
        NewBuilding(other.id, "安居3号楼", "示范路3号", lon=place.lon, lat=place.lat),
        NewBuilding(whole.id, "安居4号楼", "示范路4号", lon=place.lon + 5, lat=place.lat),
    ]  # fmt: skip
    add_buildings(given, by=BY, at=timezone.now())
    summed = admin.get(reverse(PAGE)).content.decode()
    assert "没有坐标" in summed
    assert "号楼" not in summed
    for kind, n in (("unplaced", 2), ("elsewhere", 3), ("nowhere", 4)):
        text = admin.get(reverse(PAGE), {"kind": kind}).content.decode()
        assert [f"安居{one}号楼" in text for one in (1, 2, 3, 4)] == [one == n for one in (1, 2, 3, 4)]
    features = admin.get(reverse("portal:territory_check_areas")).json()["features"]
    assert sorted(one["properties"]["title"] for one in features) == ["安居3号楼", "安居4号楼"]
    answer = admin.get(reverse("portal:territory_check_export"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book["楼栋"].iter_rows(min_row=2, values_only=True))
    assert sorted((row[1], row[0]) for row in rows) == [
        ("安居2号楼", "没有坐标"), ("安居3号楼", "登记区划与位置不符"), ("安居4号楼", "不在任何区划内"),
    ]  # fmt: skip


def test_too_many_ask_for_a_street(torn: t.Node, admin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "MOST_AT_ONCE", 3)
    assert "请先选择街道" in admin.get(reverse(PAGE)).content.decode()
    assert admin.get(reverse("portal:territory_check_areas")).json()["features"] == []
    street = t.of_level("street")[0]
    monkeypatch.setattr(coverage, "MOST_AT_ONCE", 2)
    assert "请先选择街道" not in admin.get(reverse(PAGE), {"within": str(street.id)}).content.decode()


@pytest.mark.parametrize("asked", [{"level": "x"}, {"within": "990101"}, {"within": "x"}])
def test_what_there_is_none_of(whole: t.Node, admin: Any, asked: dict[str, str]) -> None:
    assert admin.get(reverse(PAGE), asked).status_code == 422


def sheets(answer: Any) -> dict[str, list[Any]]:
    """The rows of a workbook below its headings."""
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames}


def test_the_page_opens_with_sums_and_unfolds_one_kind(torn: t.Node, admin: Any) -> None:
    found = t.check_coverage("grid")
    text = admin.get(reverse(PAGE)).content.decode()
    for kind, (n, size) in found.sums.items():
        if n:
            assert f"kind={kind.value}" in text
            assert f">{round(size):,}</td>" in text
    assert torn.code not in text
    nothing = admin.get(reverse(PAGE), {"kind": "twice"}).content.decode()
    assert "没有这类问题" in nothing


def test_map_and_file_are_of_the_kind_that_is_chosen(torn: t.Node, admin: Any) -> None:
    add_buildings([NewBuilding(torn.id, "安居2号楼", "示范路2号")], by=BY, at=timezone.now())
    features = admin.get(reverse("portal:territory_check_areas"), {"kind": "overlap"}).json()["features"]
    assert {one["properties"]["kind"] for one in features} == {"overlap"}
    every, chosen = (
        sheets(admin.get(reverse("portal:territory_check_export"), asked)) for asked in ({}, {"kind": "overlap"})
    )
    assert len(every["楼栋"]) == 1
    assert every["无边界无人"]
    assert (chosen["楼栋"], chosen["无边界无人"]) == ([], [])
    assert chosen["区划"] == [row for row in every["区划"] if row[0] == "重叠"] != []


def test_grids_without_a_worker_have_their_place_and_size(whole: t.Node, admin: Any) -> None:
    shape = t.shape(whole.id)
    assert shape
    text = admin.get(reverse(PAGE), {"kind": "no_worker"}).content.decode()
    row = text.split(f"<code>{whole.code}</code>")[1].split("</tr>")[0]
    assert f">{round(shape.area_m2):,}</td>" in row
    assert f"lon={shape.lon}&amp;lat={shape.lat}" in row
    layer = admin.get(reverse("portal:territory_check_areas"), {"kind": "no_worker"}).json()["features"]
    assert sorted(one["properties"]["name"] for one in layer) == sorted(f"{n} {n.code}" for n in t.of_level("grid"))
    assert admin.get(reverse("portal:territory_check_areas")).json()["features"] == []
    rows = sheets(admin.get(reverse("portal:territory_check_export"), {"kind": "no_worker"}))["无边界无人"]
    assert [str(round(shape.area_m2)), str(shape.lon), str(shape.lat)] in [list(one[3:]) for one in rows]


def test_long_lists_come_in_pages(whole: t.Node, admin: Any) -> None:
    given = [NewBuilding(whole.id, f"安居{n:03d}号楼", "示范路") for n in range(coverage.ON_A_PAGE + 3)]
    add_buildings(given, by=BY, at=timezone.now())
    seen = []
    for page in ("1", "2"):
        text = admin.get(reverse(PAGE), {"kind": "unplaced", "page": page}).content.decode()
        seen += [one.name for one in given if one.name in text]
    assert seen == [one.name for one in given]
    for odd in ("99", "-1", "x", "²", "9" * 40):
        assert admin.get(reverse(PAGE), {"kind": "unplaced", "page": odd}).status_code == 200


@pytest.mark.parametrize(
    ("lon", "lat", "is_shown"), [("117.01", "36.5", True), ("nan", "36.5", False), ("x", "", False)]
)
def test_a_place_is_shown_on_the_map(torn: t.Node, admin: Any, lon: str, lat: str, is_shown: bool) -> None:
    text = admin.get(reverse(PAGE), {"lon": lon, "lat": lat}).content.decode()
    assert ('data-zoom="18"' in text) is is_shown
