"""Notices on their way out: e-mail, short messages into a file, and channels that are not set up."""

import importlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from zhitong.config import worker
from zhitong.kernel.events import declarations
from zhitong.kernel.events import public as events
from zhitong.kernel.events.actions import adapters

pytestmark = pytest.mark.django_db
delivery = importlib.import_module("zhitong.kernel.events.actions.deliver")
events.declare_letter(
    events.Wording("test.out", "测试", "诉求{number}", "您的诉求{number}已收到。", "Appeal {number}", "Received.")
)
ADDRESSES = {"sms": "13800001234", "email": "wang@example.org"}


class By:
    account_id = post_id = None
    label = "测试"


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Any:
    """Settings to change; nothing is set up yet, and everybody has an address."""
    monkeypatch.setattr(delivery, "_adapters", {})
    monkeypatch.setattr(delivery, "_books", [lambda channel, account, contact: ADDRESSES[channel]])
    settings.SMS_FILE, settings.HAS_MAIL = str(tmp_path / "out" / "sms.jsonl"), True
    return settings


def tell(channel: str, number: str = "7") -> None:
    with transaction.atomic():
        event = events.record("thing.told", uuid4(), stream_kind="thing", at=timezone.now(), by=By(), data={})
        telling = events.Telling(
            event.id, event.stream, "test.out", channel, to_contact=uuid4(), context={"number": number}
        )
        events.notify_many([telling])


def test_the_worker_sends_both(channels: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    declarations.declare()
    tell("sms")
    tell("email")
    assert worker.work(once=True)
    assert set(events.Notice.objects.values_list("state", "last_error")) == {("sent", "")}
    (line,) = Path(channels.SMS_FILE).read_text(encoding="utf-8").splitlines()
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "id": str(events.Notice.objects.get(channel="sms").pk),
        "to": ADDRESSES["sms"],
        "title": "诉求7",
        "body": "您的诉求7已收到。",
    }
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body) == ([ADDRESSES["email"]], "诉求7", "您的诉求7已收到。")
    assert letter.extra_headers["Message-ID"] == f"<{events.Notice.objects.get(channel='email').pk}@zhitong>"
    assert worker.work(once=True)
    assert len(mail.outbox) == 1


def test_messages_are_for_their_owner_only_and_one_line_each(channels: Any) -> None:
    adapters.write_sms("13800001234", "一", "第一行\n第二行", "1")
    adapters.write_sms("13800001234", "二", "又一条", "2")
    path = Path(channels.SMS_FILE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["title"] for line in path.read_text(encoding="utf-8").splitlines()] == ["一", "二"]


def test_a_title_cannot_add_headers(channels: Any) -> None:
    adapters.send_mail("wang@example.org", "诉求\r\nBcc: everybody@example.org", "正文", "1")
    assert mail.outbox[0].message()["Bcc"] is None
    assert mail.outbox[0].recipients() == ["wang@example.org"]


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_channel_that_is_not_set_up_fails_at_once_and_says_so(channels: Any, channel: str) -> None:
    channels.SMS_FILE, channels.HAS_MAIL = "", False
    declarations.declare()
    tell(channel)
    events.deliver(at=timezone.now())
    notice = events.Notice.objects.get()
    assert (notice.state, notice.attempts) == ("failed", 1)
    assert f"no way to send {channel} is set up" in notice.last_error
    channels.SMS_FILE, channels.HAS_MAIL = "sms.jsonl", True
    declarations.declare()
    assert set(delivery._adapters) == {"sms", "email"}
