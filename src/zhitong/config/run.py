"""Runs a web server and a worker together, for ``script/demo`` and ``script/server``, and stops all it started.

python -m zhitong.config.run demo [--fresh]      a demo district, with secrets and a PostgreSQL of its own
python -m zhitong.config.run server              what the environment says, as in production
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from . import postgres
from .environment import FILE, VAR, fresh_secrets, read_environment, write_environment

WORKERS = "2"
ZHITONG = [sys.executable, "-m", "zhitong.config.cli"]


class Stop(Exception):
    """Somebody asked us to stop."""


def _stop(_number: int, _frame: object) -> None:
    raise Stop


def _zhitong(*arguments: str) -> None:
    if subprocess.run([*ZHITONG, *arguments], check=False).returncode:
        sys.exit(f"zhitong {' '.join(arguments)} failed")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError:
            return False
    return True


def _port() -> int:
    """$PORT, which must be free, or the first free one from 8000 on."""
    if os.environ.get("PORT"):
        port = int(os.environ["PORT"])
        if not _is_free(port):
            sys.exit(f"port {port} is taken: set PORT to another")
        return port
    return next(port for port in range(8000, 8100) if _is_free(port))


def granian(port: int) -> list[str]:
    """The command of the web server."""
    host = os.environ.get("HOST", "127.0.0.1")
    return [
        sys.executable, "-m", "granian", "--interface", "rsgi", "zhitong.config.rsgi:application",
        "--host", host, "--port", str(port), "--workers", os.environ.get("ZHITONG_WORKERS", WORKERS),
        "--no-ws", "--respawn-failed-workers",
        "--static-path-route", "/static", "--static-path-mount", str(VAR / "static"), "--log-level", "error",
    ]  # fmt: skip


def _await_answer(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    request = urllib.request.Request(f"{url}/healthz", headers={"Host": "localhost"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        with contextlib.suppress(OSError), opener.open(request, timeout=2):
            return
        time.sleep(0.1)
    sys.exit(f"{url} does not answer")


@contextlib.contextmanager
def _children(*commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes with a session of their own, so that Ctrl-C reaches them through us, once."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(subprocess.Popen(command, start_new_session=True))
        yield started
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for child in started:
            child.terminate()
        for child in started:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def serve(greeting: str) -> None:
    """Start both, say where, and wait until one of them ends or somebody asks to stop."""
    port = _port()
    url = f"http://{os.environ.get('HOST', 'localhost')}:{port}"
    if os.environ.get("ZHITONG_DEMO"):
        os.environ.setdefault("ZHITONG_ADDRESS", url)
    with _children(granian(port), [*ZHITONG, "worker"]) as children:
        _await_answer(url.replace("//0.0.0.0", "//127.0.0.1"), children)
        print(greeting.format(url=url), flush=True)
        (VAR / "address").write_text(url)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
    sys.exit("the web server or the worker ended by itself: see above")


# The demo ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    with (VAR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            place = (VAR / "address").read_text() if (VAR / "address").exists() else "and is starting"
            sys.exit(f"a demo of this checkout is running already: {place}")
        yield


def _start_over(data: Path) -> None:
    postgres.remove(data)
    for folder in (VAR / "files", VAR / "static"):
        shutil.rmtree(folder, ignore_errors=True)
    FILE.unlink(missing_ok=True)


def _demo_environment() -> None:
    values = read_environment()
    if "ZHITONG_SECRET_KEY" not in values:
        values |= fresh_secrets() | {"ZHITONG_DEMO": "1"}
        write_environment(values)
    for name, value in values.items():
        if name != "DATABASE_URL":
            os.environ.setdefault(name, value)


def demo(*, fresh: bool) -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    data = VAR / "postgres"
    is_ours = not os.environ.get("DATABASE_URL")
    with _only_one(), contextlib.ExitStack() as stack:
        (VAR / "address").unlink(missing_ok=True)
        if fresh and not is_ours:
            sys.exit("--fresh empties only the demo's own database, and DATABASE_URL names another")
        if fresh:
            _start_over(data)
        _demo_environment()
        if is_ours:
            os.environ["DATABASE_URL"] = stack.enter_context(postgres.using(data))
            write_environment(read_environment() | {"DATABASE_URL": os.environ["DATABASE_URL"]})
        print("preparing the database; the first time the demo district is loaded, about a minute ...", flush=True)
        _zhitong("prepare", "--demo")
        serve("Zhitong is running at {url}\nPress Ctrl-C to stop it.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="run", description="Run the web server and the worker.")
    parser.add_argument("what", choices=["demo", "server"])
    parser.add_argument("--fresh", action="store_true", help="demo: throw its data away and start over")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        if given.what == "demo":
            demo(fresh=given.fresh)
        else:
            _zhitong("prepare", "--static")
            serve("Zhitong is running at {url}")
    except Stop:
        print("stopped")
    except postgres.PostgresError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
