"""Registering, finding, showing and sealing people."""

import secrets
import threading
from base64 import b64encode
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.sealing import Unreadable
from zhitong.kernel.accounts.public import Actor, TooMany, keyring
from zhitong.kernel.events.public import Event

from .. import public
from ..actions import people, revealing, store
from ..models import Contact, Person
from ..queries import address_of
from ..rules import NewPerson

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = Actor.system("测试")
CITIZEN, OTHER_CITIZEN = "11010519491231002X", "440524188001010014"
PHONE = "13800000000"


def found(**given):
    return public.find_or_create_person(by=BY, at=AT, **given)


def contact_of(person_id):
    return Contact.objects.get(person=person_id)


@pytest.mark.django_db
class TestRegistering:
    def test_once(self):
        first, again = found(name="张三", phone=PHONE), found(name="张 三", phone="+86 138 0000 0000")
        assert first.is_new
        assert (again.person_id, again.contact_id, again.is_new) == (first.person_id, first.contact_id, False)
        assert Person.objects.count() == Contact.objects.count() == 1

    def test_a_phone_serves_a_household(self):
        assert found(name="张三", phone=PHONE).person_id != found(name="李四", phone=PHONE).person_id
        assert public.find_by_phone(PHONE).count() == 2

    def test_a_name_is_added(self):
        nameless = found(phone=PHONE)
        assert found(name="张三", phone=PHONE).person_id == nameless.person_id
        assert Person.objects.get().name == "张三"

    def test_a_citizen_id_decides(self):
        first = found(name="张三", citizen_id=CITIZEN)
        again = found(name="章三", phone=PHONE, citizen_id=CITIZEN.lower())
        assert again.person_id == first.person_id
        assert again.contact_id == contact_of(first.person_id).pk
        person = Person.objects.get()
        assert (person.gender, person.born_on, person.citizen_id) == ("female", date(1949, 12, 31), CITIZEN)

    def test_a_citizen_id_is_added_later(self):
        first = found(name="张三", phone=PHONE)
        assert found(name="张三", phone=PHONE, citizen_id=CITIZEN).person_id == first.person_id
        assert public.find_by_citizen_id(CITIZEN).pk == first.person_id

    def test_two_citizen_ids_are_two_people(self):
        first = found(name="张三", phone=PHONE, citizen_id=CITIZEN)
        assert found(name="张三", phone=PHONE, citizen_id=OTHER_CITIZEN).person_id != first.person_id

    def test_a_second_contact_is_not_preferred(self):
        first = found(name="张三", citizen_id=CITIZEN, phone=PHONE)
        second = found(name="张三", citizen_id=CITIZEN, phone="0531-81234567")
        assert second.contact_id != first.contact_id
        contacts = public.contacts_of([first.person_id])[first.person_id]
        assert [(c.pk, c.is_primary) for c in contacts] == [(first.contact_id, True), (second.contact_id, False)]

    def test_nobody(self):
        assert found() == people.Found(None, None, False)
        assert found(name="  ") == people.Found(None, None, False)

    def test_a_name_alone_is_somebody_new_every_time(self):
        assert found(name="张三").person_id != found(name="张三").person_id

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"phone": "123"}, "phone"), ({"email": "x"}, "email"), ({"citizen_id": "1" * 18}, "citizen_id"),
         ({"name": "甲" * 61}, "name")],
    )  # fmt: skip
    def test_wrong_parts_are_named(self, given, field):
        with pytest.raises(Refused) as refused:
            found(**given)
        assert refused.value.field == field
        assert not Person.objects.exists()

    def test_the_log_says_that_but_not_what(self):
        person = found(name="张三", phone=PHONE, citizen_id=CITIZEN).person_id
        event = Event.objects.get(stream=person)
        assert (event.kind, event.data) == ("person.registered", {"parts": ["citizen_id", "name", "phone"]})
        found(name="张三", phone="0531-81234567", citizen_id=CITIZEN)
        assert Event.objects.filter(stream=person, kind="person.changed").count() == 1


