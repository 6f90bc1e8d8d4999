"""The same person again, and many together; all people are invented."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.dispatch.actions.company import count_joined, recount
from zhitong.kernel.dispatch.actions.passing import _is_early
from zhitong.kernel.dispatch.models import Belonging, Thing
from zhitong.kernel.events.public import describe, stream
from zhitong.kernel.matters import public as m

from .conftest import MONDAY, SYSTEM, Room

pytestmark = pytest.mark.django_db


def told(room: Room, *names: str, thing: Thing | None = None, **more: Any) -> list[m.Matter]:
    """Matters of these people, the same name being the same person, of one thing if there is one; counted."""
    made = []
    for name in names:
        phone = f"1380000{sum(map(ord, name)) % 10_000:04d}"
        made.append(room.open("工地夜间施工噪声扰民", reporter=m.Reporter(name=name, phone=phone), **more))
        Belonging.objects.create(matter=made[-1], thing=thing)
    recount(MONDAY, matters=[one.pk for one in made], things=[thing.pk] if thing else [])
    return made


def a_thing() -> Thing:
    return Thing.objects.create(at=MONDAY)


def company(matters: Sequence[m.Matter]) -> list[tuple[int, int]]:
    return [(one.before, one.people) for one in map(dispatch.company_of, matters)]


def on_record(matter: m.Matter) -> list[tuple[int, int, str]]:
    rows = stream(matter.pk).filter(kind="dispatch.company")
    return [(row.data["again"], row.data["joint"], describe(row)[2]) for row in rows]


def test_the_same_person_again_and_others_with_them(room: Room) -> None:
    first, other, again = told(room, "王小明", "李小红", "王小明", thing=a_thing())
    assert company([first, other, again]) == [(0, 2), (0, 2), (1, 2)]
    assert (on_record(first), on_record(again)) == ([], [(1, 0, "同一人此前反映过1次")])
    found = m.Matter.objects.filter(dispatch.company_q(dispatch.AGAIN))
    assert [one.pk for one in found] == [again.pk]


def test_another_thing_of_the_same_person_is_no_repetition(room: Room) -> None:
    assert company(told(room, "王小明") + told(room, "王小明")) == [(0, 1), (0, 1)]


def test_five_people_are_a_joint_appeal_until_one_turns_out_to_mean_something_else(room: Room) -> None:
    thing = a_thing()
    matters = told(room, "王小明", "李小红", "张三丰", "赵大力", thing=thing)
    joint = m.Matter.objects.filter(dispatch.company_q(dispatch.TOGETHER))
    assert not dispatch.company_of(matters[0]).is_joint
    assert not joint.exists()
    matters += told(room, "孙小美", thing=thing)
    assert all(one.is_joint for one in map(dispatch.company_of, matters))
    assert joint.count() == 5
    assert on_record(matters[0]) == [(0, 1, "共5人反映，算作联名")]
    Belonging.objects.filter(matter=matters[-1]).update(thing=None)
    recount(MONDAY, matters=[matters[-1].pk], things=[thing.pk])
    assert not joint.exists()
    assert on_record(matters[0])[1:] == [(0, -1, "不再算作联名")]


def test_counting_again_changes_nothing_and_costs_the_same(room: Room, django_assert_max_num_queries) -> None:
    thing = a_thing()
    told(room, *"甲乙丙丁戊己庚", thing=thing)
    with django_assert_max_num_queries(7):
        assert recount(MONDAY, things=[thing.pk]) == 0


def test_who_joins_counts_within_half_a_minute(room: Room) -> None:
    (matter,) = told(room, "王小明")
    people = [pk for one in told(room, "李小红", "张三丰", "赵大力", "孙小美") if (pk := one.reporter_id)]
    now = timezone.now()
    m.Participant.objects.bulk_create(
        [m.Participant(matter=matter, person_id=pk, part=m.Part.SUPPORTER, joined_at=now) for pk in people]
    )
    assert count_joined(now + timedelta(hours=2)) == 0
    assert count_joined(now) == 1
    assert company([matter]) == [(0, 5)]
    assert count_joined(now) == 0


def test_nobody_known(room: Room, django_assert_num_queries) -> None:
    alone = room.open("路灯不亮")
    with django_assert_num_queries(1):
        assert dispatch.company_of(alone) == dispatch.Company()
    read = m.Matter.objects.select_related("belonging").get(pk=alone.pk)
    with django_assert_num_queries(0):
        assert dispatch.company_in(read) == dispatch.Company()


def rule(room: Room, **when: Any) -> dispatch.RoutingRule:
    row = dispatch.save_rule(
        "sorted", "联名和重复由人看", dispatch.When(**when), organ_id=room.organ.pk, by=SYSTEM, at=MONDAY
    )
    return dispatch.switch_rule(row.pk, is_on=True, by=SYSTEM, at=MONDAY)


def test_a_rule_asks_whether_it_is_raised_again_or_jointly(room: Room) -> None:
    thing = a_thing()
    first, _other, again = told(room, "王小明", "李小红", "王小明", thing=thing)
    row = rule(room, people=("repeat",))
    at = MONDAY + timedelta(hours=1)
    asked = [dispatch.route(one, None, at).rule for one in (first, again)]
    assert [one.name if one else None for one in asked] == [None, "联名和重复由人看"]
    assert dispatch.dry_run(row, at, SYSTEM).matched == 1
    dispatch.switch_rule(row.pk, is_on=False, by=SYSTEM, at=MONDAY)
    pairs = rule(room, least=2)
    assert dispatch.route(first, None, at).rule is not None
    assert dispatch.dry_run(pairs, at, SYSTEM).matched == 3
    assert dispatch.dry_run(rule(room, least=3), at, SYSTEM).matched == 0


@pytest.mark.parametrize("least", [1, -1, 1001])
def test_one_alone_is_not_together(room: Room, least: int) -> None:
    with pytest.raises(Refused) as refused:
        rule(room, least=least)
    assert refused.value.field == "least"


def test_passing_by_itself_waits_a_moment_until_it_is_known(room: Room) -> None:
    matter = room.open("路灯不亮")
    assert not _is_early(matter, matter.opened_at)
    rule(room, least=5)
    assert _is_early(matter, matter.opened_at)
    assert not _is_early(matter, matter.opened_at + timedelta(minutes=2))
    Belonging.objects.create(matter=matter)
    assert not _is_early(matter, matter.opened_at)
