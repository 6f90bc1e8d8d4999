"""``zhitong events``: what it prints, and when it fails."""

from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.utils import timezone

from tests.clock import set_clock
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
    set_clock("1 day")
    assert run("seal").output == "1 seals made\n"
    assert run("seal").output == "0 seals made\n"
    lines = run("seals").output.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{timezone.localdate()} 3 ")
    assert run("verify").exit_code == 0
    behind_the_back(f"DELETE FROM events_event WHERE stream = '{stream}' AND seq = 3")
    assert f"day {timezone.localdate()}: 2 events do not match the seal over 3" in run("verify").output
