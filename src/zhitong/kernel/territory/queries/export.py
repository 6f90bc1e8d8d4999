"""Shapes for other programs, as GeoJSON or CSV."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import shapely
from django.utils import timezone

from zhitong.base.geometry import Area, Datum, convert_shape, to_geojson
from zhitong.base.text import no_formula

from .shapes import areas
from .tree import Node, of_level, tree

HEADS = ("code", "name", "kind", "parent", "wkt")


def _shaped(level: str, within: UUID | None, on: date | None, datum: str) -> Iterator[tuple[Node, str, Area]]:
    """Each division of the level with the code of its parent and its shape in the datum asked for."""
    day = on or timezone.localdate()
    nodes, kept = of_level(level, within, day), tree(day)
    found = areas([node.id for node in nodes], day)
    for node in nodes:
        if node.id in found:
            parent = kept.nodes.get(node.parent_id) if node.parent_id else None
            yield node, parent.code if parent else "", convert_shape(found[node.id], Datum.WGS84, datum)


def export_geojson(level: str, within: UUID | None = None, on: date | None = None, datum: str = Datum.WGS84) -> str:
    """A collection with code, name, kind and the parent's code: what `take_file` reads."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": node.code, "name": node.name, "kind": node.kind, "parent": parent},
            "geometry": to_geojson(area),
        }
        for node, parent, area in _shaped(level, within, on, datum)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def export_shapes_csv(level: str, within: UUID | None = None, on: date | None = None, datum: str = Datum.WGS84) -> str:
    """The same as a table with the shape in WKT, to seven places."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for node, parent, area in _shaped(level, within, on, datum):
        written = shapely.to_wkt(area, rounding_precision=7, trim=True)
        writer.writerow([node.code, no_formula(node.name), node.kind, parent, written])
    return "\ufeff" + out.getvalue()
