"""Tables that stay open between two portions: found where they were left, opened anew anywhere else, closed when nobody goes on."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from zhitong.base import readings
from zhitong.base.readings import Reading, Readings
from zhitong.base.tables import Table, read_table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A table of five rows, the second to the sixth line."""
    found = tmp_path / "a.csv"
    found.write_text("甲,乙\n" + "".join(f"{n},x\n" for n in range(2, 7)), encoding="utf-8")
    return found


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file that was opened, in order."""
    files: list[Path] = []

    def counted(path: Path) -> object:
        files.append(path)
        return read_table(path)

    monkeypatch.setattr(readings, "read_table", counted)
    return files


def begun(table: Table) -> Reading:
    return Reading(table=table)


def took(reading: Reading, count: int) -> list[int]:
    """The next rows by number; the reading stands behind the last of them."""
    found = []
    for number, _cells in reading.table.rows:
        found.append(number)
        reading.position = number
        if len(found) == count:
            break
    return found


def test_it_goes_on_where_it_was_left_without_opening_again(path: Path, opened: list[Path]) -> None:
    tables, run = Readings(begun), uuid4()
    assert took(tables.behind(run, 0, path), 2) == [2, 3]
    assert tables.stands(run, 3)
    assert took(tables.behind(run, 3, path), 2) == [4, 5]
    assert opened == [path]


def test_another_process_begins_behind_the_row_that_is_kept(path: Path, opened: list[Path]) -> None:
    run = uuid4()
    assert took(Readings(begun).behind(run, 4, path), 9) == [5, 6]
    assert opened == [path]


def test_what_was_read_but_not_kept_is_read_again(path: Path, opened: list[Path]) -> None:
    tables, run = Readings(begun), uuid4()
    took(tables.behind(run, 0, path), 3)  # and the transaction of these rows fails
    assert not tables.stands(run, 0)
    assert took(tables.behind(run, 0, path), 1) == [2]
    assert len(opened) == 2


def test_only_the_rows_that_are_left_are_given(path: Path) -> None:
    reading = Readings(begun).behind(uuid4(), 0, path, lambda number: number in (3, 6))
    assert took(reading, 9) == [3, 6]


def test_each_import_has_its_own(path: Path, opened: list[Path]) -> None:
    tables, one, other = Readings(begun), uuid4(), uuid4()
    took(tables.behind(one, 0, path), 1)
    assert took(tables.behind(other, 0, path), 9) == [2, 3, 4, 5, 6]
    assert took(tables.behind(one, 2, path), 1) == [3]
    assert len(opened) == 2


def test_closing_lets_go_of_the_file(path: Path) -> None:
    tables, run = Readings(begun), uuid4()
    closed: list[UUID] = []
    tables.behind(run, 0, path).stack.callback(closed.append, run)
    tables.close(run)
    tables.close(run)  # nothing is open
    assert closed == [run]
    assert not tables.stands(run, 0)


def test_a_table_that_is_refused_is_closed_and_not_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []

    class Watched:
        """A table that tells when it is closed."""

        def __enter__(self) -> Table:
            return Table(["甲"], iter(()))

        def __exit__(self, *_error: object) -> None:
            left.append("closed")

    monkeypatch.setattr(readings, "read_table", lambda _path: Watched())

    def refused(_table: Table) -> Reading:
        raise ValueError("no such columns")

    tables, run = Readings(refused), uuid4()
    with pytest.raises(ValueError, match="no such columns"):
        tables.behind(run, 0, path)
    assert left == ["closed"]
    assert not tables.stands(run, 0)
