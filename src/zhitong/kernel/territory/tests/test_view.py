"""Shapes as a map's view needs them."""

import json
from importlib import import_module

import pytest
import shapely
from django.apps import apps

from zhitong.base.geometry import convert_shape, from_geojson

from .. import public as t
from ..models import DivisionShape
from ..queries import shapes as reading
from ..rules.outlines import ZOOMS
from .conftest import AT, BY, SQUARE

PART = (117.0, 36.5, 117.02, 36.52)


@pytest.fixture(autouse=True)
def _shaped(shaped):
    """Ten grids with shapes."""


def features(view=None):
    return json.loads(t.shapes_json("grid", view=view))["features"]


def test_only_what_lies_in_the_box_and_as_it_is_when_near():
    every = {f["id"]: f["geometry"] for f in features()}
    found = {f["id"]: f["geometry"] for f in features(t.View(PART, 17))}
    box = shapely.box(*PART)
    assert set(found) == {
        i for i, geometry in every.items() if shapely.box(*from_geojson(geometry).bounds).intersects(box)
    }
    assert len(found) < len(every) == 10
    assert all(found[i] == every[i] for i in found)


def test_what_is_smaller_than_a_pixel_is_left_out_and_corners_are_as_fine_as_the_zoom():
    exact, coarse = features(), features(t.View(None, 9))
    assert len(json.dumps(coarse)) < len(json.dumps(exact))
    assert 0 < len(coarse) <= 10
    assert features(t.View(None, 0)) == []
    for one in coarse:
        was = next(from_geojson(f["geometry"]) for f in exact if f["id"] == one["id"])
        assert from_geojson(one["geometry"]).hausdorff_distance(was) < 2 * t.View(None, 9).pixel


def test_the_largest_where_there_are_too_many(monkeypatch):
    monkeypatch.setattr(reading, "MOST_IN_VIEW", 3)
    found = [f["id"] for f in features(t.View(None, 20))]
    sizes = {str(s.division_id): s.area_m2 for s in t.shapes([n.id for n in t.of_level("grid")])}
    assert sorted(found) == sorted(sorted(sizes, key=lambda i: -sizes[i])[:3])


@pytest.mark.parametrize("zoom", [14, 16, 18])
def test_what_is_left_out_is_said(monkeypatch, zoom):
    assert "left_out" not in json.loads(t.shapes_json("grid", view=t.View(None, zoom)))
    monkeypatch.setattr(reading, "MOST_IN_VIEW", 3)
    found = json.loads(t.shapes_json("grid", view=t.View(SQUARE.bounds, zoom)))
    assert found["left_out"] is True
    assert len(found["features"]) == 3
    sizes = {str(s.division_id): s.area_m2 for s in t.shapes([n.id for n in t.of_level("grid")])}
    assert min(sizes[f["id"]] for f in found["features"]) >= sorted(sizes.values())[-3]


def test_outlines_say_the_same_as_rows(monkeypatch):
    """The text that PostgreSQL strings together is what is made row by row, but for how coarse its corners are."""
    view = t.View(SQUARE.bounds, 14)
    strung = features(view)
    monkeypatch.setattr(reading, "outline_zoom", lambda zoom: None)
    reading._in_view._kept.clear()
    fitted = features(view)
    assert [f["properties"] for f in strung] == [f["properties"] for f in fitted]
    assert [f["id"] for f in strung] == [f["id"] for f in fitted]
    for one, other in zip(strung, fitted, strict=True):
        assert from_geojson(one["geometry"]).hausdorff_distance(from_geojson(other["geometry"])) < view.pixel


def test_few_are_one_answer_for_every_view():
    assert t.shapes_gzip("street", None, None, t.View(PART, 12)) is t.shapes_gzip(
        "street", None, None, t.View(SQUARE.bounds, 12)
    )
    assert len(features(t.View(PART, 14))) < 10


def test_on_another_ground():
    moved = convert_shape(SQUARE, "wgs84", "gcj02")
    found = features(t.View(moved.bounds, 20, "gcj02"))
    assert len(found) == 10
    whole = shapely.union_all([from_geojson(f["geometry"]) for f in found])
    assert whole.symmetric_difference(moved).area < moved.area / 1000


def test_a_change_is_seen_at_once(shaped):
    view = t.View(None, 20)
    before = features(view)
    t.rename(t.of_level("grid")[0].id, "新名", by=BY, at=AT)
    assert [f["properties"]["name"] for f in features(view)] != [f["properties"]["name"] for f in before]


def test_shapes_from_before_there_were_outlines_get_theirs(monkeypatch):
    """As the migration fills them in a district that has shapes already, some at a time."""
    columns = [f"at_{zoom}" for zoom in ZOOMS]
    rows = DivisionShape.objects.order_by("id")
    were = list(rows.values_list("id", *columns))
    assert any(all(row[1:]) for row in were)
    rows.update(**dict.fromkeys(columns))
    migration = import_module("zhitong.kernel.territory.migrations.0006_outlines")
    monkeypatch.setattr(migration, "BATCH", 4)
    migration.fill(apps, None)
    for before, after in zip(were, rows.values_list("id", *columns), strict=True):
        for one, other in zip(before[1:], after[1:], strict=True):  # what is stored is rounded once more
            assert shapely.equals_exact(shapely.from_geojson(one), shapely.from_geojson(other), 2e-5, normalize=True)
