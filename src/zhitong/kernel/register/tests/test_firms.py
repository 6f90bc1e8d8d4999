"""Registering firms, finding them, changing them, and taking them over from a table."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from zhitong.base.citizen import citizen_check, credit_check
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.holdings import Case
from zhitong.base.sheets import read_header
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event

from .. import public
from ..declarations import _erase_firms
from ..models import Contact, Firm, FirmChange, Holder, Officer, Person
from ..queries.firms import firms_held
from ..rules import NewFirm, NewHolder, NewOfficer, NewPerson
from ..rules.sheet import FIRMS

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = Actor.system("测试")


def code(number: int = 1) -> str:
    first = f"91379999MA{number:07d}"
    return first + credit_check(first)


def citizen(number: int = 1) -> str:
    first = f"37999919800101{number:03d}"
    return first + citizen_check(first)


ZHANG = NewPerson("张一", "13800000001", "", citizen(1))
PLAIN = NewFirm(
    code=code(), name="示范云杉科技有限公司", kind="limited", legal=ZHANG, address="示范路1号", established_on=date(2020, 1, 1),
    capital=Decimal(1_000_000), scope="软件开发", liaison=NewPerson("李二", "13800000002"),
    holders=(NewHolder("张一", Decimal(600_000), number=citizen(1)), NewHolder("示范青禾有限公司", Decimal(400_000), "firm", code(9))),
    officers=(NewOfficer("张一", "manager"), NewOfficer("王三", "supervisor", citizen(3))),
)  # fmt: skip


@pytest.fixture
def firm():
    return public.register_firms([PLAIN], by=BY, at=AT)[0]


def test_registered_whole(firm):
    assert public.find_firm(f" {PLAIN.code.lower()} ") == firm
    whole = public.firm_in_full(firm.pk)
    assert whole.legal is not None
    assert (whole.legal.name, whole.legal.citizen_id) == ("张一", citizen(1))
    assert [(h.name, int(h.amount)) for h in whole.holders.all()] == [("张一", 600_000), ("示范青禾有限公司", 400_000)]
    assert {p.name for p in public.people_of(whole)} == {"张一", "李二", "王三"}
    assert Person.objects.count() == 3
    assert public.given_of(whole) == replace(
        PLAIN, officers=(NewOfficer("张一", "manager", citizen(1)), PLAIN.officers[1])
    )
    event = Event.objects.get(kind="firm.registered")
    assert event.data == {"code": PLAIN.code, "name": PLAIN.name}


def test_nothing_personal_in_clear(firm):
    assert citizen(1) not in str(list(Person.objects.values())) + str(list(Holder.objects.values()))
    assert "13800000001" not in str(list(Contact.objects.values()))
    assert citizen(1) not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_number_to_be_told_under(firm):
    whole = public.firm_in_full(firm.pk)
    found = public.phone_of(whole.liaison)
    assert found is not None
    assert found.value == "13800000002"
    assert public.phone_of(None) is None


@pytest.mark.parametrize(
    ("part", "value", "slug"),
    [
        ("code", code()[:-1] + "#", "firm_code"), ("name", " ", "firm_name"), ("kind", "bank", "firm_kind"),
        ("legal", NewPerson(), "firm_legal"), ("legal", NewPerson("张一", "12"), "person_phone"), ("capital", None, "firm_capital"),
        ("capital", Decimal(0), "firm_capital"), ("address", "", "firm_address"), ("established_on", date(2027, 1, 1), "firm_established_on"),
        ("term_until", date(2019, 1, 1), "firm_term_until"), ("holders", PLAIN.holders[:1], "firm_holders"),
        ("holders", (replace(PLAIN.holders[0], number="123"), PLAIN.holders[1]), "firm_holders"), ("scope", "长" * 4001, "firm_scope"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(part, value, slug):
    with pytest.raises(Refused) as refused:
        public.register_firms([replace(PLAIN, **{part: value})], by=BY, at=AT)
    assert refused.value.code == slug
    assert not Firm.objects.exists()


def test_a_code_and_a_name_once(firm):
    with pytest.raises(Conflict) as refused:
        public.register_firms([replace(PLAIN, name="另一家有限公司")], by=BY, at=AT)
    assert refused.value.code == "firm_code_taken"
    with pytest.raises(Conflict) as refused:
        public.register_firms([replace(PLAIN, code=code(2))], by=BY, at=AT)
    assert refused.value.code == "firm_name_taken"
    assert public.is_name_taken(PLAIN.name)
    assert not public.is_name_taken(PLAIN.name, firm.pk)
    public.change_firm(firm.pk, by=BY, at=AT, state="cancelled")
    assert not public.is_name_taken(PLAIN.name)
    public.register_firms([replace(PLAIN, code=code(2))], by=BY, at=AT)


class TestChanging:
    def test_plain_parts_are_told_in_the_log(self, firm):
        changed = public.change_firm(firm.pk, by=BY, at=AT, name="示范云帆科技有限公司", address="示范路2号")
        assert changed == ["name", "address"]
        event = Event.objects.get(kind="firm.changed")
        assert event.data["changes"]["name"] == [PLAIN.name, "示范云帆科技有限公司"]
        assert [one.pk for one in public.search_firms(BY, words="云帆").rows] == [firm.pk]

    def test_people_are_named_only(self, firm):
        public.change_firm(firm.pk, by=BY, at=AT, legal=NewPerson("赵四", "13800000004", "", citizen(4)))
        whole = public.firm_in_full(firm.pk)
        assert whole.legal is not None
        assert whole.legal.name == "赵四"
        event = Event.objects.get(kind="firm.changed")
        assert event.data == {"changes": {}, "parts": ["legal"]}

    def test_who_is_known_need_not_give_everything_again(self, firm):
        assert public.change_firm(firm.pk, by=BY, at=AT, legal=NewPerson("张一")) == []
        more = (NewHolder("张一", Decimal(1_500_000)), PLAIN.holders[1])
        public.change_firm(firm.pk, by=BY, at=AT, capital=Decimal(1_900_000), holders=more)
        whole = public.firm_in_full(firm.pk)
        first = whole.holders.all()[0]
        assert first.person_id == whole.legal_id
        assert Person.objects.count() == 3

    def test_somebody_with_a_name_only_stays_who_they_are(self):
        bare = replace(PLAIN, legal=NewPerson("张一"), liaison=NewPerson(), holders=(), officers=())
        (firm,) = public.register_firms([bare], by=BY, at=AT)
        before = firm.legal_id
        public.change_firm(firm.pk, by=BY, at=AT, liaison=NewPerson("李二", "13800000002"))
        firm.refresh_from_db()
        assert firm.legal_id == before

    def test_shares_still_add_up(self, firm):
        with pytest.raises(Refused) as refused:
            public.change_firm(firm.pk, by=BY, at=AT, capital=Decimal(5_000_000))
        assert refused.value.code == "firm_holders"

    def test_nothing_to_change_is_no_event(self, firm):
        assert public.change_firm(firm.pk, by=BY, at=AT, name=PLAIN.name) == []
        assert not Event.objects.filter(kind="firm.changed").exists()

    def test_no_such_firm(self):
        with pytest.raises(NotFound):
            public.change_firm(uuid4(), by=BY, at=AT, name="某某有限公司")


def test_only_who_may(firm):
    nobody = Actor.resident()
    for refused in (
        lambda: public.register_firms([PLAIN], by=nobody, at=AT),
        lambda: public.change_firm(firm.pk, by=nobody, at=AT, name="某某"),
        lambda: public.search_firms(nobody),
        lambda: public.firm_for(firm.pk, nobody),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_many_in_a_handful_of_statements(django_assert_max_num_queries):
    many = [
        replace(
            PLAIN, code=code(n), name=f"示范{n}号有限公司", legal=NewPerson(f"张{n}", f"1380001{n:04d}"), liaison=NewPerson(),
            holders=(), officers=(),
        )
        for n in range(100)
    ]  # fmt: skip
    with django_assert_max_num_queries(12):
        assert len(public.register_firms(many, by=BY, at=AT)) == 100


def test_found_by_words_or_code_page_by_page():
    some = [replace(PLAIN, code=code(n), name=f"示范{n}号科技有限公司", holders=(), officers=()) for n in range(1, 41)]
    public.register_firms(some, by=BY, at=AT)
    first = public.search_firms(BY, words="科技")
    assert (len(first.rows), len(public.search_firms(BY, words="科技", after=first.after).rows)) == (30, 10)
    assert [one.code for one in public.search_firms(BY, words=code(7)).rows] == [code(7)]
    assert public.search_firms(BY, words="没有这样的字").rows == []
    assert public.search_firms(BY, kind="branch").rows == []


class TestPersonal:
    def case(self, person_id, **more):
        return Case(person_id, AT, lambda kind, since: None, **more)

    def test_held_by_law(self, firm):
        case = self.case(firm.legal_id)
        (held,) = firms_held(case)
        assert held.kept
        assert ("统一社会信用代码", PLAIN.code) in held.facts
        assert case.needed
        assert _erase_firms(case, BY) == 0

    def test_taken_out_where_it_was_unlawful(self, firm):
        person = firm.legal_id
        case = self.case(person, is_unlawful=True)
        (held,) = firms_held(case)
        assert not held.kept
        assert _erase_firms(case, BY) == 1
        assert not case.needed
        assert not Firm.objects.filter(legal=person).exists()
        assert not Holder.objects.filter(person=person).exists()
        assert not Officer.objects.filter(person=person).exists()

    def test_who_a_firm_names_is_not_idle(self, firm):
        assert set(public.people_of_firms()) == set(Person.objects.all())


HEAD = "统一社会信用代码,企业名称,类型,法定代表人,法定代表人电话,注册资本（万元）,住所,成立日期,股东,股东类型,认缴出资额（万元）\n"


def take(text: str, **options):
    (sheet,) = public.import_firms_content((HEAD + text).encode(), by=BY, at=AT, **options).sheets
    return sheet


class TestTable:
    def test_taken_over_and_again(self):
        text = f"{code(1)},甲有限公司,有限责任公司,张一,13800000001,100,示范路1号,2020-01-01,张一,自然人,60\n,,,,,,,,乙有限公司,企业,40\n"
        first, again = take(text), take(text)
        assert (first.created, first.errors) == (1, [])
        assert (again.unchanged, again.errors) == (1, [])
        assert list(Holder.objects.values_list("amount", flat=True)) == [600_000, 400_000]

    def test_a_trial_keeps_nothing(self):
        assert (
            take(
                f"{code(1)},甲,个体工商户,张一,,,示范路1号,2020-01-01,,,\n".replace("甲", "甲店"), dry_run=True
            ).created
            == 1
        )
        assert not Firm.objects.exists()

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            ("911,甲有限公司,有限责任公司,张一,,100,路,2020-01-01,,,", "统一社会信用代码"),
            (f"{code(1)},,有限责任公司,张一,,100,路,2020-01-01,,,", "企业名称"),
            (f"{code(1)},甲有限公司,银行,张一,,100,路,2020-01-01,,,", "类型"),
            (f"{code(1)},甲有限公司,有限责任公司,张一,12,100,路,2020-01-01,,,", "法定代表人电话"),
            (f"{code(1)},甲有限公司,有限责任公司,张一,,一百,路,2020-01-01,,,", "注册资本（万元）"),
            (f"{code(1)},甲有限公司,有限责任公司,张一,,100,路,去年,,,", "成立日期"),
            (f"{code(1)},甲有限公司,有限责任公司,张一,,100,路,2020-01-01,张一,自然人,60", "股东"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_by_row_and_column(self, row, column):
        sheet = take(row + "\n")
        assert {(one.row, one.column) for one in sheet.errors} == {(2, column)}
        assert not Firm.objects.exists()

    def test_a_row_that_is_wrong_harms_no_other(self):
        sheet = take(
            f"911,甲有限公司,有限责任公司,张一,,100,路,2020-01-01,,,\n{code(2)},乙店,个体,李二,,,路,2020-01-01,,,\n"
        )
        assert (sheet.created, sheet.refused) == (1, 1)

    def test_many_take_as_many_statements_as_few(self):
        def asked(first: int, count: int) -> tuple[Any, int]:
            text = "".join(
                f"{code(n)},第{n}家有限公司,有限责任公司,张{n},138{n:08d},100,示范路{n}号,2020-01-01,张{n},自然人,100\n"
                for n in range(first, first + count)
            )
            with CaptureQueriesContext(connection) as seen:
                return take(text), len(seen)

        asked(100, 2)
        (few, for_few), (many, for_many) = asked(200, 5), asked(300, 300)
        assert (few.created, many.created, few.errors, many.errors) == (5, 300, [], [])
        assert for_many <= for_few + 2  # what is much goes by COPY
        (few, for_few), (many, for_many) = asked(200, 5), asked(300, 300)
        assert (few.unchanged, many.unchanged) == (5, 300)
        assert for_many == for_few

    def test_rows_that_meet_each_other_are_looked_at_one_by_one(self):
        row = "{},{},个体工商户,{},,,路,2020-01-01,,,\n"
        take(row.format(code(1), "甲店", "张一"))
        rows = (
            (1, "新甲店", "张一"),
            (2, "甲店", "李二"),
            (3, "乙店", "王三"),
            (3, "丙店", "王三"),
            (4, "乙店", "赵四"),
        )
        sheet = take("".join(row.format(code(n), *more) for n, *more in rows))
        assert (sheet.created, sheet.changed) == (2, 1)  # the same code below is of the firm above
        assert [(one.row, one.column) for one in sheet.errors] == [(6, "企业名称")]
        assert set(Firm.objects.values_list("code", "name")) == {
            (code(1), "新甲店"),
            (code(2), "甲店"),
            (code(3), "乙店"),
        }

    def test_missing_columns(self):
        (sheet,) = public.import_firms_content("统一社会信用代码,企业名称\n1,2\n".encode(), by=BY, at=AT).sheets
        assert {one.column for one in sheet.errors} == {"类型", "法定代表人", "住所", "成立日期"}

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_template_is_taken_back(self, language):
        with override(language):
            head = public.template_csv()
        (sheet,) = public.import_firms_content(head.encode(), by=BY, at=AT).sheets
        assert sheet.errors == []
        (row,) = csv.reader([head.removeprefix("\ufeff")])
        assert [column.key for column in read_header(FIRMS, row)[0].values()] == [
            column.key for column in FIRMS.columns
        ]


class TestUndoing:
    def test_put_back_once_with_its_people(self, firm):
        origin, later = uuid4(), AT + timedelta(days=1)
        changes: dict[str, Any] = {
            "address": "示范路2号",
            "legal": NewPerson("赵六", "13800000007", "", citizen(7)),
            "officers": (),
        }
        assert public.change_firm(firm.pk, by=BY, at=AT, origin=origin, **changes) == ["address", "legal", "officers"]
        assert citizen(1) not in str(FirmChange.objects.values())
        assert set(public.undo_change(origin, by=BY, at=later)) == set(changes)
        now = public.given_of(public.firm_in_full(firm.pk))
        assert (now.address, now.legal.citizen_id, len(now.officers)) == (PLAIN.address, citizen(1), 2)
        assert Person.objects.filter(name="张一").count() == 1
        assert public.undo_change(origin, by=BY, at=later) == []
        assert Event.objects.filter(kind="firm.changed").count() == 2

    def test_somebody_renamed_is_called_as_before(self, firm):
        origin = uuid4()
        public.change_firm(
            firm.pk, by=BY, at=AT, origin=origin, renames=True, legal=NewPerson("张一鸣", citizen_id=citizen(1))
        )
        whole = public.firm_in_full(firm.pk)
        assert {whole.legal.name, *(h.name for h in whole.holders.all())} == {"张一鸣", "示范青禾有限公司"}
        public.undo_change(origin, by=BY, at=AT)
        assert public.firm_in_full(firm.pk).legal.name == "张一"
        assert Person.objects.filter(citizen_id_masked=whole.legal.citizen_id_masked).count() == 1

    def test_what_changed_since_is_named_and_nothing_is_written(self, firm):
        origin = uuid4()
        public.change_firm(firm.pk, by=BY, at=AT, origin=origin, address="示范路2号", scope="软件销售")
        public.change_firm(firm.pk, by=BY, at=AT, address="示范路3号")
        with pytest.raises(Conflict) as refused:
            public.undo_change(origin, by=BY, at=AT)
        assert "住所" in str(refused.value.message)
        assert "经营范围" not in str(refused.value.message)
        assert public.find_firm(PLAIN.code).scope == "软件销售"

    def test_for_whoever_may(self, firm):
        with pytest.raises(NotAllowed):
            public.undo_change(uuid4(), by=Actor.resident([]), at=AT)

    def test_what_is_kept_is_held_and_forgotten_with_the_person(self, firm):
        origin = uuid4()
        public.change_firm(firm.pk, by=BY, at=AT, origin=origin, officers=())
        gone = Person.objects.get(name="王三")
        assert gone in public.people_of_firms()
        (held,) = firms_held(Case(gone.pk, AT, lambda kind, since: None))
        assert held.kept
        _erase_firms(Case(gone.pk, AT, lambda kind, since: None, is_unlawful=True), BY)
        assert not FirmChange.objects.exists()
        assert public.undo_change(origin, by=BY, at=AT) == []
