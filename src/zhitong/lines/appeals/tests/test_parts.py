"""A long file by several processes at once."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone

from tests.elsewhere import environment
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import verify
from zhitong.kernel.matters import public as m
from zhitong.lines.appeals.actions import attended, import_batch, import_together, importing
from zhitong.lines.appeals.models import OrderImport
from zhitong.lines.appeals.rules.orders import guess

from .factories import MONDAY, district

HEAD = ["工单编号", "诉求内容", "受理时间"]
SYSTEM = Actor.system("test")
ROWS, WRONG = 61, 12


@pytest.fixture
def path(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file, every fifth row of which is wrong, and a district for processes to import it into."""
    district()
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(
            [HEAD, *([str(n), f"第{n}件", "坏日期" if n % 5 == 4 else "2026-09-01"] for n in range(ROWS))]
        )
    return file


def begun(path: Path) -> OrderImport:
    return attended(path, columns=guess(HEAD), source="12345", by=SYSTEM, at=MONDAY)


def is_whole(run: OrderImport) -> bool:
    """Every row of the file is counted once, and every good one opened once."""
    assert (run.state, run.rows, run.opened, run.known, run.wrong) == ("done", ROWS, ROWS - WRONG, 0, WRONG)
    assert (run.position, run.ahead, run.problems.count()) == (ROWS + 1, [], WRONG)
    return m.Matter.objects.count() == ROWS - WRONG


def test_two_processes_open_every_row_once(path: Path) -> None:
    seen: list[int] = []
    run = import_together(begun(path).pk, path, processes=2, most=7, told=lambda one: seen.append(one.rows))
    assert is_whole(run)
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert not list(verify())
    assert begun(path).pk != run.pk  # from now on it is another import, in which all are known


def test_what_others_have_done_ahead_is_not_done_again(path: Path) -> None:
    """Two parts were done when the one that had the first was killed: whoever goes on begins before them and skips them."""
    run = begun(path)
    import_batch(run.pk, at=MONDAY, path=path, most=5)
    importing.close(run.pk)
    lines = list(csv.reader(path.open(encoding="utf-8")))
    rows = [(number, cells) for number, cells in enumerate(lines, start=1)]
    importing.import_part(run.pk, 13, rows[13:20], at=MONDAY)
    importing.import_part(run.pk, 20, rows[20:27], at=MONDAY)
    run.refresh_from_db()
    assert (run.position, run.rows, run.ahead) == (6, 19, [[13, 20], [20, 27]])
    assert begun(path).pk == run.pk
    while run.state == "running":
        run = import_batch(run.pk, at=timezone.now(), path=path, most=9)
    assert is_whole(run)


def test_parts_close_the_gap_in_whatever_order_they_are_done(path: Path) -> None:
    run = begun(path)
    import_batch(run.pk, at=MONDAY, path=path, most=1)
    lines = list(csv.reader(path.open(encoding="utf-8")))
    rows = [(number, cells) for number, cells in enumerate(lines, start=1)]
    for first, last, position in ((9, 12, 2), (2, 5, 5), (5, 9, 12)):
        importing.import_part(run.pk, first, rows[first:last], at=MONDAY)
        run.refresh_from_db()
        assert run.position == position
    assert run.ahead == []


def test_a_file_that_is_damaged_in_the_middle_keeps_what_came_before(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write('99,"没有收尾的引号' + "字" * 1_200_000)
    run = import_together(begun(path).pk, path, processes=2, most=10)
    assert run.state == "failed"
    assert "损坏" in run.failure
    assert run.rows == 60  # the last part was never whole
    assert run.held_until is None


def test_who_stops_it_is_heard(path: Path) -> None:
    def stop(run: OrderImport) -> None:
        OrderImport.objects.filter(pk=run.pk).update(state="stopped")

    run = import_together(begun(path).pk, path, processes=2, most=5, told=stop)
    assert run.state == "stopped"
    assert 0 < run.rows < ROWS
    assert m.Matter.objects.count() == run.opened
