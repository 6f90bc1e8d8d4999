from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from zhitong.base.errors import Refused
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ, set_duty

from .. import public as d
from .conftest import MONDAY, SYSTEM, Room
from .test_learning import LAMPS, WAGES

LAMP = "和平路的路灯不亮，灯杆歪了，晚上一片漆黑"
LATER = MONDAY + timedelta(hours=1)
LEADS: list[tuple[UUID, UUID]] = []


def form(
    matter: m.Matter, category_id: UUID, lead_id: UUID, co_ids: Sequence[UUID], reason: str
) -> Mapping[str, Any] | None:
    LEADS.append((matter.pk, lead_id))
    return {"note": reason}


@pytest.fixture
def passing() -> Iterator[None]:
    d.PASSING["sorted"] = d.Passing("sorted", "new", "note", form)
    LEADS.clear()
    yield
    del d.PASSING["sorted"]


@pytest.fixture
def taught(room: Room, passing: None) -> Room:
    """It has learned, the lamps have an organ, and sure ones pass by themselves."""
    room.close(500)
    d.train("sorted", by=SYSTEM, at=MONDAY)
    duty(room, room.organ)
    d.set_use("sorted", threshold=0.6, is_automatic=True, by=SYSTEM, at=MONDAY)
    return room


def duty(room: Room, organ: Organ) -> None:
    set_duty(
        organ_id=organ.pk, role="lead", category_id=room.categories[LAMPS], division_id=None, basis="三定方案",
        valid_from=date(2026, 1, 1), by=SYSTEM, at=MONDAY,
    )  # fmt: skip


def noted(matter: m.Matter) -> list[str]:
    return [event.by_label for event in stream(matter.pk).filter(kind="sorted.note")]


def test_what_is_sure_passes_and_is_marked(taught: Room) -> None:
    matter = taught.open(LAMP)
    assert d.pass_sure("sorted", at=LATER) == 1
    assert noted(matter) == ["智能转办"]
    assert [(matter.pk, taught.organ.pk)] == LEADS
    said = m.Record.objects.get(matter=matter).data["note"]
    assert said.startswith("自动转办：把握")
    assert "城管局" in said
    assert d.pass_sure("sorted", at=LATER) == 0, "once only"


def test_below_the_threshold_it_stays_with_people(taught: Room) -> None:
    matter = taught.open("您好，有件事想反映一下，谢谢")
    assert d.pass_sure("sorted", at=LATER) == 0
    assert noted(matter) == []


def test_without_an_organ_or_with_two_it_stays_with_people(taught: Room) -> None:
    nobody = taught.open("老板拖欠工资，干了半年没发钱，农民工讨薪")
    assert d.suggest("sorted", nobody.title, nobody.text).found[0].category_id == taught.categories[WAGES]
    assert d.pass_sure("sorted", at=LATER) == 0
    duty(taught, Organ.objects.create(code="Y", name="路灯所", kind="department", valid_from=date(2020, 1, 1)))
    two = taught.open(LAMP)
    assert d.pass_sure("sorted", at=LATER) == 0
    assert noted(nobody) == noted(two) == []


def test_one_switch_stops_it_at_once(taught: Room) -> None:
    d.set_use("sorted", threshold=0.6, is_automatic=False, by=SYSTEM, at=MONDAY)
    matter = taught.open(LAMP)
    assert d.pass_sure("sorted", at=LATER) == 0
    # what came in while it was off stays with people after it is on again
    d.set_use("sorted", threshold=0.6, is_automatic=True, by=SYSTEM, at=LATER)
    assert d.pass_sure("sorted", at=LATER) == 0
    assert noted(matter) == []


def test_it_stops_in_the_middle_of_a_turn(taught: Room) -> None:
    first, second = taught.open(LAMP), taught.open(LAMP)

    def last(*given: Any) -> Mapping[str, Any] | None:
        d.Use.objects.update(is_automatic=False)
        return form(*given)

    d.PASSING["sorted"] = d.Passing("sorted", "new", "note", last)
    assert d.pass_sure("sorted", at=LATER) == 1
    assert (noted(first), noted(second)) == (["智能转办"], [])


def test_it_is_not_switched_on_before_it_has_learned(room: Room, passing: None) -> None:
    with pytest.raises(Refused) as refused:
        d.set_use("sorted", threshold=0.9, is_automatic=True, by=SYSTEM, at=MONDAY)
    assert refused.value.code == "not_learned"


def test_a_kind_that_declares_no_passing_cannot_be_switched_on(room: Room) -> None:
    with pytest.raises(Refused) as refused:
        d.set_use("sorted", threshold=0.9, is_automatic=True, by=SYSTEM, at=MONDAY)
    assert refused.value.code == "no_passing"
