"""Where things stand among areas, on plain shapes, compared with what shapely says of each by itself."""

import numpy as np
import pytest
import shapely

from zhitong.base.geometry import areas_m2

from ..rules.standing import stood

CELL = 0.01


def array(shapes):
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def box(x, y, wide=1.0, high=1.0):
    return shapely.box(117 + x * CELL, 36 + y * CELL, 117 + (x + wide) * CELL, 36 + (y + high) * CELL)


AREAS = array([box(0, 0), box(1, 0), box(2, 0, 1.2), box(3, 0)])  # the third lies 0.2 over the fourth


def test_points():
    places = [(0.5, 0.5), (1, 0.5), (5, 5), (3.1, 0.5), (4 + 1e-5, 0.5), (4.1, 0.5), (2, 0.5)]
    found = stood(AREAS, array([shapely.Point(117 + x * CELL, 36 + y * CELL) for x, y in places]))
    assert found.main.tolist() == [0, 0, -1, 2, 3, -1, 1]
    assert sorted(found.odd) == [2, 3, 5]
    assert found.odd[3].twice == {(2, 3): None}
    assert found.odd[2].outside is None


def test_footprints_to_the_square_metre():
    things = array(
        [box(0.2, 0.2, 0.1, 0.1), box(0.9, 0.2, 0.3, 0.1), box(3.9, 0.2, 0.3, 0.1), box(3.05, 0.2, 0.1, 0.1), box(7, 7)]
    )
    found = stood(AREAS, things)
    assert found.main.tolist() == [0, 1, 3, 2, -1]
    whole = areas_m2(things)
    assert found.odd[1].held[1] == pytest.approx(whole[1] * 2 / 3, abs=0.5)
    assert found.odd[1].held[0] == pytest.approx(whole[1] / 3, abs=0.5)
    assert (found.odd[1].outside, found.odd[1].twice) == (0.0, {})
    assert found.odd[2].outside == pytest.approx(whole[2] * 2 / 3, abs=0.5)
    assert found.odd[3].twice[2, 3] == pytest.approx(whole[3], abs=0.5)
    assert found.odd[4].outside == pytest.approx(whole[4], abs=0.5)
    assert 0 not in found.odd


def test_a_footprint_on_the_border_is_not_across_it():
    found = stood(AREAS, array([box(0.9, 0.2, 0.1, 0.1), box(0.9, 0.2, 0.1 + 1e-6, 0.1)]))
    assert (found.main.tolist(), found.odd) == ([0, 0], {})


def test_without_areas():
    found = stood(array([]), array([shapely.Point(117, 36), box(0, 0)]))
    assert found.main.tolist() == [-1, -1]
    assert found.odd[1].outside == pytest.approx(areas_m2(array([box(0, 0)]))[0])


def test_many_at_once_are_as_one_by_one():
    chance = np.random.default_rng(7)
    cells = array([box(x, y) for x in range(8) for y in range(8)])
    things = array([
        box(x, y, w, h) if chance.random() < 0.5 else shapely.Point(117 + x * CELL, 36 + y * CELL)
        for x, y, w, h in chance.uniform([-1, -1, 0.05, 0.05], [9, 9, 1.5, 1.5], (300, 4))
    ])  # fmt: skip
    found = stood(cells, things)
    for i, thing in enumerate(things):
        parts = shapely.intersection(cells, thing)
        sizes = areas_m2(parts) if thing.geom_type != "Point" else shapely.contains(cells, thing).astype(float)
        best = int(np.argmax(sizes)) if sizes.max() > 0 else -1
        assert found.main[i] == best
        if thing.geom_type != "Point":
            outside = areas_m2(array([shapely.difference(thing, shapely.union_all(cells))]))[0]
            told = found.odd[i].outside if i in found.odd else 0.0
            assert told == pytest.approx(outside, abs=0.5)
