"""Organs, categories and the tree they make."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import stream

from .. import public
from ..actions.writing import _conflict
from ..models import Appointment, Duty, Organ, Post
from .conftest import AT, BY, START, Anybody, make_category, make_duty, make_organ

TODAY = date(2026, 3, 2)


def test_only_who_sets_up_the_district_may_write(district):
    with pytest.raises(NotAllowed):
        public.create_organ(
            code="X", name="某局", kind="department", valid_from=START, by=Anybody(is_allowed=False), at=AT
        )


def test_what_happens_to_an_organ_is_in_its_stream(district):
    organ = make_organ("MZ", "示例区民政局", phone="80000000")
    public.change_organ(organ.pk, name="示例区民政和社会工作局", phone="80000001", by=BY, at=AT)
    make_duty(organ)
    public.close_organ(organ.pk, on=date(2026, 1, 1), by=BY, at=AT)

    events = list(stream(organ.pk))

    assert [e.kind for e in events] == ["organ.created", "organ.changed", "duty.set", "organ.closed"]
    assert events[1].data["changes"]["name"] == ["示例区民政局", "示例区民政和社会工作局"]
    assert events[1].data["changes"]["phone"] == []


def test_a_change_that_changes_nothing_is_no_event(district):
    public.change_organ(district.office.pk, name=" 杏林街道办事处 ", by=BY, at=AT)

    assert [e.kind for e in stream(district.office.pk)] == ["organ.created"]


def test_a_code_in_use_is_refused_and_free_again_after_closing(district):
    with pytest.raises(Conflict) as refused:
        make_organ("CG", "另一个局")
    assert refused.value.code == "organ_code_once_a_day"

    public.close_organ(district.management.pk, on=date(2026, 1, 1), by=BY, at=AT)
    assert make_organ("CG", "新的城管局", valid_from=date(2026, 1, 1)).code == "CG"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "ministry"}, "kind"),
        ({"code": "  "}, "code"),
        ({"parent_id": uuid7()}, "parent"),
    ],
)
def test_a_bad_organ_is_refused_with_the_field(district, fields, field):
    with pytest.raises(Refused) as refused:
        make_organ(**{"code": "X", "name": "某局", **fields})
    assert refused.value.field == field


def test_days_in_the_wrong_order_are_refused(district):
    with pytest.raises(Refused) as refused:
        make_organ("X", "某局", valid_to=date(2019, 1, 1))
    assert refused.value.code == "organ_days_in_order"


def test_the_tree_has_no_circle(district):
    below = make_organ("XL1", "杏林街道城管办", parent_id=district.office.pk)

    with pytest.raises(Refused) as refused:
        public.change_organ(district.office.pk, parent_id=below.pk, by=BY, at=AT)
    assert refused.value.code == "circular_parent"


def test_an_organ_with_others_below_it_is_not_closed(district):
    make_organ("XL1", "杏林街道城管办", parent_id=district.office.pk)

    with pytest.raises(Conflict):
        public.close_organ(district.office.pk, on=date(2026, 1, 1), by=BY, at=AT)


def test_closing_ends_all_that_hangs_on_the_organ(district):
    on = date(2026, 1, 1)
    staff = public.create_staff(staff_no="1", name="张示例", by=BY, at=AT)
    post = public.create_post(organ_id=district.office.pk, title="主任", valid_from=START, by=BY, at=AT)
    public.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=START, by=BY, at=AT)
    make_duty(district.office, district.lamps)
    later = make_duty(district.office, district.drains, None, date(2026, 6, 1))

    public.close_organ(district.office.pk, on=on, by=BY, at=AT)
    public.close_organ(district.office.pk, on=on, by=BY, at=AT)

    assert {p.valid_to for p in Post.objects.all()} == {on}
    assert {a.valid_to for a in Appointment.objects.all()} == {on}
    assert Duty.objects.get(pk=later.pk).valid_to == date(2026, 6, 1)
    assert Duty.objects.exclude(pk=later.pk).get().valid_to == on


def test_what_does_not_exist_is_not_found(district):
    with pytest.raises(NotFound):
        public.change_organ(uuid7(), name="某局", by=BY, at=AT)


def test_organs_within_holds_the_organ_and_all_below(district):
    below = make_organ("XL1", "杏林街道城管办", parent_id=district.office.pk)
    deeper = make_organ("XL2", "杏林街道城管一中队", parent_id=below.pk)

    assert public.organs_within(district.office.pk) == {district.office.pk, below.pk, deeper.pk}
    assert public.organs_within(uuid7()) == frozenset()


def test_the_organ_tree_is_in_pinyin_order_and_leaves_out_the_closed(district):
    make_organ("XL1", "杏林街道城管办", parent_id=district.office.pk)
    make_organ("AJ", "安监局", valid_to=date(2025, 1, 1))

    tree = public.organ_tree(TODAY)

    assert [node.item.code for node in tree] == ["CG", "XL"]
    assert [node.item.code for node in tree[1].children] == ["XL1"]


def test_organs_covering_a_division_are_those_inside_it(district):
    assert list(public.organs_covering(district.top.pk, TODAY)) == [district.office]
    assert list(public.organs_covering(district.other_street.pk, TODAY)) == []


@pytest.mark.parametrize("typed", ["城管", "区城管局", "slqcsglj", "shiliqu", "urban", "cg", "QCGJ"])
def test_an_organ_is_found_by_what_people_type(district, typed):
    assert list(public.search_organs(typed, TODAY)) == [district.management]


def test_search_without_text_lists_and_kinds_narrow(district):
    assert len(public.search_organs("", TODAY)) == 2
    assert list(public.search_organs("", TODAY, kinds=["street_office"])) == [district.office]
    assert list(public.search_organs("没有这个", TODAY)) == []
    assert list(public.search_organs("%_", TODAY)) == []


def test_categories_form_a_tree_three_deep(district):
    [top] = public.category_tree()

    assert [c.item.code for c in top.children[0].children] == ["010201", "010202"]
    assert district.lamps.path == [district.building.pk, district.municipal.pk, district.lamps.pk]
    assert public.category_label(district.lamps.pk) == "城乡建设 / 市政设施 / 路灯照明"
    assert public.category_label(uuid7()) == ""
    with pytest.raises(Refused) as refused:
        make_category("01020101", "更细", district.lamps)
    assert refused.value.code == "too_deep"


def test_a_category_out_of_use_takes_those_below_with_it(district):
    public.change_category(district.municipal.pk, is_active=False, by=BY, at=AT)

    assert [node.children for node in public.category_tree()] == [[]]
    assert len(public.category_tree(with_inactive=True)[0].children) == 1


def test_a_category_name_or_code_is_not_given_twice(district):
    with pytest.raises(Conflict) as refused:
        make_category("010209", "路灯照明", district.municipal)
    assert refused.value.code == "category_name_once"


def test_a_category_code_is_not_given_twice(district):
    with pytest.raises(Conflict) as refused:
        make_category("010201", "另一类", district.municipal)
    assert (refused.value.code, refused.value.field) == ("taken", "code")


def test_categories_are_found_by_keyword(district):
    assert list(public.search_categories("不亮")) == [district.lamps]
    assert next(iter(public.search_categories("市政"))) == district.municipal


def test_a_category_list_is_imported_and_brought_up_to_date(db):
    row = {
        "code": "010101", "level1": "城乡建设", "level1_en": "Construction", "level2": "市政设施",
        "level2_en": "Municipal works", "level3": "路灯照明", "level3_en": "Street lights", "keywords": "路灯",
    }  # fmt: skip
    other = {**row, "code": "010102", "level3": "井盖", "level3_en": "Manholes", "keywords": "井盖"}

    assert public.import_categories([row, other], by=BY, at=AT) == (4, 0, 0)
    assert public.import_categories([row, other], by=BY, at=AT) == (0, 0, 4)
    assert public.import_categories([{**row, "keywords": "路灯 灯杆"}], by=BY, at=AT) == (0, 1, 2)
    with pytest.raises(Refused):
        public.import_categories([{**row, "code": "1"}], by=BY, at=AT)


def test_the_database_itself_keeps_a_code_from_being_held_twice(district):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organ.objects.create(code="CG", name="又一个", kind="department", valid_from=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.bulk_create([
            Duty(organ=district.office, valid_from=START, role="lead"),
            Duty(organ=district.office, valid_from=TODAY, role="co"),
        ])  # fmt: skip


def test_what_the_database_refuses_for_a_reason_of_its_own_is_a_fault(district):
    organ = Organ(code="X", name="某局", kind="department", valid_from=TODAY)

    with pytest.raises(IntegrityError):
        raise _conflict(organ, IntegrityError("something else"))


def test_what_is_kept_follows_every_change(district, django_assert_num_queries):
    assert public.organ_names([district.office.pk, uuid7(), None]) == {district.office.pk: "杏林街道办事处"}
    public.change_organ(district.office.pk, name="杏花街道办事处", by=BY, at=AT)
    public.change_category(district.lamps.pk, name="路灯", by=BY, at=AT)
    with django_assert_num_queries(3):  # the mark, organs, categories
        assert public.organ_names([district.office.pk]) == {district.office.pk: "杏花街道办事处"}
    assert public.category_names([district.lamps.pk, None]) == {district.lamps.pk: "路灯"}
    assert [str(one) for one in public.headings()][-2:] == ["路灯", "排水管网"]
    with django_assert_num_queries(1):
        public.organs_on(TODAY)
    Organ.objects.filter(pk=district.office.pk).update(name="杏坛街道办事处")
    assert public.organ_names([district.office.pk], in_full=True) == {district.office.pk: "杏坛街道办事处"}


def test_closed_organs_are_known_by_name_and_not_offered(district):
    gone = make_organ("AJ", "安监局", valid_to=date(2025, 1, 1))
    assert public.organ_names([gone.pk]) == {gone.pk: "安监局"}
    assert gone.pk in {organ.id for organ in public.organs()}
    assert gone.pk not in {organ.id for organ in public.organs_on(TODAY)}


def test_what_lies_within_a_category(district):
    assert public.categories_within(district.municipal.pk) >= {district.municipal.pk, district.lamps.pk}
    assert public.categories_within(uuid7()) == frozenset()
    assert public.category_paths([district.lamps.pk, None]) == {district.lamps.pk: tuple(district.lamps.path)}
