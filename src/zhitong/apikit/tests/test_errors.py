"""Every error has one body, in the caller's language, whoever refuses."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404
from django.utils import translation

from tests.machine import Machine
from zhitong.apikit.errors import TEXTS, answer_to, problem
from zhitong.base.errors import Conflict, Refused
from zhitong.kernel.accounts.public import TooMany

ENGLISH, CHINESE = "en-GB,en;q=0.8", "zh-CN,zh;q=0.9,en;q=0.1"


@pytest.mark.parametrize("status", sorted(TEXTS))
def test_every_status_has_a_code_and_a_sentence_in_both_languages(status):
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(json.loads(problem(status).content))
    assert [set(one) for one in said] == [{"code", "message"}] * 2
    assert said[0]["code"] == said[1]["code"]
    assert said[0]["message"].endswith("。")
    assert said[1]["message"].endswith(".")


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/token", "GET", 401, "token_missing"),
        ("/token", "POST", 405, "method_not_allowed"),
        ("/token", "BREW", 405, "method_not_allowed"),
        ("/nothing", "GET", 404, "not_found"),
        ("/api/", "GET", 404, "not_found"),
        ("/api/v9/token", "POST", 404, "not_found"),
        ("/token?a=%00", "GET", 400, "bad_request"),
    ],
)
def test_whoever_refuses_says_it_in_the_same_words(db, path, method, status, code):
    for language, end in ((ENGLISH, "."), (CHINESE, "。"), ("fr", "。"), ("", "。")):
        answer = Machine(language=language).ask(method, path)
        assert answer.status_code == status
        assert answer["Content-Type"].startswith("application/json")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Language"] == ("en" if end == "." else "zh-hans")
        told = answer.json()
        assert told["code"] == code
        assert told["message"].endswith((end, "…" + end))
    if status == 405:
        assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (Refused("bad_point", "在地图上选点。", "lon"), 422, "bad_point"),
        (Conflict("changed", "请刷新。"), 409, "changed"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (RequestDataTooBig(), 413, "too_large"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 500, "server_error"),
        (OperationalError("server closed the connection"), 503, "unavailable"),
        (InterfaceError("connection already closed"), 503, "unavailable"),
        (InternalError("a row is broken"), 500, "server_error"),
    ],
)
def test_what_each_exception_becomes(raised, status, code):
    answer = answer_to(raised)
    assert answer.status_code == status
    told = json.loads(answer.content)
    assert told["code"] == code
    assert told.get("fields") == ({"lon": "在地图上选点。"} if code == "bad_point" else None)


def test_too_many_says_when_to_come_back():
    assert answer_to(TooMany(17))["Retry-After"] == "17"


def test_what_nobody_expected_can_be_found_in_the_log(caplog):
    with caplog.at_level(logging.ERROR, "zhitong.api"):
        told = json.loads(answer_to(ZeroDivisionError("of a secret 13800138000")).content)
    assert told["code"] == "server_error"
    assert len(told["ref"]) == 12
    assert told["ref"] in caplog.text
    assert "13800138000" not in json.dumps(told)
