"""Who is let in, and what everybody else is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.district import BY
from tests.machine import Machine, machine
from zhitong.apikit.door import Needs
from zhitong.kernel.accounts import public as accounts


def test_a_token_lets_in_as_its_post(desk):
    answer = desk.get("/token")
    assert answer.status_code == 200
    told = answer.json()
    assert told["acts_as"] == "新城区社会治理服务中心 转办员"
    assert told["scopes"] == ["act", "figures", "homes", "raise", "read"]
    assert "appeals.pass" in told["permissions"]
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "token_missing"),
        ("Basic dXNlcjpwYXNz", "token_missing"),
        ("Bearer", "token_missing"),
        ("Bearer zt_" + "a" * 40, "token_unknown"),
        ("Bearer \xff\xfe", "token_unknown"),
    ],
)
def test_without_a_good_token_nobody_gets_in(db, header, code):
    answer = Machine().ask("GET", "/token", Authorization=header)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda pk: accounts.revoke_token(pk, by=BY, at=timezone.now()), "token_revoked"),
        (lambda pk: accounts.rotate_token(pk, overlap=timedelta(0), by=BY, at=timezone.now()), "token_expired"),
        (lambda pk: accounts.AccessToken.objects.filter(pk=pk).update(expires_at=timezone.now()), "token_expired"),
    ],
)
def test_a_token_that_is_over_is_out_at_once(desk, change, code):
    change(desk.token_id)
    answer = desk.get("/token")
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_a_session_lets_nobody_in(district):
    answer = district.client("admin").get("/api/v1/token")
    assert answer.status_code == 401


def test_the_scheme_may_be_written_as_one_likes(desk):
    assert desk.ask("GET", "/token", Authorization=f"bearer  {desk.secret}").status_code == 200


def test_a_token_asks_no_more_often_than_it_may(district):
    slow = machine(district, "leader", per_minute=2)
    assert [slow.get("/token").status_code for _n in range(3)] == [200, 200, 429]
    answer = slow.get("/token")
    assert answer.json()["code"] == "too_many"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert machine(district, "head").get("/token").status_code == 200


def test_wrong_tokens_are_limited_by_address(desk):
    answers = [Machine(f"zt_{n}").get("/token").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]
    assert desk.get("/token").status_code == 200  # good ones from the same address are not


def test_what_nobody_has_declared_is_known():
    assert Needs(("read", "fly"), "matters.dance").unknown() == ["fly", "matters.dance"]
    assert Needs(("read",), "matters.view").unknown() == []
