"""The log: chained, protected, sealed; the outbox delivers once."""

import importlib
from datetime import timedelta
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clock import set_clock
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events

pytestmark = pytest.mark.django_db
delivery = importlib.import_module("zhitong.kernel.events.actions.deliver")
SYSTEM = Actor.system("test")


def write(stream: UUID, **data: Any) -> events.Happening:
    return events.record("thing.done", stream, stream_kind="thing", at=timezone.now(), by=SYSTEM, data=data)


def allow_tampering() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def test_events_are_numbered_and_chained() -> None:
    stream = uuid4()
    for number in range(3):
        write(stream, number=number)
    found = list(events.stream(stream))
    assert [e.seq for e in found] == [1, 2, 3]
    assert bytes(found[2].prev or b"") == bytes(found[1].hash)
    assert list(events.verify()) == []


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.text(max_size=8),
        st.one_of(
            st.text(max_size=20), st.integers(-(10**12), 10**12), st.booleans(), st.none(),
            st.floats(allow_nan=False, allow_infinity=False, min_value=-180, max_value=180),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_is_written_verifies(data: dict[str, Any]) -> None:
    with transaction.atomic():
        write(uuid4(), **{f"x{k}": v for k, v in data.items()})
        assert list(events.verify()) == []
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement", ["UPDATE events_event SET kind = 'x'", "DELETE FROM events_event", "TRUNCATE events_event"]
)
def test_the_database_refuses_to_change_the_log(statement: str) -> None:
    write(uuid4())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE events_event SET data = '{\"n\": 9}' WHERE seq = 2", "was changed"),
        ("DELETE FROM events_event WHERE seq = 2", "is missing"),
        ("UPDATE events_event SET at = at + interval '1 day' WHERE seq = 1", "was changed"),
        ("UPDATE events_event SET prev = NULL WHERE seq = 3", "does not follow"),
    ],
)
def test_verify_sees_what_was_changed_behind_the_back(statement: str, says: str) -> None:
    stream = uuid4()
    for number in range(3):
        write(stream, n=number)
    allow_tampering()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert any(says in line for line in events.verify())


def test_a_removed_tail_breaks_the_seal() -> None:
    stream = uuid4()
    write(stream)
    write(stream)
    set_clock("1 day")
    assert events.seal_finished_days() == 1
    assert events.Seal.objects.get().count == 2
    assert list(events.verify()) == []
    allow_tampering()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_event WHERE seq = 2")
    assert any("do not match the seal" in line for line in events.verify())


def test_an_event_that_is_moved_to_another_day_breaks_the_seals() -> None:
    for day in range(3):
        set_clock(f"{day} days")
        events.seal_finished_days()
        write(uuid4())
    assert [seal.count for seal in events.Seal.objects.order_by("number")] == [1, 1]
    allow_tampering()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET book = book + 1 WHERE book = (SELECT min(book) FROM events_event)")
    assert len([line for line in events.verify() if "do not match the seal" in line]) == 2


def test_a_day_that_is_not_over_is_not_sealed() -> None:
    write(uuid4())
    assert events.seal_finished_days() == 0


@pytest.mark.parametrize("wrong", ["3 days", "-3 days", "400 days"])
def test_a_clock_that_is_wrong_for_a_while_spoils_no_seal(wrong: str) -> None:
    for clock in ("0 days", wrong, "0 days", "1 day", "2 days"):
        set_clock(clock)
        events.seal_finished_days()
        write(uuid4())
        assert events.seal_finished_days() == 0
    assert list(events.verify()) == []
    today = timezone.localdate()
    ahead = today + timedelta(days=int(wrong.split()[0]))
    seals = list(events.Seal.objects.order_by("number"))
    assert [seal.day for seal in seals] == [today, ahead, today, today + timedelta(days=1)]
    assert [seal.count for seal in seals] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_who_still_writes_into_a_closed_book_is_waited_for() -> None:
    writing, over = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            write(uuid4())
            writing.set()
            assert over.wait(60)
        connection.close()

    with transaction.atomic():
        write(uuid4())
    slow = Thread(target=slowly)
    slow.start()
    assert writing.wait(60)
    with connection.cursor() as cursor:  # what midnight does
        cursor.execute("SELECT nextval('events_book')")
    assert events.seal_finished_days(patience=0.2) == 0
    over.set()
    slow.join()
    assert events.seal_finished_days() == 1
    assert events.Seal.objects.get().count == 2
    assert list(events.verify()) == []


