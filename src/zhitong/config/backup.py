"""A backup in one file: the database as of one moment, the uploads, and a manifest by which a restored district is checked.

The keys of personal data are not inside unless asked for: whoever finds a backup without them sees masked numbers.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from psycopg import sql

from zhitong.base.sealing import Unreadable
from zhitong.kernel.events.public import alias, may_be_late, verify
from zhitong.kernel.indicators.public import check
from zhitong.kernel.register.public import Contact

from . import postgres
from .databases import environment_of
from .environment import write_environment
from .prepare import migrate

FORMAT = 1
MANIFEST, DUMP, FILES, KEYS = "manifest.json", "database.dump", "files/", "keys.env"
CHUNK = 1 << 20
_NAME = re.compile(r"files/(?:[\w.-]+/)*[\w.-]+")


class BackupError(Exception):
    """It cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is in a backup: rows of all tables, files, bytes of the file."""

    rows: int
    files: int
    size: int


# The programs -----------------------------------------------------------------------------------------------------


def _program(name: str) -> str:
    """The one beside our own PostgreSQL, else the system's."""
    try:
        found = postgres.programs() / name
    except postgres.PostgresError:
        found = Path(name)
    program = str(found) if found.is_file() else shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is not here: install PostgreSQL's client programs, or set PG_BIN")
    return program


