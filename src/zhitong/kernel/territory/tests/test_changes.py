from datetime import date

import pytest
from django.db import IntegrityError, transaction

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import mark

from .. import public as t
from ..choices import MARK
from ..models import DivisionVersion
from .conftest import AT, BY, START, TODAY, kinds, of

YESTERDAY = date(2026, 3, 1)


def test_a_division_is_created_below_another(district):
    new = t.create_division("990101003", " 北苑街道\x00", "street", district.id, by=BY, at=AT)
    assert (new.name, new.name_en, new.path) == ("北苑街道", "Beiyuan Subdistrict", [district.id, new.id])
    assert t.node(new.id, YESTERDAY) is None
    assert kinds(new.id) == ["territory.created"]


@pytest.mark.parametrize(
    ("code", "name", "level", "field"),
    [
        ("", "丁", "grid", "code"),
        ("9-9", "丁", "grid", "code"),
        ("99", "", "grid", "name"),
        ("99", "丁", "district", "parent"),
    ],
)
def test_what_cannot_be_created_says_which_field(district, code, name, level, field):
    with pytest.raises(Refused) as refused:
        t.create_division(code, name, level, district.id, by=BY, at=AT)
    assert refused.value.field == field


def test_a_renamed_division_answers_for_past_dates(district):
    street = of("990101001")
    t.rename(street.id, "东风新街道", by=BY, at=AT, on=date(2025, 6, 1))
    t.rename(street.id, "东风大街道", by=BY, at=AT, name_en="Big East Wind")
    assert t.node(street.id, date(2025, 5, 31)).name == "东风路街道"
    assert t.node(street.id, date(2025, 6, 1)).name == "东风新街道"
    assert t.node(street.id, YESTERDAY).name == "东风新街道"
    assert t.node(street.id, TODAY).name == "东风大街道"
    assert [v.name for v in t.versions(street.id)] == ["东风路街道", "东风新街道", "东风大街道"]
    assert t.label(of("990101001001").id, date(2025, 3, 1)) == "东风路街道 · 东风社区"


def test_a_second_rename_on_a_day_corrects_the_first(district):
    for name in ("错街道", "对街道"):
        t.rename(district.id, name, by=BY, at=AT)
    assert [v.name for v in t.versions(district.id)] == ["甲区", "对街道"]


def test_history_is_not_written_backwards(district):
    t.rename(district.id, "乙区", by=BY, at=AT, on=date(2025, 6, 1))
    with pytest.raises(Refused, match="另有变更"):
        t.rename(district.id, "丙区", by=BY, at=AT, on=date(2025, 5, 1))
    with pytest.raises(Refused, match="设立之日"):
        t.rename(district.id, "丙区", by=BY, at=AT, on=date(2024, 1, 1))


def test_a_row_without_versions_gets_them_with_its_first_change(district):
    DivisionVersion.objects.filter(division=district.id).delete()
    t.rename(district.id, "乙区", by=BY, at=AT)
    assert [(v.name, v.valid_from) for v in t.versions(district.id)] == [("甲区", START), ("乙区", TODAY)]


def test_renumbering_takes_the_codes_below_along(shaped):
    street = of("990101001")
    changed = t.renumber(street.id, "990101091", by=BY, at=AT)
    assert changed == 1 + len(t.tree().below(street.id))
    assert of("990101091001").name == "东风社区"
    assert t.by_code("990101001", YESTERDAY).id == street.id
    assert t.by_code("990101091", YESTERDAY) is None
    assert of("990101001") is None
    assert kinds(of("990101091001").id)[-1] == "territory.renumbered"


def test_only_the_division_itself_can_be_renumbered(district):
    assert t.renumber(of("990101001").id, "990101091", by=BY, at=AT, with_below=False) == 1
    assert of("990101001001").name == "东风社区"


def test_a_code_in_use_is_not_given_again(district):
    with pytest.raises(Conflict, match="990101002"):
        t.renumber(of("990101001").id, "990101002", by=BY, at=AT)


