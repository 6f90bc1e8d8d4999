"""Files of shapes: what is read, what is refused, what becomes of the rows."""

import io
import json
import struct
import zipfile
from typing import Any

import pytest
import shapefile
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.geometry import Datum, area_m2, convert_shape, from_geojson, to_geojson

from .. import public as t
from ..models import ShapeFile
from ..rules import files
from ..rules.files import BadFile, Columns, read_file
from .conftest import AT, BY, START, TODAY, By, kinds, of

CODE, NEW = "990101001001", "990101001001077"
BOX = shapely.box(117.01, 36.51, 117.02, 36.52)


def geojson(*features):
    rows = [{"type": "Feature", "properties": told, "geometry": to_geojson(area)} for told, area in features]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def shp(rows, encoding="utf-8"):
    """The parts of a Shapefile as the library of surveyors writes it."""
    out = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**out, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("编码", "C", 24)
        writer.field("名称", "C", 80)
        for code, name, area in rows:
            writer.record(code, name)
            writer.shape(to_geojson(area))
    return {f"grids/网格.{name}": file.getvalue() for name, file in out.items()}


def ring(area):
    return ";".join(f"{x},{y}" for x, y in area.exterior.coords)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_format_says_the_same(encoding):
    hole = BOX.difference(shapely.box(117.014, 36.514, 117.016, 36.516))
    said = [(CODE, "东风社区", hole), (NEW, "第77网格", BOX)]
    as_csv = "编码,名称,边界\n" + "".join(f'{code},{name},"{area.wkt}"\n' for code, name, area in said)
    found = [
        read_file("a.geojson", geojson(*(({"code": code, "name": name}, area) for code, name, area in said))),
        read_file("a.csv", as_csv.encode(encoding)),
        read_file("a.ZIP", zipped(shp(said, encoding))),
    ]
    for rows in found:
        assert [(row.code, row.name) for row in rows] == [(code, name) for code, name, _area in said]
        assert all(row.area.equals(area) for row, (_code, _name, area) in zip(rows, said, strict=True))
    (row,) = read_file("a.csv", f'code,ring\n{CODE},"{ring(BOX)}"\n'.encode())
    assert row.area.equals(BOX)


def test_columns_may_be_named():
    content = geojson(({"DM": 990101001001.0, "MC": "东", "code": "x"}, BOX))
    (row,) = read_file("a.json", content, Columns(code="DM", name="MC"))
    assert (row.code, row.name) == (CODE, "东")


BAD = {
    "unknown": ("a.exe", b"MZ"),
    "not_json": ("a.json", b"[1,"),
    "no_columns": ("a.csv", b"a,b\n1,2\n"),
    "not_text": ("a.csv", b"code,wkt\n\xff\xff\xff,1\n"),
    "not_a_zip": ("a.zip", b"PK\x03\x04 nothing"),
    "no_shapefile": ("a.zip", zipped({"a.txt": b"x"})),
    "projected": (
        "a.zip",
        zipped({**shp([(CODE, "", BOX)]), "grids/网格.prj": b'PROJCS["CGCS2000_3_Degree_GK_Zone_39"]'}),
    ),
    "broken": ("a.zip", zipped({"a.shp": b"\x00" * 200, "a.dbf": b"\x01" * 90})),
}


@pytest.mark.parametrize("code", BAD)
def test_what_cannot_be_taken(code):
    with pytest.raises(BadFile) as told:
        read_file(*BAD[code])
    assert told.value.code == code


def test_a_zip_that_unpacks_into_too_much(monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 100_000)
    content = bytearray(zipped({**shp([(CODE, "", BOX)]), "grids/网格.prj": b"\x00" * 100_001}))
    with pytest.raises(BadFile) as told:
        read_file("a.zip", bytes(content))
    assert told.value.code == "too_large"
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)  # it lies about its size
    with pytest.raises(BadFile):
        read_file("a.zip", bytes(content))


