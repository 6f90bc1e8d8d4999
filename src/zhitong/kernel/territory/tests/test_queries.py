import json
from uuid import uuid4

import numpy as np
import pytest
import shapely
from django.db import connection, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.kernel.events.public import Event, describe

from .. import public as t
from .conftest import AT, BY, SQUARE, of

inside = st.tuples(st.floats(117.0, 117.1), st.floats(36.5, 36.6))


def test_the_tree_is_read_in_every_direction(shaped):
    street, community = of("990101001"), of("990101001001")
    grid = t.children(community.id)[0]
    assert [n.id for n in t.ancestors(grid.id)] == [shaped.id, street.id, community.id]
    assert t.ancestor(grid.id, "street") == street.id
    assert t.ancestor(grid.id, "grid") == grid.id
    assert t.ancestor(grid.id, "city") is None
    assert {n.id for n in t.descendants(street.id, level="community")} == {n.id for n in t.children(street.id)}
    assert len(t.descendants(shaped.id)) == 15
    assert t.within(community.id) == {community.id, *(n.id for n in t.children(community.id))}
    assert t.paths([grid.id, uuid4()]) == {grid.id: ([shaped.id, street.id, community.id, grid.id], street.id)}
    assert t.paths([shaped.id])[shaped.id] == ([shaped.id], None)
    assert [n.id for n in t.of_level("street", within=street.id)] == [street.id]


def test_the_unknown_has_no_place(district):
    nowhere = uuid4()
    assert t.node(nowhere) is None
    assert t.ancestors(nowhere) == []
    assert t.ancestor(nowhere, "street") is None
    assert t.children(nowhere) == []
    assert t.label(nowhere) == t.label(None) == ""
    assert t.within(nowhere) == {nowhere}


def test_labels_begin_with_the_street(shaped):
    grid = t.children(of("990101001001").id)[0]
    assert t.label(grid.id) == "东风路街道 · 东风社区 · 第1网格"
    assert t.label(shaped.id) == "甲区"
    with translation.override("en"):
        assert t.label(grid.id) == "Dongfenglu Subdistrict · Dongfeng Community · Grid 1"
        assert t.district_name() == "Jia District"


def test_an_empty_territory_has_no_name_and_no_places(db):
    assert t.district_name() == ""
    assert t.locate(117, 36) is None
    assert t.bounds() is None


@settings(max_examples=30)
@given(data=st.data())
def test_each_place_has_exactly_one_grid_and_many_at_once_are_the_same(shaped, data):
    areas = t.areas([n.id for n in t.of_level("grid")])
    corners = [tuple(xy) for area in areas.values() for xy in shapely.get_coordinates(area)]
    places = data.draw(st.lists(inside | st.sampled_from(corners), min_size=1, max_size=10))
    found = t.locate_many([x for x, _ in places], [y for _, y in places])
    assert found == [t.locate(x, y) for x, y in places]
    assert all(i in areas for i in found)


def test_places_outside_and_senseless_ones_are_nowhere(shaped):
    nan = float("nan")
    assert t.locate(0, 0) is None
    assert t.locate(nan, 36.5) is None
    assert t.locate_many([0, nan, 117.05], [0, 36.5, float("inf")]) == [None] * 3
    with pytest.raises(ValueError, match="as many"):
        t.locate_many([1], [])


def test_a_place_in_no_grid_is_in_the_next_larger_division(shaped):
    t.DivisionShape.objects.filter(division__level__in=("grid", "community")).delete()
    streets = {n.id for n in t.of_level("street")}
    assert t.locate(117.05, 36.55) in streets
    found = t.locate_many(np.linspace(116.95, 117.15, 50).tolist(), [36.55] * 50)
    assert set(found) - streets == {None}


def test_what_is_kept_is_given_up_with_a_change_and_after_a_rollback(shaped):
    street = of("990101001")
    with transaction.atomic():
        t.rename(street.id, "丁街道", by=BY, at=AT)
        assert t.node(street.id).name == "丁街道"
        transaction.set_rollback(True)
    assert t.node(street.id).name == "东风路街道"


def test_what_is_kept_costs_one_small_query(shaped, django_assert_num_queries):
    t.locate(117.05, 36.55)
    with django_assert_num_queries(1):
        t.locate(117.05, 36.55)


@pytest.mark.parametrize("text", ["990101001", "东风路", "东风路街道", "dongfenglu", "dflj", "DongFengLu"])
def test_search_by_code_name_pinyin_and_initials(district, text):
    assert t.search(text)[0].code == "990101001"


def test_search_also_knows_former_names_and_keeps_within_its_bounds(district):
    street = of("990101001")
    t.rename(street.id, "崭新街道", by=BY, at=AT)
    assert [d.id for d in t.search("东风路")] == [street.id]
    assert t.search("东风", level="community")[0].code == "990101001001"
    assert t.search("社区", within=of("990101002").id)[0].code == "990101002001"
    assert t.search("  ") == t.search("没有的地方") == []
    assert t.search("\x00%_'") == []


def test_search_leaves_out_what_is_no_more(district):
    t.end_division(of("990101002001").id, by=BY, at=AT)
    assert t.search("南山社区") == []


def test_shapes_for_maps(shaped):
    data = json.loads(t.shapes_json("grid", within=of("990101002").id))
    properties = data["features"][0]["properties"]
    assert properties["code"].startswith("990101002")
    assert properties["is_provisional"] is True
    assert shapely.from_geojson(json.dumps(data["features"][0]["geometry"])).is_valid
    assert len(json.loads(t.shapes_json("grid"))["features"]) == 10
    assert t.bounds() == SQUARE.bounds
    assert t.bounds(of("990101002").id) != SQUARE.bounds


def test_the_version_of_shapes_changes_with_them_and_with_the_language(shaped):
    first = t.shapes_version()
    assert t.shapes_version() == first
    with translation.override("en"):
        assert t.shapes_version() != first
    t.rename(shaped.id, "乙区", by=BY, at=AT)
    assert t.shapes_version() != first


def test_the_path_index_is_used_for_what_lies_within(shaped):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM territory_division WHERE path @> ARRAY[%s]", [shaped.id])
        assert "division_path" in str(cursor.fetchall())


def test_every_event_is_shown_as_a_sentence(shaped):
    t.rename(shaped.id, "乙区", by=BY, at=AT)
    for event in Event.objects.filter(kind__startswith="territory."):
        label, icon, sentence = describe(event)
        assert label != event.kind
        assert icon
        assert sentence.endswith("。")
    t.import_district("990101", [], None, by=BY, at=AT)
    assert describe(Event.objects.filter(kind="territory.imported").get())[2].startswith("新增0个")


def test_rows_are_called_by_what_they_are(shaped):
    street = of("990101001")
    parts = [("990101001001801", "甲网格", None), ("990101001001802", "乙网格", None)]
    t.split(t.of_level("grid")[0].id, parts, by=BY, at=AT)
    t.name_level("street", "镇街", "Town", by=BY, at=AT)
    assert str(t.Division.objects.get(id=street.id)) == "东风路街道"
    assert str(t.shape(street.id)) == "东风路街道 2025-01-01"
    assert str(t.Succession.objects.order_by("successor__code").first()) == "第1网格 → 甲网格"
    row = t.Division.objects.get(id=street.id)
    assert row.is_valid_on(row.valid_from)
    assert t.level_label("street") == "镇街"
