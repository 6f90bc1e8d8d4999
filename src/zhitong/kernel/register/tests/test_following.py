"""Buildings on the map: checked against the divisions, and taken along when borders change."""

from datetime import date, timedelta

import pytest
import shapely
from django.utils import timezone

from zhitong.base.geometry import from_geojson, to_geojson
from zhitong.kernel.events.public import Event
from zhitong.kernel.territory import public as t

from .. import public
from ..models import Building, BuildingMove
from .homes import AT, BY, TODAY, building, places, resident

pytestmark = pytest.mark.django_db
WEST, SOUTH = 117.0, 36.5
START = date(2025, 1, 1)


def square(x, wide=0.01):
    return shapely.box(WEST + x, SOUTH, WEST + x + wide, SOUTH + 0.01)


@pytest.fixture
def grids():
    """Two grids side by side, the whole of a community."""
    community = places()["东风社区"]
    made = [
        t.create_division(f"99010100100100{n}", f"第{n}网格", "grid", community, by=BY, at=AT, on=START) for n in (1, 2)
    ]
    shapes = [(t.node(community).code, square(0, 0.02)), *((one.code, square(0.01 * n)) for n, one in enumerate(made))]
    t.import_shapes(shapes, by=BY, at=AT, on=START)
    return [one.id for one in made]


def at(x, y=0.005):
    return {"lon": WEST + x, "lat": SOUTH + y}


def footprint(x, wide=0.001):
    return {"footprint": to_geojson(shapely.box(WEST + x, SOUTH + 0.004, WEST + x + wide, SOUTH + 0.005))}


def home(row, number="101"):
    (unit,) = public.add_units(row.pk, [public.NewUnit(number, "1单元", 1)], by=BY, at=AT)
    return public.open_household(unit.pk, [resident("张三", "head")], by=BY, at=AT)


def kinds(found):
    return sorted((one.kind.value, one.name) for one in found.found)


def grid_of(row):
    row.refresh_from_db()
    return row.division_id


def test_what_stands_where_it_should_is_not_told(grids):
    building(grids[0], **at(0.005))
    building(grids[1], **footprint(0.015))
    found = t.check_buildings()
    assert (found.total, found.found, found.faults) == (2, (), 0)


def test_each_kind_is_told_with_its_place_and_size(grids):
    t.set_shape(grids[1], to_geojson(square(0.009, 0.011)), by=BY, at=AT)  # lies over the first
    building(grids[0], "无处", **at(0.05))
    building(grids[0], "半在外", **footprint(-0.0005))
    building(grids[0], "两处", **at(0.0095))
    building(grids[0], "跨界", **footprint(0.0085))
    building(grids[0], "别处", **at(0.015))
    building(grids[0], "无坐标")
    found = t.check_buildings()
    assert found.total == 6
    assert kinds(found) == [
        ("elsewhere", "别处"), ("nowhere", "半在外"), ("nowhere", "无处"), ("twice", "两处"),
        ("twice", "跨界"), ("unplaced", "无坐标"),
    ]  # fmt: skip
    by_name = {one.name: one for one in found.found}
    assert by_name["无处"].area_m2 is None
    whole = 89.6 * 110.95  # metres of 0.001 degrees here, east and north
    assert by_name["半在外"].area_m2 == pytest.approx(whole / 2, rel=0.01)
    assert [n.id for n in by_name["别处"].stands] == [grids[1]]
    assert {n.id for n in by_name["两处"].stands} == set(grids)
    assert by_name["别处"].feature()["geometry"]["coordinates"] == [
        pytest.approx(WEST + 0.015),
        pytest.approx(SOUTH + 0.005),
    ]
    assert found.faults == 5


def test_across_a_border_either_side_will_do(grids):
    building(grids[0], **footprint(0.0097))
    (told,) = t.check_buildings().found
    assert (told.kind, [n.id for n in told.stands]) == ("astride", [grids[1], grids[0]])
    assert told.area_m2 == pytest.approx(0.3 * 89.6 * 110.95, rel=0.01)


def test_inside_one_division_and_on_a_day(grids):
    other = places_id("西河社区")
    building(other, **at(0.005))  # registered elsewhere, stands here
    building(other, "2号楼", **at(0.05))
    assert kinds(t.check_buildings(within=t.node(grids[0]).parent_id)) == [("elsewhere", "1号楼")]
    assert t.check_buildings(on=TODAY - timedelta(days=1)).total == 0  # not registered yet


def places_id(name):
    return next(n.id for n in t.tree().nodes.values() if n.name == name)


def cut(x):
    return shapely.LineString([(WEST + x, SOUTH - 0.01), (WEST + x, SOUTH + 0.02)])


