"""What every test gets: no network, pages that cannot write when they are only read, and no test that time decides."""

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.client import Client
from hypothesis import HealthCheck, settings

WRITES = re.compile(r'^\s*(?:WITH\b.*?\b)?(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE | re.DOTALL)
# What a page may write on being read: that somebody is here, and how often.
HOUSEKEEPING = re.compile(r"django_session|axes_\w+|accounts_rate|accounts_tokensecret")

# A busy machine fails nobody: examples may take their time, and a database may serve all examples of a test.
settings.register_profile(
    "zhitong",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("zhitong")


class NetworkError(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def _stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        is_local = self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        if not is_local:
            raise NetworkError(f"a test connects to {address}: the network is not there in tests")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    found = WRITES.match(sql)
    if found and not HOUSEKEEPING.fullmatch(found[2]):
        raise AssertionError(f"a page that is only read (GET) wrote to {found[2]}: {sql[:200]}")
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _reading_does_not_write(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """GET and HEAD of the test client cannot write, except under ``@pytest.mark.get_may_write(reason)``."""
    if request.node.get_closest_marker("get_may_write"):
        return
    real = Client.request

    def guarded(self: Client, **environ: Any) -> Any:
        if environ.get("REQUEST_METHOD", "GET") not in {"GET", "HEAD"}:
            return real(self, **environ)
        with connection.execute_wrapper(_refuse_writes):
            return real(self, **environ)

    monkeypatch.setattr(Client, "request", guarded)


@pytest.fixture
def english() -> Iterator[None]:
    """The English side of a page or message."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="session")
def _let_tests_empty_the_log() -> None:
    """Tests that need real transactions empty every table afterwards; the triggers that keep the log stand aside for that."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    real = DatabaseOperations.sql_flush

    def flush(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        return ["SET LOCAL session_replication_role = replica;", *real(self, *args, **options)]

    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign,assignment]


@pytest.fixture(autouse=True)
def _each_test_begins_in_chinese() -> Iterator[None]:
    """A page read in English leaves its language in the thread; the next test must not find it there."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
