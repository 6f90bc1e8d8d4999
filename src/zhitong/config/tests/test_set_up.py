"""The commands a district is set up with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhitong.config.cli import main
from zhitong.kernel.matters.public import CalendarDay, Limit, Reason, SubKind
from zhitong.kernel.organisation.public import Category, Organ
from zhitong.lines.hall.public import Item

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


def test_the_catalogue_that_ships_goes_to_the_organs_there_are(run: Run) -> None:
    Organ.objects.create(code="X", name="新城区城市管理局", kind="department", valid_from=date(2024, 1, 1))
    said = run("hall", "defaults")
    count = Item.objects.count()
    assert count >= 5
    assert f"items: {count} created" in said
    assert "没有名为“民政局”的单位" in said
    assert f"items: 0 created, 0 changed, {count} unchanged" in run("hall", "defaults")


def test_a_catalogue_is_exported_and_imported(run: Run, tmp_path: Path) -> None:
    Organ.objects.create(code="X", name="新城区城市管理局", kind="department", valid_from=date(2024, 1, 1))
    run("hall", "defaults")
    for name in ("catalogue.csv", "catalogue.xlsx"):
        run("hall", "export", str(tmp_path / name))
        assert "items: 0 would be created, 0 would be changed" in run(
            "hall", "import", str(tmp_path / name), "--dry-run"
        )
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "空" in run("hall", "import", str(tmp_path / "empty.csv"), fails=True)