def test_a_split_takes_buildings_along_and_back(grids):
    left, right, unknown = (
        building(grids[0], **at(0.002)),
        building(grids[0], "2号楼", **footprint(0.006)),
        building(grids[0], "3号楼"),
    )
    home(left)
    draft = t.plan_split(grids[0], cut(0.004), TODAY)
    assert [line.comes for line in draft.lines[:2]] == ["1栋楼、1户", "2栋楼"]
    assert draft.following.guessed == (unknown.pk,)
    done = t.draw_split(
        grids[0], cut(0.004), [("990101001001003", "甲"), ("990101001001004", "乙")], reason="太大", by=BY, at=AT
    )
    west, east = t.by_code("990101001001003").id, t.by_code("990101001001004").id
    assert [grid_of(row) for row in (left, right, unknown)] == [west, east, east]
    assert t.check_buildings().faults == 0
    assert [left.version, right.version] == [2, 2]
    assert Event.objects.filter(stream=left.pk, kind="building.changed").count() == 1
    counted = public.homes_counted(TODAY - timedelta(days=1)), public.homes_counted(TODAY)
    assert counted[0] == {}  # before anything was registered
    assert {pk: (c.buildings, c.households) for pk, c in counted[1].items()} == {west: (1, 1), east: (2, 0)}
    t.undo_redrawing(done.id, by=BY, at=AT)
    assert [grid_of(row) for row in (left, right, unknown)] == [grids[0]] * 3
    assert not BuildingMove.objects.exists()
    assert t.check_buildings().faults == 0


def test_the_past_keeps_its_grids(grids):
    row = building(grids[0], **at(0.002))
    Building.objects.update(created_at=AT - timedelta(days=60))
    t.draw_split(
        grids[0], cut(0.004), [("990101001001003", "甲"), ("990101001001004", "乙")], reason="太大", by=BY, at=AT
    )
    before = TODAY - timedelta(days=1)
    assert list(public.homes_counted(before)) == [grids[0]]
    assert list(public.homes_counted(timezone.localdate())) == [grid_of(row)]
    past = t.check_buildings(on=before)
    assert (past.total, past.found) == (1, ())


def test_a_merge_keeps_two_of_one_name_apart(grids):
    first, second = building(grids[0], **at(0.002)), building(grids[1], **at(0.015))
    done = t.draw_merge(grids, ("990101001001009", "合"), reason="太小", by=BY, at=AT)
    joint = t.by_code("990101001001009").id
    assert (grid_of(first), grid_of(second)) == (joint, joint)
    assert sorted([first.name, second.name]) == ["1号楼", "1号楼（原第2网格）"]
    t.undo_redrawing(done.id, by=BY, at=AT)
    assert (grid_of(first), grid_of(second)) == tuple(grids)
    assert {first.name, second.name} == {"1号楼"}


def test_a_border_moved_takes_only_what_stood_inside(grids):
    near, far, stray = (
        building(grids[0], **at(0.009)),
        building(grids[0], "2号楼", **at(0.002)),
        building(grids[0], "3号楼", **at(0.015)),
    )
    done = t.draw_shape(grids[1], square(0.008, 0.012), reason="调整", by=BY, at=AT)
    assert [grid_of(row) for row in (near, far, stray)] == [grids[1], grids[0], grids[0]]
    t.undo_redrawing(done.id, by=BY, at=AT)
    assert grid_of(near) == grids[0]


def test_what_was_registered_in_a_drawn_grid_survives_its_end(grids):
    done = t.draw_new(
        places_id("东风社区"), "grid", shapely.box(WEST + 0.004, SOUTH + 0.004, WEST + 0.006, SOUTH + 0.006),
        ("990101001001005", "市场"), reason="专属", by=BY, at=AT,
    )  # fmt: skip
    drawn = t.by_code("990101001001005").id
    placed, unplaced = building(drawn, **at(0.005)), building(drawn, "2号楼")
    t.undo_redrawing(done.id, by=BY, at=AT)
    assert [grid_of(row) for row in (placed, unplaced)] == [grids[0], grids[0]]


def test_imported_shapes_and_plain_splits_take_them_along_too(grids):
    row = building(grids[0], **at(0.009))
    t.import_shapes([("990101001001001", square(0, 0.008)), ("990101001001002", square(0.008, 0.012))], by=BY, at=AT)
    assert grid_of(row) == grids[1]
    area = from_geojson(t.shape(grids[1]).geometry)
    made = t.split(grids[1], [("990101001001003", "甲", None), ("990101001001004", "乙", None)], by=BY, at=AT)
    assert grid_of(row) in made
    assert area.contains(shapely.Point(WEST + 0.009, SOUTH + 0.005))


def test_moved_again_by_hand_stays_there(grids):
    row = building(grids[0], **at(0.002))
    done = t.draw_merge(grids, ("990101001001009", "合"), reason="太小", by=BY, at=AT)
    elsewhere = places_id("西河社区")
    public.change_building(row.pk, by=BY, at=AT, division_id=elsewhere)
    t.undo_redrawing(done.id, by=BY, at=AT)
    assert grid_of(row) == elsewhere
    (move,) = BuildingMove.objects.all()
    assert (move.was_id, move.now_id) == (grids[0], elsewhere)


def test_a_new_code_leaves_them_where_they_are(grids):
    row = building(grids[0], **at(0.002))
    home(row)
    assert t.buildings_within([grids[0]]) == "1栋楼、1户"
    t.draw_renumber(grids[0], "990101001001008", reason="统一编码", by=BY, at=AT)
    assert grid_of(row) == grids[0]