def _run(name: str, *arguments: str, **place: str) -> None:
    """Run one of PostgreSQL's programs on the district's database; its password travels in the environment only."""
    done = subprocess.run(
        [_program(name), f"--dbname={connection.settings_dict['NAME']}", *arguments],
        env=os.environ | environment_of(settings.DATABASES["default"]) | place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{name} failed:\n{done.stderr.strip()[-2000:]}")


# Making one -------------------------------------------------------------------------------------------------------


def make_backup(target: Path, *, with_keys: bool = False) -> Told:
    """Write the backup; it is there whole or not at all, readable by its owner only.  People may go on working meanwhile."""
    if target.exists():
        raise BackupError(f"{target} is there already: name another file")
    part = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        manifest = _dump(dump)
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w") as archive:
                    manifest |= {"dump": _sha256(dump), "files": dict(_add_files(archive))}
                    archive.add(dump, DUMP)
                    if with_keys:
                        _add(archive, KEYS, f"ZHITONG_DATA_KEYS={','.join(settings.DATA_KEYS)}\n".encode())
                    _add(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return Told(sum(manifest["rows"].values()), len(manifest["files"]), target.stat().st_size)


@may_be_late
def _dump(target: Path) -> dict[str, Any]:
    """The database and what its tables count, both as of the same moment, of a replica where there is one."""
    ours = {"cursor_factory", "prepare_threshold", "context", "options"}  # of Django's, not of the address
    said = {key: value for key, value in connections[alias()].get_connection_params().items() if key not in ours}
    with psycopg.connect(**said | {"dbname": connection.settings_dict["NAME"]}) as one:
        one.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = _only(one.execute("SELECT pg_export_snapshot()").fetchone())
        rows, seals = _counts(one), _seals(one)
        place = {"PGHOST": one.info.host, "PGPORT": str(one.info.port), "PGTARGETSESSIONATTRS": "any"}
        options = [
            "--format=custom",
            "--no-owner",
            "--no-acl",
            "--no-unlogged-table-data",
            f"--snapshot={snapshot}",
            f"--file={target}",
        ]
        _run("pg_dump", *options, **place)
        server = one.info.server_version
    return {"format": FORMAT, "made_at": timezone.now().isoformat(), "server": server, "rows": rows, "seals": seals}


def _only(row: tuple[Any, ...] | None) -> Any:
    assert row is not None
    return row[0]


def _counts(one: "psycopg.Connection[Any]") -> dict[str, int]:
    """Rows of each table.  Unlogged ones hold nothing that must be kept, and a replica has none of it."""
    names = one.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relpersistence = 'p' ORDER BY 1"
    ).fetchall()
    count = sql.SQL("SELECT count(*) FROM {}")
    return {name: _only(one.execute(count.format(sql.Identifier(name))).fetchone()) for (name,) in names}


def _seals(one: "psycopg.Connection[Any]") -> list[str]:
    rows = one.execute("SELECT day::text, count, encode(hash, 'hex') FROM events_seal ORDER BY day, hash").fetchall()
    return [f"{day} {count} {digest}" for day, count, digest in rows]


def _add_files(archive: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    """Every upload: after the dump, so that whatever a row of it names is there."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(".part"):
            name = f"{FILES}{path.relative_to(root).as_posix()}"
            yield name, _sha256(path)
            archive.add(path, name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


# Bringing one back ------------------------------------------------------------------------------------------------


def restore_backup(source: Path, *, keys_to: Path | None = None) -> Iterator[str]:
    """Bring a backup into an empty database and folder; says step by step what is done, and ends with BackupError where the
    restored district is not the one that was kept."""
    _demand_empty()
    with tarfile.open(source) as archive, tempfile.TemporaryDirectory(dir=_room()) as folder:
        manifest = _manifest(archive)
        dump = Path(folder) / DUMP
        _take(archive, DUMP, dump, manifest["dump"])
        for name, digest in manifest["files"].items():
            _take(archive, name, _place(name), digest)
        yield f"{len(manifest['files'])} files are back, each as it was"
        if keys_to is not None:
            _keys(archive, keys_to)
            yield f"the keys are in {keys_to}"
        _run("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(dump))
    connection.close()
    yield from _compared(manifest)
    if migrate():
        yield "the database was brought up to the version of this program"
    yield from _checked()


def _room() -> Path:
    """Where the dump is unpacked: beside the uploads, where there is room for them too."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root.parent


def _demand_empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if _only(cursor.fetchone()):
            raise BackupError(
                f"the database {connection.settings_dict['NAME']} is not empty: make another and name it in DATABASE_URL"
            )


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    try:
        file = archive.extractfile(MANIFEST)
        found = json.loads(file.read()) if file else {}
    except (KeyError, ValueError) as error:
        raise BackupError("this is no backup of a district, or it is not whole") from error
    if found.get("format") != FORMAT:
        raise BackupError(f"this backup has the format {found.get('format')}; this program reads {FORMAT}")
    return dict(found)


def _place(name: str) -> Path:
    if not _NAME.fullmatch(name) or ".." in name:
        raise BackupError(f"{name!r} in the backup is not the name of an upload")
    return Path(settings.MEDIA_ROOT) / name.removeprefix(FILES)


def _take(archive: tarfile.TarFile, name: str, target: Path, digest: str) -> None:
    """Write one file of the archive; refuse it where it is not what the manifest says."""
    try:
        source = archive.extractfile(name)
    except KeyError:
        source = None
    if source is None:
        raise BackupError(f"{name} is missing in the backup")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        found = _copied(source, file)
    if found != digest:
        part.unlink()
        raise BackupError(f"{name} in the backup was changed or damaged")
    part.replace(target)


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := source.read(CHUNK):
        digest.update(part)
        target.write(part)
    return digest.hexdigest()


def _keys(archive: tarfile.TarFile, target: Path) -> None:
    try:
        file = archive.extractfile(KEYS)
    except KeyError:
        file = None
    if file is None:
        raise BackupError("no keys are in this backup: it was made without --with-keys")
    name, _sign, value = file.read().decode().strip().partition("=")
    write_environment({name: value}, target)


# Is it the same? --------------------------------------------------------------------------------------------------


def _compared(manifest: dict[str, Any]) -> Iterator[str]:
    """Rows of every table, and the seals, against those that were kept."""
    with connection.cursor() as cursor:
        one = cursor.connection
        rows, seals = _counts(one), _seals(one)
    wrong = [
        f"{name}: {rows.get(name)} rows, {count} were kept"
        for name, count in manifest["rows"].items()
        if rows.get(name) != count
    ]
    if seals != manifest["seals"]:
        wrong.append("the seals are not those that were kept")
    _demand_none(wrong)
    yield f"{sum(rows.values())} rows in {len(rows)} tables and {len(seals)} seals are those that were kept"


def _checked() -> Iterator[str]:
    """The district's own checks: chains and seals, figures, and whether the keys at hand open what is sealed."""
    _demand_none(verify())
    yield "every chain and seal of the log fits"
    _demand_none(check())
    yield "log, facts and rollups agree"
    contacts = Contact.objects.order_by("created_at", "id")
    try:
        opened = [contact.value for contact in filter(None, (contacts.first(), contacts.last()))]
    except Unreadable as error:
        raise BackupError(
            "all is back, but ZHITONG_DATA_KEYS does not open the contacts: set the keys of that time"
        ) from error
    yield "the keys open what is sealed" if opened else "nothing is sealed"


def _demand_none(wrong: Iterable[str]) -> None:
    if found := list(wrong):
        raise BackupError("\n".join(["the restored district is not the one that was kept:", *found[:20]]))
