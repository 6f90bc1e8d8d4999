"""Shapes as coarse as a zoom shows them, made once when a shape is written: a view then only strings them together."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

WIDTH = 512  # pixels of the whole world at zoom 0
ZOOMS = (9, 11, 13, 15)


def pixel(zoom: int) -> float:
    """Degrees of longitude in a pixel."""
    return 360.0 / (WIDTH << zoom)


def digits(zoom: int) -> int:
    """Decimal places finer than half a pixel."""
    return min(7, math.ceil(-math.log10(pixel(zoom) / 2)) + 1)


def outline_zoom(zoom: int) -> int | None:
    """The coarsest outline fine enough for a zoom; None where shapes are wanted finer than any."""
    return next((one for one in ZOOMS if one >= zoom), None)


def outlines(shapes: NDArray[Any]) -> dict[int, Sequence[str | None]]:
    """GeoJSON of each shape for each of the zooms, corners half a pixel off at most; None for what is smaller than a pixel."""
    return {zoom: _outlines(shapes, zoom) for zoom in ZOOMS}


def _outlines(shapes: NDArray[Any], zoom: int) -> Sequence[str | None]:
    places = digits(zoom)
    fine = shapely.transform(shapely.simplify(shapes, pixel(zoom) / 2), lambda xy: np.round(xy, places))
    west, south, east, north = shapely.bounds(shapes).T
    is_seen = (east - west > pixel(zoom)) | (north - south > pixel(zoom))
    return [text if seen else None for text, seen in zip(shapely.to_geojson(fine).tolist(), is_seen, strict=True)]
