"""Outlines by zoom, on plain shapes."""

import json

import numpy as np
import shapely

from zhitong.base.geometry import from_geojson

from ..rules.outlines import ZOOMS, outline_zoom, outlines, pixel


def test_each_zoom_has_the_coarsest_that_is_fine_enough():
    assert [outline_zoom(zoom) for zoom in (0, 9, 10, 12, 13, 14, 15, 16)] == [9, 9, 11, 13, 13, 15, 15, None]


def test_corners_stay_within_a_pixel_and_specks_are_left_out():
    areas = np.empty(2, dtype=object)
    areas[:] = [shapely.Point(117, 36).buffer(0.02, quad_segs=200), shapely.box(117, 36, 117.00001, 36.00001)]
    found = outlines(areas)
    lengths = []
    for zoom in ZOOMS:
        big, speck = found[zoom]
        assert big
        assert speck is None
        shape = from_geojson(json.loads(big))
        assert shape.hausdorff_distance(areas[0]) < pixel(zoom)
        lengths.append(len(big))
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1] / 4
