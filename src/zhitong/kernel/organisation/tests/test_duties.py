"""Who answers for this, here, on this date?"""

from datetime import date

import pytest
from django.utils import timezone, translation

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import one_view

from .. import public
from ..models import Duty
from .conftest import AT, BY, START, make_category, make_duty, make_organ

TODAY = date(2026, 3, 2)


def organs(answers):
    return [answer.organ_name for answer in answers]


def test_the_more_exact_category_speaks_before_the_more_exact_place(district):
    make_duty(district.office, None, district.community)
    make_duty(district.management, district.lamps)

    answers = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert organs(answers) == ["示例区城市管理局", "杏林街道办事处"]


def test_the_more_exact_place_speaks_first_within_a_category(district):
    committee = make_organ("XLSQ", "杏林社区居委会", "community_committee")
    make_duty(district.management, district.municipal)
    make_duty(district.office, district.municipal, district.street)
    make_duty(committee, district.municipal, district.community)

    answers = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert organs(answers) == ["杏林社区居委会", "杏林街道办事处", "示例区城市管理局"]


def test_a_duty_elsewhere_or_for_another_category_does_not_count(district):
    make_duty(district.office, district.lamps, district.street)
    make_duty(district.management, district.drains)

    assert public.responsible(district.lamps.pk, district.other_street.pk, TODAY) == []


def test_a_matter_without_category_or_place_finds_only_general_duties(district):
    make_duty(district.office, district.lamps, district.street)
    make_duty(district.management)

    assert organs(public.responsible(None, None, TODAY)) == ["示例区城市管理局"]


def test_the_lead_stands_before_the_co_handler_of_the_same_place(district):
    make_duty(district.management, district.lamps, role="co")
    make_duty(district.office, district.lamps)

    answers = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert [(a.organ_name, a.role) for a in answers] == [("杏林街道办事处", "lead"), ("示例区城市管理局", "co")]


def test_an_organ_counts_once_as_it_is_named_most_exactly(district):
    make_duty(district.office, None, district.street, role="co")
    make_duty(district.office, district.lamps, district.street)

    assert [a.role for a in public.responsible(district.lamps.pk, district.grid.pk, TODAY)] == ["lead"]


def test_the_past_is_answered_as_it_was(district):
    make_duty(district.management, district.lamps, basis="旧清单")
    make_duty(district.office, district.lamps, None, date(2025, 7, 1), takes_over=True)

    before = public.responsible(district.lamps.pk, district.grid.pk, date(2025, 6, 30))
    after = public.responsible(district.lamps.pk, district.grid.pk, date(2025, 7, 1))

    assert (organs(before), organs(after)) == (["示例区城市管理局"], ["杏林街道办事处"])
    assert public.responsible(district.lamps.pk, district.grid.pk, date(2019, 12, 31)) == []


def test_a_closed_organ_answers_no_longer(district):
    make_duty(district.management, district.lamps)
    public.close_organ(district.management.pk, on=date(2026, 1, 1), by=BY, at=AT)

    assert len(public.responsible(district.lamps.pk, None, date(2025, 12, 31))) == 1
    assert public.responsible(district.lamps.pk, None, date(2026, 1, 1)) == []


def test_the_answer_says_why_in_both_languages(district):
    make_duty(district.office, district.lamps, district.street, basis="《城市管理职责清单》第3项")

    [answer] = public.responsible(district.lamps.pk, district.grid.pk, TODAY)
    with translation.override("en"):
        [english] = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert answer.why == "类别“路灯照明”在“杏林街道”由杏林街道办事处负责，依据《城市管理职责清单》第3项。"
    assert english.category_name == "Street lights"


def test_a_general_duty_says_that_it_is_general(district):
    make_duty(district.management, role="co")

    [answer] = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert answer.why == "各类事项在全区范围内由示例区城市管理局协办。"


def test_the_same_duty_again_writes_nothing(district):
    first = make_duty(district.management, district.lamps)

    assert make_duty(district.management, district.lamps, None, date(2025, 1, 1)).pk == first.pk
    assert Duty.objects.count() == 1


def test_a_changed_duty_closes_the_old_line_and_keeps_it(district):
    first = make_duty(district.management, district.lamps)
    second = make_duty(district.management, district.lamps, None, date(2025, 1, 1), role="co")

    first.refresh_from_db()
    assert (first.valid_from, first.valid_to, first.role) == (START, date(2025, 1, 1), "lead")
    assert (second.valid_from, second.valid_to, second.role) == (date(2025, 1, 1), None, "co")


def test_a_duty_corrected_on_its_first_day_was_never_in_force(district):
    first = make_duty(district.management, district.lamps, role="co")
    make_duty(district.management, district.lamps)

    first.refresh_from_db()
    assert first.valid_to == first.valid_from
    assert [a.role for a in public.responsible(district.lamps.pk, None, START)] == ["lead"]


