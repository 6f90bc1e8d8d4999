"""Signing in for a firm: no password, no hint, no fixed session."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import TooMany
from zhitong.kernel.events.public import Event, Notice, render_many

from .. import public
from ..actions import entering
from ..web import session
from .test_firms import BY, PLAIN, code

pytestmark = pytest.mark.django_db
ASK, CODE = reverse("register:firm_sign_in"), reverse("register:firm_code")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def firm():
    return public.register_firms([PLAIN], by=BY, at=NOW)[0]


def sent() -> str:
    """The code in the last notice."""
    ((_title, body),) = render_many([Notice.objects.latest("id")])
    found = re.search(r"验证码(\d{6})", body)
    assert found
    return found[1]


def entered(client: Client) -> bool:
    return "firm" in client.session


def test_in_and_out(client, firm):
    assert client.post(ASK, {"code": PLAIN.code, "whom": "liaison"}).url == CODE
    assert Notice.objects.get().to_contact == public.phone_of(public.firm_in_full(firm.pk).liaison).pk
    before = client.session.session_key
    assert client.post(CODE, {"code": sent()}).status_code == 302
    assert client.session["firm"]["id"] == str(firm.pk)
    assert client.session.session_key != before
    assert Event.objects.get(kind="firm.signed_in").data == {"how": "code"}
    client.post(reverse("register:firm_sign_out"))
    assert not entered(client)


def test_the_code_goes_to_whom_one_chooses(client, firm):
    client.post(ASK, {"code": PLAIN.code, "whom": "legal"})
    assert Notice.objects.get().to_contact == public.phone_of(public.firm_in_full(firm.pk).legal).pk


def test_nobody_learns_whether_there_is_such_a_firm(client, firm):
    def told(number):
        browser = Client()
        answer = browser.post(ASK, {"code": number, "whom": "liaison"})
        page = browser.get(answer.url)
        wrong = browser.post(CODE, {"code": "000000x"})
        strip = re.compile(r'(?:value|content)="[^"]{60,}"|nonce="[^"]*"|"X-CSRFToken": ?"[^"]*"')
        return answer.status_code, [strip.sub("", p.content.decode()) for p in (page, wrong)], wrong.status_code

    assert told(PLAIN.code) == told(code(77))
    assert Notice.objects.count() == 1


def test_what_is_no_credit_code_is_said(client):
    answer = client.post(ASK, {"code": "91370103", "whom": "liaison"})
    assert answer.status_code == 422
    assert "统一社会信用代码不正确" in answer.content.decode()


def test_a_code_is_good_once_in_its_own_browser_and_for_five_minutes(client, firm):
    client.post(ASK, {"code": PLAIN.code, "whom": "liaison"})
    right = sent()
    other = Client()
    other.post(ASK, {"code": code(77), "whom": "liaison"})
    other.post(CODE, {"code": right})
    assert not entered(other)
    client.post(CODE, {"code": right})
    client.post(reverse("register:firm_sign_out"))
    client.post(CODE, {"code": right})
    assert not entered(client)
    asked = entering.ask_code(PLAIN.code, "liaison", address="192.0.2.1", at=NOW)
    with pytest.raises(Refused):
        entering.check_code(asked, sent(), at=NOW + timedelta(minutes=6))
    assert entering.check_code(asked, sent(), at=NOW + timedelta(minutes=4)) == firm


def test_five_tries(firm):
    asked = entering.ask_code(PLAIN.code, "liaison", address="192.0.2.1", at=NOW)
    for _ in range(5):
        with pytest.raises(Refused):
            entering.check_code(asked, "not a code", at=NOW)
    with pytest.raises(TooMany):
        entering.check_code(asked, sent(), at=NOW)


def test_whoever_tried_too_often_is_told_when_to_come_again(client, firm):
    client.post(ASK, {"code": PLAIN.code, "whom": "liaison"})
    answers = [client.post(CODE, {"code": "000000x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_asked_for_too_often(client, firm):
    answers = [client.post(ASK, {"code": PLAIN.code, "whom": "liaison"}) for _ in range(7)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]
    assert Notice.objects.count() == 5


def test_a_code_is_hardly_guessed():
    """As SECURITY.md has it: whoever asks as often as may be, and tries each code as often as may be."""
    a_day = entering.ASKED_A_DAY[0] * 2  # the allowance, and what comes back in the meantime
    assert a_day * entering.TRIES[0] / 10**entering.DIGITS <= 1 / 10_000


def test_ends_by_itself(client, firm, rf, monkeypatch):
    client.post(ASK, {"code": PLAIN.code, "whom": "liaison"})
    client.post(CODE, {"code": sent()})
    kept = client.session["firm"]
    for name, seconds in (("seen", session.IDLE_SECONDS), ("at", session.LONGEST_SECONDS)):
        request = rf.get("/")
        request.session, request.user = client.session, type("Nobody", (), {"is_authenticated": False})()
        request.session["firm"] = {**kept, name: kept[name] - seconds - 5}
        assert session.firm_of(request) is None


def test_a_cancelled_firm_is_let_in_no_more(client, firm):
    public.change_firm(firm.pk, by=BY, at=timezone.now(), state="cancelled")
    client.post(ASK, {"code": PLAIN.code, "whom": "liaison"})
    assert not Notice.objects.exists()


def test_the_persona_is_for_demonstrations(client, firm, settings):
    address = reverse("register:firm_persona")
    assert client.post(address).status_code == 404
    settings.DEMO = True
    assert client.post(address).status_code == 302
    assert client.session["firm"]["id"] == str(firm.pk)
