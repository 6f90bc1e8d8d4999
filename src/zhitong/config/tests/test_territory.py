"""The territory command."""

import csv
import json

import pytest
from click.testing import CliRunner

from zhitong.base.geometry import convert, to_geojson
from zhitong.config.cli import main
from zhitong.kernel.territory import public as t
from zhitong.kernel.territory.tests.conftest import AT, BY, LINES, SQUARE, START

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(main, ["territory", *map(str, arguments)])


@pytest.fixture
def files(tmp_path):
    """A list without the district itself, and the district's shape."""
    for name, length in (("streets", 9), ("villages", 12)):
        with (tmp_path / f"{name}_9901.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([line.code, line.name] for line in LINES if len(line.code) == length)
    feature = {"type": "Feature", "properties": {"gb": "156990101", "name": "甲区"}, "geometry": to_geojson(SQUARE)}
    (tmp_path / "county.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return tmp_path


@pytest.fixture
def imported(files):
    """The district with its shape."""
    done = run("import", "990101", "--from", files, "--shapes", files / "county.geojson", "--since", "2025-01-01")
    assert done.exit_code == 0, done.output
    return done


def test_a_district_is_imported_with_shapes(imported):
    assert "6 created, 0 renamed, 0 unchanged, 6 shapes" in imported.output
    assert t.district_name() == "甲区"
    assert t.by_code("990101").valid_from.isoformat() == "2025-01-01"


def test_grids_are_made_and_places_are_found(imported):
    done = run("grids", "--total", 9)
    assert "9 grids, 9 provisional shapes" in done.output
    lon, lat = convert(117.05, 36.55, "wgs84", "gcj02")
    assert "网格" in run("locate", lon, lat, "--datum", "gcj02").output
    assert "15 provisional shapes" not in run("divide").output
    assert "14 provisional shapes" in run("divide", "--renew", "--seed", 3).output
    assert run("locate", 0, 0).exit_code == 1


def test_shapes_are_replaced_from_a_file(imported, files):
    path = files / "streets.geojson"
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": to_geojson(SQUARE)}
        for code in ("990101002", "000000")
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    done = run("shapes", path)
    assert "1 shapes written, 1 refused" in done.output
    assert not t.shape(t.by_code("990101002").id).is_provisional


def test_refusals_are_sentences(files):
    done = run("import", "990102", "--from", files)
    assert done.exit_code == 1
    assert "990102" in done.output
    assert "Traceback" not in done.output
    assert run("grids", "--total", 9).exit_code == 1
    assert run("grids", "--total", 9, "--within", "990101001").exit_code == 1


def test_only_some_levels(files):
    run("import", "990101", "--from", files, "--levels", "street", "--shapes", files / "county.geojson")
    assert {n.level for n in t.tree().nodes.values()} == {"district", "street"}


def test_what_could_not_be_used_is_told(files):
    with (files / "streets_9901.csv").open("a", encoding="utf-8") as file:
        file.write("990101003,\n")
    done = run("import", "990101", "--from", files, "--shapes", files / "county.geojson")
    assert "990101003" in done.output
    again = run("import", "990101", "--from", files, "--shapes", files / "county.geojson", "--levels", "street")
    assert "3 unchanged" in again.output
    (files / "streets_9901.csv").write_text("990101001,东风路街道\n", encoding="utf-8")
    assert "990101002" in run("import", "990101", "--from", files, "--levels", "street").output


def test_check_tells_what_is_wrong(tmp_path):
    t.import_district("990101", LINES, SQUARE, by=BY, at=AT, on=START, grids=6)
    done = run("check", "--level", "community")
    assert done.exit_code == 0
    assert (
        "3 checked: 0 overlap (0 m2), 0 gap (0 m2), 0 outside (0 m2), 0 without shape, 3 without worker" in done.output
    )
    for node in t.of_level("community"):
        where = t.shape(node.id)
        assert f"no worker: {node.code} {node} {where.area_m2:.0f} m2 at {where.lon},{where.lat}\n" in done.output
    node = t.of_level("grid")[0]
    t.set_shape(
        node.id,
        {"type": "Polygon", "coordinates": [[[117, 36.5], [117.2, 36.5], [117.2, 36.6], [117, 36.5]]]},
        by=BY,
        at=AT,
    )
    (tmp_path / "doors.csv").write_text("id,lon,lat\n东1号,118.5,36.5\n", encoding="utf-8")
    told = tmp_path / "wrong.geojson"
    done = run("check", "--points", tmp_path / "doors.csv", "--geojson", told, "--within", "990101")
    assert done.exit_code == 1
    assert f"outside {node.code}" in done.output
    assert "in none: 东1号" in done.output
    assert {f["properties"]["kind"] for f in json.loads(told.read_text())["features"]} == {"overlap", "gap", "outside"}
    (tmp_path / "doors.csv").write_text("id,x\n1,2\n", encoding="utf-8")
    assert "columns id, lon and lat" in run("check", "--points", tmp_path / "doors.csv").output


def test_shapes_go_out_and_come_back(tmp_path):
    t.import_district("990101", LINES, SQUARE, by=BY, at=AT, on=START, grids=6)
    for name in ("a.geojson", "a.csv"):
        assert run("export", tmp_path / name, "--datum", "gcj02").exit_code == 0
        tried = run("load", tmp_path / name, "--datum", "gcj02", "--dry-run")
        assert "would be 0 created, 0 renamed," in tried.output
    assert run("load", tmp_path / "a.csv", "--datum", "gcj02").exit_code == 0
    again = run("load", tmp_path / "a.csv", "--datum", "gcj02")
    assert again.exit_code == 1
    assert "a.csv" in again.output
    assert run("check").exit_code == 0
