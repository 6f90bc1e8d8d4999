"""``zhitong retention``: what is kept how long, and what goes."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.contrib.sessions.models import Session
from django.utils import timezone

from zhitong.config.cli.retention import retention

pytestmark = pytest.mark.django_db


def test_what_is_due_and_what_goes_by_itself() -> None:
    old = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=old)
    shown = CliRunner().invoke(retention, ["due"])
    assert shown.exit_code == 0
    lines = {line.split()[0]: line.split()[1:] for line in shown.output.splitlines()}
    assert lines["accounts.sessions"][-2] == "1"
    assert lines["matters.closed"][1] == "list"
    assert lines["events.log"][1:3] == ["-", "-"]
    done = CliRunner().invoke(retention, ["tidy"])
    assert done.exit_code == 0
    assert ["accounts.sessions", "1"] in [line.split() for line in done.output.splitlines()]
    assert "matters.closed" not in done.output
    assert not Session.objects.exists()
