"""Borders drawn, written, and taken back."""

from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.geometry import areas_m2, to_geojson

from .. import public as t
from ..models import Division, DivisionShape, DivisionVersion, Redrawing, Succession
from ..rules import coverage
from .conftest import AT, BY, START, TODAY, By, kinds, of

COMMUNITY = "990101001001"
WHY = "路口改造"


def grids(code=COMMUNITY, on=TODAY):
    return t.descendants(of(code).id, on=on, level="grid")


def area_of(node, on=TODAY):
    return t.areas([node.id], on)[node.id]


def size(areas):
    return float(areas_m2(np.array(list(areas), dtype=object)).sum())


def across(area):
    """A line from west to east through the middle of an area."""
    west, _south, east, _north = area.bounds
    middle = area.point_on_surface().y
    return shapely.LineString([(west - 0.001, middle), (east + 0.001, middle + 1e-5)])


def rounding(area):
    """What a border may sweep over when each of its points moves by half a centimetre, in square metres."""
    return area.length * 111_000 * 0.006


def must_cover(code=COMMUNITY):
    """No fault among the grids of the community, and their land is the community's but for the rounding of its border."""
    found = t.check_coverage("grid", of(code).id)
    assert found.faults == ()
    whole = area_of(of(code))
    assert size(area_of(n) for n in grids(code)) == pytest.approx(size([whole]), abs=rounding(whole))


@pytest.fixture
def community(shaped):
    """A community with at least two grids."""
    return max((n for n in t.of_level("community")), key=lambda n: len(grids(n.code)))


def test_a_split_is_one_border_for_all_around_it(community):
    mine = grids(community.code)[0]
    before = area_of(mine)
    draft = t.plan_split(mine.id, across(before), TODAY)
    assert len(draft.new) == 2
    assert draft.ended == (mine.id,)
    assert size(draft.new) == pytest.approx(size([before]), abs=rounding(before))
    parts = [(code, f"第{code[-3:]}网格") for code in draft.codes]
    row = t.draw_split(mine.id, across(before), parts, reason=WHY, by=BY, at=AT)
    assert (row.kind, row.reason, row.on) == ("split", WHY, TODAY)
    assert [of(code).name for code, _name in parts] == [name for _code, name in parts]
    assert of(mine.code).valid_to == TODAY
    assert t.successors(mine.id) == sorted(of(code).id for code, _name in parts)
    must_cover(community.code)


def test_a_split_taken_back_never_was(community):
    mine = grids(community.code)[0]
    was = {n.id: to_geojson(area_of(n)) for n in grids(community.code)}
    row = t.draw_split(
        mine.id, across(area_of(mine)), [("990101001001801", "甲"), ("990101001001802", "乙")], reason=WHY, by=BY, at=AT
    )
    new = [of("990101001001801"), of("990101001001802")]
    t.undo_redrawing(row.id, by=BY, at=AT)
    assert {n.id: to_geojson(area_of(n)) for n in grids(community.code)} == was
    assert t.node(mine.id).valid_to is None
    assert [t.node(n.id, TODAY) for n in new] == [None, None]
    assert [t.successors(n.id) for n in new] == [[mine.id]] * 2
    assert t.successors(mine.id) == [mine.id]
    assert kinds(mine.id)[-2:] == ["territory.redrawn", "territory.undone"]
    with pytest.raises(Conflict, match="已经撤销"):
        t.undo_redrawing(row.id, by=BY, at=AT)
    t.draw_split(
        mine.id, across(area_of(mine)), [("990101001001801", "甲"), ("990101001001802", "乙")], reason=WHY, by=BY, at=AT
    )
    must_cover(community.code)


def test_a_merge_and_back(community):
    one, other = touching(community)
    whole = size([area_of(one), area_of(other)])
    row = t.draw_merge([one.id, other.id], ("990101001001900", "合并网格"), reason=WHY, by=BY, at=AT)
    new = of("990101001001900")
    assert area_of(new).geom_type == "Polygon"
    assert size([area_of(new)]) == pytest.approx(whole, abs=rounding(area_of(new)))
    must_cover(community.code)
    t.undo_redrawing(row.id, by=BY, at=AT)
    assert size([area_of(one), area_of(other)]) == whole
    assert t.successors(new.id) == sorted([one.id, other.id])
    must_cover(community.code)


def touching(community):
    nodes = grids(community.code)
    return next((a, b) for a in nodes for b in nodes if a is not b and area_of(a).intersection(area_of(b)).length > 0)


def test_neighbours_give_way_and_take_over(community):
    one, other = touching(community)
    was = area_of(other)
    drawn = area_of(one).union(was.intersection(area_of(one).buffer(0.001)))
    row = t.draw_shape(one.id, drawn, reason=WHY, by=BY, at=AT)
    assert size([area_of(one)]) > size([area_of(one, TODAY - timedelta(1))]) + 100
    assert size([area_of(other)]) < size([was]) - 100
    must_cover(community.code)
    again = t.draw_shape(one.id, area_of(one).buffer(-0.0003), reason="退让", by=BY, at=AT)
    must_cover(community.code)
    with pytest.raises(Conflict, match="后来的变更"):
        t.undo_redrawing(row.id, by=BY, at=AT)
    t.undo_redrawing(again.id, by=BY, at=AT)
    t.undo_redrawing(row.id, by=BY, at=AT)
    assert to_geojson(area_of(other)) == to_geojson(was)
    assert [r.undone_at for r in t.redrawings()] == [AT, AT]