def test_deep_json_and_odd_features():
    with pytest.raises(BadFile):
        read_file("a.json", b"[" * 200_000)
    odd: list[Any] = [
        None,
        1,
        {},
        {"geometry": 5},
        {"geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"properties": []},
    ]
    odd += [{"geometry": {"type": "Polygon", "coordinates": [[[1e400, 0], [0, 1], [1, 1], [1e400, 0]]]}}]
    rows = read_file("a.json", json.dumps({"features": odd}).encode())
    assert [row.problem for row in rows] == ["no_shape"] * len(odd)


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_damaged_shapefile_is_refused_or_read(at, junk):
    parts = shp([(CODE, "东", BOX), (NEW, "西", BOX)])
    for name in list(parts):
        content = bytearray(parts[name])
        place = at % len(content)
        content[place : place + len(junk)] = junk
        try:
            rows = read_file("a.zip", zipped({**parts, name: bytes(content)}))
        except BadFile:
            continue
        assert all(row.area is None or row.area.is_valid for row in rows)


def test_corners_are_counted(monkeypatch):
    monkeypatch.setattr(files, "MOST_CORNERS", 20)
    many = shapely.Point(117, 36).buffer(0.1)
    rows = read_file("a.json", geojson(({"code": "1"}, many), ({"code": "2"}, BOX)))
    assert [row.problem for row in rows] == ["too_many_corners", ""]
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    with pytest.raises(BadFile):
        read_file("a.json", geojson(({"code": "1"}, BOX), ({"code": "2"}, BOX)))


RINGS = {
    "crosses": [[117, 36.6], [117.01, 36.61], [117.01, 36.6], [117, 36.61], [117, 36.6]],
    "swapped": [[36.6, 117], [36.61, 117], [36.61, 117.01], [36.6, 117]],
    "not_degrees": [[500000, 4000000], [500100, 4000000], [500100, 4000100], [500000, 4000000]],
    "no_shape": [[117, 36.6], [117.01, 36.6], [117, 36.6], [117, 36.6]],
    "": [[117, 36.6], [117.01, 36.6], [117.01, 36.61], [117.02, 36.62], [117.01, 36.61], [117, 36.6]],  # a spike
}


@pytest.mark.parametrize("problem", RINGS)
def test_what_is_wrong_with_a_border_is_told(problem):
    feature = {"properties": {"code": "1"}, "geometry": {"type": "Polygon", "coordinates": [RINGS[problem]]}}
    wkt = ", ".join(f"{lon} {lat}" for lon, lat in RINGS[problem])
    for name, content in (
        ("a.geojson", json.dumps({"features": [feature]})),
        ("a.csv", f'code,wkt\n1,"POLYGON(({wkt}))"\n'),
    ):
        (row,) = read_file(name, content.encode())
        assert (row.problem, row.area is None) == (problem, problem != "")


@pytest.mark.parametrize("datum", list(Datum))
@given(lon=st.floats(100, 125), lat=st.floats(22, 45))
@settings(max_examples=50, deadline=None)
def test_there_and_back_within_a_metre(datum, lon, lat):
    there = shapely.box(lon, lat, lon + 0.01, lat + 0.01)
    back = convert_shape(convert_shape(there, "wgs84", datum), datum, "wgs84")
    assert shapely.hausdorff_distance(there, back) < 1e-6  # degrees: a tenth of a metre


@pytest.mark.django_db
class TestTaking:
    def take(self, *features, **more):
        return t.take_file("a.geojson", geojson(*features), **{"by": BY, "at": AT, **more})

    def test_known_and_new_rows_with_errors_by_row(self, shaped):
        done = self.take(
            ({"code": NEW, "name": "第77网格"}, BOX), ({"code": CODE, "name": "东风新社区"}, BOX),
            ({"code": "990101009001", "name": "无上级"}, BOX), ({"code": "x1", "name": "坏"}, BOX), ({"code": NEW}, BOX),
            ({"code": "990101002", "name": ""}, BOX), ({"code": "990101001001078", "name": ""}, BOX),
        )  # fmt: skip
        assert (done.created, done.renamed, done.reshaped, done.unchanged) == (1, 1, 2, 0)
        assert [(row, code) for row, code, _ in done.errors] == [
            (3, "990101009001"), (4, "x1"), (5, NEW), (7, "990101001001078"),
        ]  # fmt: skip
        assert of(CODE).name == "东风新社区"
        assert of(NEW).parent_id == of(CODE).id
        assert from_geojson(t.shape(of(NEW).id, TODAY).geometry).equals(BOX)
        assert kinds(of(CODE).id)[-2:] == ["territory.renamed", "territory.reshaped"]

    def test_trying_writes_nothing_and_twice_is_refused(self, shaped):
        asked = ({"code": NEW, "name": "第77网格"}, BOX)
        assert self.take(asked, dry_run=True).created == 1
        assert of(NEW) is None
        assert not ShapeFile.objects.exists()
        self.take(asked)
        with pytest.raises(Conflict):
            self.take(asked)
        assert t.take_file("b.csv", f'code,wkt\n{NEW},"{BOX.wkt}"\n'.encode(), by=BY, at=AT).unchanged == 1

    def test_other_datums_become_wgs84(self, shaped):
        self.take(({"code": CODE}, convert_shape(BOX, "wgs84", "bd09")), datum="bd09")
        held = from_geojson(t.shape(of(CODE).id, TODAY).geometry)
        assert shapely.hausdorff_distance(held, BOX) < 2e-7
        assert area_m2(held) == pytest.approx(area_m2(BOX), rel=1e-4)

    def test_what_was_exported_changes_nothing(self, shaped):
        for name, content in (("a.geojson", t.export_geojson("grid")), ("a.csv", t.export_shapes_csv("grid"))):
            done = t.take_file(name, content.encode(), by=BY, at=AT)
            assert (done.created, done.renamed, done.errors) == (0, 0, [])
        assert t.check_coverage(on=TODAY).faults == ()
        gcj = t.export_geojson("grid", datum="gcj02")
        t.take_file("b.geojson", gcj.encode(), by=BY, at=AT, datum="gcj02")
        assert t.check_coverage(on=TODAY).faults == ()

    def test_the_past_keeps_its_shape(self, shaped):
        was = t.shape(of(CODE).id, START).geometry
        self.take(({"code": CODE}, BOX))
        assert t.shape(of(CODE).id, START).geometry == was

    def test_only_who_may(self, shaped):
        with pytest.raises(NotAllowed):
            self.take(({"code": CODE}, BOX), by=By(allowed=False))
        with pytest.raises(Refused):
            t.take_file("a.zip", b"x", by=BY, at=AT)
