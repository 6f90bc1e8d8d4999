"""Where in a building a firm works; and firms given out as the table in which they come in."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest

from zhitong.base.errors import NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.events.public import Event

from .. import public
from ..permissions import EXPORT_FULL, VIEW_FIRMS
from .homes import AT, BY, building, places, unit
from .test_firms import PLAIN, citizen, code

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Any:
    return unit(places()["东风社区"], "商1")


@pytest.fixture
def firm() -> Any:
    return public.register_firms([PLAIN], by=BY, at=AT)[0]


def test_placed_once_and_taken_away(firm: Any, shop: Any) -> None:
    assert public.place_firm(firm.pk, shop.pk, by=BY, at=AT)
    assert not public.place_firm(firm.pk, shop.pk, by=BY, at=AT)
    (inside,) = public.read_homes([shop.building]).buildings[0].units
    assert [one.name for one in inside.firms] == [PLAIN.name]
    assert Event.objects.filter(kind="firm.changed").count() == 1
    assert public.place_firm(firm.pk, None, by=BY, at=AT)


def test_only_in_a_unit_that_there_is(firm: Any) -> None:
    with pytest.raises(Refused, match="没有登记这套房屋"):
        public.place_firm(firm.pk, uuid4(), by=BY, at=AT)
    with pytest.raises(NotAllowed):
        public.place_firm(firm.pk, None, by=Actor(kind="staff", label="谁"), at=AT)


HEAD = "统一社会信用代码,企业名称,类型,法定代表人,住所,成立日期,区划编码,所在楼栋,所在单元,所在房号\n"


def test_a_table_names_the_unit(shop: Any) -> None:
    def take(door: str) -> Any:
        row = f"{code(5)},示范店,个体工商户,张一,示范路1号,2020-01-01,990101001001,1号楼,1单元,{door}\n"
        return public.import_firms_content((HEAD + row).encode(), by=BY, at=AT).sheets[0]

    wrong = take("商9")
    assert [(error.column, wrong.created) for error in wrong.errors] == [("所在房号", 0)]
    assert public.find_firm(code(5)) is None
    assert take("商1").created == 1
    found = public.find_firm(code(5))
    assert found is not None
    assert found.unit_id == shop.pk
    assert take("商1").unchanged == 1


def reader(*more: str) -> Actor:
    return Actor(kind="staff", label="李查询", grants=(Granted(frozenset((VIEW_FIRMS, *more)), "all"),))


def test_given_out_masked(firm: Any, shop: Any) -> None:
    public.place_firm(firm.pk, shop.pk, by=BY, at=AT)
    rows = public.export_firms(by=reader(), at=AT)
    first, second = (dict(zip(public.firms_heading(), row, strict=True)) for row in rows)
    assert (first["法定代表人"], first["注册资本（万元）"], first["所在房号"]) == ("张一", "100", "商1")
    assert (second["股东"], second["认缴出资额（万元）"]) == ("示范青禾有限公司", "40")
    assert citizen(1) not in str(rows)
    assert "13800000001" not in str(rows)
    assert "李二" not in str(rows)
    assert not Event.objects.filter(kind="person.revealed").exists()


def test_in_full_it_is_told_person_by_person_and_comes_back_as_it_is(firm: Any, shop: Any) -> None:
    with pytest.raises(NotAllowed):
        public.export_firms(by=reader(), at=AT, in_full=True, reason="核对")
    rows = public.export_firms(by=reader(EXPORT_FULL), at=AT, in_full=True, reason="核对")
    assert citizen(1) in str(rows)
    told = set(Event.objects.filter(kind="person.revealed").values_list("stream", flat=True))
    assert told == {firm.legal_id, firm.liaison_id}
    out = io.StringIO()
    csv.writer(out).writerows([public.firms_heading(), *rows])
    (sheet,) = public.import_firms_content(out.getvalue().encode(), by=BY, at=AT).sheets
    assert (sheet.unchanged, sheet.errors) == (1, [])


def test_those_of_a_search(firm: Any) -> None:
    assert public.export_firms(by=reader(), at=AT, words="没有这家") == []
    assert len(public.export_firms(by=reader(), at=AT, words="云杉")) == 2


def test_other_systems_look_up_and_push(firm: Any, shop: Any) -> None:
    resident = public.NewResident(AT.date(), public.NewPerson("赵六", "13800000066", "", citizen(66)), role="head")
    public.open_household(shop.pk, [resident], by=BY, at=AT)
    ((person, (place,)),) = public.look_up(citizen_id=citizen(66), reason="核对", by=BY, at=AT)
    assert (person.name, place.role) == ("赵六", "head")
    assert Event.objects.get(kind="person.looked_up").data == {"by": "citizen_id", "reason": "核对"}
    assert [one.pk for one, _places in public.look_up(phone="138-0000-0066", reason="核对", by=BY, at=AT)] == [
        person.pk
    ]
    assert public.look_up(phone="13900000000", reason="核对", by=BY, at=AT) == []
    for wrong in ({"phone": "12", "reason": "核对"}, {"phone": "13800000066", "reason": " "}):
        with pytest.raises(Refused):
            public.look_up(**wrong, by=BY, at=AT)


def test_buildings_are_kept_all_or_none(shop: Any) -> None:
    building(shop.building.division_id, "2号楼")
    one = {"division": "990101001001", "building": "2号楼", "address": "示范路8号2号楼", "floors": 6}
    new = {**one, "building": "3号楼", "lon": 117.0, "lat": 36.6, "datum": "gcj02"}
    done = public.keep_buildings([one, new], by=BY, at=AT)
    assert [outcome for _pk, outcome in done] == ["changed", "created"]
    assert [outcome for _pk, outcome in public.keep_buildings([one, new], by=BY, at=AT)] == ["unchanged", "unchanged"]
    with pytest.raises(Refused) as refused:
        public.keep_buildings([{**one, "floors": 7}, {**new, "division": "1"}], by=BY, at=AT)
    assert refused.value.index == 1
