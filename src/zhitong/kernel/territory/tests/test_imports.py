from datetime import date

import pytest
import shapely

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.geometry import area_m2

from .. import public as t
from ..models import DivisionVersion
from .conftest import AT, BY, LINES, SQUARE, START, TODAY, By, kinds, of


def test_a_list_becomes_a_tree(district):
    assert [n.name for n in t.children(district.id)] == ["东风路街道", "南山街道"]
    assert [n.name for n in t.children(of("990101001").id)] == ["东风社区", "西河村"]
    row = t.Division.objects.get(code="990101001002")
    assert (row.official_name, row.name_en) == ("西河村村民委员会", "Xihe Village")
    assert row.path == [district.id, row.parent_id, row.id]
    assert DivisionVersion.objects.filter(division=row).get().valid_from == START
    assert kinds(row.id) == ["territory.created"]


def test_the_same_list_again_changes_nothing(district):
    before = t.tree().nodes
    done = t.import_list(LINES, by=BY, at=AT, on=START)
    assert (done.created, done.renamed, done.kept, done.missing) == (0, 0, 6, [])
    assert t.tree().nodes == before


def test_a_new_name_is_a_rename_and_the_old_one_is_kept(district):
    done = t.import_list([*LINES[:1], t.Listed("990101001", "东风街道"), *LINES[2:]], by=BY, at=AT)
    assert (done.created, done.renamed) == (0, 1)
    street = of("990101001")
    assert street.name == "东风街道"
    assert t.node(street.id, date(2026, 3, 1)).name == "东风路街道"
    assert kinds(street.id) == ["territory.created", "territory.renamed"]


def test_what_is_missing_from_the_list_is_told_and_left(district):
    done = t.import_list(LINES[:5], by=BY, at=AT)
    assert done.missing == ["990101002001"]
    assert of("990101002001").valid_to is None


def test_bad_rows_are_told_and_the_rest_is_imported(db):
    lines = [
        *LINES[:2],
        t.Listed("12345", "不是编码"),
        t.Listed("990101009", " "),
        t.Listed("990101777001", "没有上级"),
        t.Listed("990101003", "长" * 81),
    ]
    done = t.import_list(lines, by=BY, at=AT)
    assert done.created == 2
    assert [code for _position, code, _message in done.errors] == ["12345", "990101009", "990101003", "990101777001"]
    assert "990101777" in str(done.errors[-1][2])


def test_grids_are_numbered_under_their_communities(district):
    assert t.make_grids(district.id, 10, by=BY, at=AT, seed=1) == 10
    grids = t.of_level("grid")
    assert [n.code for n in grids if n.code.startswith("990101001001")] == [f"990101001001{n:03d}" for n in range(1, 5)]
    assert len(grids) == 10
    assert t.make_grids(district.id, 10, by=BY, at=AT, seed=1) == 0
    assert t.make_grids(district.id, 12, by=BY, at=AT, seed=1) == 2


def test_some_grids_are_dedicated(district):
    t.make_grids(district.id, 300, by=BY, at=AT, seed=1)
    dedicated = [n for n in t.of_level("grid") if n.kind == "dedicated"]
    assert 10 < len(dedicated) < 50
    assert all(n.name.endswith("专属网格") for n in dedicated)


def test_more_grids_where_there_is_more_area(shaped):
    areas = {s.division_id: s.area_m2 for s in t.shapes([n.id for n in t.of_level("community")])}
    t.make_grids(shaped.id, 300, by=BY, at=AT, by_area=True)
    counts = {i: len(t.children(i)) for i in areas}
    assert sorted(areas, key=lambda i: areas[i]) == sorted(counts, key=lambda i: counts[i])


@pytest.mark.parametrize(("total", "code"), [(1, "bad_total"), (9999, "bad_total")])
def test_a_number_of_grids_that_does_not_fit_is_refused(district, total, code):
    with pytest.raises(Refused) as refused:
        t.make_grids(district.id, total, by=BY, at=AT)
    assert refused.value.code == code


def test_grids_need_communities(db):
    t.import_list(LINES[:2], by=BY, at=AT)
    with pytest.raises(Refused, match="社区"):
        t.make_grids(of("990101").id, 10, by=BY, at=AT)


def test_provisional_shapes_tile_the_district(shaped):
    for level in ("street", "community", "grid"):
        rows = t.shapes([n.id for n in t.of_level(level)])
        assert all(row.is_provisional and row.source == "divided" for row in rows)
        joint = shapely.union_all(list(t.areas([row.division_id for row in rows]).values()))
        assert joint.symmetric_difference(SQUARE).area < 1e-7
        assert sum(row.area_m2 for row in rows) == pytest.approx(area_m2(SQUARE), rel=1e-5)
    assert not t.shape(shaped.id).is_provisional
    assert "territory.divided" in kinds(shaped.id)


def test_shapes_that_are_there_are_not_made_again(shaped):
    assert t.make_provisional_shapes(shaped.id, by=BY, at=AT) == 0
    assert t.make_provisional_shapes(shaped.id, by=BY, at=AT, renew=True, seed=5) == 15


