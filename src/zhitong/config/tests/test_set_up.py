"""The commands a district is set up with."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from zhitong.config.cli import main
from zhitong.kernel.matters.public import CalendarDay, Limit, Reason, SubKind
from zhitong.kernel.organisation.public import Category

pytestmark = pytest.mark.django_db
Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    def run(*arguments: str, fails: bool = False) -> str:
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    return run


def test_what_ships_is_written_once(run: Run) -> None:
    assert "created, 0 changed, 0 unchanged" in run("appeals", "defaults")
    before = [table.objects.count() for table in (Category, SubKind, Limit, Reason)]
    assert all(before)
    SubKind.objects.filter(slug="report").update(name="本区叫法")
    assert "categories: 0 created, 0 changed" in run("appeals", "defaults")
    assert [table.objects.count() for table in (Category, SubKind, Limit, Reason)] == before
    assert SubKind.objects.get(slug="report").name == "本区叫法"


def test_holidays_are_loaded_once(run: Run) -> None:
    assert "holidays are known through" in run("matters", "holidays")
    known = CalendarDay.objects.count()
    assert known > 100
    assert run("matters", "holidays").startswith("0 days new")
    assert CalendarDay.objects.count() == known
