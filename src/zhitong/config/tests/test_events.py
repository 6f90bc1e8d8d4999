"""``zhitong events``: what it prints, and when it fails."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.utils import timezone

from zhitong.config.cli.events import events
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(events, arguments, catch_exceptions=False)


@pytest.fixture
def stream() -> UUID:
    """Three events of one thing."""
    found = uuid4()
    for n in range(3):
        public.record("a.b", found, stream_kind="a", at=timezone.now(), by=Actor.system("test"), data={"n": n})
    return found


def behind_the_back(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)


def test_a_sound_log_verifies(stream: UUID) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert result.output == f"{public.Event.objects.count()} events and 0 seals fit\n"


def test_each_break_is_named_and_fails(stream: UUID) -> None:
    behind_the_back(f"UPDATE events_event SET data = '{{\"n\": 9}}' WHERE stream = '{stream}' AND seq = 2")
    result = run("verify")
    assert result.exit_code == 1
    assert result.output == f"stream {stream}: number 2 was changed\n"


def test_days_are_sealed_once_and_printed(stream: UUID) -> None:
    behind_the_back("UPDATE events_event SET recorded_at = recorded_at - interval '3 days'")
    assert run("seal").output == "3 days sealed\n"
    assert run("seal").output == "0 days sealed\n"
    lines = run("seals").output.splitlines()
    first = (timezone.now() - timedelta(days=3)).astimezone(public.SHANGHAI).date()
    assert len(lines) == 3
    assert lines[0].startswith(f"{first} 3 ")
    assert run("verify").exit_code == 0
    behind_the_back(f"DELETE FROM events_event WHERE stream = '{stream}' AND seq = 3")
    assert f"day {first}: 2 events do not match the seal over 3" in run("verify").output


def test_notices_that_were_given_up_are_listed_and_queued_again(stream: UUID) -> None:
    public.declare_letter(public.Wording("test.cli", "测试", "标题", "正文", "Title", "Body"))
    public.notify_many([public.Telling(uuid4(), stream, "test.cli", "email", to_account=uuid4()) for _ in range(2)])
    public.deliver(at=timezone.now())
    first, second = public.Notice.objects.order_by("created_at", "id")
    assert first.state == "failed"
    assert str(second.pk) in run("notices", "failed").output
    assert run("notices", "retry", str(first.pk)).output == "1 notices queued again\n"
    assert run("notices", "retry").output == "1 notices queued again\n"
    assert run("notices", "retry").output == "0 notices queued again\n"
    assert run("notices", "retry", "no-id").exit_code == 2
