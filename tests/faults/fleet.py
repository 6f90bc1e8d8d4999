"""Several machines on this one: three with etcd, Patroni and PostgreSQL, two with a web server and a worker, HAProxy in front.

What is started here is what docs/how-to/run-on-several-machines.md says, with its files; only addresses differ.
Patroni comes from PyPI into a folder of its own; etcd and HAProxy are the system's.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from zhitong.config import postgres, run

from .load import Load
from .stage import DUE_NOW, Stage, children_of, free_port, wait

PATRONI = ["patroni[etcd3]==4.1.5", "psycopg[binary]>=3.2"]
FILES = Path(__file__).resolve().parents[2] / "docs/how-to/several-machines"
MISSING = [name for name in ("etcd", "haproxy") if not shutil.which(name)]
SECRET = "only-for-tests"
USERS = {"SUPERUSER": "postgres", "REPLICATION": "replicator", "REWIND": "rewinder"}


@dataclass
class Machine:
    """One machine with a database: where its three programs listen."""

    name: str
    database: int = field(default_factory=free_port)
    patroni: int = field(default_factory=free_port)
    etcd: int = field(default_factory=free_port)
    peers: int = field(default_factory=free_port)


@dataclass
class Fleet(Stage):
    """All of them."""

    # With several workers a try that is under way is left to whoever makes it.
    due_now: ClassVar[str] = f"{DUE_NOW} AND last_error <> ''"
    machines: list[Machine] = field(default_factory=lambda: [Machine(f"db{n}") for n in (1, 2, 3)])
    webs: dict[str, int] = field(default_factory=lambda: {f"web{n}": free_port() for n in (1, 2)})

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{one.database}" for one in self.machines)
        return f"postgresql://zhitong:{SECRET}@{hosts}/zhitong?target_session_attrs=read-write"

    def environ(self, settings: str = "tests.faults.settings") -> dict[str, str]:
        return super().environ(settings) | {
            "ZHITONG_REPLICA_URL": self.url.replace("read-write", "prefer-standby&load_balance_hosts=random"),
            "ZHITONG_TRUSTED_PROXIES": "1",
        }

    # The machines with databases

    def start_postgres(self) -> None:
        self._install()
        for one in self.machines:
            self.start_machine(one)
        wait(self.primary, "a primary")

    def make_database(self) -> None:
        with psycopg.connect(self._as_superuser(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE zhitong LOGIN PASSWORD '{SECRET}'".encode())
            connection.execute("CREATE DATABASE zhitong OWNER zhitong TEMPLATE template0")
        wait(lambda: self.standbys() == 2, "two standbys")

    def _install(self) -> None:
        self.programs = run.VAR / "patroni"
        if not (self.programs / "bin/patroni").exists():
            for command in (
                ["venv", "-q", str(self.programs)],
                ["pip", "install", "-q", "--python", str(self.programs), *PATRONI],
            ):
                subprocess.run([sys.executable, "-m", "uv", *command], check=True)

    def _as_superuser(self) -> str:
        return self.url.replace("zhitong", "postgres")

    def _run(self, name: str, command: list[str], environ: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=os.environ | environ, stdout=log, stderr=log, start_new_session=True, preexec_fn=self.enter
            )

    @property
    def enter(self) -> Any:
        """PostgreSQL does not run as root."""
        return postgres.identity()[0]

    def start_machine(self, one: Machine) -> None:
        """etcd and Patroni; PostgreSQL is Patroni's."""
        name, home = one.name, self.folder / one.name
        home.mkdir(exist_ok=True)
        every = ",".join(f"{each.name}=http://127.0.0.1:{each.peers}" for each in self.machines)
        etcd = f"http://127.0.0.1:{one.etcd}"
        self._run(f"{name}-etcd", ["etcd"], {
            "ETCD_NAME": name, "ETCD_DATA_DIR": str(home / "etcd"), "ETCD_INITIAL_CLUSTER": every,
            "ETCD_LISTEN_PEER_URLS": f"http://127.0.0.1:{one.peers}", "ETCD_LISTEN_CLIENT_URLS": etcd,
            "ETCD_INITIAL_ADVERTISE_PEER_URLS": f"http://127.0.0.1:{one.peers}", "ETCD_ADVERTISE_CLIENT_URLS": etcd,
        })  # fmt: skip
        known = {"NAME": name, "ETCD3_HOSTS": ",".join(f"127.0.0.1:{each.etcd}" for each in self.machines)}
        known |= {f"RESTAPI_{way}": f"127.0.0.1:{one.patroni}" for way in ("LISTEN", "CONNECT_ADDRESS")}
        known |= {f"POSTGRESQL_{way}": f"127.0.0.1:{one.database}" for way in ("LISTEN", "CONNECT_ADDRESS")}
        known |= {"POSTGRESQL_DATA_DIR": str(home / "data"), "POSTGRESQL_BIN_DIR": str(postgres.programs())}
        known |= {"POSTGRESQL_PGPASS": str(home / "pgpass")}
        for user, called in USERS.items():
            known |= {f"{user}_USERNAME": called, f"{user}_PASSWORD": SECRET}
        environ = {f"PATRONI_{key}": value for key, value in known.items()}
        self._run(name, [str(self.programs / "bin/patroni"), str(FILES / "patroni.yml")], environ)

    def _postgres_of(self, one: Machine) -> int | None:
        return postgres.running(self.folder / one.name / "data")

    def kill_postgres_of(self, one: Machine) -> None:
        """-9, the server and all its processes; Patroni lives."""
        pid = self._postgres_of(one)
        assert pid is not None
        for each in (pid, *children_of(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.kills += len(self.webs)  # each worker may have been telling somebody

    def kill_machine(self, one: Machine) -> None:
        """-9, everything on it at once, as when the power goes."""
        self.kill(one.name)
        self.kill_postgres_of(one)
        self.kill(f"{one.name}-etcd")

    # What Patroni says

    def cluster(self) -> list[dict[str, Any]]:
        """Every member, as whichever Patroni answers sees it; nothing where none does."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for one in self.machines:
            with contextlib.suppress(OSError, ValueError):
                with opener.open(f"http://127.0.0.1:{one.patroni}/cluster", timeout=5) as answer:
                    found: list[dict[str, Any]] = json.loads(answer.read())["members"]
                return found
        return []

    def primary(self) -> Machine | None:
        """The machine with the primary, once it takes writes."""
        leads = {m["name"] for m in self.cluster() if m["role"] == "leader" and m["state"] == "running"}
        return next((one for one in self.machines if one.name in leads and self._postgres_of(one)), None)

    def standbys(self) -> int:
        """How many follow the primary by stream and hold all that is committed, or may be asked to."""
        return sum(
            m["role"] in ("quorum_standby", "sync_standby") and m["state"] == "streaming" for m in self.cluster()
        )

    def followers(self) -> int:
        """How many follow without being waited for."""
        return sum(m["role"] == "replica" and m["state"] == "streaming" for m in self.cluster())

    def await_mode(self, mode: str) -> None:
        """Until the primary itself waits for a standby, or for none."""
        wait(lambda: bool(self.ask("SHOW synchronous_standby_names")) == (mode != "off"), f"mode {mode}")

    def ask_patroni(self, method: str, path: str, body: dict[str, Any]) -> None:
        """One request to the Patroni of the primary."""
        primary = self.primary()
        assert primary is not None
        request = urllib.request.Request(
            f"http://127.0.0.1:{primary.patroni}/{path}", json.dumps(body).encode(), method=method
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            assert answer.status == 200, answer.read()

    def clients(self) -> Load:
        """Who have sent nothing yet."""
        return Load(self.address, self.setting["token"])

    # The machines in front

    def start_front(self) -> None:
        """Web servers, workers, and HAProxy before them."""
        for number, (name, port) in enumerate(self.webs.items(), start=1):
            (run.VAR / "static").mkdir(parents=True, exist_ok=True)
            self.start_web(name, port)
            self.start_worker(f"worker{number}")
        addresses = {name.upper(): f"127.0.0.1:{port}" for name, port in self.webs.items()}
        front = {"FRONT": f"127.0.0.1:{self.port}", **addresses}
        self._run("haproxy", ["haproxy", "-db", "-f", str(FILES / "haproxy.cfg")], front)

    def start_web(self, name: str, port: int) -> None:
        self._run(name, run.granian(port), self.environ())

    def start_worker(self, name: str) -> None:
        self._run(name, [*run.ZHITONG, "worker"], self.environ())

    def stop(self) -> None:
        for name in [name for name in self.running if not name.startswith("db")]:
            self.kill(name)
        for one in self.machines:
            if one.name in self.running:
                self.kill(one.name)
            with contextlib.suppress(AssertionError):
                self.kill_postgres_of(one)
            if f"{one.name}-etcd" in self.running:
                self.kill(f"{one.name}-etcd")
