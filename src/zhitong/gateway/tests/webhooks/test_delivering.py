"""Webhooks against a real receiver: what arrives, what does not, and what is done about it."""

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from tests.district import BY
from zhitong.gateway import tasks
from zhitong.gateway.webhooks import actions, carrying, rules, sending
from zhitong.kernel.accounts.public import holders_of
from zhitong.kernel.events.public import Notice, NoticeState, forget, inbox, render

from .conftest import tell

pytestmark = pytest.mark.django_db
TEXT = "我是王小明，电话13800001234，门前路灯不亮。"


def test_what_happens_arrives_signed_and_names_nobody(district, receiver):
    told = tell(district, receiver.url)
    raised = district.passed(text=TEXT)
    assert told.work() == 2
    first, second = sorted(told_of(receiver, told), key=lambda one: one["data"]["sequence"])
    assert [first["type"], second["type"]] == ["appeal.opened", "appeal.pass"]
    assert first["data"] == {
        "event": str(told.rows()[0].event), "sequence": 1, "id": str(raised.id), "number": raised.number, "kind": "appeal",
        "url": f"https://zhitong.example/api/v1/matters/{raised.id}",
    }  # fmt: skip
    assert first["timestamp"].endswith("Z")
    path, headers, body = receiver.got[0]
    assert path == "/hook?from=zhitong"
    assert headers["content-type"].startswith("application/json")
    for personal in ("王小明", "13800001234", "路灯", "测试"):
        assert personal not in body.decode()
    assert {row.state for row in told.rows()} == {NoticeState.SENT}
    assert {row.answer for row in told.rows()} == {204}
    assert told.now().delivered_at is not None


def told_of(receiver, told):
    return receiver.verified(told.secret)


