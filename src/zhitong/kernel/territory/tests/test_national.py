import csv
import json

import pytest

from tests.samples import sample
from zhitong.base.errors import Refused
from zhitong.base.geometry import to_geojson

from .. import public as t
from .conftest import AT, BY, LINES, SQUARE


@pytest.fixture
def folder(tmp_path):
    """The demo lines in files of the national list's form."""
    for name, length in (("areas", 6), ("streets", 9), ("villages", 12)):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            rows.writerow(["code", "name"])
            rows.writerows([line.code, line.name] for line in LINES if len(line.code) == length)
    return tmp_path


def shapes_file(folder, **properties):
    path = folder / "shapes.geojson"
    feature = {"type": "Feature", "properties": properties, "geometry": to_geojson(SQUARE)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_one_district_is_read_from_the_list(folder):
    assert t.national_list("990101", folder) == sorted(LINES, key=lambda line: (len(line.code), line.code))
    assert {len(line.code) for line in t.national_list("990101", folder, ("street",))} == {6, 9}


@pytest.mark.parametrize("code", ["", "abc", "99010", "990102"])
def test_a_district_that_is_not_there_is_refused(folder, code):
    with pytest.raises(Refused):
        t.national_list(code, folder)


def test_a_county_is_found_by_either_property(folder):
    assert t.county_shape("990101", shapes_file(folder, gb="156990101", name="甲区")) == ("甲区", SQUARE)
    assert t.county_shape("990101", shapes_file(folder, code="990101")) == ("", SQUARE)
    assert t.county_shape("990102", shapes_file(folder, code="990101")) is None
    assert t.shapes_by_code(shapes_file(folder, gb="156990101"))[0][0] == "990101"


def test_the_county_shapes_of_a_package_are_used_where_it_is_installed(monkeypatch):
    found = t.known_shapes()
    assert found is None or found.name == "district.geojson"
    monkeypatch.setattr("zhitong.kernel.territory.queries.national.find_spec", lambda name: None)
    assert t.known_shapes() is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"type":"FeatureCollection","features":[{"properties":{"code":"990101"}}]}']
)
def test_a_file_that_is_no_geojson_is_refused(tmp_path, text):
    path = tmp_path / "bad.geojson"
    path.write_text(text)
    with pytest.raises(Refused, match="GeoJSON"):
        t.shapes_by_code(path)
    with pytest.raises(Refused, match="GeoJSON"):
        t.county_shape("990101", path)


@pytest.mark.django_db
def test_a_real_district_imports_without_errors():
    lines = t.national_list("370103", sample("divisions"))
    county = t.county_shape("370103", sample("divisions", "county_polygons_jinan_qingdao_jining.geojson"))
    assert county is not None
    name, shape = county
    done = t.import_district("370103", [t.Listed("370103", name), *lines], shape, by=BY, at=AT, grids=400, seed=1)
    assert done.listed.errors == []
    assert done.listed.created == done.shapes - 400
    assert t.label(t.locate(117.0, 36.63)).count("·") == 2
