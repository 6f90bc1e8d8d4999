from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from zhitong.base import geometry as g

SQUARE = shapely.box(116.9, 36.5, 117.1, 36.7)
HORSESHOE = Polygon(
    [(117, 36), (117.3, 36), (117.3, 36.3), (117.2, 36.3), (117.2, 36.1), (117.1, 36.1), (117.1, 36.3), (117, 36.3)]
)
RING = g.only_areas(SQUARE.difference(shapely.box(116.95, 36.55, 117.05, 36.65)))
ISLANDS = MultiPolygon([SQUARE, shapely.box(117.2, 36.5, 117.25, 36.6)])
SHAPES = [SQUARE, HORSESHOE, RING, ISLANDS]

lons = st.floats(73.6, 134.7)
lats = st.floats(18.2, 53.5)


# GeoJSON


@pytest.mark.parametrize("shape", SHAPES)
def test_geojson_there_and_back(shape):
    assert g.from_geojson(g.to_geojson(shape)).equals(shape)
    assert g.from_geojson({"type": "Feature", "geometry": g.to_geojson(shape)}).equals(shape)


def test_geojson_is_rounded():
    assert g.to_geojson(Polygon([(1.123456789, 2), (3, 4), (5, 2)]), 3)["coordinates"][0][0] == [1.123, 2.0]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[1, 2]]]},
        {"type": "Polygon", "coordinates": [[["a", 2], [1, 2], [3, 4], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[500000, 4], [500100, 4], [500100, 9], [500000, 4]]]},
        {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], [1, 1]]]},
        {"type": "Feature", "geometry": None},
        {"type": "Polygon", "coordinates": {1, 2}},
    ],
)
def test_what_is_not_an_area_is_an_error(data):
    with pytest.raises(ValueError, match=r"polygon|GeoJSON|longitude"):
        g.from_geojson(data)


def test_a_bow_tie_is_made_valid():
    tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    assert g.from_geojson(tie).is_valid


def test_features_are_read_with_their_properties_and_the_bad_one_is_named():
    good = {"type": "Feature", "properties": {"code": "370103"}, "geometry": g.to_geojson(SQUARE)}
    assert g.read_features({"features": [good]})[0][0] == {"code": "370103"}
    with pytest.raises(ValueError, match="feature 2"):
        g.read_features({"features": [good, {"geometry": None, "type": "Feature"}]})
    assert g.read_features({}) == []


# Coordinate systems


@given(lons, lats, st.sampled_from(list(g.Datum)), st.sampled_from(list(g.Datum)))
def test_conversions_come_back_within_a_metre(lon, lat, source, target):
    back = g.convert(*g.convert(lon, lat, source, target), target, source)
    assert g.distance_m(lon, lat, *back) < 0.01


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=9))
def test_arrays_are_converted_as_single_points_are(places):
    x, y = np.array(places).T
    many = np.column_stack(g.convert(x, y, "wgs84", "bd09"))
    one = [g.convert(a, b, "wgs84", "bd09") for a, b in places]
    assert np.allclose(many, one, atol=1e-12)


def test_known_places():
    # A point in Beijing in three systems, as published with the common converters.
    assert g.wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-6)
    assert g.gcj02_to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-6)
    assert isinstance(g.wgs84_to_gcj02(116.404, 39.915)[0], float)


def test_nothing_moves_outside_china():
    assert g.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)


def test_shapes_are_converted():
    moved = g.convert_shape(SQUARE, "wgs84", "gcj02")
    assert 300 < g.distance_m(*SQUARE.centroid.coords[0], *moved.centroid.coords[0]) < 800
    assert g.convert_shape(moved, "gcj02", "wgs84").equals_exact(SQUARE, 1e-9)


# Measures


def test_areas_are_those_of_the_ellipsoid():
    # One degree by one degree at the equator, 12,308.8 km² on WGS-84.
    assert g.area_m2(shapely.box(0, 0, 1, 1)) == pytest.approx(12_308.8e6, rel=1e-4)
    whole = g.area_m2(shapely.box(-180, -90, 180, 90))
    assert whole == pytest.approx(510_065_621.7e6, rel=1e-6)


def test_a_polygon_that_nearly_touches_itself_keeps_its_size():
    """GEOS throws most of this one away when it puts corners into it."""
    corners = [
        (117.01536464343506, 36.61652467882186), (117.0138427239937, 36.615865180397265), (117.01332556762358, 36.61351451196958),
        (117.00981695009159, 36.61082031471344), (117.00392475737873, 36.612428489912205), (117.0044389524339, 36.61731302204578),
        (117.0114985450536, 36.61506678803042), (117.01271069311542, 36.61559205219054), (117.013, 36.6155),
    ]  # fmt: skip
    land = shapely.Polygon(corners)
    assert g.area_m2(land) == pytest.approx(391_683, abs=1)
    hole = [(117.008, 36.612), (117.009, 36.612), (117.009, 36.613)]
    pierced = shapely.Polygon(corners, [hole])
    assert g.area_m2(land) - g.area_m2(pierced) == pytest.approx(g.area_m2(shapely.Polygon(hole)), abs=0.01)
    some = [
        pierced,
        shapely.GeometryCollection([shapely.Point(1, 1), shapely.MultiPolygon([land])]),
        shapely.Polygon(),
        None,
    ]
    assert g.areas_m2(np.array(some, dtype=object)) == pytest.approx([g.area_m2(pierced), 391_683, 0, 0], abs=1)
    assert len(g.areas_m2(np.array([], dtype=object))) == 0


