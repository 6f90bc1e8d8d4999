"""Who sits where, on which day."""

from datetime import date

import pytest

from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.events.public import stream

from .. import public
from .conftest import AT, BY, START

TODAY = date(2026, 3, 2)


def person(number: str, name: str, **fields):
    return public.create_staff(staff_no=number, name=name, by=BY, at=AT, **fields)


def seat(organ, title: str, **fields):
    return public.create_post(organ_id=organ.pk, title=title, by=BY, at=AT, **{"valid_from": START, **fields})


def sit(staff, post, valid_from: date = START, **fields):
    return public.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=valid_from, by=BY, at=AT, **fields)


def test_the_staff_of_an_organ_head_first_then_by_pinyin(district):
    head, desk = seat(district.office, "主任", is_head=True), seat(district.office, "科员")
    sit(person("1", "赵示例"), desk)
    sit(person("2", "安示例"), desk)
    sit(person("3", "周示例"), head)
    sit(person("4", "白示例"), desk, valid_to=date(2025, 1, 1))

    assert [a.staff.name for a in public.staff_of(district.office.pk, TODAY)] == ["周示例", "安示例", "赵示例"]


def test_the_deputy_heads_the_organ_while_deputising(district):
    head = seat(district.office, "主任", is_head=True)
    sit(person("1", "赵示例"), head)
    sit(person("2", "安示例"), head, date(2026, 1, 1), is_deputy=True, valid_to=date(2026, 4, 1))

    heads = [public.head_of(district.office.pk, day) for day in (date(2025, 12, 31), TODAY, date(2026, 4, 1))]

    assert [a and a.staff.name for a in heads] == ["赵示例", "安示例", "赵示例"]
    assert public.head_of(district.management.pk, TODAY) is None


def test_the_posts_of_a_person_on_a_day(district):
    staff = person("1", "赵示例")
    sit(staff, seat(district.office, "科员"), valid_to=date(2026, 1, 1))
    sit(staff, seat(district.management, "科长"), date(2026, 1, 1))

    assert [a.post.title for a in public.posts_of(staff.pk, date(2025, 12, 31))] == ["科员"]
    assert [a.post.title for a in public.posts_of(staff.pk, date(2026, 1, 1))] == ["科长"]


def test_nobody_sits_on_a_post_twice_at_a_time(district):
    staff, desk = person("1", "赵示例"), seat(district.office, "科员")
    sit(staff, desk)

    with pytest.raises(Conflict) as refused:
        sit(staff, desk, TODAY)
    assert refused.value.code == "appointment_once_a_day"


def test_an_appointment_lies_within_the_days_of_the_post(district):
    desk = seat(district.office, "科员", valid_from=date(2025, 1, 1), valid_to=date(2027, 1, 1))

    with pytest.raises(Refused) as early:
        sit(person("1", "赵示例"), desk, date(2024, 12, 31), valid_to=date(2026, 1, 1))
    with pytest.raises(Refused) as late:
        sit(person("2", "钱示例"), desk, date(2025, 1, 1))
    assert (early.value.field, late.value.field) == ("valid_from", "valid_to")


def test_an_organ_has_one_head_at_a_time(district):
    seat(district.office, "主任", is_head=True)

    with pytest.raises(Conflict) as refused:
        seat(district.office, "书记", is_head=True)
    assert refused.value.code == "post_one_head_a_day"


def test_ending_a_post_ends_who_sits_on_it(district):
    desk = seat(district.office, "科员")
    here, later = sit(person("1", "赵示例"), desk), sit(person("2", "钱示例"), desk, date(2026, 6, 1))
    public.end_post(desk.pk, on=TODAY, by=BY, at=AT)
    public.end_post(desk.pk, on=TODAY, by=BY, at=AT)

    here.refresh_from_db()
    later.refresh_from_db()
    assert (here.valid_to, later.valid_to) == (TODAY, date(2026, 6, 1))
    assert not public.staff_of(district.office.pk, TODAY).exists()


def test_what_happens_to_a_person_is_in_their_stream_without_contact_data(district):
    staff = person("1", "赵示例", phone="13800000000")
    public.change_staff(staff.pk, phone="13800000001", by=BY, at=AT)
    desk = seat(district.office, "科员")
    public.change_post(desk.pk, title="一级科员", by=BY, at=AT)
    appointment = sit(staff, desk)
    public.end_appointment(appointment.pk, on=TODAY, by=BY, at=AT)
    public.end_appointment(appointment.pk, on=TODAY, by=BY, at=AT)

    events = list(stream(staff.pk))

    assert [e.kind for e in events] == ["staff.created", "staff.changed", "appointment.made", "appointment.ended"]
    assert all("1380000000" not in str(e.data) for e in events)
    assert [e.kind for e in stream(district.office.pk)] == ["organ.created", "post.created", "post.changed"]


def test_a_staff_number_is_given_once(district):
    person("1", "赵示例")

    with pytest.raises(Conflict) as refused:
        person("1", "钱示例")
    assert (refused.value.code, refused.value.field) == ("taken", "staff_no")


@pytest.mark.parametrize("typed", ["赵示", "zhaoshili", "zsl", "Zhao Shi", "A1"])
def test_a_person_with_a_post_is_found_by_what_people_type(district, typed):
    staff = person("A1", "赵示例")
    person("A2", "赵示例")
    sit(staff, seat(district.office, "科员"))

    assert list(public.search_staff(typed, TODAY)) == [staff]
    assert list(public.search_staff(typed, TODAY, organ_ids=[district.office.pk])) == [staff]
    assert list(public.search_staff(typed, TODAY, organ_ids=[district.management.pk])) == []
