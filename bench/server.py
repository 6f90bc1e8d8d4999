"""Zhitong as it runs in production, on a database of the benchmarks."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from zhitong.config.run import granian

from . import setting


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(database: str) -> Iterator[tuple[int, int]]:
    """The port at which two workers serve ``database``, and their parent's process id."""
    from zhitong.config.prepare import collect_static

    collect_static()
    port = free_port()
    environment = os.environ | {"DATABASE_URL": setting.address(database), "HOST": "127.0.0.1"}
    with (setting.HOME / f"{database}.log").open("wb") as log:
        process = subprocess.Popen(granian(port), env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _await(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit("the server does not answer: see its log in var/bench")
