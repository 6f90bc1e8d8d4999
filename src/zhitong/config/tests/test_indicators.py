"""The command of the figures."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import transaction

from zhitong.config.cli.indicators import indicators
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.indicators.models import Fact
from zhitong.kernel.indicators.public import Indicator

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def appeal(db: None) -> None:
    """The first event of an appeal."""
    with transaction.atomic():
        data = {"dims": {"channel": "portal"}}
        record("appeal.opened", uuid4(), stream_kind="matter", at=AT, by=Actor.system("test"), data=data, is_first=True)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(indicators, arguments)
    return result.exit_code, result.output


def test_rebuild_and_check(appeal: None) -> None:
    assert run("check") == (0, "2026-03\nlog, facts and rollups agree\n")
    Fact.objects.update(value=7)
    code, said = run("check")
    assert code == 1
    assert "day 2026-03-01: 2 facts do not follow from the log" in said
    assert "1 facts made from the log" in run("rebuild")[1]
    assert run("check")[0] == 0


def test_fold(appeal: None) -> None:
    assert "days and months folded" in run("fold")[1]
    assert run("fold") == (0, "0 days and months folded\n")


def test_load(db: None) -> None:
    assert run("load")[1].endswith("indicators defined\n")
    assert Indicator.objects.filter(slug="appeal_volume").exists()
    assert run("load") == (0, "0 indicators defined\n")
