"""The life cycle of our own PostgreSQL, with a real one."""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from zhitong.config import postgres


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server's folder, in a path with a space and a Chinese character; stopped at the end."""
    folder = tmp_path_factory.mktemp("a place 数") / "postgres"
    postgres.start(folder, volatile=True)
    postgres.ensure_database(folder, "zhitong")
    yield folder
    postgres.stop(folder)


def ask(data: Path, question: str) -> object:
    with psycopg.connect(postgres.address(data)) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_knows_chinese(data: Path) -> None:
    assert ask(data, "SHOW server_encoding") == "UTF8"
    assert ask(data, r"SELECT '路灯' ~ '^\w+$'") is True


def test_only_its_owner_gets_in(data: Path) -> None:
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert ask(data, "SHOW listen_addresses") == ""


def test_parent_folders_keep_their_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    postgres.start(tmp_path / "pg", volatile=True)
    try:
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    finally:
        postgres.stop(tmp_path / "pg")


def test_a_second_start_leaves_it_running(data: Path) -> None:
    before = postgres.running(data)
    postgres.start(data)
    assert before is not None
    assert postgres.running(data) == before


def test_starts_again_quickly_after_a_stop(data: Path) -> None:
    postgres.stop(data)
    assert postgres.running(data) is None
    began = time.monotonic()
    postgres.start(data, volatile=True)
    assert time.monotonic() - began < 5
    assert ask(data, "SELECT 1") == 1


def test_comes_back_after_kill_9_even_as_a_zombie(data: Path) -> None:
    pid = postgres.running(data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)  # our child: it stays a zombie until somebody asks for it
    deadline = time.monotonic() + 5
    while postgres.running(data) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert postgres.running(data) is None
    postgres.start(data, volatile=True)
    assert ask(data, "SELECT 1") == 1


def test_a_lock_file_with_somebody_elses_number_is_no_obstacle(data: Path) -> None:
    lock = (data / "postmaster.pid").read_text().split("\n", 1)[1]
    postgres.stop(data)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{lock}")
        assert postgres.running(data) is None
        postgres.start(data, volatile=True)
        assert ask(data, "SELECT 1") == 1
        stranger.terminate()


def test_whoever_leaves_last_stops_it(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    with postgres.using(data, volatile=True):
        with postgres.using(data, volatile=True, database="another") as url, psycopg.connect(url) as connection:
            assert connection.info.dbname == "another"
        assert postgres.running(data)
    assert postgres.running(data) is None


def test_a_long_path_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20) / "pg"
    assert postgres.socket_folder(data) != data
    with postgres.using(data, volatile=True) as url, psycopg.connect(url):
        folder = postgres.socket_folder(data)
        assert len(str(folder)) < postgres.LONGEST_SOCKET_PATH
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    postgres.remove(data)
    if folder.exists():
        folder.rmdir()


def test_says_why_it_does_not_start(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "old"
    other.mkdir()
    (other / "PG_VERSION").write_text("9\n")
    with pytest.raises(postgres.PostgresError, match="PostgreSQL 9 made"):
        postgres.start(other)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL as itself")
def test_goes_where_its_account_may_if_namespaces_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = postgres.programs().parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
    closed = tmp_path / postgres.programs().relative_to(package.parent)
    monkeypatch.setattr(postgres, "programs", lambda: closed)
    monkeypatch.setattr(postgres, "_works", lambda _enter: False)
    tmp_path.chmod(0o700)
    data = tmp_path / "pg"
    try:
        for _turn in ("first", "second"):
            with postgres.using(data, volatile=True):
                assert ask(data, "SELECT 1") == 1
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        assert data.resolve().is_relative_to(postgres.OPEN)
        assert data.stat().st_uid != 0
    finally:
        elsewhere = data.resolve().parent
        postgres.remove(data)
    assert not os.path.lexists(data)
    assert not elsewhere.exists()
