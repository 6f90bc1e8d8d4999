"""Shapes in and out as files, on their page."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.district import BY
from zhitong.base.geometry import convert_shape, to_geojson
from zhitong.kernel.territory import public as t

pytestmark = pytest.mark.django_db
PAGE = "portal:shapes_import"
NEW = "990101001001077"


def upload(client: Any, content: bytes, name: str = "a.geojson", **more: str) -> Any:
    return client.post(
        reverse(PAGE), {"file": SimpleUploadedFile(name, content), "datum": "wgs84", "do": "try", **more}
    )


def geojson(*codes: str) -> bytes:
    box = to_geojson(shapely.box(117.01, 36.51, 117.02, 36.52))
    rows = [{"type": "Feature", "properties": {"DM": code, "name": "新设网格"}, "geometry": box} for code in codes]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def write(client: Any) -> Any:
    """What was tried is written."""
    return client.post(reverse(PAGE), {"do": "write"}, follow=True)


def test_tried_then_written_then_known(admin: Any) -> None:
    content = geojson(NEW, "x")
    assert 'value="write"' not in admin.get(reverse(PAGE)).content.decode()
    tried = upload(admin, content, code="DM").content.decode()
    assert "1个将设立" in tried
    assert "什么都还没有写入" in tried
    assert 'value="write"' in tried
    assert t.by_code(NEW) is None
    assert "设立1个" in write(admin).content.decode()
    assert t.by_code(NEW).name == "新设网格"
    again = upload(admin, content, code="DM")
    assert again.status_code == 422
    assert "不再重复导入" in again.content.decode()


def test_nothing_is_written_that_was_not_tried(admin: Any) -> None:
    assert "没有待确认的文件" in write(admin).content.decode()
    assert 'value="write"' not in upload(admin, geojson("x"), code="DM").content.decode()
    admin.post(reverse(PAGE), {"file": SimpleUploadedFile("a.geojson", geojson(NEW)), "code": "DM", "do": "write"})
    assert t.by_code(NEW) is None


def test_what_was_said_beside_the_file_counts_when_it_is_written(admin: Any) -> None:
    box = shapely.box(117.01, 36.51, 117.02, 36.52)
    upload(admin, geojson(NEW), code="DM", datum="gcj02", on="2026-03-01")
    write(admin)
    made = t.by_code(NEW)
    assert made.valid_from.isoformat() == "2026-03-01"
    (there,) = t.areas([made.id]).values()
    assert shapely.equals_exact(there.normalize(), convert_shape(box, "gcj02", "wgs84").normalize(), tolerance=1e-6)


def test_a_trial_is_refused_for_what_the_import_would_be(admin: Any) -> None:
    grid = t.of_level("grid")[0]
    t.end_division(grid.id, by=BY, at=timezone.now())
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = upload(admin, geojson(grid.code), code="DM", on=yesterday.isoformat())
    assert answer.status_code == 422
    assert "已被使用" in answer.content.decode()


def test_what_is_refused_keeps_what_was_typed(admin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = upload(admin, b"nothing", name="a.zip", code="DM")
    assert answer.status_code == 422
    assert 'value="DM"' in answer.content.decode()
    monkeypatch.setattr(t, "MOST_OF_A_FILE", 3)
    assert "32MB" in upload(admin, b"nothing").content.decode()
    assert upload(admin, b"").status_code == 422


def test_out_again(admin: Any) -> None:
    address = reverse("portal:shapes_export", args=["grid"])
    found = json.loads(admin.get(address).content)["features"]
    assert {one["properties"]["code"] for one in found} == {node.code for node in t.of_level("grid")}
    assert admin.get(address, {"kind": "csv"}).content.decode("utf-8-sig").startswith("code,name,kind,parent,wkt")
    moved = json.loads(admin.get(address, {"datum": "gcj02"}).content)["features"]
    assert moved[0]["geometry"] != found[0]["geometry"]
    assert admin.get(address, {"datum": "x"}).status_code == 422
    assert admin.get(reverse("portal:shapes_export", args=["x"])).status_code == 404
    assert "attachment" in admin.get(address)["Content-Disposition"]
