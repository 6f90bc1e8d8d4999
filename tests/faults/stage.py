"""A PostgreSQL of its own with durability, a web server and a worker as they run in a district, and somebody who looks."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest

from zhitong.config import postgres, run

from .load import Load
from .receiver import Receiver

PATIENCE = 300.0  # seconds: only to end at all, on a machine that is busy with other things


DUE_NOW = """
UPDATE events_notice SET next_at = now() WHERE id IN (
  SELECT id FROM events_notice WHERE state = 'pending' AND next_at > now() FOR UPDATE SKIP LOCKED)"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The processes right below."""
    return [int(text) for task in Path(f"/proc/{pid}/task").glob("*/children") for text in task.read_text().split()]


def wait(reached: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@dataclass
class Stage:
    """Where it all runs.  Whatever dies is started again by hand, as a service manager would.

    ``kills`` counts how often a message may have been sent once more: the worker or the database died.
    """

    folder: Path
    receiver: Receiver
    setting: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    inspector: "subprocess.Popen[str] | None" = None
    clock: str = ""  # the library that shifts clocks, where there is one
    kills: int = 0
    due_now: ClassVar[str] = DUE_NOW

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def url(self) -> str:
        """DATABASE_URL."""
        return postgres.address(self.data)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environ(self, settings: str = "tests.faults.settings") -> dict[str, str]:
        return os.environ | self.shifted() | {
            "DATABASE_URL": self.url, "ZHITONG_VAR": str(self.folder), "ZHITONG_PLAIN_HTTP": "1",
            "ZHITONG_SECRET_KEY": "only-for-tests", "ZHITONG_DATA_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMhISE=",
            "ZHITONG_SMS_FILE": str(self.folder / "sms.jsonl"), "DJANGO_SETTINGS_MODULE": settings, "ZHITONG_WORKERS": "1",
            "ZHITONG_WEBHOOK_HOSTS": f"127.0.0.1:{self.receiver.port}", "RECEIVER_PORT": str(self.receiver.port),
        }  # fmt: skip

    def shifted(self) -> dict[str, str]:
        """What a process is given so that its clock can be set by ``jump``."""
        if not self.clock:
            return {}
        return {
            "LD_PRELOAD": self.clock, "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"), "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip

    def jump(self, by: str = "+0") -> None:
        """Set the clocks of PostgreSQL, web server and worker: so far from the right time ("+3d", "-2h")."""
        part = self.folder / "clock.part"
        part.write_text(by)
        part.replace(self.folder / "clock")
        time.sleep(1.1)  # until every process has looked

    def start_postgres(self) -> None:
        """As a service manager would."""
        with pytest.MonkeyPatch.context() as here:
            for name, value in self.shifted().items():
                here.setenv(name, value)
            postgres.start(self.data)

    def make_database(self) -> None:
        """Empty."""
        postgres.ensure_database(self.data, "zhitong")

    def build(self, template: str = "") -> None:
        """A district in a database of its own; ``template`` is the address of one that has the tables already."""
        if self.clock:
            self.jump()
        self.start_postgres()
        self.make_database()
        if template:
            self._copy(template)
        command = [sys.executable, "-m", "tests.faults.setting"]
        made = subprocess.run(command, env=self.environ("tests.settings"), capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        self.setting = json.loads(made.stdout.splitlines()[-1])

    def _copy(self, template: str) -> None:
        """Tables and what the migrations put into them; where that cannot be had, the migrations run."""
        dump = self.folder / "template.sql"
        programs = postgres.programs()
        steps: tuple[list[str | Path], ...] = (
            [programs / "pg_dump", "-Fc", f"--file={dump}", template],
            [programs / "pg_restore", "-1", f"--dbname={postgres.address(self.data)}", dump],
        )
        for step in steps:
            if subprocess.run(step, capture_output=True, check=False).returncode:
                return

    def start(self, name: str) -> None:
        """``web`` or ``worker``."""
        command = run.granian(self.port) if name == "web" else [*run.ZHITONG, "worker"]
        (run.VAR / "static").mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=self.environ(), stdout=log, stderr=log, start_new_session=True
            )

    def start_all(self) -> None:
        """Both, where they do not run, and wait until there is an answer."""
        for name in ("web", "worker"):
            if name not in self.running or self.running[name].poll() is not None:
                self.start(name)
        wait(self._answers, "the web server")

    def _answers(self) -> bool:
        request = urllib.request.Request(f"{self.address}/healthz", headers={"Host": "localhost"})
        with contextlib.suppress(OSError, http.client.HTTPException):
            return bool(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5))
        return False

    # Faults

    def kill(self, name: str) -> None:
        """-9, with everything below it, and nothing tidied up."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills += name.startswith("worker")

    def kill_web(self) -> None:
        """Only the process that answers; the one above starts another.

        Where libfaketime stands before the system's library, the one above cannot wait (its ``sleep`` fails): both are killed
        and started again, as a service manager would.
        """
        if self.clock:
            self.kill("web")
            self.start("web")
            return
        for pid in self.answering():
            os.kill(pid, signal.SIGKILL)

    def answering(self) -> list[int]:
        """The processes that answer."""
        return children_of(self.running["web"].pid)

    def kill_worker(self) -> None:
        """And a new one, as a service manager starts it."""
        self.kill("worker")
        self.start("worker")

    def kill_postgres(self) -> None:
        """The server and every one of its processes; it is started again."""
        pid = postgres.running(self.data)
        assert pid is not None
        for each in (pid, *children_of(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.kills += 1
        wait(lambda: not postgres.running(self.data), "the end of PostgreSQL")
        self.start_postgres()

    def stop(self) -> None:
        """Everything."""
        for name in list(self.running):
            self.kill(name)
        if self.inspector:
            self.inspector.kill()
            self.inspector.communicate()
        postgres.stop(self.data)

    # Looking

    def ask(self, question: str, *values: Any) -> Any:
        """One value."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(question.encode(), values).fetchone()
        return row[0] if row else None

    def zhitong(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """A command of the administrator."""
        command = [*run.ZHITONG, *arguments]
        return subprocess.run(command, env=self.environ() | more, capture_output=True, text=True, check=False)

    def log(self, name: str) -> str:
        """What ``web`` or ``worker`` said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def look(self, question: str) -> Any:
        """The inspector's answer."""
        if self.inspector is None:
            self.inspector = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.inspector"],
                env={**self.environ(), "LD_PRELOAD": ""}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert self.inspector.stdin
        assert self.inspector.stdout
        self.inspector.stdin.write(f"{question}\n")
        self.inspector.stdin.flush()
        return json.loads(self.inspector.stdout.readline())

    # What must be true after every fault

    def check(self, *sent: Load) -> None:
        """Every acknowledged appeal is there exactly once, nothing that was not sent is, no notice is lost, every chain and seal
        fits, and figures made again from the log are the same."""
        for load in sent:
            self._all_there(load)
        self._all_told(sent)
        wrong = self.look("check")
        assert not wrong, wrong

    def _all_there(self, load: Load) -> None:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT number, text FROM matters_matter WHERE text LIKE %s", [f"{load.name} %"]
            ).fetchall()
        found: dict[str, str] = dict(rows)
        assert len(found) == len(rows)
        assert found == {
            number: text for text, number in load.receipts.items()
        }  # each was sent until it was acknowledged

    def _all_told(self, sent: tuple[Load, ...]) -> None:
        """Each reporter was told once, and so was the other system; what went out twice has the same id."""
        told: dict[str, Any] = {}

        def is_quiet() -> bool:
            """The worker may put new ones in the queue, of what it has just looked at, until it is asked."""
            if self._waiting():
                return False
            told.update(self.look("notices"))
            return not any(state.endswith(" pending") for state in told["states"])

        wait(is_quiet, "the notices to be sent")
        assert not [state for state in told["states"] if state.split()[1] not in ("sent", "held")], told["states"]
        letters = Counter((number, letter) for _id, number, _state, letter in told["sms"])
        assert set(letters.values()) <= {1}
        assert {number for load in sent for number in load.receipts.values()} <= {number for number, _letter in letters}
        lines = (self.folder / "sms.jsonl").read_text().splitlines()
        went_out = Counter(json.loads(line)["id"] for line in lines)
        assert set(went_out) == {row[0] for row in told["sms"]}
        assert len(lines) - len(went_out) <= self.kills
        heard = Counter(f"msg_{pk.replace('-', '')}" for pk in told["webhooks"])
        got = set(self.receiver.verified(self.setting["webhook"]))
        assert got == set(heard), (
            f"heard and not on record: {got - set(heard)}; on record and not heard: {set(heard) - got}"
        )

    def _waiting(self) -> int:
        """Notices that are still to be sent.  Nobody waits here for a moment in which a failed try is made again."""
        with psycopg.connect(self.url) as connection:
            connection.execute(self.due_now)
        return int(self.ask("SELECT count(*) FROM events_notice WHERE state = 'pending'"))
