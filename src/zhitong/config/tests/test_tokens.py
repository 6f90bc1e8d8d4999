"""Tokens and the interface's document by command."""

import re

import pytest
from click.testing import CliRunner

from tests.district import build
from tests.machine import Machine
from zhitong.config.cli import main


def run(*arguments, code=0):
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == code, found.output
    return found


def secret_in(found):
    [secret] = re.findall(r"^zt_\w{40}$", found.stdout, re.MULTILINE)
    return secret


MAKE = ("accounts", "token", "make", "12345", "--organ", "CENTRE", "--post", "转办员", "--scope", "read")


@pytest.mark.django_db
def test_a_token_from_its_making_to_its_end():
    build()
    system = Machine(secret_in(run(*MAKE, "--days", "30")))
    assert system.get("/token").json()["scopes"] == ["read"]
    assert re.search(r"12345\t.+转办员\tread\tzt_\w{8}\tused .+\tuntil ", run("accounts", "token", "list").stdout)
    newer = Machine(secret_in(run("accounts", "token", "rotate", "12345", "--overlap", "0")))
    assert (system.get("/token").status_code, newer.get("/token").status_code) == (401, 200)
    run("accounts", "token", "revoke", "12345")
    assert newer.get("/token").json()["code"] == "token_revoked"
    assert "revoked" in run("accounts", "token", "list").stdout


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        (*MAKE[:6], "--post", "无此岗", "--scope", "read"),
        (*MAKE, "--scope", "everything"),
        (*MAKE, "--days", "9999"),
        ("accounts", "token", "rotate", "nobody"),
        ("accounts", "token", "revoke", "nobody"),
    ],
)
def test_what_cannot_be_done_says_why(arguments):
    build()
    assert "Error:" in run(*arguments, code=1).output


def test_the_document_is_written_and_compared(tmp_path):
    file = tmp_path / "openapi.json"
    run("api", "document", "--check", str(file), code=1)
    run("api", "document", str(file))
    run("api", "document", "--check", str(file))
    file.write_text("{}")
    assert "run zhitong api document" in run("api", "document", "--check", str(file), code=1).output