def test_distances():
    assert g.distance_m(117, 36, 117, 37) == pytest.approx(111_195, rel=1e-3)
    assert g.distance_m(117, 36, 117, 36) == 0


# Division


@settings(max_examples=40)
@given(st.sampled_from(SHAPES), st.integers(1, 60), st.integers(0, 99))
def test_a_division_tiles_exactly(shape, n, seed):
    parts = g.divide(shape, n, seed)
    assert len(parts) == n
    assert all(part.is_valid and part.area > 0 for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(shape.area, abs=1e-9)
    assert shapely.union_all(parts).symmetric_difference(shape).area < 1e-9
    assert shapely.coverage_is_valid(parts)


def test_a_division_is_the_same_for_the_same_seed():
    assert g.divide(SQUARE, 9, 4) == g.divide(SQUARE, 9, 4)
    assert g.divide(SQUARE, 9, 4) != g.divide(SQUARE, 9, 5)


def test_parts_are_of_about_one_size():
    areas = [part.area for part in g.divide(SQUARE, 50, 1)]
    assert max(areas) < 4 * min(areas)


def test_no_parts_is_an_error():
    with pytest.raises(ValueError, match="positive"):
        g.divide(SQUARE, 0, 1)


# Locator


@pytest.fixture(scope="module")
def grids():
    return g.divide(RING, 80, 7)


def test_a_point_is_found_in_the_part_that_holds_it(grids):
    locator = g.Locator(range(80), grids)
    for n, part in enumerate(grids):
        inside = part.representative_point()
        assert locator.locate(inside.x, inside.y) == n
    assert len(locator) == 80


def test_holes_and_the_outside_are_nowhere(grids):
    locator = g.Locator(range(80), grids)
    assert locator.locate(117, 36.6) is None
    assert locator.locate(0, 0) is None
    assert locator.locate_many([117, 0], [36.6, 0]) == [None, None]
    assert locator.locate_many([], []) == []


@given(st.data())
def test_many_at_once_equals_one_at_a_time_also_on_borders(grids, data):
    corner = st.sampled_from([tuple(xy) for part in grids for xy in shapely.get_coordinates(part)])
    inside = st.tuples(st.floats(116.9, 117.1), st.floats(36.5, 36.7))
    places = data.draw(st.lists(corner | inside, min_size=1, max_size=20))
    locator = g.Locator(range(80), grids)
    x, y = np.array(places).T
    many = locator.locate_many(x, y)
    assert many == [locator.locate(a, b) for a, b in places]
    for (a, b), found in zip(places, many, strict=True):
        assert (found is not None) == (RING.distance(shapely.Point(a, b)) <= g.GAP)


def test_places_on_a_common_border_have_exactly_one_area(grids):
    locator = g.Locator(range(80), grids)
    borders = shapely.get_parts(shapely.coverage_simplify(grids, 0))
    midpoints = [part.exterior.interpolate(0.5, normalized=True) for part in shapely.get_parts(borders)]
    assert all(locator.locate(p.x, p.y) is not None for p in midpoints)


def test_threads_may_share_a_locator(grids):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(116.9, 117.1, 5_000), rng.uniform(36.5, 36.7, 5_000)
    expected = g.Locator(range(80), grids).locate_many(x, y)
    fresh = g.Locator(range(80), [shapely.from_wkb(shapely.to_wkb(part)) for part in grids])
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: fresh.locate_many(x, y), range(16)))


def test_nowhere_is_in_no_area(grids):
    locator = g.Locator(range(80), grids)
    assert locator.locate(float("nan"), 36.5) is None
    assert locator.locate_many([float("inf")], [36.5]) == [None]
    assert g.Locator([], []).locate(117, 36.5) is None
    assert g.Locator([], []).locate_many([117], [36.5]) == [None]


def test_ids_and_areas_must_match():
    with pytest.raises(ValueError, match="as many"):
        g.Locator([1, 2], [SQUARE])


def test_a_box_is_kept_to_where_there_are_degrees():
    assert g.read_box("116.9, 36.5,117,36.7") == (116.9, 36.5, 117.0, 36.7)
    assert g.read_box("-999,-999,999,999") == (-180.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,0,inf,1"])
def test_what_is_no_box_is_an_error(text):
    with pytest.raises(ValueError, match=r".*"):
        g.read_box(text)