@pytest.mark.django_db
class TestMany:
    def test_in_order_and_once(self):
        wanted = [NewPerson("张三", PHONE), NewPerson(), NewPerson("李四", "13900000000"), NewPerson("张三", PHONE)]
        results = public.find_or_create_many(wanted, by=BY, at=AT)
        assert results[0].person_id == results[3].person_id != results[2].person_id
        assert results[1].person_id is None
        again = public.find_or_create_many(wanted, by=BY, at=AT)
        assert [r.person_id for r in again] == [r.person_id for r in results]
        assert not any(r.is_new for r in again)

    def test_thousands_cost_a_few_statements(self, django_assert_max_num_queries):
        wanted = [NewPerson(f"居民{n % 900}", f"138{n % 900:08d}", citizen_id="") for n in range(2000)]
        with django_assert_max_num_queries(8):
            results = public.find_or_create_many(wanted, by=BY, at=AT)
        assert len({r.person_id for r in results}) == Person.objects.count() == 900

    def test_somebody_else_was_quicker(self, monkeypatch):
        """What the table said is out of date when the rows are written."""
        first = found(name="张三", phone=PHONE)
        monkeypatch.setattr(store, "_known_rows", lambda *_digests: [])
        late = found(name="张三", phone=PHONE)
        assert (late.person_id, late.contact_id, late.is_new) == (first.person_id, first.contact_id, False)
        assert Person.objects.count() == Contact.objects.count() == 1

    def test_somebody_else_gave_another_preferred_number(self, monkeypatch):
        first = found(name="张三", phone=PHONE, citizen_id=CITIZEN)
        monkeypatch.setattr(store, "_known_rows", lambda *_digests: [])
        late = found(name="张三", phone="13900000000", citizen_id=CITIZEN)
        assert late.person_id == first.person_id
        assert not Contact.objects.get(pk=late.contact_id).is_primary

    def test_a_citizen_id_taken_in_the_meantime_is_a_conflict(self, monkeypatch):
        found(name="张三", phone=PHONE)
        found(name="李四", citizen_id=CITIZEN)
        rows = store._known_rows
        monkeypatch.setattr(store, "_known_rows", lambda contacts, _citizens: rows(contacts, []))
        with pytest.raises(Conflict):
            found(name="张三", phone=PHONE, citizen_id=CITIZEN)