def test_giving_a_last_day_to_the_same_duty_ends_it(district):
    first = make_duty(district.management, district.lamps)
    again = make_duty(district.management, district.lamps, valid_to=date(2027, 1, 1))

    assert (again.pk, again.valid_to) == (first.pk, date(2027, 1, 1))


def test_a_later_duty_is_not_overrun(district):
    make_duty(district.management, district.lamps, None, date(2026, 1, 1), role="co")

    with pytest.raises(Conflict) as refused:
        make_duty(district.management, district.lamps, None, date(2025, 1, 1))
    assert refused.value.code == "later_duty"


def test_a_duty_lies_within_the_days_of_its_organ(district):
    with pytest.raises(Refused) as refused:
        make_duty(district.management, district.lamps, None, date(2019, 1, 1))
    assert (refused.value.code, refused.value.field) == ("outside_days", "valid_from")


def test_an_ended_duty_is_not_ended_again_later(district):
    duty = make_duty(district.management, district.lamps)
    public.end_duty(duty.pk, on=date(2026, 1, 1), by=BY, at=AT)
    public.end_duty(duty.pk, on=date(2026, 1, 1), by=BY, at=AT)

    with pytest.raises(Refused) as refused:
        public.end_duty(duty.pk, on=date(2026, 2, 1), by=BY, at=AT)
    assert refused.value.code == "already_ended"
    with pytest.raises(Refused) as refused:
        public.end_duty(duty.pk, on=date(2019, 2, 1), by=BY, at=AT)
    assert refused.value.code == "ends_before_start"


def test_many_questions_cost_as_many_queries_as_one(district, django_assert_max_num_queries):
    make_duty(district.management, district.municipal)
    make_duty(district.office, None, district.street)
    questions = [(c.pk, d.pk, TODAY) for c in (district.lamps, district.drains) for d in (district.grid, district.top)]
    public.responsible_many(questions)

    with django_assert_max_num_queries(4), one_view():
        answers = public.responsible_many(questions * 500)

    assert len(answers) == 2000
    assert organs(answers[0]) == ["示例区城市管理局", "杏林街道办事处"]
    assert organs(answers[1]) == ["示例区城市管理局"]
    assert public.responsible_many([]) == []


def test_who_answers_today_is_one_query(district, django_assert_num_queries):
    make_duty(district.management, district.municipal, basis="三定方案")
    question = (district.lamps.pk, district.grid.pk, timezone.localdate())
    [answer] = public.responsible(*question)
    assert answer.organ_name == "示例区城市管理局"
    assert answer.why == "类别“市政设施”在全区范围内由示例区城市管理局负责，依据三定方案。"
    with django_assert_num_queries(2), one_view():  # the marks, the duties
        assert public.responsible(*question) == [answer]


def test_holes_name_a_category_once_when_nobody_has_it_anywhere(district):
    make_duty(district.office, district.lamps, district.street)

    assert public.holes(TODAY) == [
        public.Gap(district.lamps.pk, district.other_street.pk),
        public.Gap(district.drains.pk, None),
    ]


def test_a_general_lead_leaves_no_hole(district):
    make_duty(district.management, district.building)

    assert public.holes(TODAY) == []


def test_an_unused_category_is_no_hole(district):
    make_duty(district.management, district.lamps)
    public.change_category(district.drains.pk, is_active=False, by=BY, at=AT)

    assert public.holes(TODAY) == []


def test_two_leads_for_the_same_place_are_a_conflict(district):
    make_duty(district.office, district.lamps)
    make_duty(district.management, district.lamps)
    make_duty(district.management, district.drains)

    [conflict] = public.conflicts(TODAY)

    assert (conflict.category_id, conflict.division_id) == (district.lamps.pk, None)
    assert set(conflict.organ_ids) == {district.office.pk, district.management.pk}


def test_an_active_category_alone_at_the_top_is_a_leaf(district):
    make_duty(district.management, district.building)
    other = make_category("99", "其他")

    assert public.holes(TODAY) == [public.Gap(other.pk, None)]


def test_a_division_that_moved_is_answered_for_where_it_stood(district):
    other_office = make_organ("LA", "柳岸街道办事处", "street_office", division_id=district.other_street.pk)
    make_duty(district.office, None, district.street)
    make_duty(other_office, None, district.other_street)
    moved = date(2025, 1, 1)
    district.community.versions.update(valid_to=moved)
    district.community.parent = district.other_street
    district.community.save()
    path = district.community.path
    district.community.versions.create(code="2", name="杏林社区", path=path, valid_from=moved)

    before, after, long_ago = (
        public.responsible(None, district.community.pk, day) for day in (date(2024, 12, 31), moved, date(1990, 1, 1))
    )

    assert (organs(before), organs(after), long_ago) == (["杏林街道办事处"], ["柳岸街道办事处"], [])


def test_the_answer_in_english(district, english):
    make_duty(district.management, district.lamps, district.street, basis="List 3")

    [answer] = public.responsible(district.lamps.pk, district.grid.pk, TODAY)

    assert answer.why == (
        "Urban Management Bureau is responsible for category “Street lights” in “杏林街道” (basis: List 3)."
    )