def test_a_real_shape_replaces_a_provisional_one_and_the_others_share_the_rest(shaped):
    east = of("990101002")
    real = shapely.box(117.05, 36.5, 117.1, 36.6)
    t.import_shapes([("990101002", real)], by=BY, at=AT)
    assert not t.shape(east.id).is_provisional
    assert t.shape(east.id, date(2026, 3, 1)).is_provisional
    t.make_provisional_shapes(shaped.id, by=BY, at=AT, renew=True)
    assert t.areas([east.id])[east.id].equals(real)
    west = t.areas([of("990101001").id])[of("990101001").id]
    assert west.symmetric_difference(shapely.box(117.0, 36.5, 117.05, 36.6)).area < 1e-9
    assert t.label(t.locate(117.09, 36.55)).startswith("南山街道")


def test_no_room_is_refused(shaped):
    t.import_shapes([("990101002", SQUARE)], by=BY, at=AT)
    with pytest.raises(Refused, match="可用的范围"):
        t.make_provisional_shapes(shaped.id, by=BY, at=AT, renew=True)


def test_a_division_without_a_shape_cannot_be_divided(district):
    with pytest.raises(Refused, match="还没有边界"):
        t.make_provisional_shapes(district.id, by=BY, at=AT)


def test_shapes_of_unknown_codes_are_told_and_the_rest_written(district):
    empty = shapely.Polygon()
    done = t.import_shapes([("990101", SQUARE), ("123456", SQUARE), ("990101001", empty)], by=BY, at=AT)
    assert done.written == 1
    assert [(position, code) for position, code, _ in done.errors] == [(2, "123456"), (3, "990101001")]


def test_the_same_shapes_again_change_nothing(shaped):
    assert t.import_shapes([("990101", SQUARE)], by=BY, at=AT).written == 0


def test_shapes_in_other_coordinates_are_converted(district):
    from zhitong.base.geometry import convert_shape

    t.import_shapes([("990101", convert_shape(SQUARE, "wgs84", "bd09"))], by=BY, at=AT, datum="bd09")
    assert t.areas([district.id])[district.id].equals_exact(SQUARE, 1e-6)


def test_one_shape_can_be_set(shaped):
    grid = t.of_level("grid")[0]
    geometry = {"type": "Polygon", "coordinates": [[[117, 36.5], [117.01, 36.5], [117.01, 36.51], [117, 36.5]]]}
    t.set_shape(grid.id, geometry, by=BY, at=AT)
    assert t.shape(grid.id).source == "drawn"
    with pytest.raises(Refused, match="多边形"):
        t.set_shape(grid.id, {"type": "Point", "coordinates": [1, 2]}, by=BY, at=AT)


def test_a_shape_set_twice_on_a_day_is_the_second_one(shaped):
    grid = t.of_level("grid")[0]
    for east in (117.01, 117.02):
        geometry = {"type": "Polygon", "coordinates": [[[117, 36.5], [east, 36.5], [east, 36.51], [117, 36.5]]]}
        t.set_shape(grid.id, geometry, by=BY, at=AT)
    assert t.shape(grid.id).east == 117.02


def test_a_whole_district_at_once(db):
    done = t.import_district("990101", LINES, SQUARE, by=BY, at=AT, on=START, grids=6)
    assert (done.listed.created, done.grids, done.shapes) == (6, 6, 12)
    assert kinds(done.district)[-1] == "territory.imported"
    again = t.import_district("990101", LINES, SQUARE, by=BY, at=AT, on=START, grids=6)
    assert (again.grids, again.shapes) == (0, 0)


def test_a_district_that_is_not_in_the_list_is_refused(db):
    with pytest.raises(Refused, match="880101"):
        t.import_district("880101", LINES, None, by=BY, at=AT)


def test_who_may_not_is_refused_everywhere(shaped):
    nobody, some = By(allowed=False), of("990101001").id
    geometry = {"type": "Point", "coordinates": [1, 2]}
    for attempt in (
        lambda: t.import_list(LINES, by=nobody, at=AT),
        lambda: t.make_grids(shaped.id, 20, by=nobody, at=AT),
        lambda: t.import_shapes([], by=nobody, at=AT),
        lambda: t.set_shape(some, geometry, by=nobody, at=AT),
        lambda: t.make_provisional_shapes(some, by=nobody, at=AT),
        lambda: t.create_division("990101005", "丁街道", "street", shaped.id, by=nobody, at=AT),
        lambda: t.rename(some, "丁", by=nobody, at=AT),
        lambda: t.renumber(some, "990101005", by=nobody, at=AT),
        lambda: t.move(some, shaped.id, by=nobody, at=AT),
        lambda: t.end_division(some, by=nobody, at=AT),
        lambda: t.split(some, [("1", "a", None), ("2", "b", None)], by=nobody, at=AT),
        lambda: t.merge([some], "1", "a", by=nobody, at=AT),
        lambda: t.change_kind(some, "base", by=nobody, at=AT),
        lambda: t.name_level("street", "镇街", "", by=nobody, at=AT),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_days_to_come_are_refused(district):
    with pytest.raises(Refused, match="不能晚于今天"):
        t.rename(district.id, "乙区", by=BY, at=AT, on=date(2026, 3, 3))
    t.rename(district.id, "乙区", by=BY, at=AT, on=TODAY)


def test_unknown_and_taken(district):
    with pytest.raises(NotFound):
        t.rename(BY.account_id, "乙", by=BY, at=AT)
    with pytest.raises(Conflict, match="990101002"):
        t.create_division("990101002", "丁街道", "street", district.id, by=BY, at=AT)
