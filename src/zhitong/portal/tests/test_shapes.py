"""Shapes in and out as files, on their page."""

import json
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhitong.base.geometry import to_geojson
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


def test_tried_then_written_then_known(admin: Any) -> None:
    content = geojson(NEW, "x")
    tried = upload(admin, content, code="DM").content.decode()
    assert "1个将设立" in tried
    assert "什么都还没有写入" in tried
    assert t.by_code(NEW) is None
    assert "设立1个" in upload(admin, content, code="DM", do="write").content.decode()
    assert t.by_code(NEW).name == "新设网格"
    again = upload(admin, content, code="DM", do="write")
    assert again.status_code == 422
    assert "不再重复导入" in again.content.decode()


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
