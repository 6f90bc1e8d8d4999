"""Opening: all or none, numbered, findable, and once however often it is sent."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.identifiers import check_number
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m

from ..actions.rows import made
from .conftest import MONDAY, SYSTEM, Room


def test_a_new_matter_has_a_number_a_code_a_clock_and_an_event(room: Room) -> None:
    opened = room.open()
    matter = m.Matter.objects.get(pk=opened.matter_id)
    assert check_number(opened.number)
    assert len(opened.tracking_code) == 8
    assert bytes(matter.tracking or b"") == m.tracking_digest(opened.tracking_code.lower())
    assert (matter.stage, matter.title) == ("new", "井盖破损")
    assert m.Clock.objects.get(matter=matter).slug == "first"
    assert [e.kind for e in events.stream(matter.pk)] == ["trial.opened"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯不亮。晚上很黑", "路灯不亮"),
        ("The lamp is out. It is dark", "The lamp is out"),
        (
            "东风路18号小区南门口的路灯坏了三天，晚上看不清台阶，老人下楼很不安全。",
            "东风路18号小区南门口的路灯坏了三天，晚上看不清台阶",
        ),
        ("The street light in front of our house has been out", "The street light in front of"),
        ("灯" * 40, "灯" * 30),
        ("。。\n路灯不亮", "路灯不亮"),
    ],
)
def test_without_a_title_it_is_the_first_sentence_not_cut_inside_a_word(room: Room, text: str, title: str) -> None:
    assert m.Matter.objects.get(pk=room.open(text=text).matter_id).title == title


def test_the_text_itself_is_not_in_the_log(room: Room) -> None:
    opened = room.open(text="张三电话13800001234", reporter=m.Reporter(name="张三", phone="13800001234"))
    event = events.stream(opened.matter_id).get()
    assert "张三" not in str(event.data)
    assert "13800001234" not in str(event.data)


def test_the_same_key_is_one_matter(room: Room) -> None:
    first, again = room.open(key="k1"), room.open(key="k1")
    assert again.matter_id == first.matter_id
    assert again.was_known
    assert again.tracking_code == ""
    assert m.Matter.objects.count() == 1


def test_the_same_key_with_other_content_is_a_conflict(room: Room) -> None:
    room.open(key="k1")
    with pytest.raises(Conflict):
        room.open(key="k1", text="别的事")


def test_all_or_none(room: Room) -> None:
    good, bad = room.opening(), room.opening(text="  ")
    with pytest.raises(Refused) as refused:
        m.open_many([good, bad], by=SYSTEM, at=MONDAY)
    assert refused.value.field == "text"
    assert refused.value.index == 1
    assert not m.Matter.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "x" * 10_001}, "text"),
        ({"channel": "smoke"}, "channel"),
        ({"urgency": "very"}, "urgency"),
        ({"subkind": "none"}, "subkind"),
        ({"category_id": uuid4()}, "category"),
        ({"division_id": uuid4()}, "division"),
        ({"lon": 200.0, "lat": 30.0}, "lon"),
        ({"lon": 117.0}, "lon"),
        ({"lon": float("nan"), "lat": 30.0}, "lon"),
        ({"reporter": m.Reporter(phone="12")}, "phone"),
    ],
)
def test_what_is_wrong_is_named(room: Room, more: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        room.open(**more)
    assert refused.value.field == field


def test_one_person_raising_twice_is_one_person(room: Room) -> None:
    reporter = m.Reporter(name="王五", phone="13900001234")
    first, second = room.open(reporter=reporter), room.open(reporter=reporter)
    people = m.Matter.objects.filter(pk__in=[first.matter_id, second.matter_id]).values_list("reporter_id", flat=True)
    assert len(set(people)) == 1


def test_words_numbers_and_phones_find_it(room: Room) -> None:
    opened = room.open(text="文化路口井盖破损，影响通行", reporter=m.Reporter(phone="13900001234"))
    room.open(text="垃圾清运不及时")
    everything = m.visible_matters(room.centre)
    for typed in ("井盖", "井盖 破损", opened.number, "13900001234", "文化路口"):
        assert [x.pk for x in m.matching(everything, typed)] == [opened.matter_id], typed
    assert not m.matching(everything, "喷泉").exists()
    assert m.matching(everything, "").count() == 2


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_with_a_sentence(room: Room, text: str) -> None:
    try:
        room.open(text=text, title=text, address=text)
    except Refused as refused:
        assert str(refused)  # noqa: PT017
    list(m.matching(m.visible_matters(room.centre), text)[:5])


def test_staff_need_the_permission_to_open(room: Room) -> None:
    from zhitong.kernel.matters.rules.kinds import KINDS

    KINDS["trial"] = replace(KINDS["trial"], open_permission="trial.open")
    with pytest.raises(NotAllowed):
        m.open_matter(room.opening(), by=room.stranger, at=MONDAY)
    m.open_matter(room.opening(), by=Actor.resident(), at=MONDAY)


def test_opening_many_takes_a_fixed_number_of_statements(room: Room) -> None:
    def statements(count: int) -> int:
        openings = [
            room.opening(key=f"{count}-{i}", reporter=m.Reporter(phone=f"139{count:04d}{i:04d}")) for i in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            m.open_many(openings, by=SYSTEM, at=MONDAY)
        return len(captured)

    statements(1)
    statements(1)
    assert statements(80) == statements(30)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_make_one_matter(room: Room) -> None:
    answers: list[m.Opened] = []

    def send() -> None:
        try:
            answers.append(m.open_matter(room.opening(key="same"), by=SYSTEM, at=MONDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({a.matter_id for a in answers}) == 1
    assert len(answers) == 6
    assert m.Matter.objects.count() == 1


def test_what_was_raised_earlier_stands_earlier_however_late_it_is_written_down(room: Room) -> None:
    today = room.open()
    old = room.open(at=MONDAY - timedelta(days=300))
    older, oldest = m.open_many([room.opening(at=MONDAY - timedelta(days=n)) for n in (301, 302)], by=SYSTEM, at=MONDAY)
    newest_first = m.Matter.objects.order_by("-pk").values_list("pk", flat=True)
    assert list(newest_first) == [x.matter_id for x in (today, old, older, oldest)]


def test_an_instance_made_for_many_is_like_any_other(room: Room) -> None:
    matter = m.Matter.objects.get(pk=room.open().matter_id)
    for row in (matter, m.Clock.objects.get(matter=matter)):
        fields = row._meta.concrete_fields
        said = {"id": row.pk} | {f.attname: getattr(row, f.attname) for f in fields if not f.has_default()}
        like, quick = type(row)(**said), made(type(row), **said)
        assert [getattr(quick, f.attname) for f in fields] == [getattr(like, f.attname) for f in fields]
        assert quick._state.adding
    assert made(m.Clock).pauses is not made(m.Clock).pauses
    assert made(m.Matter, subkind_id=matter.subkind_id).subkind == matter.subkind
