from datetime import timedelta

import pytest

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter

from .. import public as d
from ..queries.learning import is_due
from .conftest import MONDAY, SYSTEM, Room

LAMPS = ("城乡建设", "市政设施", "路灯照明")
WAGES = ("劳动和社会保障", "劳动关系", "工资拖欠")


def first(text: str, room: Room) -> d.Suggested:
    return d.suggest("sorted", "", text).found[0]


def test_before_anything_is_learned_a_categorys_own_words_are_better_than_chance(room: Room) -> None:
    room.close(240)
    with pytest.raises(d.TooFew):
        d.train("appeal", by=SYSTEM, at=MONDAY)
    asked = Matter.objects.filter(kind="sorted")
    right = sum(
        bool(found := d.suggest("sorted", one.title, one.text).found) and found[0].category_id == one.category_id
        for one in asked
    )
    assert right / asked.count() > 2 / len(room.categories)
    assert not d.suggest("sorted", "", "路灯不亮").is_learned
    assert first("门口路灯不亮", room).share is None


def test_it_learns_from_closed_matters_and_is_measured_on_later_ones(room: Room) -> None:
    room.close(500)
    learned = d.train("sorted", by=SYSTEM, at=MONDAY)
    assert (learned.kind, learned.cases, learned.categories) == ("sorted", 500, len(room.categories))
    found = d.report_of(learned, 0.5)
    assert found.n == 100
    assert found.right > 0.9 > found.by_words > found.chance
    # those it was asked about came in after all those it had learned from
    days = sorted(Matter.objects.filter(kind="sorted").values_list("opened_at", flat=True))
    assert learned.report["since"] == days[400].isoformat()
    assert len(found.months) >= 2
    assert first("和平路的灯杆歪了，晚上一片漆黑", room).category_id == room.categories[LAMPS]
    said = first("干了半年没发钱，老板拖欠工资", room)
    assert said.category_id == room.categories[WAGES]
    assert said.share is not None
    assert said.share > 0.5
    assert said.words


def test_what_is_still_open_teaches_nothing(room: Room) -> None:
    room.close(260)
    Matter.objects.filter(kind="sorted").update(stage="new", closed_at=None)
    with pytest.raises(d.TooFew) as refused:
        d.train("sorted", by=SYSTEM, at=MONDAY)
    assert refused.value.code == "too_few"


def test_one_person_who_writes_a_lot_teaches_no_words(room: Room) -> None:
    room.close(260, reporter="赵大宝")
    learned = d.train("sorted", by=SYSTEM, at=MONDAY)
    assert d.report_of(learned, 0.5).right < 0.6, "nothing that one person alone wrote is kept"


def test_a_correction_teaches(room: Room) -> None:
    room.close(400)
    new = "共享单车乱停乱放堵住路口"
    wages = room.categories[WAGES]
    for n in range(40):
        matter = room.open(f"{new}，第{n}次反映")
        Matter.objects.filter(pk=matter.pk).update(
            category=wages, stage="done", lead=room.organ, opened_at=MONDAY + timedelta(hours=n), closed_at=MONDAY + timedelta(days=3)
        )  # fmt: skip
    d.train("sorted", by=SYSTEM, at=MONDAY + timedelta(days=4))
    assert first(new, room).category_id == wages


def test_versions_change_at_once_and_old_ones_can_be_taken_back(room: Room) -> None:
    room.close(250)
    made = [d.train("sorted", by=SYSTEM, at=MONDAY + timedelta(days=n)) for n in range(8)]
    kept = list(d.versions("sorted"))
    assert len(kept) == 6, "the one in use and five before it"
    assert [one.pk for one in kept if one.is_active] == [made[-1].pk]
    d.activate(kept[2].pk, by=SYSTEM, at=MONDAY)
    assert [one.pk for one in d.versions("sorted") if one.is_active] == [kept[2].pk]
    with pytest.raises(NotFound):
        d.activate(made[0].pk, by=SYSTEM, at=MONDAY)


def test_who_may_not_set_up_may_neither_train_nor_decide(room: Room) -> None:
    resident = Actor.resident()
    with pytest.raises(NotAllowed):
        d.train("sorted", by=resident, at=MONDAY)
    with pytest.raises(NotAllowed):
        d.set_use("sorted", threshold=0.8, is_automatic=True, by=resident, at=MONDAY)


@pytest.mark.parametrize("threshold", [0.0, 0.49, 0.995, 1.0, 7.0])
def test_a_threshold_out_of_range_is_refused(threshold: float, room: Room) -> None:
    with pytest.raises(Refused) as refused:
        d.set_use("sorted", threshold=threshold, is_automatic=False, by=SYSTEM, at=MONDAY)
    assert refused.value.field == "threshold"


def test_only_kinds_with_categories_are_learned(room: Room) -> None:
    for kind in ("rectification", "nothing"):
        with pytest.raises(NotFound):
            d.train(kind, by=SYSTEM, at=MONDAY)


def test_at_night_it_learns_once(room: Room) -> None:
    night = MONDAY.replace(hour=18)  # two in the morning in Shanghai
    assert not is_due("sorted", night)
    room.close(250, days=30)
    assert is_due("sorted", night)
    assert not is_due("sorted", MONDAY)
    d.train("sorted", by=SYSTEM, at=night)
    assert not is_due("sorted", night + timedelta(hours=1))
    assert not is_due("sorted", night + timedelta(days=1)), "nothing was closed since"


def test_past_cases_are_those_one_may_see(room: Room) -> None:
    room.close(250)
    matter = room.open("和平路的路灯不亮，晚上一片漆黑")
    lamps = room.categories[LAMPS]
    found = d.past_cases(matter, lamps, SYSTEM)
    assert len(found) == 3
    assert {one.category_id for one in Matter.objects.filter(pk__in=[one.pk for one in found])} == {lamps}
    assert d.past_cases(matter, lamps, Actor.resident()) == []
