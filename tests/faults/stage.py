"""A PostgreSQL of its own with durability, a web server and a worker as they run in a district, and clients that do not give up."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from zhitong.config import postgres, run

CLIENTS = 4
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The processes right below."""
    return [int(text) for task in Path(f"/proc/{pid}/task").glob("*/children") for text in task.read_text().split()]


@dataclass
class Stage:
    """Where it all runs.  Whatever dies is started again by hand, as a service manager would."""

    folder: Path
    token: str = ""
    port: int = field(default_factory=free_port)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def sms(self) -> Path:
        return self.folder / "sms.jsonl"

    def environ(self, settings: str = "zhitong.config.settings") -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": postgres.address(self.data), "ZHITONG_VAR": str(self.folder), "ZHITONG_PLAIN_HTTP": "1",
            "ZHITONG_SECRET_KEY": "only-for-tests", "ZHITONG_DATA_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMhISE=",
            "ZHITONG_SMS_FILE": str(self.sms), "DJANGO_SETTINGS_MODULE": settings, "ZHITONG_WORKERS": "1",
        }  # fmt: skip

    def build(self) -> None:
        """A district in an empty database."""
        postgres.start(self.data)
        postgres.ensure_database(self.data, "zhitong")
        command = [sys.executable, "-m", "tests.faults.setting"]
        made = subprocess.run(command, env=self.environ("tests.settings"), capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        self.token = made.stdout.split()[-1]

    def start(self, name: str) -> None:
        """``web`` or ``worker``."""
        command = run.granian(self.port) if name == "web" else [*run.ZHITONG, "worker"]
        (run.VAR / "static").mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=self.environ(), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """-9, with everything below it, and nothing tidied up."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_web_worker(self) -> None:
        """Only the process that answers; the one above starts another."""
        for pid in children_of(self.running["web"].pid):
            os.kill(pid, signal.SIGKILL)

    def kill_postgres(self) -> None:
        """The server and every one of its processes."""
        pid = postgres.running(self.data)
        assert pid is not None
        below = children_of(pid)
        for each in (pid, *below):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)
        postgres.stop(self.data)

    def ask(self, question: str) -> Any:
        """One value."""
        with psycopg.connect(postgres.address(self.data)) as connection:
            row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None

    def zhitong(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*run.ZHITONG, *arguments], env=self.environ(), capture_output=True, text=True, check=False
        )

    # What must be true after every fault

    def check(self, sent: "Load") -> None:
        """Every acknowledged appeal is there exactly once, nothing that was not sent is, and all checks of the district pass."""
        with psycopg.connect(postgres.address(self.data)) as connection:
            rows = connection.execute(
                "SELECT number, text FROM matters_matter WHERE text LIKE %s", [f"{sent.name} %"]
            ).fetchall()
        found: dict[str, str] = dict(rows)
        assert len(found) == len(rows)
        assert {number: found.get(number) for number in sent.receipts.values()} == {
            number: text for text, number in sent.receipts.items()
        }
        assert sorted(found.values()) == sorted(sent.receipts)  # each was sent until it was acknowledged
        for command in (("events", "verify"), ("indicators", "check")):
            done = self.zhitong(*command)
            assert done.returncode == 0, done.stdout + done.stderr


@dataclass
class Load:
    """Appeals sent by several clients; each is sent under its key until it is acknowledged."""

    stage: Stage
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    receipts: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    failures: list[str] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def raise_one(self, text: str, key: str) -> dict[str, Any]:
        """One attempt."""
        body = json.dumps({"text": text, "phone": "13800001234", "channel": "hotline"}).encode()
        headers = {
            "Authorization": f"Bearer {self.stage.token}", "Content-Type": "application/json", "Idempotency-Key": key,
            "Host": "localhost",
        }  # fmt: skip
        request = urllib.request.Request(f"http://127.0.0.1:{self.stage.port}/api/v1/appeals", body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=15) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def until_acknowledged(self, text: str) -> None:
        key, deadline = uuid4().hex, time.monotonic() + PATIENCE
        while True:
            try:
                receipt = self.raise_one(text, key)
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    self.failures.append(f"{error.code} {error.read()!r}")
                    return
            except (OSError, ValueError):
                pass
            else:
                self.receipts[text] = receipt["number"]
                self.repeated += receipt["is_repeated"]
                return
            if time.monotonic() > deadline:
                self.failures.append(f"{text} was never acknowledged")
                return
            time.sleep(0.1)

    def _client(self, number: int) -> None:
        count = 0
        while not self._stopping.is_set():
            count += 1
            self.until_acknowledged(f"{self.name} {number}-{count} 路灯不亮")

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        """While inside, the clients send."""
        clients = [threading.Thread(target=self._client, args=(n,)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            self._stopping.set()
            for client in clients:
                client.join()
        assert not self.failures, self.failures[:5]

    def wait_for(self, more: int) -> None:
        """Until that many more are acknowledged."""
        wanted = len(self.receipts) + more
        wait(lambda: len(self.receipts) >= wanted, f"{more} more acknowledged")


def wait(reached: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
