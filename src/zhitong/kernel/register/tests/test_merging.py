"""Duplicates at entry, correcting a person, merging two entries and undoing it: then every row is as it was."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.holdings import Case
from zhitong.kernel.accounts.public import keyring
from zhitong.kernel.events.public import Event

from .. import public
from ..actions.forgetting import forget_homes
from ..actions.store import Known, new_contact
from ..models import MERGE_PLACE, Contact, Firm, Household, Merge, Person, Residence, Tag
from ..queries import address_of
from ..queries.homes_held import homes_held, merges_over
from ..rules import NewPerson
from ..rules.likely import Sign, is_likely, is_same_place
from . import homes
from .homes import AT, BY, TODAY, citizen, resident, unit, worker
from .test_firms import PLAIN, code

KINDS, ROLES = ("registered", "living", "both"), ("head", "spouse", "other")
PHONES = ("13800000001", "13800000002")


@pytest.fixture
def at(db):
    return homes.places()


@pytest.fixture
def rooms(at):
    return [unit(at["东风社区"]), unit(at["西河社区"])]


def opened(room, *people):
    return public.open_household(room.pk, people, by=BY, at=AT)


def person_of(household, name="张三"):
    return next(r.person for r in public.residents_of([household.pk])[household.pk] if r.person.name == name)


def rows():
    """All there is, without what counts changes: versions, moments of changes, fresh ciphertexts."""
    firms = list(Firm.objects.order_by("pk").values_list("pk", "legal", "liaison"))
    people = [
        (p.pk, p.name, p.citizen_id, p.gender, p.born_on, p.note, p.created_at) for p in Person.objects.order_by("pk")
    ]
    contacts = [
        (c.pk, c.person_id, c.kind, c.value, c.masked, c.is_primary, c.verified_at, c.created_at)
        for c in Contact.objects.order_by("pk")
    ]
    some = Household.objects.order_by("pk").values_list("pk", "unit", "kind", "note", "ended_on", "created_at")
    return [
        firms, people, contacts, list(some), list(Residence.objects.order_by("pk").values_list()),
        list(Tag.objects.order_by("pk").values_list()),
    ]  # fmt: skip


SOMEBODY = st.fixed_dictionaries({
    "phones": st.sets(st.sampled_from(PHONES)), "email": st.sampled_from(["", "a@example.com"]), "note": st.sampled_from(["", "备注"]),
    "homes": st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from(KINDS), st.sampled_from(ROLES), st.booleans()), max_size=2),
    "tags": st.sets(st.sampled_from([0, 1])), "firm": st.booleans(),
})  # fmt: skip


def make(what, name, citizen_id, households, kinds, number):
    if citizen_id:
        person = public.find_or_create_person(by=BY, at=AT, name=name, citizen_id=citizen_id).person_id
    else:
        person = Person.objects.create(name=name).pk
    assert person
    known = Known(person, name, None)
    given = [("phone", phone) for phone in sorted(what["phones"])] + [("email", what["email"])] * bool(what["email"])
    for key in given:
        Contact.objects.create(**asdict(new_contact(known, key, keyring(), AT)))
        known.has_primary.add(key[0])
    if what["note"]:
        public.change_person(person, note=what["note"], by=BY, at=AT)
    for index, kind, role, is_over in what["homes"]:
        try:
            public.move_in(
                households[index].pk, resident("", role, kind=kind, person_id=person), by=BY, at=AT, moves=True
            )
        except Conflict:
            continue
        if is_over:
            public.move_out(households[index].pk, person, until=TODAY, by=BY, at=AT)
    for index in what["tags"]:
        public.put_tag(kinds[index].pk, person, purpose="说明", by=BY, at=AT)
    if what["firm"]:
        legal = NewPerson(name, citizen_id=citizen_id)
        new = replace(
            PLAIN,
            code=code(number),
            name=f"{number}号有限公司",
            legal=legal,
            liaison=NewPerson(),
            holders=(),
            officers=(),
        )
        public.register_firms([new], by=BY, at=AT)
    return person


class TestMergingPeople:
    @settings(max_examples=12)
    @given(SOMEBODY, SOMEBODY, st.sampled_from(["kept", "gone", "none"]))
    def test_undone_every_row_is_as_before(self, one, other, numbered):
        with transaction.atomic():
            places = homes.places()
            households = [opened(unit(places[name])) for name in ("东风社区", "西河社区")]
            kinds = [
                public.keep_tag_kind(by=BY, at=AT, name=f"标签{n}", subject="person", purpose="x") for n in range(2)
            ]
            ids = [citizen(1) if numbered == who else "" for who in ("kept", "gone")]
            one, other = ({**what, "firm": what["firm"] and bool(ids[n])} for n, what in enumerate((one, other)))
            kept, gone = (make(what, f"张{n}", ids[n], households, kinds, n + 1) for n, what in enumerate((one, other)))
            before = rows()
            merge = public.merge_people(kept, gone, by=BY, at=AT)
            assert not Person.objects.filter(pk=gone).exists()
            assert public.merged_into(gone) == kept
            assert {c.value for c in Contact.objects.filter(person=kept, kind="phone")} == one["phones"] | other[
                "phones"
            ]
            assert bool(Person.objects.get(pk=kept).citizen_id) == (numbered != "none")
            public.undo_merge(merge.pk, by=BY, at=AT)
            assert rows() == before
            public.undo_merge(merge.pk, by=BY, at=AT)
            assert rows() == before
            transaction.set_rollback(True)

    test_undone_every_row_is_as_before = pytest.mark.django_db(test_undone_every_row_is_as_before)

    @pytest.fixture
    def both(self, rooms):
        one = opened(rooms[0], resident("张三", "head", citizen(1), "13800000001"))
        other = opened(rooms[1], resident("张三", "head", phone="13800000001", is_another=True, kind="living"))
        return person_of(one), person_of(other)

    def test_all_that_named_one_names_the_other(self, both):
        kept, gone = both
        Firm.objects.all().delete()
        public.register_firms(
            [replace(PLAIN, legal=NewPerson("李一"), liaison=NewPerson(), holders=(), officers=())], by=BY, at=AT
        )
        Firm.objects.update(legal=gone)
        lost = gone.contacts.get()
        public.merge_people(kept.pk, gone.pk, by=BY, at=AT)
        assert Firm.objects.get().legal_id == kept.pk
        assert kept.contacts.count() == 1
        assert address_of("sms", None, lost.pk) == "13800000001"
        assert [r.until for r in public.residences_of(kept.pk)] == [None, TODAY]
        assert Event.objects.filter(kind="person.merged").count() == 2

    def test_two_numbers_are_two_people(self, rooms):
        one, other = (opened(room, resident("张三", "head", citizen(n))) for n, room in enumerate(rooms, 1))
        with pytest.raises(Conflict) as refused:
            public.merge_people(person_of(one).pk, person_of(other).pk, by=BY, at=AT)
        assert refused.value.code == "two_citizen_ids"

    def test_not_undone_when_something_changed_since(self, both):
        kept, gone = both
        merge = public.merge_people(kept.pk, gone.pk, by=BY, at=AT)
        moved = Residence.objects.get(until=TODAY)
        Residence.objects.filter(pk=moved.pk).update(until=TODAY + timedelta(days=1))
        with pytest.raises(Conflict):
            public.undo_merge(merge.pk, by=BY, at=AT)
        assert not Person.objects.filter(pk=gone.pk).exists()

    def test_not_undone_when_what_was_filled_changed_since(self, rooms):
        one = person_of(opened(rooms[0], resident("张三")))
        other = person_of(opened(rooms[1], resident("张三", born_on=date(1980, 1, 1))))
        merge = public.merge_people(one.pk, other.pk, by=BY, at=AT)
        public.change_person(one.pk, born_on=date(1981, 1, 1), by=BY, at=AT)
        with pytest.raises(Conflict):
            public.undo_merge(merge.pk, by=BY, at=AT)

    def test_by_whom(self, both, at):
        kept, gone = both
        with pytest.raises(NotFound):
            public.merge_people(kept.pk, gone.pk, by=worker(at["南山街道"]), at=AT)
        with pytest.raises(Conflict):
            public.merge_people(kept.pk, kept.pk, by=BY, at=AT)
        merge = public.merge_people(kept.pk, gone.pk, by=worker(at["东风街道"]), at=AT)
        with pytest.raises(NotFound):
            public.undo_merge(merge.pk, by=worker(at["南山街道"]), at=AT)

    def test_kept_sealed_held_and_forgotten(self, both):
        kept, gone = both
        merge = public.merge_people(kept.pk, gone.pk, by=BY, at=AT)
        assert b"13800000001" not in bytes(merge.sealed)
        assert "13800000001" in keyring().open(bytes(merge.sealed), MERGE_PLACE)
        assert any(one.title == "合并记录" for one in homes_held(Case(kept.pk, AT, lambda kind, since: None)))
        assert merges_over(AT + timedelta(days=1)).count() == 1
        forget_homes(kept.pk, is_unlawful=False)
        assert not Merge.objects.exists()


class TestMergingHouseholds:
    def test_undone_every_row_is_as_before(self, rooms):
        one = opened(rooms[0], resident("张三", "head", citizen(1)))
        other = opened(rooms[0], resident("李四", "head", citizen(2)), resident("王五", "child"))
        public.move_in(other.pk, resident("", kind="both", person_id=person_of(one).pk), by=BY, at=AT, moves=True)
        public.change_household(other.pk, note="二层", by=BY, at=AT)
        public.move_in(
            one.pk, resident("", "head", kind="living", person_id=person_of(other).pk), by=BY, at=AT, moves=True
        )
        before = rows()
        merge = public.merge_households(one.pk, other.pk, by=BY, at=AT)
        members = public.residents_of([one.pk])[one.pk]
        assert sum(r.role == "head" for r in members) == 1
        assert {r.person.name for r in members} == {"张三", "李四", "王五"}
        assert Household.objects.get().note == "二层"
        public.undo_merge(merge.pk, by=BY, at=AT)
        assert rows() == before


class TestLikely:
    def test_why(self, rooms):
        opened(rooms[0], resident("张三", "head", citizen(1), "13800000001"))

        def why(**asked):
            return [str(one.why) for one in public.likely_same(BY, name="张三", **asked)]

        assert why(citizen_id=citizen(1)) == ["身份证号相同"]
        assert why(phone="138 0000 0001") == ["姓名和电话相同"]
        assert why(born_on=date(1980, 1, 1)) == ["姓名和出生日期相同"]
        assert why(born_on=date(1981, 1, 1), address="示范路8号1号楼") == []
        assert why(address="示范路8号，1号楼") == ["姓名相同，住址相近"]
        assert why(address="示范路9号1号楼") == why() == why(citizen_id="123") == []
        assert public.likely_same(BY, name="李四", citizen_id=citizen(2)) == []

    def test_in_a_few_statements(self, rooms, django_assert_max_num_queries):
        for n in range(1, 6):
            public.find_or_create_person(by=BY, at=AT, name="张三", citizen_id=citizen(n))
        with django_assert_max_num_queries(5):
            found = public.likely_same(
                BY, name="张三", born_on=date(1980, 1, 1), phone="13800000001", but=Person.objects.first().pk
            )
        assert len(found) == 4

    def test_rules(self):
        assert is_likely(Sign(has_number=True), Sign(has_number=True)) == ""
        assert is_same_place("示范路8号花园3号楼", "花园3号楼")
        assert not is_same_place("花园2号楼东侧", "花园3号楼东侧")
        assert not is_same_place("", "花园3号楼")


class TestCorrecting:
    @pytest.fixture
    def person(self, rooms):
        return person_of(opened(rooms[0], resident("张三", "head", phone="13800000001")))

    def test_numbers_and_facts(self, person):
        changed = public.change_person(
            person.pk, name="张三丰", citizen_id=citizen(1), phone="13800000002", note="听力不便", version=1, by=BY, at=AT
        )  # fmt: skip
        assert set(changed) == {"name", "note", "citizen_id", "phone"}
        person.refresh_from_db()
        assert (person.name, person.gender, person.born_on) == ("张三丰", "male", date(1980, 1, 1))
        assert public.change_person(person.pk, born_on=date(1990, 1, 1), by=BY, at=AT) == []

    def test_two_who_edit(self, person):
        public.change_person(person.pk, note="一", version=1, by=BY, at=AT)
        with pytest.raises(public.Stale) as stale:
            public.change_person(person.pk, note="二", version=1, by=BY, at=AT)
        assert stale.value.fields == {"note": "一"}

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"citizen_id": "123"}, "citizen_id"), ({"born_on": date(1700, 1, 1)}, "born_on"), ({"gender": "x"}, "gender"),
            ({"note": "长" * 201}, "note"), ({"phone": "12"}, "phone"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named(self, person, wrong, field):
        with pytest.raises(Refused) as refused:
            public.change_person(person.pk, by=BY, at=AT, **wrong)
        assert refused.value.field == field

    def test_a_number_of_somebody_else(self, person):
        public.find_or_create_person(by=BY, at=AT, name="李四", citizen_id=citizen(1))
        with pytest.raises(Conflict) as refused:
            public.change_person(person.pk, citizen_id=citizen(1), by=BY, at=AT)
        assert refused.value.code == "citizen_id_taken"

    def test_by_whom(self, person, at):
        public.change_person(person.pk, note="x", by=worker(at["东风街道"]), at=AT)
        with pytest.raises(NotAllowed):
            public.change_person(person.pk, note="y", by=worker(at["南山街道"]), at=AT)
