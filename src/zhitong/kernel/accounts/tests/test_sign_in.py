"""Signing in as a browser sees it."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from zhitong.base.errors import NotAllowed
from zhitong.kernel.events.public import Event

from .. import actions
from ..models import Account, Role
from ..permissions import Actor
from ..web.middleware import IDLE_SECONDS
from .conftest import AT, BY, PASSWORD, grant, make_account
from .test_second_factor import add, code_of

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("accounts:sign_in")
CODE = reverse("accounts:sign_in_code")
PERSONA = reverse("accounts:sign_in_persona")
OWN_PASSWORD = reverse("accounts:password")
SECOND_FACTOR = reverse("accounts:second_factor")


@pytest.fixture
def account():
    return make_account()


def sign_in(client, password=PASSWORD, username="wang", **fields):
    return client.post(SIGN_IN, {"username": username, "password": password, **fields})


def who(client):
    return client.session.get("_auth_user_id")


def kinds(account):
    return [event.kind for event in Event.objects.filter(stream=account.pk).order_by("seq")][1:]


class TestPassword:
    def test_in_and_out(self, client, account):
        assert client.get(SIGN_IN).status_code == 200
        before = client.session.session_key
        answer = sign_in(client, next="/accounts/password/")
        assert answer["Location"] == "/accounts/password/"
        assert who(client) == str(account.pk)
        assert client.session.session_key != before
        assert client.get(SIGN_IN).status_code == 302
        client.post(reverse("accounts:sign_out"))
        assert who(client) is None
        assert kinds(account) == ["account.signed_in", "account.signed_out"]

    def test_capitals_do_not_matter(self, client, account):
        assert sign_in(client, username=" WANG ").status_code == 302

    def test_what_was_typed_is_kept_but_the_password(self, client, account):
        answer = sign_in(client, "wrong-horse-7")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'value="wang"' in page
        assert "wrong-horse-7" not in page
        assert "登录名或密码不正确" in page

    def test_an_unknown_name_reads_the_same(self, client, account):
        known, unknown = (
            re.sub(r'value="[^"]*"|content="[^"]*"|nonce="[^"]*"', "", sign_in(client, "x", name).content.decode())
            for name in ("wang", "nobody")
        )
        assert known == unknown

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00"])
    def test_only_to_pages_of_this_site(self, client, account, target):
        assert sign_in(client, next=target)["Location"] == "/"

    @pytest.mark.parametrize("fields", [{}, {"username": "\x00", "password": "\x00"}, {"username": "x" * 500}])
    def test_odd_forms(self, client, fields):
        assert client.post(SIGN_IN, fields).status_code == 422

    def test_an_account_switched_off(self, client, account):
        actions.set_active(account.pk, False, by=BY, at=AT)
        assert sign_in(client).status_code == 422

    def test_switching_off_ends_open_sessions(self, client, account):
        sign_in(client)
        actions.set_active(account.pk, False, by=BY, at=AT)
        assert client.get(OWN_PASSWORD).status_code == 302

    def test_what_was_tracked_before_stays(self, client, account):
        session = client.session
        session["tracked"] = ["01a20114-e448-7131-9b30-e2e32941801b"]
        session.save()
        sign_in(client)
        assert client.session["tracked"]

    def test_english(self, client, account):
        client.post(reverse("set_language"), {"language": "en", "next": SIGN_IN})
        assert 'lang="en"' in client.get(SIGN_IN).content.decode()

    def test_the_language_is_remembered(self, client, account):
        sign_in(client)
        client.post(reverse("set_language"), {"language": "en", "next": "//evil.example"})
        assert Account.objects.get().language == "en"
        other = Client()
        assert sign_in(other).cookies["django_language"].value == "en"


class TestLockOut:
    def test_five_wrong_passwords(self, client, account):
        for _n in range(4):
            assert sign_in(client, "wrong").status_code == 422
        for password in ("wrong", PASSWORD):
            answer = sign_in(client, password)
            assert answer.status_code == 429
            assert answer["Retry-After"] == "900"
            assert "15分钟" in answer.content.decode()
            assert 'value="wang"' in answer.content.decode()
        assert who(client) is None
        assert kinds(account) == ["account.locked_out"]

    def test_an_administrator_unlocks(self, client, account):
        for _n in range(5):
            sign_in(client, "wrong")
        with pytest.raises(NotAllowed):
            actions.unlock(account.pk, by=Actor.resident(), at=AT)
        actions.unlock(account.pk, by=BY, at=AT)
        actions.unlock(account.pk, by=BY, at=AT)
        assert sign_in(client).status_code == 302
        assert kinds(account) == ["account.locked_out", "account.unlocked", "account.signed_in"]

    def test_others_are_not_locked(self, client, account):
        make_account("li")
        for _n in range(6):
            sign_in(client, "wrong")
        assert sign_in(client, username="li").status_code == 302
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert sign_in(elsewhere).status_code == 302

    def test_an_unknown_name_is_locked_just_so(self, client):
        answers = [sign_in(client, "wrong", "nobody").status_code for _n in range(6)]
        assert answers[-1] == 429

    def test_many_names_from_one_address(self, client, monkeypatch):
        monkeypatch.setitem(actions.SIGN_IN_TRIES, "sign-in", (3, 600))
        make_account("li")
        for name in ("a", "b", "c"):
            assert sign_in(client, "wrong", name).status_code == 422
        answer = sign_in(client, username="li")
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 200
        assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), username="li").status_code == 302

    def test_an_office_behind_one_address_does_not_shut_itself_out(self, account, monkeypatch):
        """What is right does not count, however often; what is wrong does."""
        monkeypatch.setitem(actions.SIGN_IN_TRIES, "sign-in", (2, 600))
        monkeypatch.setitem(actions.SIGN_IN_TRIES, "sign-in-name", (2, 600))
        assert [sign_in(Client()).status_code for _n in range(8)] == [302] * 8
        assert [sign_in(Client(), "wrong").status_code for _n in range(3)] == [422, 422, 429]

    @pytest.mark.parametrize("name", ["wang", "nobody"])
    def test_one_name_from_many_addresses(self, account, monkeypatch, name):
        monkeypatch.setitem(actions.SIGN_IN_TRIES, "sign-in-name", (3, 600))
        tries = [sign_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), "wrong", name).status_code for n in range(5)]
        assert tries == [422, 422, 422, 429, 429]
        assert sign_in(Client(REMOTE_ADDR="192.0.2.77"), PASSWORD, name).status_code == 429

    def test_an_administrator_unlocks_a_name_tried_from_everywhere(self, account, monkeypatch):
        monkeypatch.setitem(actions.SIGN_IN_TRIES, "sign-in-name", (1, 600))
        assert [sign_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), "wrong").status_code for n in (1, 2)] == [422, 429]
        actions.unlock(account.pk, by=BY, at=AT)
        assert sign_in(Client(REMOTE_ADDR="192.0.2.3")).status_code == 302

    def test_one_address_cannot_shut_a_name_out(self):
        """Axes stops an address after five in a quarter of an hour; those twenty an hour are far from what stops everybody."""
        wrong, seconds = actions.SIGN_IN_TRIES["sign-in-name"]
        assert wrong >= 4 * 5 * seconds // 900


class TestSecondFactor:
    def test_nobody_is_in_before_the_code(self, client, account):
        address, _codes = add(account)
        assert sign_in(client, next=OWN_PASSWORD)["Location"] == CODE
        assert who(client) is None
        assert client.get(OWN_PASSWORD).status_code == 302
        assert client.get(CODE).status_code == 200
        assert client.post(CODE, {"code": "000000"}).status_code == 422
        answer = client.post(CODE, {"code": code_of(address)})
        assert answer["Location"] == OWN_PASSWORD
        assert who(client) == str(account.pk)

    def test_a_recovery_code(self, client, account):
        _address, codes = add(account)
        sign_in(client)
        assert client.post(CODE, {"code": codes[3]}).status_code == 302
        assert who(client) == str(account.pk)

    def test_not_without_the_password(self, client, account):
        address, _codes = add(account)
        assert client.post(CODE, {"code": code_of(address)})["Location"] == SIGN_IN
        assert who(client) is None

    def test_the_password_is_forgotten_after_ten_minutes(self, client, account, monkeypatch):
        add(account)
        sign_in(client)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 601)
        assert client.get(CODE)["Location"] == SIGN_IN

    def test_guessing_is_stopped(self, client, account):
        add(account)
        sign_in(client)
        answers = [client.post(CODE, {"code": "000000"}) for _n in range(10)]
        assert answers[-1].status_code == 429
        assert answers[-1]["Retry-After"]

    def test_adding_one(self, client, account):
        sign_in(client)
        page = client.get(SECOND_FACTOR).content.decode()
        assert "<svg" in page
        assert client.post(SECOND_FACTOR, {"code": "000000"}).status_code == 422
        sealed = client.session["new_second_factor"]
        code = code_of(actions.secret_address(account, sealed))
        page = client.post(SECOND_FACTOR, {"code": code}).content.decode()
        assert len(re.findall(r"<code>[A-Z2-9-]{19}</code>", page)) == 10
        assert "new_second_factor" not in client.session
        assert "10" in client.get(SECOND_FACTOR).content.decode()

    def test_the_new_secret_is_not_readable_in_the_session(self, client, account):
        sign_in(client)
        page = client.get(SECOND_FACTOR).content.decode()
        shown = re.findall(r'zt-secret">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
        stored = str([session.get_decoded() for session in Session.objects.all()])
        assert shown not in stored

    def test_removing_and_renewing_ask_for_a_code(self, client, account):
        address, codes = add(account)
        sign_in(client)
        client.post(CODE, {"code": codes[0]})
        renew, remove = reverse("accounts:second_factor_codes"), reverse("accounts:second_factor_remove")
        assert client.post(renew, {"code": "1"})["Location"] == SECOND_FACTOR
        assert client.post(renew, {"code": codes[1]}).status_code == 200
        client.post(remove, {"code": codes[2]})
        assert hasattr(Account.objects.get(), "second_factor")
        client.post(remove, {"code": code_of(address)})
        assert not hasattr(Account.objects.get(), "second_factor")

    def test_a_role_may_demand_one(self, client, office):
        Role.objects.filter(slug="clerk").update(needs_second_factor=True)
        grant(office.post, "clerk")
        sign_in(client)
        assert client.get("/admin/")["Location"] == SECOND_FACTOR
        add(office.account)
        assert client.get("/admin/").status_code != 302 or SECOND_FACTOR not in client.get("/admin/")["Location"]


class TestOwedPassword:
    def test_nothing_else_first(self, client, account):
        password = actions.reset_password(account.pk, by=BY, at=AT)
        sign_in(client, password)
        assert client.get(SECOND_FACTOR).status_code == 200
        assert client.get("/admin/")["Location"] == OWN_PASSWORD
        assert client.get(OWN_PASSWORD).status_code == 200
        fields = {"old": password, "new": "another-horse-8", "again": "another-horse-9"}
        assert client.post(OWN_PASSWORD, fields).status_code == 422
        assert client.post(OWN_PASSWORD, {**fields, "old": "x", "again": "another-horse-8"}).status_code == 422
        assert client.post(OWN_PASSWORD, {**fields, "again": "another-horse-8"})["Location"] == "/"
        assert who(client) == str(account.pk)

    def test_a_new_password_ends_other_sessions(self, client, account):
        other = Client()
        sign_in(client)
        sign_in(other)
        client.post(OWN_PASSWORD, {"old": PASSWORD, "new": "another-horse-8", "again": "another-horse-8"})
        assert client.get(OWN_PASSWORD).status_code == 200
        assert other.get(OWN_PASSWORD).status_code == 302


class TestIdle:
    def test_signed_out_after_an_hour(self, client, account, monkeypatch):
        sign_in(client)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + IDLE_SECONDS - 5)
        assert client.get(OWN_PASSWORD).status_code == 200
        monkeypatch.setattr(time, "time", lambda: now + 2 * IDLE_SECONDS)
        assert client.get(OWN_PASSWORD)["Location"].startswith(SIGN_IN)
        assert who(client) is None

    def test_the_clock_is_noted_once_a_minute(self, client, account, django_assert_num_queries):
        sign_in(client)
        noted = client.session["seen"]
        client.get(OWN_PASSWORD)
        assert client.session["seen"] == noted


class TestPersonas:
    @pytest.fixture
    def persona(self):
        return make_account("dispatcher", is_demo_persona=True, description="中心转办员", password=None)

    def test_a_click_in_a_demonstration(self, client, persona, settings):
        settings.DEMO = True
        assert "中心转办员" in client.get(SIGN_IN).content.decode()
        client.post(PERSONA, {"username": "dispatcher"})
        assert who(client) == str(persona.pk)
        event = Event.objects.get(stream=persona.pk, kind="account.signed_in")
        assert event.data == {"how": "persona"}

    def test_from_one_persona_to_the_next(self, client, persona, settings):
        settings.DEMO = True
        other = make_account("clerk", is_demo_persona=True, password=None)
        client.post(PERSONA, {"username": "dispatcher"})
        client.post(PERSONA, {"username": "clerk"})
        assert who(client) == str(other.pk)

    @pytest.mark.parametrize("demo", [False, 0, "", "1", 1, None])
    def test_impossible_otherwise(self, client, persona, settings, demo):
        settings.DEMO = demo
        assert "中心转办员" not in client.get(SIGN_IN).content.decode()
        assert client.post(PERSONA, {"username": "dispatcher"}).status_code == 404
        assert who(client) is None
        with pytest.raises(Exception, match="演示"):
            actions.sign_in_persona("dispatcher")

    @pytest.mark.parametrize("fields", [{"is_demo_persona": False}, {"is_superuser": True}])
    def test_others_keep_their_password(self, client, account, settings, fields):
        settings.DEMO = True
        make_account("other", is_demo_persona=True, **fields) if "is_superuser" in fields else make_account("other")
        for name in ("wang", "other", "nobody", "", "\x00"):
            assert client.post(PERSONA, {"username": name}).status_code == 404
        assert who(client) is None

    def test_one_that_is_switched_off(self, client, persona, settings):
        settings.DEMO = True
        actions.set_active(persona.pk, False, by=BY, at=AT)
        assert client.post(PERSONA, {"username": "dispatcher"}).status_code == 404

    def test_reading_signs_nobody_in(self, client, persona, settings):
        settings.DEMO = True
        assert client.get(PERSONA, {"username": "dispatcher"}).status_code == 405
