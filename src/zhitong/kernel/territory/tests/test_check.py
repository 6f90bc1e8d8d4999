"""The coverage check on stored shapes."""

from datetime import date

import pytest
import shapely

from zhitong.base.geometry import from_geojson, to_geojson

from .. import public as t
from .conftest import AT, BY, TODAY

pytestmark = pytest.mark.django_db


def grid(n=0):
    return t.of_level("grid")[n]


def redraw(node, change, on=TODAY):
    area = change(from_geojson(t.shape(node.id).geometry))
    t.set_shape(node.id, to_geojson(area), by=BY, at=AT, on=on)


def kinds(found):
    return sorted(fault.kind.value for fault in found.faults)


def test_made_shapes_are_whole_on_every_level(shaped):
    for level in ("street", "community", "grid"):
        found = t.check_coverage(level, on=TODAY)
        assert (found.faults, found.without_shape, found.without_holder) == ((), (), ())
    assert len(t.check_coverage(on=TODAY).nodes) == 10


def test_a_hole_and_a_bulge(shaped):
    node = grid()
    centre = t.shape(node.id)
    redraw(node, lambda area: area.difference(shapely.Point(centre.lon, centre.lat).buffer(0.0002)))
    (fault,) = t.check_coverage(on=TODAY).faults
    assert (fault.kind, [n.id for n in fault.divisions]) == ("gap", [node.parent_id])
    assert fault.area_m2 == pytest.approx(1226, abs=30)
    assert fault.feature()["properties"]["area_m2"] == round(fault.area_m2)
    redraw(node, lambda area: area.buffer(0.001))
    found = t.check_coverage(on=TODAY)
    assert set(kinds(found)) == {"overlap", "outside"}
    assert found.sums[t.FaultKind.GAP] == (0, 0)
    assert all(node in fault.divisions for fault in found.faults if fault.kind == "outside")


def test_the_past_has_its_own_faults(shaped):
    redraw(grid(), lambda area: area.buffer(0.001), on=date(2026, 2, 1))
    assert t.check_coverage(on=date(2026, 1, 31)).faults == ()
    assert t.check_coverage(on=date(2026, 2, 1)).faults


def test_inside_one_division(shaped):
    node = grid()
    redraw(node, lambda area: area.buffer(0.0005))
    whole, own = t.check_coverage(on=TODAY), t.check_coverage(within=node.parent_id, on=TODAY)
    told = [(f.kind, [n.id for n in f.divisions], round(f.area_m2)) for f in whole.faults]
    assert [(f.kind, [n.id for n in f.divisions], round(f.area_m2)) for f in own.faults] == told
    other = next(n for n in t.of_level("street") if n.id not in node.path)
    assert {f.kind for f in t.check_coverage(within=other.id, on=TODAY).faults} <= {"overlap"}


def test_what_lacks_a_shape_or_a_worker(shaped):
    below = t.of_level("community")[0]
    t.create_division(below.code + "099", "新网格", "grid", below.id, by=BY, at=AT)
    found = t.check_coverage(on=TODAY)
    assert [n.name for n in found.without_shape] == ["新网格"]
    assert len(found.without([grid().id])) == 10


def test_points(shaped):
    inside = t.shape(grid().id)
    assert t.check_points([inside.lon], [inside.lat], on=TODAY) == []
    redraw(grid(), lambda area: area.union(shapely.box(117.0, 36.5, 117.1, 36.6)))
    other = t.shape(grid(5).id)
    first, second = t.check_points([200.0, other.lon], [0.0, other.lat], on=TODAY)
    assert (first.position, first.divisions) == (0, ())
    assert (second.position, [n.id for n in second.divisions]) == (1, [grid().id, grid(5).id])


def test_nothing_is_drawn_yet(district):
    assert t.check_coverage(on=TODAY).faults == ()
    assert len(t.check_coverage("street", on=TODAY).without_shape) == 2
    assert t.check_coverage("street", within=t.of_level("street")[0].id, on=TODAY).faults == ()
