"""Overlaps, gaps, what sticks out: found in random partitions, with their size."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhitong.base.geometry import areas_m2, divide

from ..rules import coverage

WHOLE = shapely.Polygon([(117.0, 36.6), (117.031, 36.604), (117.028, 36.622), (117.013, 36.6155), (117.002, 36.619)])


def quadrature(south, north, width):
    """Square metres of a box on the WGS-84 ellipsoid, by adding up strips: M·N·cos φ."""
    a, e2 = 6_378_137.0, 0.0066943799901413165
    phi = np.radians(south + (north - south) * (np.arange(20_000) + 0.5) / 20_000)
    w = 1 - e2 * np.sin(phi) ** 2
    strip = a * (1 - e2) / w**1.5 * a / np.sqrt(w) * np.cos(phi)
    return float(strip.mean() * math.radians(north - south) * math.radians(width))


def rounded(areas):
    """As they are stored: to seven places."""
    return shapely.transform(np.array(areas, dtype=object), lambda xy: np.round(xy, 7))


@given(seed=st.integers(0, 10_000), n=st.integers(2, 12))
@settings(max_examples=40, deadline=None)
def test_a_partition_has_no_faults(seed, n):
    areas = rounded(divide(WHOLE, n, seed))
    holders = np.array([WHOLE], dtype=object)
    assert coverage.overlaps(areas) == []
    assert coverage.gaps(holders, areas) == []
    assert coverage.outside(areas, np.repeat(holders, n)) == []


@given(seed=st.integers(0, 10_000), n=st.integers(2, 12), chosen=st.integers(0, 11), share=st.floats(0.05, 0.9))
@example(seed=3652, n=4, chosen=8, share=0.6417811472455749)  # a hole that nearly touches itself
@example(seed=3469, n=3, chosen=8, share=0.8833300656800456)  # one that reaches the border, and the strip along it
@settings(max_examples=40, deadline=None)
def test_a_hole_is_found_to_the_square_metre(seed, n, chosen, share):
    """To one of them; but where it reaches the border, strips that rounding leaves open there may hang together with it."""
    areas = rounded(divide(WHOLE, n, seed))
    at = chosen % n
    hole = shapely.affinity.scale(areas[at], share, share, origin=areas[at].representative_point()).intersection(
        areas[at]
    )
    strips = shapely.get_parts(WHOLE.difference(shapely.union_all(areas)))
    beside = areas_m2(strips[shapely.distance(strips, hole) < 1e-9]).sum()
    areas[at] = areas[at].difference(hole)
    found = coverage.gaps(np.array([WHOLE], dtype=object), areas)
    assert [piece.about for piece in found] == [(0,)] * len(found)
    least = areas_m2(np.array([hole]))[0]
    assert least - 1 <= sum(piece.area_m2 for piece in found) <= least + beside + 1
    assert all(hole.contains(shapely.Point(piece.place)) for piece in found)
    assert coverage.overlaps(areas) == []


@given(seed=st.integers(0, 10_000), n=st.integers(2, 12), chosen=st.integers(0, 11), reach=st.floats(0.00005, 0.003))
@settings(max_examples=40, deadline=None)
def test_overlaps_and_what_sticks_out_add_up(seed, n, chosen, reach):
    areas = np.array(divide(WHOLE, n, seed), dtype=object)
    at = chosen % n
    was, areas[at] = areas[at], areas[at].buffer(reach)
    grown = areas_m2(np.array([areas[at].difference(was)]))[0]
    over = coverage.overlaps(areas)
    out = coverage.outside(areas, np.repeat(np.array([WHOLE], dtype=object), n))
    assert all(at in piece.about for piece in over)
    assert {piece.about for piece in out} <= {(at,)}
    assert sum(piece.area_m2 for piece in (*over, *out)) == pytest.approx(grown, abs=1)
    assert over == sorted(over, key=lambda piece: -piece.area_m2)


@given(south=st.floats(18, 53), tall=st.floats(0.0005, 0.02), wide=st.floats(0.0005, 0.02))
@settings(max_examples=60, deadline=None)
def test_sizes_are_those_of_the_ellipsoid(south, tall, wide):
    box = np.array([shapely.box(117, south, 117 + wide, south + tall)])
    assert areas_m2(box)[0] == pytest.approx(quadrature(south, south + tall, wide), abs=0.5, rel=1e-7)


def test_sizes_of_slanting_edges_do_not_depend_on_how_they_are_cut():
    slanting = shapely.Polygon([(117.0, 36.6), (117.05, 36.64), (117.01, 36.66)])
    left = slanting.intersection(shapely.box(116, 36, 117.02, 37))
    right = slanting.intersection(shapely.box(117.02, 36, 118, 37))
    whole, *parts = areas_m2(np.array([slanting, left, right])).tolist()
    assert sum(parts) == pytest.approx(whole, abs=1)


def test_one_metre_is_told_and_a_hair_is_not():
    east, west = shapely.box(117.0, 36.6, 117.01, 36.61), shapely.box(117.01, 36.6, 117.02, 36.61)
    hair = shapely.box(117.01 - 1e-7, 36.6, 117.02, 36.61)
    assert coverage.overlaps(np.array([east, hair])) == []
    metre = shapely.box(117.01 - 1.2e-5, 36.605, 117.02, 36.605009)
    (piece,) = coverage.overlaps(np.array([east, west.union(metre)]))
    assert round(piece.area_m2) == 1


def test_a_neighbour_of_another_holder_fills_no_gap_twice():
    holders = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    areas = np.array([shapely.box(0, 0, 0.5, 1), shapely.box(0.5, 0, 2, 1)])
    assert coverage.gaps(holders, areas) == []
    (piece,) = coverage.outside(areas, np.array([holders[0], holders[1]]))
    assert piece.about == (1,)
    assert coverage.outside(areas, np.array([None, None], dtype=object)) == []


def test_nothing_to_compare():
    none, one = np.empty(0, dtype=object), np.array([WHOLE], dtype=object)
    assert coverage.overlaps(none) == coverage.gaps(none, one) == coverage.outside(none, none) == []
    (piece,) = coverage.gaps(one, none)
    assert piece.area_m2 == pytest.approx(areas_m2(one)[0])


@given(st.lists(st.tuples(st.floats(-0.2, 2.2), st.floats(-0.2, 1.2)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_points_in_none_or_in_several(points):
    areas = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0.5, 0.25, 1.5, 0.75)])
    x, y = zip(*points, strict=True)
    found = coverage.placed(areas, x, y)
    for i, (lon, lat) in enumerate(points):
        point = shapely.Point(lon, lat)
        inside = tuple(k for k, area in enumerate(areas) if area.contains(point))
        assert (i in found.in_none) == (min(area.distance(point) for area in areas) > coverage.GAP)
        assert dict(found.in_several).get(i) == (inside if len(inside) > 1 else None)


def test_a_point_without_a_place_is_in_none():
    found = coverage.placed(np.array([WHOLE], dtype=object), [math.nan, 117.01], [36.61, 36.61])
    assert found == coverage.Placed((0,), ())
    assert coverage.placed(np.empty(0, dtype=object), [1.0], [1.0]).in_none == (0,)
