"""Duties of certain hours: who answers by night, where nobody does, where two do, and how they come in and go out."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from zhitong.base.errors import Refused
from zhitong.base.hours import read_hours
from zhitong.kernel.events.public import SHANGHAI

from .. import public
from .conftest import AT, BY, START, make_duty

TODAY = date(2026, 3, 2)
NIGHT, NOON = (AT.astimezone(SHANGHAI).replace(hour=hour) for hour in (23, 12))


def leads(district, at):
    return [one.organ_name for one in public.responsible(district.lamps.pk, district.street.pk, TODAY, at)]


def test_by_night_somebody_else_answers(district):
    make_duty(district.management, district.lamps)
    make_duty(district.office, district.lamps, hours="22:00-6:00")

    assert leads(district, NOON) == ["示例区城市管理局"]
    assert leads(district, NIGHT) == ["杏林街道办事处", "示例区城市管理局"]
    assert leads(district, None) == ["示例区城市管理局", "杏林街道办事处"]
    [first, _second] = public.responsible(district.lamps.pk, district.street.pk, TODAY, NIGHT)
    assert first.hours == "22:00-06:00"
    assert first.since == START
    assert "22:00-06:00" in first.why
    assert public.conflicts(TODAY) == []


def test_who_answers_by_day_only_leaves_the_night(district):
    make_duty(district.management, district.building, hours="6:00-22:00")
    make_duty(district.office, district.lamps, district.street, hours="22:00-6:00")

    holes = public.holes(TODAY)

    assert public.Gap(district.lamps.pk, district.other_street.pk, hours="22:00-06:00") in holes
    assert public.Gap(district.drains.pk, None, hours="22:00-06:00") in holes
    assert len(holes) == 2


def test_two_at_the_same_hours_dispute_those_hours(district):
    make_duty(district.management, district.lamps, hours="周一至周五 8:00-18:00")
    make_duty(district.office, district.lamps, hours="12:00-20:00")

    [conflict] = public.conflicts(TODAY)

    assert set(conflict.organ_ids) == {district.office.pk, district.management.pk}
    assert conflict.hours == "1-5 12:00-18:00"


def test_one_organ_may_have_it_twice_at_other_hours_and_each_has_its_history(district):
    make_duty(district.office, district.lamps, hours="8:00-12:00", basis="一")
    make_duty(district.office, district.lamps, hours="14:00-18:00", basis="二")
    make_duty(district.office, district.lamps, hours="08:00-12:00", basis="三", valid_from=date(2026, 1, 1))

    rows = public.Duty.objects.order_by("hours", "valid_from").values_list("hours", "basis", "valid_to")
    assert list(rows) == [
        ("08:00-12:00", "一", date(2026, 1, 1)), ("08:00-12:00", "三", None), ("14:00-18:00", "二", None),
    ]  # fmt: skip


def test_hours_that_nobody_understands_are_refused(district):
    with pytest.raises(Refused) as refused:
        make_duty(district.office, district.lamps, hours="半夜")
    assert (refused.value.code, refused.value.field) == ("bad_hours", "hours")


def test_hours_go_out_and_come_in_again(district):
    make_duty(district.office, district.lamps, hours="周末 22:00-6:00")
    content = public.export_workbook(TODAY, by=BY)
    page = load_workbook(io.BytesIO(content))["职责"]
    head = [cell.value for cell in page[1]]
    assert page.cell(2, head.index("时段") + 1).value == "6-7 22:00-06:00"
    again = public.import_workbook("x.xlsx", content, by=BY, at=AT)
    assert (again.written, again.errors) == (0, 0)
    page.cell(2, head.index("时段") + 1).value = "半夜"
    out = io.BytesIO()
    page.parent.save(out)
    wrong = public.import_workbook("x.xlsx", out.getvalue(), by=BY, at=AT)
    assert [error.column for sheet in wrong.sheets for error in sheet.errors] == ["时段"]


def test_the_table_of_holes_agrees_with_asking_pair_by_pair_and_hour_by_hour(district):
    make_duty(district.management, district.building, district.street, hours="1-5 8:00-18:00")
    make_duty(district.office, district.lamps, hours="20:00-7:00")
    make_duty(district.office, district.drains, district.other_street, hours="6-7")
    found = [(gap.category_id, gap.division_id, gap.hours) for gap in public.holes(TODAY)]

    for category in (district.lamps.pk, district.drains.pk):
        for street in (district.street.pk, district.other_street.pk):
            for hour in range(0, 168, 3):
                at = AT.astimezone(SHANGHAI).replace(hour=0) + timedelta(hours=hour)  # a Monday
                is_led = any(one.role == "lead" for one in public.responsible(category, street, TODAY, at))
                gaps = [hours for where, place, hours in found if where == category and place in (None, street)]
                is_hole = any(not text or read_hours(text).covers(at) for hours in gaps for text in hours.split("; "))
                assert is_led != is_hole, (category, street, at)