def test_a_code_that_was_given_up_can_be_used_again(district):
    community = of("990101002001")
    t.end_division(community.id, by=BY, at=AT)
    new = t.create_division("990101002001", "新南山社区", "community", of("990101002").id, by=BY, at=AT)
    assert t.by_code("990101002001").id == new.id
    assert t.by_code("990101002001", YESTERDAY).id == community.id


def test_moving_takes_what_is_below_along_and_keeps_the_past(shaped):
    community, to = of("990101001001"), of("990101002")
    grid = t.children(community.id)[0]
    t.move(community.id, to.id, by=BY, at=AT)
    assert t.ancestor(grid.id, "street") == to.id
    assert t.ancestor(grid.id, "street", YESTERDAY) == of("990101001").id
    assert t.Division.objects.get(id=grid.id).path == [shaped.id, to.id, community.id, grid.id]
    assert community.id in t.within(to.id)
    assert community.id not in t.within(to.id, YESTERDAY)
    with pytest.raises(Refused, match="层级"):
        t.move(to.id, community.id, by=BY, at=AT)


def test_an_ended_division_is_gone_today_and_there_in_the_past(shaped):
    grid = t.of_level("grid")[-1]
    place = t.shape(grid.id)
    t.end_division(grid.id, by=BY, at=AT)
    assert grid.id not in {n.id for n in t.of_level("grid")}
    assert grid.id in {n.id for n in t.of_level("grid", on=YESTERDAY)}
    assert t.locate(place.lon, place.lat, TODAY) == grid.parent_id
    assert t.locate(place.lon, place.lat, YESTERDAY) == grid.id
    assert t.label(grid.id).endswith(grid.name)
    with pytest.raises(Conflict, match="已撤销"):
        t.rename(grid.id, "丁", by=BY, at=AT)


def test_a_division_with_others_below_cannot_be_ended(district):
    with pytest.raises(Refused, match="下级区划"):
        t.end_division(of("990101001").id, by=BY, at=AT)


def test_an_end_before_the_last_change_is_refused(district):
    community = of("990101002001")
    t.rename(community.id, "新社区", by=BY, at=AT)
    with pytest.raises(Refused, match="另有变更"):
        t.end_division(community.id, by=BY, at=AT, on=YESTERDAY)


def test_a_split_grid_answers_for_both_times(shaped):
    old = t.of_level("grid")[0]
    before = t.areas([old.id])[old.id]
    new = t.split(
        old.id, [("990101001001801", "第801网格", None), ("990101001001802", "第802网格", None)], by=BY, at=AT
    )
    inside = before.representative_point()
    assert t.locate(inside.x, inside.y, YESTERDAY) == old.id
    assert t.locate(inside.x, inside.y, TODAY) in new
    assert sum(area.area for area in t.areas(new).values()) == pytest.approx(before.area, rel=1e-4)
    assert t.shape(new[0]).is_provisional
    assert t.successors(old.id) == sorted(new)
    assert kinds(old.id)[-1] == "territory.split"


def test_a_split_with_drawn_shapes(shaped):
    old = t.of_level("grid")[0]
    left = {"type": "Polygon", "coordinates": [[[117, 36.5], [117.01, 36.5], [117.01, 36.51], [117, 36.5]]]}
    right = {"type": "Polygon", "coordinates": [[[117.01, 36.5], [117.02, 36.5], [117.02, 36.51], [117.01, 36.5]]]}
    parts = [("990101001001801", "甲网格", left), ("990101001001802", "乙网格", right)]
    new = t.split(old.id, parts, by=BY, at=AT)
    assert not t.shape(new[0]).is_provisional
    bad = [("990101001001803", "丙网格", {"type": "Point", "coordinates": [1, 1]}), ("990101001001804", "丁网格", None)]
    with pytest.raises(Refused, match="多边形"):
        t.split(new[0], bad, by=BY, at=AT)
    with pytest.raises(Refused, match="两个"):
        t.split(new[0], bad[:1], by=BY, at=AT)