def test_a_body_that_was_changed_does_not_verify(district, receiver):
    told = tell(district, receiver.url)
    district.open()
    told.work()
    _path, headers, body = receiver.got[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(told.secret).verify(body.replace(b"opened", b"closed"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(told.secret).verify(body, headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)})


def test_only_the_kinds_that_were_asked_for(district, receiver):
    told = tell(district, receiver.url, "appeal.pass")
    district.passed()
    assert told.work() == 1
    assert [one["type"] for one in told_of(receiver, told)] == ["appeal.pass"]


def test_only_what_the_post_sees_when_it_is_sent(district, receiver):
    told = tell(district, receiver.url, name="worker")
    district.passed(to="elsewhere", division_id=district.streets["elsewhere"])
    mine = district.passed()
    told.work()
    assert {one["data"]["number"] for one in told_of(receiver, told)} == {mine.number}
    assert {row.subject for row in told.rows()} == {mine.id}  # what is not seen is not kept either


def test_nothing_is_queued_where_nobody_listens(district):
    district.open()
    assert not Notice.objects.filter(channel="webhook").exists()


def test_a_failure_is_tried_again_with_growing_pauses(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    receiver.answers = [500, 503, 302]
    at, pauses = timezone.now(), []
    for answer in (500, 503, 302):
        assert told.work(at) == 1
        (row,) = told.rows()
        assert (row.state, row.answer, row.last_error) == (NoticeState.PENDING, answer, f"answered {answer}")
        pauses.append(row.next_at - at)
        assert told.work(row.next_at - timedelta(milliseconds=1)) == 0
        at = row.next_at
    assert pauses == list(rules.PAUSES[:3])
    assert told.work(at) == 1
    (row,) = told.rows()
    assert (row.state, row.answer, row.attempts, row.last_error) == (NoticeState.SENT, 204, 4, "")
    assert len(set(receiver.ids())) == 1  # the receiver knows it by its id
    assert receiver.got[0][2] == receiver.got[3][2]


def test_it_is_given_up_after_three_days(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    receiver.answers = [500] * 20
    started = at = timezone.now()
    for _n in range(len(rules.PAUSES) + 1):
        actions.Endpoint.objects.update(failing_since=None)  # nobody pauses it
        assert told.work(at) == 1
        at = told.rows()[0].next_at
    (row,) = told.rows()
    assert row.state == NoticeState.FAILED
    assert timedelta(days=2, hours=20) < at - started < timedelta(days=3, hours=2)
    assert told.work(at + timedelta(days=9)) == 0


def test_a_redirect_is_not_followed(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    receiver.answers, receiver.location = [307], f"http://127.0.0.1:{receiver.port}/elsewhere"
    told.work()
    assert [path for path, _headers, _body in receiver.got] == ["/hook?from=zhitong"]
    assert told.rows()[0].last_error == "answered 307"


def test_a_slow_receiver_is_cut_off(district, receiver, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.4)
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    receiver.seconds = 3
    began = time.monotonic()
    told.work()
    assert time.monotonic() - began < 2
    (row,) = told.rows()
    assert (row.state, row.answer) == (NoticeState.PENDING, None)
    assert row.last_error


def test_nobody_listens_there(district, receiver, settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1:9"]
    told = tell(district, "http://127.0.0.1:9/", "appeal.opened")
    district.open()
    told.work()
    (row,) = told.rows()
    assert row.state == NoticeState.PENDING
    assert "refused" in row.last_error.lower()


def test_a_slow_one_leaves_room_for_the_others(district, receiver):
    slow, quick = tell(district, receiver.url, "appeal.opened"), tell(district, receiver.url, "appeal.pass")
    for _n in range(6):
        district.open()
    district.passed()
    assert slow.work() == 4 + 1
    assert quick.rows()[0].state == NoticeState.SENT
    assert slow.work() == 3


def test_a_worker_that_died_leaves_it_to_the_next(district, receiver, monkeypatch):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()

    def die(*_given):
        raise KeyboardInterrupt

    at = timezone.now()
    with monkeypatch.context() as patched:
        patched.setattr(carrying, "_together", die)
        with pytest.raises(KeyboardInterrupt):
            told.work(at)
    (row,) = told.rows()
    assert (row.state, row.attempts) == (NoticeState.PENDING, 1)
    assert told.work(at + timedelta(seconds=1)) == 0
    assert told.work(row.next_at) == 1
    assert told.rows()[0].state == NoticeState.SENT
    assert len(receiver.got) == 1


def test_an_endpoint_that_always_fails_is_paused_and_the_administrator_told(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    for _n in range(3):
        district.open()
    receiver.answers = [500] * 100
    at = timezone.now()
    while not told.now().paused_at and at < timezone.now() + timedelta(days=3):
        told.work(at)
        at += timedelta(hours=1)
    endpoint = told.now()
    assert endpoint.is_paused_by_itself
    assert endpoint.paused_at is not None
    assert endpoint.failing_since is not None
    assert timedelta(hours=24) <= endpoint.paused_at - endpoint.failing_since < timedelta(hours=48)
    admin = district.people["admin"]
    assert admin.pk in holders_of("accounts.manage")
    title, body = render(inbox(admin.pk).filter(template=actions.PAUSED_LETTER).get())
    assert endpoint.name in title
    assert str(endpoint.failures) in body
    assert {row.state for row in told.rows()} == {NoticeState.HELD}
    # what comes meanwhile is kept back, and sent when it is resumed
    district.open()
    assert told.work(at) == 0
    assert [row.state for row in told.rows()] == [NoticeState.HELD] * 4
    receiver.answers.clear()
    assert actions.resume(endpoint.pk, by=BY, at=at) == 4
    assert told.work(at) == 4
    assert {row.state for row in told.rows()} == {NoticeState.SENT}


def test_one_success_ends_the_counting(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    receiver.answers = [500]
    at = timezone.now()
    told.work(at)
    assert (told.now().failures, told.now().failing_since) == (1, at)
    told.work(at + timedelta(seconds=5))
    assert (told.now().failures, told.now().failing_since) == (0, None)


def test_replayed_it_has_the_id_it_had(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    told.work()
    (row,) = told.rows()
    other = tell(district, receiver.url, "appeal.pass")
    assert actions.replay(other.endpoint.pk, [row.pk], by=BY, at=timezone.now()) == 0  # not its own
    assert actions.replay(told.endpoint.pk, [row.pk], by=BY, at=timezone.now()) == 1
    assert told.work() == 1
    assert len(receiver.got) == 2
    assert len(set(receiver.ids())) == 1
    assert receiver.got[0][2] == receiver.got[1][2]


def test_both_secrets_sign_while_the_old_one_lasts(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    at = timezone.now()
    _endpoint, newer = actions.rotate_secret(told.endpoint.pk, overlap=timedelta(days=1), by=BY, at=at)
    district.open()
    told.work()
    for secret in (told.secret, newer):
        assert receiver.verified(secret)
    later = at + timedelta(days=2)
    assert carrying.secrets_of(told.now(), later) == (newer,)


def test_a_removed_endpoint_is_told_nothing(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    actions.remove_endpoint(told.endpoint.pk, by=BY, at=timezone.now())
    district.open()
    assert told.work() == 0
    assert receiver.got == []


def test_what_is_old_is_taken_out(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    told.work()
    assert forget(timezone.now() - timedelta(days=1)) == 0
    assert forget(timezone.now() + timedelta(days=1)) == 1


def test_the_body_is_json_that_stays_the_same(district, receiver):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    (row,) = told.rows()
    messages = [carrying.messages_for(told.endpoint, [row], timezone.now())[row.pk] for _n in range(2)]
    assert messages[0] == messages[1]
    assert json.loads(messages[0].body)["data"]["event"] == str(row.event)


def test_many_for_one_system_do_not_wait_for_one_turn_each(district, receiver, monkeypatch):
    monkeypatch.setattr(tasks, "SLICE", 60.0)
    tell(district, receiver.url)
    for _each in range(6):
        district.open()
    queued = Notice.objects.filter(channel="webhook", state="pending").count()
    assert queued > 4
    tasks.tell_other_systems()
    assert not Notice.objects.filter(channel="webhook", state="pending").exists()
    assert len(receiver.got) == queued
