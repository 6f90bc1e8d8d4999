"""Buildings, units, households, who lives there, and tags: registered, changed by two at once, seen by whom."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.holdings import Case
from zhitong.kernel.events.public import Event, Notice, render_many

from .. import public
from ..actions.tags import OVER, end_tags_past
from ..declarations import _erase_homes
from ..models import Building, Household, Person, Residence, Tag
from ..queries.homes_held import homes_held, residences_over, tags_over
from ..rules.homes import NewBuilding, NewUnit, left_of, sort_key, unit_sort
from ..tasks import end_tags
from . import homes
from .homes import AT, BY, TODAY, building, citizen, resident, unit, worker

SQUARE = {"type": "Polygon", "coordinates": [[[117.0, 36.6], [117.001, 36.6], [117.001, 36.601], [117.0, 36.6]]]}


@pytest.fixture
def at(db):
    """The divisions by name."""
    return homes.places()


@pytest.fixture
def home(at):
    """A household of two in a unit."""
    some = [resident("张三", "head", citizen(1)), resident("李四", "spouse", citizen(2))]
    return public.open_household(unit(at["东风社区"]).pk, some, by=BY, at=AT)


def members(household):
    return {row.person.name: row for row in public.residents_of([household.pk])[household.pk]}


class TestRules:
    def test_names_are_in_order_as_people_count(self):
        names = ["12号楼", "2号楼", "三号楼", "1号楼"]
        assert sorted(names, key=sort_key) == ["1号楼", "2号楼", "三号楼", "12号楼"]
        assert unit_sort("2单元", 1, "101") < unit_sort("2单元", 11, "1101") < unit_sort("10单元", 1, "101")
        assert unit_sort("", -1, "B1") < unit_sort("", 1, "101")

    @given(st.sampled_from(("registered", "living", "both")), st.sampled_from(("registered", "living", "both")))
    def test_nobody_is_registered_or_lives_twice(self, old, new):
        def halves(kind):
            return {"registered", "living"} if kind == "both" else {kind} - {""}

        assert halves(left_of(old, new)) == halves(old) - halves(new)


class TestBuildings:
    def test_in_order_and_told_of(self, at):
        for name in ("10号楼", "2号楼"):
            building(at["东风社区"], name, lon=117.0, lat=36.6, footprint=SQUARE)
        rows = public.visible_buildings(BY).order_by("sort")
        assert [row.name for row in rows] == ["2号楼", "10号楼"]
        assert [one.name for one in public.building_points([at["东风社区"]])] == ["2号楼", "10号楼"]
        assert public.building_points([at["南山社区"]]) == []
        assert Event.objects.filter(kind="building.registered").count() == 2

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"), ({"address": "长" * 201}, "address"), ({"kind": "castle"}, "kind"), ({"floors": 999}, "floors"),
            ({"lon": 117.0}, "lon"), ({"lon": 200.0, "lat": 36.0}, "lon"), ({"lon": float("nan"), "lat": 36.0}, "lon"),
            ({"footprint": {"type": "Point"}}, "footprint"), ({"footprint": [1]}, "footprint"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named(self, at, wrong, field):
        new = NewBuilding(at["东风社区"], "1号楼", "示范路8号")
        with pytest.raises(Refused) as refused:
            public.add_buildings([replace(new, **wrong)], by=BY, at=AT)
        assert refused.value.field == field
        assert not Building.objects.exists()

    def test_a_name_is_there_once(self, at):
        building(at["东风社区"])
        with pytest.raises(Conflict):
            building(at["东风社区"])
        other = building(at["西河社区"])
        with pytest.raises(Conflict):
            public.change_building(other.pk, division_id=at["东风社区"], by=BY, at=AT)

    def test_two_who_edit_it(self, at):
        row = building(at["东风社区"])
        assert public.change_building(row.pk, floors=6, version=1, by=BY, at=AT) == ["floors"]
        assert public.change_building(row.pk, floors=6, version=1, by=BY, at=AT) == []
        with pytest.raises(public.Stale) as stale:
            public.change_building(row.pk, floors=7, version=1, by=BY, at=AT)
        assert (stale.value.fields, stale.value.version) == ({"floors": 6}, 2)
        assert public.change_building(row.pk, floors=7, version=2, by=BY, at=AT) == ["floors"]

    def test_ends_when_nobody_lives_there(self, home):
        row = Building.objects.get()
        with pytest.raises(Conflict):
            public.change_building(row.pk, ended_on=TODAY, by=BY, at=AT)
        public.end_household(home.pk, on=TODAY, by=BY, at=AT)
        assert public.change_building(row.pk, ended_on=TODAY, by=BY, at=AT) == ["ended_on"]
        assert building(row.division_id).name == row.name


class TestUnits:
    def test_a_door_is_there_once(self, at):
        row = unit(at["东风社区"])
        with pytest.raises(Conflict):
            public.add_units(row.building_id, [NewUnit("101", "1单元")], by=BY, at=AT)
        (other,) = public.add_units(row.building_id, [NewUnit("102", "1单元")], by=BY, at=AT)
        with pytest.raises(Conflict):
            public.change_unit(other.pk, number="101", by=BY, at=AT)
        assert public.change_unit(other.pk, number="103", use="shop", version=1, by=BY, at=AT) == ["number", "use"]

    @pytest.mark.parametrize(
        "wrong", [{"number": ""}, {"floor": 0}, {"floor": 999}, {"use": "x"}, {"entrance": "长" * 21}]
    )
    def test_what_is_wrong_is_named(self, at, wrong):
        with pytest.raises(Refused) as refused:
            public.add_units(building(at["东风社区"]).pk, [replace(NewUnit("101"), **wrong)], by=BY, at=AT)
        assert refused.value.field == next(iter(wrong))


class TestHouseholds:
    def test_with_its_people_the_head_first(self, home):
        assert [(row.person.name, row.role) for row in public.residents_of([home.pk])[home.pk]] == [
            ("张三", "head"),
            ("李四", "spouse"),
        ]
        assert members(home)["张三"].person.born_on == date(1980, 1, 1)

    def test_only_one_head(self, home):
        with pytest.raises(Conflict) as refused:
            public.move_in(home.pk, resident("王五", "head"), by=BY, at=AT)
        assert refused.value.code == "residence_one_head"
        public.change_residence(home.pk, members(home)["张三"].person_id, role="other", by=BY, at=AT)
        public.move_in(home.pk, resident("王五", "head"), by=BY, at=AT)

    def test_who_lives_elsewhere_moves_or_stays(self, home, at):
        there = public.open_household(unit(at["西河社区"]).pk, [], by=BY, at=AT)
        same = resident("张三", "tenant", citizen(1), kind="living")
        with pytest.raises(Conflict) as refused:
            public.move_in(there.pk, same, by=BY, at=AT)
        assert refused.value.code == "lives_elsewhere"
        public.move_in(there.pk, same, by=BY, at=AT, moves=True)
        kinds = {row.household_id: row.kind for row in public.residences_of(members(home)["张三"].person_id)}
        assert kinds == {home.pk: "registered", there.pk: "living"}
        home.refresh_from_db()
        assert home.version == 2

    def test_moving_out_twice_is_once(self, home):
        person = members(home)["李四"].person_id
        for _twice in range(2):
            public.move_out(home.pk, person, until=TODAY, version=1, by=BY, at=AT)
        assert set(members(home)) == {"张三"}
        with pytest.raises(public.Stale):
            public.move_out(home.pk, person, until=TODAY - timedelta(days=1), version=1, by=BY, at=AT)

    def test_two_phones_edit_one_household(self, home):
        person = members(home)["李四"].person_id
        public.change_household(home.pk, note="门牌重新钉过", version=1, by=BY, at=AT)
        with pytest.raises(public.Stale) as stale:
            public.change_household(home.pk, note="门牌丢失", kind="family", version=1, by=BY, at=AT)
        assert stale.value.fields == {"note": "门牌重新钉过"}
        with pytest.raises(public.Stale) as stale:
            public.change_residence(home.pk, person, role="sibling", version=1, by=BY, at=AT)
        assert stale.value.fields == {"role": "spouse"}
        assert public.change_residence(home.pk, person, role="sibling", version=2, by=BY, at=AT) == ["role"]

    def test_the_same_name_and_phone_is_another_when_said_so(self, home):
        first = public.move_in(home.pk, resident("王五", phone="13800000000"), by=BY, at=AT)
        with pytest.raises(Conflict):
            public.move_in(home.pk, resident("王五", phone="13800000000"), by=BY, at=AT)
        other = public.move_in(home.pk, resident("王五", phone="13800000000", is_another=True), by=BY, at=AT)
        assert first.person_id != other.person_id

    @pytest.mark.parametrize(
        ("wrong", "field"), [({"since": date(2027, 1, 1)}, "since"), ({"role": "x"}, "role"), ({"kind": "x"}, "kind")]
    )
    def test_what_is_wrong_is_named(self, home, wrong, field):
        with pytest.raises(Refused) as refused:
            public.move_in(home.pk, replace(resident("王五"), **wrong), by=BY, at=AT)
        assert refused.value.field == field

    def test_a_wrong_number_leaves_no_trace(self, at):
        room = unit(at["东风社区"])
        with pytest.raises(Refused):
            public.open_household(room.pk, [resident("张三"), resident("李四", citizen_id="123")], by=BY, at=AT)
        assert not Household.objects.exists()
        assert not Person.objects.exists()

    def test_over(self, home):
        for _twice in range(2):
            public.end_household(home.pk, on=TODAY, by=BY, at=AT)
        assert public.residents_of([home.pk]) == {}
        with pytest.raises(Conflict):
            public.move_in(home.pk, resident("王五"), by=BY, at=AT)
        assert len(public.residents_of([home.pk], on=TODAY)) == 0
        assert not Residence.objects.filter(until=None).exists()


class TestReach:
    def test_only_the_own_division(self, home, at):
        inside, outside = worker(at["东风街道"]), worker(at["南山街道"])
        person = members(home)["张三"].person_id
        for find, pk in (
            (public.household_for, home.pk), (public.unit_for, home.unit_id), (public.person_for, person),
            (public.building_for, home.unit.building_id),
        ):  # fmt: skip
            assert find(pk, inside).pk == pk
            with pytest.raises(NotFound):
                find(pk, outside)
        for act in (
            lambda: public.change_household(home.pk, note="x", by=outside, at=AT),
            lambda: public.change_unit(home.unit_id, use="shop", by=outside, at=AT),
            lambda: public.add_units(home.unit.building_id, [NewUnit("9")], by=outside, at=AT),
            lambda: public.change_building(home.unit.building_id, division_id=at["南山社区"], by=inside, at=AT),
            lambda: public.move_in(home.pk, resident("王五"), by=outside, at=AT),
            lambda: public.add_buildings([NewBuilding(at["东风社区"], "x", "y")], by=outside, at=AT),
        ):
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(NotAllowed):
            public.visible_people(worker(at["东风街道"], permissions=()))

    def test_all_of_a_grid_at_once(self, home, at, django_assert_max_num_queries):
        public.change_unit(home.unit_id, use="rented", by=BY, at=AT)
        with django_assert_max_num_queries(10):
            found = public.homes_in(worker(at["东风街道"]), [at["东风社区"], at["南山社区"]])
        (one,) = found.buildings
        (room,) = one.units
        assert [row.person.name for row in room.households[0].residents] == ["张三", "李四"]
        assert public.homes_in(worker(at["南山街道"]), [at["东风社区"]]).buildings == []


class TestTags:
    @pytest.fixture
    def kind(self, db):
        return public.keep_tag_kind(by=BY, at=AT, name="独居老人", subject="person", purpose="定期探访", days=30)

    def test_holds_until_its_day(self, home, kind):
        person = members(home)["张三"].person_id
        tag = public.put_tag(kind.pk, person, purpose="独自居住", by=BY, at=AT)
        assert tag.until == TODAY + timedelta(days=30)
        again = public.put_tag(kind.pk, person, purpose="仍独自居住", until=TODAY + timedelta(days=60), by=BY, at=AT)
        assert (again.pk, Tag.objects.count()) == (tag.pk, 1)
        assert end_tags_past(TODAY + timedelta(days=59), by=BY, at=AT) == 0
        assert end_tags_past(TODAY + timedelta(days=60), by=BY, at=AT) == 1
        assert public.tags_on("person", [person]) == {}
        assert Event.objects.filter(kind="tag.ended", stream=person).count() == 1

    def test_the_worker_takes_off_what_is_over(self, home, kind):
        public.put_tag(kind.pk, members(home)["张三"].person_id, purpose="独自居住", by=BY, at=AT)
        Tag.objects.update(since=date(2000, 1, 1), until=date(2000, 2, 1))
        end_tags()
        assert Tag.objects.get().ended_at

    def test_whoever_put_them_on_is_told_once_a_kind(self, home, kind, at):
        putter = replace(worker(at["东风街道"]), account_id=uuid4())
        for name in ("张三", "李四"):
            public.put_tag(kind.pk, members(home)[name].person_id, purpose="独自居住", by=putter, at=AT)
        assert end_tags_past(TODAY + timedelta(days=400), by=BY, at=AT) == 2
        notice = Notice.objects.get(template=OVER)
        assert (notice.to_account, notice.subject, notice.context["count"]) == (putter.account_id, kind.pk, 2)
        ((_title, body),) = render_many([notice])
        assert kind.name in body

    def test_taken_off_once(self, home, kind):
        tag = public.put_tag(kind.pk, members(home)["张三"].person_id, purpose="独自居住", by=BY, at=AT)
        for _twice in range(2):
            public.end_tag(tag.pk, by=BY, at=AT)
        assert Event.objects.filter(kind="tag.ended").count() == 1

    def test_by_whom_and_on_what(self, home, kind, at):
        person = members(home)["张三"].person_id
        with pytest.raises(NotAllowed):
            public.put_tag(kind.pk, person, purpose="x", by=worker(at["南山街道"]), at=AT)
        public.put_tag(kind.pk, person, purpose="x", by=worker(at["东风街道"]), at=AT)
        with pytest.raises(NotFound):
            public.put_tag(kind.pk, home.pk, purpose="x", by=BY, at=AT)
        with pytest.raises(NotAllowed):
            public.keep_tag_kind(by=worker(at["东风街道"]), at=AT, name="x", subject="unit", purpose="y")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"purpose": " "}, "purpose"), ({"until": TODAY}, "until"), ({"until": date(2040, 1, 1)}, "until")],
    )
    def test_what_is_wrong_is_named(self, home, kind, wrong, field):
        with pytest.raises(Refused) as refused:
            public.put_tag(kind.pk, members(home)["张三"].person_id, **{"purpose": "x", **wrong}, by=BY, at=AT)
        assert refused.value.field == field

    def test_a_kind_is_changed_and_retired(self, kind):
        public.keep_tag_kind(
            by=BY, at=AT, name="独居", subject="person", purpose="探访", is_in_use=False, kind_id=kind.pk
        )
        assert public.tag_kinds() == []
        assert [one.name for one in public.tag_kinds(all_=True)] == ["独居"]


class TestPersonal:
    def case(self, person_id, **more):
        return Case(person_id, AT, lambda kind, since: None, **more)

    def test_kept_while_they_live_there(self, home):
        person = members(home)["张三"].person_id
        case = self.case(person)
        (held,) = homes_held(case)
        assert held.kept
        assert case.needed
        assert _erase_homes(case, BY) == 0
        public.move_out(home.pk, person, until=TODAY, by=BY, at=AT)
        case = self.case(person)
        assert [one.kept for one in homes_held(case)] == [""]
        assert _erase_homes(case, BY) == 1

    def test_unlawful_is_gone(self, home):
        case = self.case(members(home)["张三"].person_id, is_unlawful=True)
        assert [one.kept for one in homes_held(case)] == [""]
        assert _erase_homes(case, BY) == 1
        assert not case.needed

    def test_goes_when_its_term_is_over(self, home):
        public.move_out(home.pk, members(home)["张三"].person_id, until=TODAY, by=BY, at=AT)
        assert residences_over(AT).count() == 0
        assert residences_over(AT + timedelta(days=2)).count() == 1
        assert tags_over(AT).count() == 0
