"""What may be late comes from a standby that streams: a real one, beside the server of the tests."""

import json
import os
import shlex
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from tests.district import build
from zhitong.config import databases, postgres
from zhitong.config.backup import make_backup
from zhitong.kernel.accounts.models import Account
from zhitong.kernel.events import public as events
from zhitong.kernel.events.actions.pulse import beat
from zhitong.kernel.events.models import Pulse
from zhitong.kernel.events.queries import reading
from zhitong.kernel.matters.public import Matter
from zhitong.kernel.organisation.public import Category, category_tree

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="script/test says where PostgreSQL is"),
]


def run_beside(folder: Path, *command: str | Path) -> None:
    """Run one of PostgreSQL's programs as the account that owns the server of the tests, against it; ``folder`` lies in one for it."""
    host = connection.settings_dict["HOST"]
    if not host.startswith("/"):
        pytest.skip("the server of the tests is somebody else's")
    enter, uid, gid = postgres.identity()
    os.chown(folder.parent, uid, gid)
    name, *rest = command
    told = os.environ | {"PGHOST": host, "PGUSER": "postgres"}
    made = subprocess.run(
        [postgres.programs() / name, *rest], preexec_fn=enter, capture_output=True, text=True, check=False, env=told
    )
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def standby(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A standby of the server of the tests."""
    folder = tmp_path_factory.mktemp("standby") / "postgres"
    run_beside(folder, "pg_basebackup", "-D", folder, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")
    postgres.start(folder, volatile=True)
    try:
        yield folder
    finally:
        postgres.remove(folder)


def test_a_base_is_taken_and_looked_at_as_the_guide_says(tmp_path: Path) -> None:
    guide = (Path(django_settings.ROOT) / "docs/how-to/back-up-and-restore.md").read_text("utf-8")
    lines = [line for line in guide.splitlines() if line.startswith(("pg_basebackup ", "pg_verifybackup "))]
    assert len(lines) == 2
    folder = tmp_path / "base"
    for line in lines:
        run_beside(folder, *shlex.split(line.replace("/backup/base-2026-11-22", str(folder))))
    assert (folder / "backup_manifest").exists()


@pytest.fixture
def replica(standby: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """The standby as the settings name it, on the pulse; asks it one question."""
    postgres.start(standby, volatile=True)
    known = databases.replicas(postgres.address(standby, connection.settings_dict["NAME"]))
    monkeypatch.setitem(connections.databases, reading.REPLICA, connections["default"].settings_dict | known)
    monkeypatch.setattr(reading, "_ask_again", 0.0)
    settings.REPLICA_LATEST = 60
    wrapper = connections[reading.REPLICA]

    def connect() -> None:  # what Django does, but for its guard that tests use the databases they name
        if wrapper.connection is None:
            with wrapper.wrap_database_errors:
                wrapper.connect()

    monkeypatch.setattr(wrapper, "ensure_connection", connect)

    def ask(question: str) -> Any:
        with psycopg.connect(postgres.address(standby, connection.settings_dict["NAME"]), autocommit=True) as one:
            row = one.execute(question.encode()).fetchone()
        return row[0] if row else None

    try:
        yield ask
    finally:
        if postgres.running(standby):
            ask("SELECT pg_wal_replay_resume()")
        connections[reading.REPLICA].close()
        del connections[reading.REPLICA]


def caught_up(ask: Callable[[str], Any]) -> None:
    """Until the standby holds all that is written, as of this moment."""
    Pulse.objects.all().delete()
    beat()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        (wanted,) = cursor.fetchone()
    deadline = time.monotonic() + 60
    while not ask(f"SELECT pg_last_wal_replay_lsn() >= '{wanted}'"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@events.may_be_late
def where() -> tuple[bool, int]:
    """Whether a standby answers, and how many matters it knows."""
    with connections[events.alias()].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        (is_standby,) = cursor.fetchone()
    return is_standby, Matter.objects.count()


def test_what_may_be_late_is_read_from_the_standby_and_what_may_not_is_not(replica):
    district = build()
    district.open()
    caught_up(replica)
    assert where() == (True, 1)
    replica("SELECT pg_wal_replay_pause()")
    district.open()
    assert where() == (True, 1)
    assert Matter.objects.count() == 2
    with events.on_primary():
        assert Matter.objects.count() == 2
    with transaction.atomic():
        assert where() == (False, 2)


def test_the_primary_answers_where_the_standby_is_too_late_or_has_no_pulse(replica, settings):
    caught_up(replica)
    settings.REPLICA_LATEST = -1
    assert where() == (False, 0)
    settings.REPLICA_LATEST = 60
    assert where() == (True, 0)
    Pulse.objects.update(at=timezone.now() - timedelta(seconds=61))
    deadline = time.monotonic() + 60
    while where()[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_primary_answers_where_the_standby_goes_away_on_the_way(replica, standby):
    caught_up(replica)
    asked = []

    @events.may_be_late
    def read() -> int:
        asked.append(events.alias())
        if len(asked) == 1:
            assert Matter.objects.count() == 0
            postgres.stop(standby)
        return Matter.objects.count()

    assert read() == 0
    assert asked == [reading.REPLICA, "default"]
    assert where() == (False, 0)  # left alone for a while
    reading._ask_again = 0.0
    assert where() == (False, 0)  # asked, and not there


def test_a_fault_of_our_own_is_not_tried_twice(replica):
    caught_up(replica)
    asked = []

    @events.may_be_late
    def read() -> None:
        asked.append(events.alias())
        raise LookupError

    with pytest.raises(LookupError):
        read()
    assert asked == [reading.REPLICA]


def test_what_is_written_goes_to_the_primary_wherever_it_was_read(replica):
    caught_up(replica)
    moment = timezone.now() - timedelta(days=1)

    @events.may_be_late
    def write() -> str:
        pulse = Pulse.objects.get()
        pulse.at = moment
        pulse.save()
        return str(pulse._state.db)

    assert write() == "default"
    assert Pulse.objects.get().at == moment
    assert replica("SHOW transaction_read_only") == "on"


def test_a_page_says_as_of_when_it_speaks(replica):
    build()
    caught_up(replica)
    assert "数据截至" not in Client().get("/appeals/public/").content.decode()
    Pulse.objects.update(at=timezone.now() - timedelta(seconds=30))
    deadline = time.monotonic() + 60
    while "数据截至" not in Client().get("/appeals/public/").content.decode():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_may_what_is_never_late(replica):
    district = build()
    caught_up(replica)
    replica("SELECT pg_wal_replay_pause()")
    district.people["worker"].delete()

    @events.may_be_late
    def known() -> list[bool]:
        return [rows.filter(username="worker").exists() for rows in (Account.objects, Account.objects.using("replica"))]

    assert known() == [False, True]


def test_what_a_process_keeps_is_built_from_the_primary(replica):
    caught_up(replica)
    replica("SELECT pg_wal_replay_pause()")
    build()
    assert events.may_be_late(lambda: (where()[0], bool(category_tree()), Category.objects.exists()))() == (
        True,
        True,
        False,
    )


def test_a_backup_is_taken_from_the_standby(replica, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    district = build()
    district.open()
    caught_up(replica)
    replica("SELECT pg_wal_replay_pause()")
    district.open()
    kept = tmp_path / "kept.zt"
    make_backup(kept)
    with tarfile.open(kept) as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        assert json.loads(manifest.read())["rows"]["matters_matter"] == 1


def test_the_pulse_beats_only_where_somebody_listens():
    beat()
    assert not Pulse.objects.exists()