def test_two_at_the_same_moment_are_one(django_db_setup, django_db_blocker):
    phone, results = f"138{secrets.randbelow(10**8):08d}", []

    def register():
        try:
            results.append(found(name="同时", phone=phone).person_id)
        finally:
            connections.close_all()

    with django_db_blocker.unblock():
        threads = [threading.Thread(target=register) for _n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        Person.objects.filter(pk__in=results).delete()
        with connection.cursor() as cursor:  # the log keeps everything: switch its guard off in this session only
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM events_event WHERE stream = ANY(%s)", [results])
        connections.close_all()
    assert len(results) == 6
    assert len(set(results)) == 1


@pytest.mark.django_db
class TestSealed:
    def test_nothing_readable_in_the_table(self):
        found(name="张三", phone=PHONE, email="zhangsan@example.com", citizen_id=CITIZEN)
        with connection.cursor() as cursor:
            cursor.execute("SELECT p::text || c::text FROM register_person p JOIN register_contact c ON true")
            text = " ".join(row[0] for row in cursor.fetchall())
        for value in (PHONE, CITIZEN, "zhangsan@example.com"):
            assert value not in text
            assert value.encode().hex() not in text

    def test_bound_to_its_column(self):
        found(name="张三", phone=PHONE, citizen_id=CITIZEN)
        contact, person = Contact.objects.get(), Person.objects.get()
        contact.sealed = person.citizen_id_sealed
        with pytest.raises(Unreadable):
            _ = contact.value
        contact.refresh_from_db()
        contact.kind = "email"
        with pytest.raises(Unreadable):
            _ = contact.value

    def test_found_by_exact_value_only(self):
        person = found(name="张三", phone=PHONE, email="Zhang@example.com", citizen_id=CITIZEN).person_id
        assert public.find_by_phone("138-0000-0000").get().pk == person
        assert public.find_by_email("zhang@EXAMPLE.com").get().pk == person
        assert public.find_by_citizen_id(" 110105 19491231 002x").pk == person
        for text in ("1380000000", "", "x", "13800000001"):
            assert not public.find_by_phone(text).exists()
        assert not public.find_by_email(PHONE).exists()
        assert public.find_by_citizen_id(PHONE) is None
        assert public.find_by_citizen_id(OTHER_CITIZEN) is None

    def test_shown_masked(self):
        person = Person.objects.get(
            pk=found(name="张三丰", phone=PHONE, email="zhangsan@example.com", citizen_id=CITIZEN).person_id
        )
        masked = public.masked(person)
        assert masked.name == str(person) == "张**"
        assert masked.phones == ("138****0000",)
        assert masked.emails == ("zh***@example.com",)
        assert masked.citizen_id.endswith("002X")
        assert "1949" not in masked.citizen_id

    def test_a_notice_finds_its_address(self):
        contact = found(name="张三", phone=PHONE).contact_id
        assert address_of("sms", None, contact) == PHONE
        assert address_of("email", None, contact) is None
        assert address_of("in_app", None, contact) is None
        assert address_of("sms", None, uuid7()) is None


@pytest.mark.django_db
class TestReveal:
    worker = Actor.integration("承办人", ["register.reveal"])

    def test_it_is_logged_with_the_reason(self):
        contact, matter = contact_of(found(name="张三", phone=PHONE).person_id), uuid7()
        text = public.reveal(contact, reason=" 电话回访 ", by=self.worker, at=AT, matter_id=matter)
        assert text == PHONE
        event = Event.objects.get(stream=contact.person_id, kind="person.revealed")
        expected = {"what": "phone", "reason": "电话回访", "matter": str(matter), "contact": str(contact.pk)}
        assert event.data == expected
        assert event.by_label == "承办人"
        assert PHONE not in str(event.data)

    def test_the_citizen_id(self):
        person = Person.objects.get(pk=found(name="张三", citizen_id=CITIZEN).person_id)
        assert public.reveal(person, reason="核对身份", by=self.worker, at=AT) == CITIZEN

    def test_what_was_written_into_a_form(self):
        person = found(name="张三", phone=PHONE).person_id
        said = public.Written(person, "法人证号", CITIZEN)
        assert public.reveal(said, reason="核对身份", by=self.worker, at=AT) == CITIZEN
        event = Event.objects.get(stream=person, kind="person.revealed")
        assert (event.data["what"], event.data["question"]) == ("answer", "法人证号")
        assert CITIZEN not in str(event.data)

    def test_what_is_not_there(self):
        person = Person.objects.get(pk=found(name="张三", phone=PHONE).person_id)
        with pytest.raises(NotFound):
            public.reveal(person, reason="核对身份", by=self.worker, at=AT)

    @pytest.mark.parametrize("reason", ["", "  \n", "甲" * 201])
    def test_a_reason_is_needed(self, reason):
        contact = contact_of(found(name="张三", phone=PHONE).person_id)
        with pytest.raises(Refused) as refused:
            public.reveal(contact, reason=reason, by=self.worker, at=AT)
        assert refused.value.field == "reason"

    def test_the_permission_is_needed(self):
        contact = contact_of(found(name="张三", phone=PHONE).person_id)
        for actor in (Actor.resident(), Actor.integration("甲", ["matters.view"])):
            with pytest.raises(NotAllowed):
                public.reveal(contact, reason="看看", by=actor, at=AT)

    def test_not_a_whole_directory(self, monkeypatch):
        monkeypatch.setattr(revealing, "MOST_PER_HOUR", 2)
        contact = contact_of(found(name="张三", phone=PHONE).person_id)
        worker = Actor.integration("甲", ["register.reveal"], account_id=uuid7())
        for _n in range(2):
            public.reveal(contact, reason="回访", by=worker, at=AT)
        with pytest.raises(TooMany):
            public.reveal(contact, reason="回访", by=worker, at=AT)


@pytest.mark.django_db
class TestRotation:
    def test_new_key_old_people(self, settings):
        first = found(name="张三", phone=PHONE, email="a@b.cn", citizen_id=CITIZEN)
        second, nameless = found(name="李四", phone="13900000000"), found(phone="13700000000")
        found(name="后来的名字", phone="13700000000")
        alone = found(name="无联系方式")
        old = settings.DATA_KEYS
        settings.DATA_KEYS = [b64encode(secrets.token_bytes(32)).decode(), *old]
        assert public.find_by_phone(PHONE).get().pk == first.person_id
        assert found(name="张三", phone=PHONE).person_id == first.person_id
        told: list[int] = []
        assert public.rotate_keys(told.append) == 4 + 3
        assert told[-1] == 7
        assert public.rotate_keys() == 0
        settings.DATA_KEYS = settings.DATA_KEYS[:1]
        for given, person in (
            ({"name": "张三", "phone": PHONE}, first),
            ({"name": "李四", "phone": "13900000000"}, second),
            ({"name": "后来的名字", "phone": "13700000000"}, nameless),
        ):
            assert found(**given).person_id == person.person_id
        assert Person.objects.get(pk=first.person_id).citizen_id == CITIZEN
        assert Person.objects.get(pk=alone.person_id).identity is None
        assert all(keyring().is_current(bytes(contact.sealed)) for contact in Contact.objects.all())

    def test_in_batches(self, settings, monkeypatch):
        from ..actions import rotate

        monkeypatch.setattr(rotate, "BATCH", 2)
        for n in range(5):
            found(name=f"居民{n}", phone=f"1380000000{n}")
        settings.DATA_KEYS = [b64encode(secrets.token_bytes(32)).decode(), *settings.DATA_KEYS]
        assert public.rotate_keys() == 10
        assert public.rotate_keys() == 0

    def test_after_the_old_key_is_dropped_too_early_nothing_is_lost_silently(self, settings):
        found(name="张三", phone=PHONE)
        settings.DATA_KEYS = [b64encode(secrets.token_bytes(32)).decode()]
        with pytest.raises(Unreadable):
            public.rotate_keys()