def test_subscribers_are_told_inside_the_transaction() -> None:
    heard: list[str] = []
    stream = uuid4()
    events.subscribe(lambda batch: heard.extend(h.kind for h in batch if h.stream == stream), kinds=["thing."])
    write(stream)
    assert heard == ["thing.done"]


def test_events_need_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "get_connection", lambda: SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        write(uuid4())


events.declare_letter(
    events.Wording(
        "test.letter", "测试", "诉求{number}", "您好{name}，{unknown}{不是 占位符}{", "Appeal {number}", "Dear {name}"
    )
)


def tell(channel: str, **more: Any) -> None:
    event = write(uuid4())
    context = {"number": "123", "name": "王"}
    events.notify_many([events.Telling(event.id, event.stream, "test.letter", channel, context=context, **more)] * 2)


def test_letters_fill_in_only_named_placeholders() -> None:
    assert events.letter("test.letter", {"number": 5, "name": "{number}"}) == ("诉求5", "您好{number}，{不是 占位符}{")
    assert events.letter("test.letter", {"number": 5, "name": "Wang"}, "en") == ("Appeal 5", "Dear Wang")


def test_the_district_replaces_a_letter() -> None:
    events.Letter.objects.create(slug="test.letter", title="改过的{number}", body="改过")
    assert events.letter("test.letter", {"number": 7}) == ("改过的7", "改过")


def test_a_notice_is_queued_once_and_delivered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setitem(delivery._adapters, "sms", lambda *message: sent.append(message))
    monkeypatch.setattr(delivery, "_books", [lambda channel, account, contact: "13800000000"])
    tell("sms", to_contact=uuid4())
    assert events.deliver(at=timezone.now()) == 1
    assert events.deliver(at=timezone.now()) == 0
    assert [m[:2] for m in sent] == [("13800000000", "诉求123")]


def test_a_failure_is_tried_again_later_and_given_up_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*message: str) -> None:
        raise OSError("no line")

    monkeypatch.setitem(delivery._adapters, "sms", refuse)
    monkeypatch.setattr(delivery, "_books", [lambda channel, account, contact: "13800000000"])
    tell("sms", to_contact=uuid4())
    at = timezone.now()
    assert events.deliver(at=at) == 1
    assert events.deliver(at=at) == 0
    for _ in range(20):
        at += timedelta(days=1)
        events.deliver(at=at)
    notice = events.Notice.objects.get()
    assert (notice.state, notice.attempts) == ("failed", delivery.MOST_ATTEMPTS)
    assert "no line" in notice.last_error
    assert events.retry([notice.id], at=at) == 1


def test_what_a_wrong_clock_queued_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*message: str) -> None:
        raise OSError("no line")

    monkeypatch.setitem(delivery._adapters, "sms", refuse)
    monkeypatch.setattr(delivery, "_books", [lambda channel, account, contact: "13800000000"])
    now = timezone.now()
    with monkeypatch.context() as ahead:
        ahead.setattr(timezone, "now", lambda: now + timedelta(days=3))
        tell("sms", to_contact=uuid4())
        tell("sms", to_contact=uuid4())
    tell("sms", to_contact=uuid4())
    assert events.bring_forward(at=now) == 2
    assert events.deliver(at=now + timedelta(seconds=1)) == 3
    assert events.bring_forward(at=now) == 0  # they wait for their second try, as they should
    events.Notice.objects.update(next_at=now + timedelta(days=3))
    assert events.bring_forward(at=now) == 3


def test_no_address_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_books", [])
    tell("email", to_account=uuid4())
    events.deliver(at=timezone.now())
    assert events.Notice.objects.get().state == "failed"


def test_in_app_notices_are_read() -> None:
    account = uuid4()
    tell("in_app", to_account=account)
    assert events.inbox(account).filter(read_at=None).count() == 1
    assert events.mark_read(account_id=account, at=timezone.now()) == 1
    assert events.mark_read(account_id=account, at=timezone.now()) == 0
