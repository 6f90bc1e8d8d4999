"""A backup brought back into an empty database is the same district; a damaged one is refused."""

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.district import BY, build, photo
from tests.elsewhere import address
from zhitong.config.backup import BackupError, make_backup, restore_backup
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.public import load_supplied
from zhitong.kernel.reviews.public import load_defaults as load_review_defaults

OTHER_KEYS = "YW5vdGhlcl9rZXlfZm9yX3Rlc3RzX29ubHlfMTIzNDU="


@pytest.fixture
def kept(transactional_db: None, settings: Any, tmp_path: Path) -> Path:
    """A district with people, a concluded matter and photos, and its backup."""
    settings.MEDIA_ROOT = tmp_path / "files"
    district = build()
    load_review_defaults(by=BY)
    load_supplied(at=timezone.now())
    raised = district.concluded()
    m.attach(raised.matter, [m.check_upload("a.jpg", photo())], by=Actor.resident(), at=raised.matter.opened_at)
    make_backup(tmp_path / "one.zt", with_keys=True)
    return tmp_path / "one.zt"


@pytest.fixture
def small(db: None, settings: Any, tmp_path: Path) -> Path:
    """The backup of a database in which nothing is committed, and one upload."""
    settings.MEDIA_ROOT = tmp_path / "files"
    (settings.MEDIA_ROOT / "ab").mkdir(parents=True)
    (settings.MEDIA_ROOT / "ab/abcd").write_bytes(b"a picture")
    make_backup(tmp_path / "one.zt", with_keys=True)
    return tmp_path / "one.zt"


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """The name of a database with nothing in it."""
    name = f"{connection.settings_dict['NAME']}_restored"

    def say(*sentences: str) -> None:
        given = connection.get_connection_params()
        reached = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
        with psycopg.connect(dbname="postgres", autocommit=True, **reached) as one:
            for sentence in sentences:
                one.execute(sentence.encode())

    say(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield name
    say(f"DROP DATABASE {name} WITH (FORCE)")


def zhitong(database: str, var: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The command as an administrator gives it on another machine."""
    environ = os.environ | {
        "DATABASE_URL": address(database), "ZHITONG_VAR": str(var), "DJANGO_SETTINGS_MODULE": "zhitong.config.settings",
        "ZHITONG_SECRET_KEY": "only-for-tests", "ZHITONG_DATA_KEYS": ",".join(settings.DATA_KEYS), **more,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "zhitong.config.cli", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_brought_back_it_is_the_same_district(kept: Path, empty: str, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    done = zhitong(empty, there, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    for sentence in (
        "files are back",
        "are those that were kept",
        "log fits",
        "rollups agree",
        "keys open what is sealed",
    ):
        assert sentence in done.stdout
    assert files_under(there / "files") == files_under(tmp_path / "files") != {}
    again = zhitong(empty, there, "backup", str(tmp_path / "two.zt"))
    assert again.returncode == 0, again.stderr
    first, second = (manifest(path) for path in (kept, tmp_path / "two.zt"))
    for volatile in ("made_at", "dump"):
        first.pop(volatile), second.pop(volatile)
    assert first == second
    refused = zhitong(empty, there, "restore", str(kept))
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


def manifest(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        found: dict[str, Any] = json.loads(archive.extractfile("manifest.json").read())
        return found


def test_other_keys_are_told_and_those_inside_are_given_out(kept: Path, empty: str, tmp_path: Path) -> None:
    done = zhitong(
        empty,
        tmp_path / "elsewhere",
        "restore",
        str(kept),
        "--keys-to",
        str(tmp_path / "keys"),
        ZHITONG_DATA_KEYS=OTHER_KEYS,
    )
    assert done.returncode == 1
    assert "set the keys of that time" in done.stderr
    assert f"ZHITONG_DATA_KEYS={','.join(settings.DATA_KEYS)}" in (tmp_path / "keys").read_text()


def test_only_its_owner_reads_it_and_keys_are_inside_only_when_asked_for(small: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(small.stat().st_mode) == 0o600
    make_backup(tmp_path / "without.zt")
    content = (tmp_path / "without.zt").read_bytes()
    assert all(key.encode() not in content for key in settings.DATA_KEYS)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".") or p.name.endswith(".part")] == []
    with pytest.raises(BackupError, match="there already"):
        make_backup(small)


@pytest.mark.parametrize("what", ["files/", "database.dump"])
def test_a_changed_file_is_refused(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    changed = tmp_path / "changed.zt"
    with tarfile.open(small) as old, tarfile.open(changed, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name.startswith(what):
                content = content[:-1] + bytes([content[-1] ^ 1])
            new.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr("zhitong.config.backup._demand_empty", lambda: None)
    with pytest.raises(BackupError, match="changed or damaged"):
        list(restore_backup(changed))


def test_names_that_lead_elsewhere_are_refused(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = manifest(small)
    evil = tmp_path / "evil.zt"
    said["files"] = {"files/../../escaped": "0" * 64}
    with tarfile.open(small) as old, tarfile.open(evil, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == "manifest.json":
                content = json.dumps(said).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr("zhitong.config.backup._demand_empty", lambda: None)
    with pytest.raises(BackupError, match="not the name of an upload"):
        list(restore_backup(evil))
    (tmp_path / "no.zt").write_bytes(b"")
    with pytest.raises((BackupError, tarfile.TarError)):
        list(restore_backup(tmp_path / "no.zt"))