def test_merged_grids_answer_for_both_times(shaped):
    community = of("990101001001")
    first, second = t.children(community.id)[:2]
    place = t.shape(second.id)
    new = t.merge([first.id, second.id], "990101001001901", "合并网格", by=BY, at=AT)
    assert t.locate(place.lon, place.lat, TODAY) == new
    assert t.locate(place.lon, place.lat, YESTERDAY) == second.id
    assert t.successors(first.id) == t.successors(second.id) == [new]
    assert t.successors(new) == [new]
    assert kinds(first.id)[-1] == "territory.merged"


def test_what_is_unlike_cannot_be_merged(shaped):
    with pytest.raises(Refused, match="合并"):
        t.merge([of("990101001001").id, of("990101002001").id], "990101001009", "丁", by=BY, at=AT)
    with pytest.raises(Refused, match="合并"):
        t.merge([of("990101002001").id], "990101001009", "丁", by=BY, at=AT)


def test_a_code_split_and_merged_again_leads_to_what_stands(shaped):
    old = t.of_level("grid")[0]
    new = t.split(old.id, [("990101001001801", "甲网格", None), ("990101001001802", "乙网格", None)], by=BY, at=AT)
    last = t.merge(new, "990101001001803", "丙网格", by=BY, at=AT)
    assert t.successors(old.id) == [last]


def test_a_kind_changes_from_a_day_on(shaped):
    grid = t.of_level("grid")[0]
    t.change_kind(grid.id, "dedicated", by=BY, at=AT)
    assert (t.node(grid.id).kind, t.node(grid.id, YESTERDAY).kind) == ("dedicated", "base")


def test_levels_have_the_districts_own_names(district):
    assert t.level_label("street") == "街道（镇）"
    t.name_level("street", "镇街", "Town", by=BY, at=AT)
    assert t.level_label("street") == "镇街"
    t.name_level("street", "", "", by=BY, at=AT)
    assert t.level_label("street") == "街道（镇）"


# What PostgreSQL itself refuses


def refused_by_the_database(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_no_two_versions_on_one_day(district):
    refused_by_the_database(
        lambda: DivisionVersion.objects.create(
            division_id=district.id, code="1", name="丁", path=[district.id], valid_from=TODAY
        )
    )


def test_no_code_twice_on_one_day(district):
    other = of("990101001")
    DivisionVersion.objects.filter(division=other.id).update(valid_to=TODAY)
    refused_by_the_database(
        lambda: DivisionVersion.objects.create(
            division_id=other.id, code="990101", name="丁", path=[other.id], valid_from=TODAY
        )
    )


def test_no_two_shapes_on_one_day(shaped):
    shape = t.shape(shaped.id)
    shape.pk = BY.account_id
    refused_by_the_database(lambda: shape.save(force_insert=True))


def test_no_live_code_twice_no_empty_code_no_wrong_path(district):
    row = {"name": "丁", "level": "street", "valid_from": TODAY}
    refused_by_the_database(lambda: t.Division.objects.create(code="990101001", **row))
    refused_by_the_database(lambda: t.Division.objects.create(code="", **row))
    refused_by_the_database(lambda: t.Division.objects.filter(id=district.id).update(path=[BY.account_id]))
    refused_by_the_database(lambda: t.Division.objects.filter(id=district.id).update(valid_to=date(2020, 1, 1)))


def test_every_change_gives_a_new_mark(district):
    marks = {mark(MARK)}
    t.rename(district.id, "乙区", by=BY, at=AT)
    marks.add(mark(MARK))
    t.import_shapes([], by=BY, at=AT)
    t.Division.objects.filter(id=district.id).update(name_en="B")
    marks.add(mark(MARK))
    assert len(marks) == 3
