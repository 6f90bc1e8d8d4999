"""Routing rules: when they apply, which decides, what a dry run shows, and that every use is counted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ, set_duty

from .. import public as d
from ..rules.routing import Facts, applies
from .conftest import MONDAY, SYSTEM, Room
from .test_learning import LAMPS, WAGES

LATER = MONDAY + timedelta(hours=1)
ONE, TWO = uuid7(), uuid7()
FACTS = Facts((ONE,), (TWO,), "路灯不亮", datetime(2026, 9, 7, 23, 0, tzinfo=UTC), "hotline", frozenset({"named"}), 6)


@pytest.mark.parametrize(
    ("when", "is_met"),
    [
        (d.When(categories=(str(ONE),)), True), (d.When(categories=(str(TWO),)), False),
        (d.When(divisions=(str(TWO), "x")), True), (d.When(words=("路灯", "井盖")), True),
        (d.When(words=("路灯",), without=("不亮",)), False), (d.When(hours="22:00-06:00"), True),
        (d.When(hours="6-7"), False), (d.When(channels=("portal",)), False), (d.When(people=("anonymous",)), False),
        (d.When(people=("repeat",)), False), (d.When(least=6), True), (d.When(least=7), False),
        (d.When(words=("路灯",), hours="1-5", channels=("hotline",), people=("named",)), True),
    ],
)  # fmt: skip
def test_a_condition_is_met_when_every_part_of_it_is(when: d.When, is_met: bool) -> None:
    assert applies(when, FACTS) is is_met
    assert applies(d.when_from(when.kept()), FACTS) is is_met


def rule(room: Room, name: str = "路灯归路灯所", **more: Any) -> d.RoutingRule:
    values = {"when": d.When(words=("路灯",)), "organ_id": room.organ.pk, **more}
    return d.save_rule("sorted", name, **values, by=SYSTEM, at=MONDAY)


def on(row: d.RoutingRule) -> d.RoutingRule:
    return d.switch_rule(row.pk, is_on=True, by=SYSTEM, at=MONDAY)


def another(code: str = "Y") -> Organ:
    return Organ.objects.create(code=code, name=f"路灯所{code}", kind="department", valid_from=date(2020, 1, 1))


def test_only_what_is_switched_on_is_asked_and_the_first_in_order_decides(room: Room) -> None:
    matter, category = room.open("路灯不亮"), room.categories[LAMPS]
    set_duty(organ_id=another("Z").pk, role="lead", category_id=category, division_id=None, basis="三定方案",
             valid_from=date(2026, 1, 1), by=SYSTEM, at=MONDAY)  # fmt: skip
    first, second = rule(room), rule(room, "第二条", organ_id=another().pk)
    routed = d.route(matter, category, LATER)
    assert routed.rule is None
    assert "路灯所Z" in routed.why
    on(first)
    on(second)
    routed = d.route(matter, category, LATER)
    assert routed.lead_id == room.organ.pk
    assert "路灯归路灯所" in routed.why
    assert "2. 第二条" in routed.notes[0]
    d.move_rule(second.pk, is_up=True, by=SYSTEM, at=MONDAY)
    assert d.route(matter, category, LATER).lead_id == second.organ_id
    d.switch_rule(second.pk, is_on=False, by=SYSTEM, at=MONDAY)
    assert d.route(matter, category, LATER).lead_id == room.organ.pk


def test_a_change_counts_a_version_on_and_waits_to_be_switched_on_again(room: Room) -> None:
    row = on(rule(room))
    same = d.save_rule(
        "sorted", row.name, d.when_from(row.when), organ_id=row.organ_id, rule_id=row.pk, by=SYSTEM, at=LATER
    )
    assert (same.version, same.state) == (1, "on")
    changed = d.save_rule(
        "sorted", row.name, d.When(words=("灯杆",)), organ_id=row.organ_id, rule_id=row.pk, by=SYSTEM, at=LATER
    )
    assert (changed.version, changed.state) == (2, "draft")
    assert d.applying(room.open("灯杆歪了"), None) == []
    said = [(event.kind, event.data["version"]) for event in stream(row.pk).order_by("seq")]
    assert said == [("dispatch.rule_set", 1), ("dispatch.rule_on", 1), ("dispatch.rule_set", 2)]


def test_a_dry_run_shows_what_would_have_gone_elsewhere(room: Room) -> None:
    other = another()
    lamps = [room.open("路灯不亮") for _n in range(3)]
    m.Matter.objects.filter(pk=lamps[0].pk).update(lead=room.organ)
    m.Matter.objects.filter(pk=lamps[1].pk).update(lead=other)
    room.open("老板拖欠工资")
    old = room.open("路灯不亮")
    m.Matter.objects.filter(pk=old.pk).update(opened_at=MONDAY - timedelta(days=40))
    row = rule(room)
    tried = d.dry_run(row, LATER, SYSTEM)
    assert (tried.n, tried.matched, tried.same, tried.elsewhere) == (4, 3, 1, 2)
    assert dict(tried.moves) == {(other.pk, room.organ.pk): 1, (None, room.organ.pk): 1}
    assert {one.pk for one in tried.listed} == {lamps[1].pk, lamps[2].pk}
    later = rule(room, "灯都归它", when=d.When(words=("灯", "工资")))
    on(row)
    tried = d.dry_run(later, LATER, SYSTEM)
    assert (tried.matched, dict(tried.before), tried.elsewhere) == (4, {"路灯归路灯所": 3}, 1)
    assert d.dry_run(later, LATER, Actor.resident()).listed == []


def test_every_use_is_counted_with_whether_it_was_followed(room: Room) -> None:
    row = on(rule(room))
    first, second = room.open("路灯不亮"), room.open("路灯坏了")
    d.note_rule(first, None, room.organ.pk, at=LATER, is_automatic=True)
    d.note_rule(second, None, another().pk, at=LATER, is_automatic=False)
    (line,) = d.rule_lines("sorted", LATER)
    assert (line.row.pk, line.uses, line.followed, line.automatic) == (row.pk, 2, 1, 1)
    assert {one.matter_id: one.is_followed for one in d.uses_of(row)} == {first.pk: True, second.pk: False}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"when": d.When()}, "no_condition"), ({"organ_id": None}, "no_outcome"), ({"organ_id": uuid7()}, "unknown_organ"),
        ({"when": d.When(hours="半夜")}, "bad_hours"), ({"urgency": "soon"}, "not_a_choice"), ({"name": " "}, "bad_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_rule_is_refused(room: Room, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        rule(room, **more)
    assert refused.value.code == code


def test_only_who_may_set_it_up_does(room: Room) -> None:
    row, nobody = rule(room), Actor.resident()
    with pytest.raises(NotAllowed):
        d.switch_rule(row.pk, is_on=True, by=nobody, at=MONDAY)
    with pytest.raises(NotAllowed):
        d.save_rule("sorted", "x", d.When(words=("x",)), to_person=True, by=nobody, at=MONDAY)
    with pytest.raises(NotFound):
        d.switch_rule(uuid7(), is_on=True, by=SYSTEM, at=MONDAY)


def test_what_a_rule_leaves_to_a_person_never_passes_by_itself(room: Room) -> None:
    category, matter = room.categories[WAGES], room.open("老板拖欠工资")
    on(rule(room, "讨薪由人看", when=d.When(categories=(str(category),)), organ_id=None, to_person=True))
    routed = d.route(matter, category, LATER)
    assert routed.rule is not None
    assert routed.rule.to_person
    assert "须由人转办" in routed.notes[0]
