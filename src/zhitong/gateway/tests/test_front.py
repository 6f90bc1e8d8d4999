"""What stands at the port, served by granian itself: pages as before, intake in the fast lane."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection

from tests.district import build
from tests.elsewhere import environment
from tests.machine import Machine, machine
from zhitong.kernel.matters.public import Matter

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "东风路18号门前路灯不亮，晚上出行不安全。"
PATH = "/api/v1/appeals"


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """One worker on the test database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "zhitong.config.rsgi:application", "--port", str(number),
        "--workers", "1", "--no-ws", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment(), start_new_session=True)
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                assert ask(number, "GET", "/healthz")[0].status == 200
                break
            except OSError:
                time.sleep(0.2)
        yield number
    finally:
        process.terminate()
        process.wait(20)


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """One request on a connection of its own."""
    known = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        known.request(method, path, body, headers or {})
        answer = known.getresponse()
        return answer, answer.read()
    finally:
        known.close()


def post(port: int, hotline: Machine, body: Any, path: str = PATH, **more: str) -> tuple[HTTPResponse, Any]:
    """An appeal as a hotline sends it."""
    headers = {"Authorization": f"Bearer {hotline.secret}", "Content-Type": "application/json", **more}
    answer, said = ask(port, "POST", path, json.dumps(body).encode(), headers)
    return answer, json.loads(said)


@pytest.fixture
def hotline() -> Machine:
    """With a catalogue of its own, which the server may notice a second late."""
    known = machine(build(), "clerk", per_minute=10_000)
    time.sleep(1.2)
    return known


def test_everybody_who_sends_at_once_gets_a_receipt_of_their_own(port, hotline):
    with ThreadPoolExecutor(24) as pool:
        told = list(pool.map(lambda n: post(port, hotline, {"text": f"{TEXT}第{n}盏"}), range(72)))
    assert {answer.status for answer, _said in told} == {201}
    numbers = [said["number"] for _answer, said in told]
    assert len(set(numbers)) == 72
    assert set(Matter.objects.values_list("number", flat=True)) == set(numbers)


def test_the_answer_is_that_of_the_ordinary_way(port, hotline):
    key = {"Idempotency-Key": "order-12345"}
    fast, receipt = post(port, hotline, {"text": TEXT}, **key)
    ordinary, again = post(port, hotline, {"text": TEXT}, f"{PATH}?x=", **key)
    assert again == receipt | {"is_repeated": True}
    ours, theirs = ({n.lower(): v for n, v in answer.getheaders()} for answer in (fast, ordinary))
    for varying in ("content-length", "date", "content-language", "vary", "content-security-policy"):
        ours.pop(varying, None)
        theirs.pop(varying, None)
    assert ours == theirs


def test_what_the_lane_leaves_is_answered_by_the_ordinary_way(port, hotline):
    answer, said = post(port, hotline, {"text": ""})
    assert (answer.status, set(said["fields"])) == (422, {"text"})
    answer, said = post(port, hotline, {"text": TEXT, "subkind": "none"}, **{"Accept-Language": "en"})
    assert (answer.status, said["code"]) == (422, "unknown_subkind")
    answer, said = post(port, Machine("wrong"), {"text": TEXT})
    assert (answer.status, said["code"]) == (401, "token_unknown")
    answer, said = post(port, hotline, {"text": TEXT}, **{"Content-Type": "text/plain"})
    assert (answer.status, said["code"]) == (415, "media_type")
    assert not Matter.objects.exists()


def test_pages_are_what_they_were(port, hotline):
    answer, page = ask(port, "GET", "/accounts/sign-in/")
    assert (answer.status, answer.getheader("Content-Type")) == (200, "text/html; charset=utf-8")
    assert answer.getheader("Content-Security-Policy")
    assert answer.getheader("Set-Cookie")
    assert page.rstrip().endswith(b"</html>")
    head, nothing = ask(port, "HEAD", "/accounts/sign-in/")
    assert (head.status, nothing) == (200, b"")
    assert ask(port, "GET", quote("/没有这一页/"))[0].status == 404
    assert ask(port, "GET", "/healthz", headers={"Host": "elsewhere.example"})[0].status == 400


def test_a_form_reaches_its_page_whole(port, hotline):
    token = uuid4().hex
    body = b"".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("username", "clerk"), ("password", "x" * 1_500_000), ("csrfmiddlewaretoken", token))
    )
    headers = {"Content-Type": "multipart/form-data; boundary=cut", "Cookie": "csrftoken=none"}
    answer, _page = ask(port, "POST", "/accounts/sign-in/", body + b"--cut--\r\n", headers)
    assert answer.status == 403  # the page read the form, and its cookie says something else


def test_what_is_too_long_is_not_read(port, hotline):
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(10**10)}
    answer, said = ask(port, "POST", "/accounts/sign-in/", b"", headers)
    assert answer.status == 413
    assert "提交的内容太大" in said.decode()


def test_a_header_with_an_underscore_passes_for_no_other(port, hotline):
    _answer, said = ask(port, "GET", "/api/v1/token", headers={"Authorization": f"Bearer {hotline.secret}"})
    assert json.loads(said)
    answer, _said = ask(port, "GET", "/api/v1/token", headers={"Aut_horization": "x", "Authorization_": "Bearer x"})
    assert answer.status == 401


def test_a_body_in_chunks_arrives(port, hotline):
    known = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {hotline.secret}", "Content-Type": "application/json"}
    known.request("POST", PATH, iter([b'{"text": ', json.dumps(TEXT).encode(), b"}"]), headers, encode_chunked=True)
    answer = known.getresponse()
    assert answer.status == 201
    assert json.loads(answer.read())["number"]
    known.close()


@pytest.fixture
def demoted() -> Iterator[None]:
    """The database as whoever comes anew finds it where another server took over: it reads, and takes no writes.  Those
    who were there are cut off."""

    def say(setting: str) -> None:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} {setting}")
            cut_off()

    say("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        say("RESET default_transaction_read_only")


def cut_off() -> None:
    """End every connection but the test's own, as a server does that goes down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_who_is_cut_off_is_served_all_the_same(port, hotline):
    for _time in range(3):
        assert post(port, hotline, {"text": TEXT})[0].status == 201
        cut_off()
    assert post(port, hotline, {"text": TEXT})[0].status == 201
    assert Matter.objects.count() == 4


def test_where_no_writes_are_taken_everybody_is_asked_to_come_again(port, hotline, demoted):
    key = {"Idempotency-Key": "order-98765"}
    answer, said = post(port, hotline, {"text": TEXT}, **key)
    assert (answer.status, said["code"], answer.getheader("Retry-After")) == (503, "unavailable", "10")
    answer, page = ask(port, "GET", "/accounts/sign-in/")  # it keeps how often somebody came
    assert answer.status in (200, 503)
    form = b"username=clerk&password=wrong&csrfmiddlewaretoken=" + b"a" * 32
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={'a' * 32}"}
    answer, page = ask(port, "POST", "/accounts/sign-in/", form, headers)
    assert (answer.status, answer.getheader("Retry-After")) == (503, "10")
    assert "已填写的内容不会丢失" in page.decode()
    assert not Matter.objects.exists()