def test_as_drawn_leaves_the_neighbours_and_says_what_is_wrong(community):
    one, other = touching(community)
    drawn = area_of(one).buffer(0.001)
    draft = t.plan_shape(one.id, drawn, TODAY, is_fitted=False)
    assert set(draft.reshaped) == {one.id}
    assert {told.kind for told in draft.faults} >= {t.FaultKind.OVERLAP}
    overlap = next(told for told in draft.faults if set(told.names) == {str(one), str(other)})
    assert overlap.area_m2 == pytest.approx(size([drawn.intersection(area_of(other))]), abs=1)
    smaller = t.plan_shape(one.id, area_of(one).buffer(-0.0005), TODAY, is_fitted=False)
    gap = sum(told.area_m2 for told in smaller.faults if told.kind == t.FaultKind.GAP)
    assert gap == pytest.approx(size([area_of(one)]) - size([area_of(one).buffer(-0.0005)]), abs=rounding(area_of(one)))


def test_a_new_one_takes_its_land_from_its_siblings(community):
    inner = area_of(of(community.code)).point_on_surface().buffer(0.002, quad_segs=2)
    draft = t.plan_new(community.id, "grid", inner, TODAY)
    row = t.draw_new(
        community.id, "grid", inner, (draft.codes[0], "菜市场"), kind="dedicated", reason=WHY, by=BY, at=AT
    )
    new = of(draft.codes[0])
    assert (new.kind, new.parent_id) == ("dedicated", community.id)
    must_cover(community.code)
    t.undo_redrawing(row.id, by=BY, at=AT)
    assert t.node(new.id, TODAY) is None
    must_cover(community.code)


def test_renumbering_takes_those_below_along_and_back(community):
    codes = [n.code for n in grids(community.code)]
    row = t.draw_renumber(community.id, "990101001777", reason=WHY, by=BY, at=AT, on=date(2026, 1, 1))
    assert [n.code for n in grids("990101001777")] == [c.replace(community.code, "990101001777") for c in codes]
    t.undo_redrawing(row.id, by=BY, at=AT)
    assert [n.code for n in grids(community.code)] == codes
    assert t.by_code("990101001777", date(2026, 2, 1)) is None


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda g, c: t.plan_split(g.id, shapely.LineString([(1, 1), (2, 2)]), TODAY), "line_must_cross"),
        (lambda g, c: t.plan_merge([g.id, g.id], TODAY), "merge_unlike"),
        (lambda g, c: t.plan_merge([g.id, c.id], TODAY), "merge_unlike"),
        (lambda g, c: t.plan_new(g.id, "grid", shapely.box(117, 36.5, 117.01, 36.51), TODAY), "parent_not_above"),
        (lambda g, c: t.plan_new(c.id, "grid", shapely.box(1, 1, 2, 2), TODAY), "outside_parent"),
        (lambda g, c: t.plan_shape(g.id, area_of(c), TODAY), "nothing_left"),
        (lambda g, c: t.draw_shape(g.id, area_of(g), reason=WHY, by=BY, at=AT, is_fitted=False), "nothing_changed"),
        (lambda g, c: t.draw_renumber(g.id, "990101001001999", reason=" ", by=BY, at=AT), "no_reason"),
        (lambda g, c: t.draw_split(g.id, across(area_of(g)), [("1", "1")], reason=WHY, by=BY, at=AT), "parts_differ"),
    ],
)
def test_what_cannot_be_says_why(community, make, code):
    with pytest.raises(Refused) as refused:
        make(grids(community.code)[0], community)
    assert refused.value.code == code


def test_who_may_not_changes_nothing(community):
    with pytest.raises(NotAllowed):
        t.draw_renumber(community.id, "990101001777", reason=WHY, by=By(False), at=AT)


def test_an_earlier_day_does_not_wipe_a_later_change(community):
    one, _other = touching(community)
    t.draw_shape(one.id, area_of(one).buffer(-0.0003), reason=WHY, by=BY, at=AT)
    with pytest.raises(Conflict, match="另有变更"):
        t.draw_shape(one.id, area_of(one).buffer(-0.0005), reason=WHY, by=BY, at=AT, on=date(2026, 1, 1))


def test_what_was_stored_is_what_was_shown(community):
    mine = grids(community.code)[0]
    draft = t.plan_split(mine.id, across(area_of(mine)), TODAY)
    t.draw_split(mine.id, across(area_of(mine)), [(c, c[-3:]) for c in draft.codes], reason=WHY, by=BY, at=AT)
    for code, shown in zip(draft.codes, draft.new, strict=True):
        assert shapely.equals_exact(area_of(of(code)).normalize(), shown.normalize(), 1e-9)
    stored = np.array([area_of(n) for n in t.of_level("grid")], dtype=object)
    assert coverage.overlaps(stored) == []
    assert Redrawing.objects.get().divisions[0] == mine.id
    assert (Succession.objects.count(), Division.objects.filter(valid_to=TODAY).count()) == (2, 1)
    assert not DivisionShape.objects.filter(valid_from__lt=START).exists()
    assert DivisionVersion.objects.filter(division=mine.id, valid_to=None).count() == 0
