"""Surveys of what is registered: targets, what stands in the form already, and what goes back."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import BY
from zhitong.base.citizen import credit_check
from zhitong.base.errors import Refused
from zhitong.kernel.register import public as register

from ..actions import answers, forms, targets
from ..models import Survey, Target
from ..rules.examples import workbook_of
from .conftest import Place

pytestmark = pytest.mark.django_db
ROWS = [
    ["type", "name", "label", "bind::register"],
    ["text", "holder", "户主", "name"],
    ["text", "phone", "电话", "phone"],
]
ANSWER = "<data id='homes'><holder>{}</holder><phone>{}</phone><meta><instanceID>{}</instanceID></meta></data>"


def homes(place: Place) -> dict[str, Any]:
    """A building with two doors in the first street; behind one of them somebody lives."""
    said: dict[str, Any] = {"by": BY, "at": timezone.now()}
    (building,) = register.add_buildings([register.NewBuilding(place.streets[0], "1号楼", "东风路1号")], **said)
    full, empty = register.add_units(building.pk, [register.NewUnit("101"), register.NewUnit("102")], **said)
    one = register.open_household(full.pk, [resident("王小明", "13800000000", role="head")], **said)
    return {"building": building.pk, "one": one.pk, "two": register.open_household(empty.pk, [], **said).pk}


def resident(name: str, phone: str = "", **more: Any) -> Any:
    return register.NewResident(timezone.localdate(), register.NewPerson(name, phone), **more)


def surveyed(place: Place, street: UUID | None = None) -> tuple[Survey, dict[str, Target]]:
    made = forms.take(
        workbook_of({"survey": ROWS, "settings": [["form_id"], ["homes"]]}),
        "a.xlsx",
        name="住户",
        by=BY,
        at=timezone.now(),
    )
    forms.publish(made.pk, by=BY, at=timezone.now())
    survey = place.survey(version=made.pk, targets=targets.registered("household", street))
    return survey, {one.name: one for one in survey.targets.all()}


def test_every_household_and_every_building(place: Place) -> None:
    found = homes(place)
    _survey, named = surveyed(place, place.streets[0])
    assert {name: one.household_id for name, one in named.items()} == {
        "1号楼101": found["one"],
        "1号楼102": found["two"],
    }
    (building,) = targets.registered("building")
    assert (building.name, building.building) == ("1号楼", found["building"])
    with pytest.raises(Refused):
        targets.registered("household", place.streets[1])


def test_every_active_firm_that_has_a_place(place: Place) -> None:
    codes = [f"91990101MA000000{n}" for n in range(3)]
    places = (place.streets[0], place.streets[1], None)
    boss, since = register.NewPerson("李芳"), date(2020, 1, 1)
    firms = [
        register.NewFirm(
            code=code + credit_check(code), name=f"{name}示例有限公司", kind="limited", capital=Decimal(10_000), legal=boss,
            address="东风路1号", established_on=since, division_id=division,
        )
        for code, name, division in zip(codes, "甲乙丙", places, strict=True)
    ]  # fmt: skip
    register.register_firms(firms, by=BY, at=timezone.now())
    assert [(one.name, one.division, one.household) for one in targets.registered("firm", place.streets[0])] == [
        ("甲示例有限公司", place.streets[0], None)
    ]
    assert {one.name for one in targets.registered("firm")} == {"甲示例有限公司", "乙示例有限公司"}
    assert ("firm", "每家市场主体") in register.door_choices()


def test_two_households_behind_one_door_are_told_apart(place: Place) -> None:
    homes(place)
    unit = register.Unit.objects.get(number="101")
    register.open_household(unit.pk, [], by=BY, at=timezone.now())
    assert [one.name for one in targets.registered("household")] == ["1号楼101", "1号楼101（第2户）", "1号楼102"]


def test_only_households_with_a_tag(place: Place) -> None:
    said: dict[str, Any] = {"by": BY, "at": timezone.now()}
    found = homes(place)
    kind = register.keep_tag_kind(name="独居老人", subject="person", purpose="定期探访", **said)
    with pytest.raises(Refused):
        targets.registered(f"tag:{kind.pk}")
    register.put_tag(kind.pk, register.residents_of([found["one"]])[found["one"]][0].person_id, purpose="探访", **said)
    assert [one.household for one in targets.registered(f"tag:{kind.pk}")] == [found["one"]]


def test_begun_on_the_page(place: Place) -> None:
    homes(place)
    client, version = place.district.client("admin"), place.version()
    said = {
        "version": version.pk,
        "name": "入户",
        "starts_on": "2026-01-01",
        "ends_on": "2199-12-31",
        "within": "",
        "of": "household",
    }
    client.post(reverse("surveys:new"), said)
    assert Survey.objects.get().targets.count() == 2
    nobody = client.post(reverse("surveys:new"), {**said, "within": str(place.streets[1])})
    assert (nobody.status_code, "没有登记这样的对象" in nobody.content.decode()) == (422, True)


def test_what_is_known_stands_there_and_what_is_new_goes_back(place: Place) -> None:
    found = homes(place)
    _survey, named = surveyed(place)
    client, grid, at = place.district.client("grid"), place.actor("grid"), timezone.now()
    page = client.get(reverse("surveys:fill", args=[named["1号楼101"].pk])).content.decode()
    assert "/data/holder" in page
    assert json.dumps("王小明")[1:-1] in page
    assert "13800000000" not in page
    answers.submit(named["1号楼102"].pk, ANSWER.format("李小红", "13800000009", "uuid:2").encode(), by=grid, at=at)
    (moved,) = register.residents_of([found["two"]])[found["two"]]
    assert (moved.person.name, moved.role) == ("李小红", "head")
    answers.submit(named["1号楼101"].pk, ANSWER.format("李小红", "13800000009", "uuid:3").encode(), by=grid, at=at)
    named["1号楼101"].refresh_from_db()
    assert "与登记不一致" in named["1号楼101"].note
    assert len(register.residents_of([found["one"]])[found["one"]]) == 1
    answers.submit(named["1号楼101"].pk, ANSWER.format("王小明", "13800000000", "uuid:4").encode(), by=grid, at=at)
    named["1号楼101"].refresh_from_db()
    assert named["1号楼101"].note == ""
