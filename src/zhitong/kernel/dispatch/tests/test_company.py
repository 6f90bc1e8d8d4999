"""The same person again, and many together; all people are invented."""

from collections.abc import Sequence

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.dispatch.models import Belonging, Thing
from zhitong.kernel.matters import public as m

from .conftest import MONDAY, Room

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def told(room: Room, *names: str, one_thing: bool = True) -> list[m.Matter]:
    """Matters of these people, the same name being the same person."""
    thing = Thing.objects.create(at=MONDAY) if one_thing else None
    made = []
    for name in names:
        phone = f"1380000{sum(map(ord, name)) % 10_000:04d}"
        made.append(room.open("工地夜间施工噪声扰民", reporter=m.Reporter(name=name, phone=phone)))
        Belonging.objects.update_or_create(matter=made[-1], defaults={"thing": thing})
    return made


def company(matters: Sequence[m.Matter], by: Actor = SYSTEM) -> list[tuple[int, int]]:
    return [(one.before, one.people) for one in (dispatch.company_of(matter, by) for matter in matters)]


def test_the_same_person_again_and_others_with_them(room: Room) -> None:
    assert company(told(room, "王小明", "李小红", "王小明")) == [(0, 2), (0, 2), (1, 2)]


def test_another_thing_of_the_same_person_is_no_repetition(room: Room) -> None:
    assert company(told(room, "王小明", one_thing=False) + told(room, "王小明", one_thing=False)) == [(0, 1), (0, 1)]


def test_five_people_are_a_joint_appeal(room: Room) -> None:
    matters = told(room, "王小明", "李小红", "张三丰", "赵大力")
    assert not dispatch.company_of(matters[0], SYSTEM).is_joint
    matters += told(room, "孙小美", one_thing=False)
    Belonging.objects.filter(matter=matters[-1]).update(thing=Belonging.objects.get(matter=matters[0]).thing)
    assert dispatch.company_of(matters[0], SYSTEM).is_joint
    assert dispatch.JOINT == 5


def test_what_one_may_not_see_is_not_counted(room: Room) -> None:
    matters = told(room, "王小明", "李小红", "王小明")
    assert company(matters, Actor(kind="staff", label="外人")) == [(0, 1), (0, 1), (0, 1)]


def test_nobody_known(room: Room, django_assert_num_queries) -> None:
    alone = room.open("路灯不亮")
    with django_assert_num_queries(1):
        assert dispatch.company_of(alone, SYSTEM) == dispatch.Company()
    alone.pk = Thing().pk
    assert dispatch.company_of(alone, SYSTEM) == dispatch.Company()
