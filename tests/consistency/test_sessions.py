"""Forms sent twice, sent late, sent from elsewhere; sessions planted and left behind; headers that lie."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import PASSWORD, District
from zhitong.kernel.matters import public as m

from .scene import Scene, routes
from .test_access import LINES

pytestmark = pytest.mark.django_db

NEW, SIGN_IN = "/appeals/new", "/accounts/sign-in/"
SAID = {"subkind": "report", "text": "西门井盖松动，车辆经过声响很大。"}


def key_of(client: Client, address: str = NEW) -> str:
    """The key that a form came with."""
    found = re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_a_form_sent_twice_is_one_appeal(district: District) -> None:
    client = Client()
    said = SAID | {"key": key_of(client)}
    answers = [client.post(NEW, said) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert m.Matter.objects.filter(text=SAID["text"]).count() == 1
    again = client.post(NEW, said | {"text": "另一件事：北门路灯不亮。"})
    assert again.status_code == 409
    assert "另一件事" in again.content.decode()


@pytest.mark.parametrize("key", ["", "x", "../..", "<script>", "a" * 65, "键" * 20, "\x00" * 20])
def test_a_key_that_is_none_gets_another(district: District, key: str) -> None:
    assert Client().post(NEW, SAID | {"key": key}).status_code in (302, 422)
    assert m.Matter.objects.filter(text=SAID["text"]).count() <= 1


def test_without_a_key_nothing_is_taken_for_sent_before(district: District) -> None:
    client = Client()
    assert {client.post(NEW, SAID).status_code for _ in range(2)} == {302}
    assert m.Matter.objects.filter(text=SAID["text"]).count() == 2


def test_somebody_elses_key_gives_no_look_at_their_appeal(district: District) -> None:
    """Who sends the key of another form with other words learns nothing and opens nothing."""
    first, other = Client(), Client()
    key = key_of(first)
    receipt = first.post(NEW, SAID | {"key": key})["Location"]
    assert other.post(NEW, SAID | {"key": key, "text": "完全不同的另一件事情。"}).status_code == 409
    assert "appeals/track" in other.get(receipt)["Location"]


def test_an_action_sent_twice_is_taken_once(scene: Scene) -> None:
    here = m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    client, path = scene.client("worker"), reverse("portal:act", args=[here.pk, "note"])
    said = {"note": "请同事留意。", "version": here.version}
    assert [client.post(path, said).status_code for _ in range(2)] == [302, 422]
    assert here.records.filter(action="note").count() == 1


def test_joining_twice_is_once(scene: Scene) -> None:
    path = reverse("appeals:join", args=[scene.things["shown"]["number"]])
    client = Client()
    assert {client.post(path, {}).status_code for _ in range(2)} == {302}
    assert m.Matter.objects.get(number=scene.things["shown"]["number"]).appeal.supporters == 1


def test_a_form_from_before_signing_out_does_nothing(scene: Scene) -> None:
    here = m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    client = scene.client("worker")
    kept = client.cookies["sessionid"].value
    assert client.post("/accounts/sign-out/").status_code == 302
    client.cookies["sessionid"] = kept
    answer = client.post(reverse("portal:act", args=[here.pk, "note"]), {"note": "晚到的备注", "version": here.version})
    assert answer["Location"].startswith(SIGN_IN)
    assert not here.records.filter(action="note").exists()


def test_a_form_of_somebody_who_was_switched_off_does_nothing(scene: Scene) -> None:
    here = m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    account = scene.district.people["worker"]
    type(account).objects.filter(pk=account.pk).update(is_active=False)
    answer = scene.client("worker").post(reverse("portal:act", args=[here.pk, "note"]), {"note": "备注", "version": 1})
    assert answer["Location"].startswith(SIGN_IN)


def test_a_planted_session_is_not_the_one_somebody_signs_in_with(district: District) -> None:
    victim = Client()
    victim.cookies["sessionid"] = planted = _planted()
    assert victim.post(SIGN_IN, {"username": "dispatcher", "password": PASSWORD}).status_code == 302
    assert victim.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/desk/")["Location"].startswith(SIGN_IN)


def test_a_planted_session_does_not_follow_an_appeal(district: District) -> None:
    victim, raised = Client(), district.open()
    victim.cookies["sessionid"] = planted = _planted()
    assert victim.post("/appeals/track", {"number": raised.number, "code": raised.code}).status_code == 302
    assert victim.get(f"/appeals/{raised.number}/").status_code == 200
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get(f"/appeals/{raised.number}/").status_code == 404


def _planted() -> str:
    """A session the attacker got for raising something."""
    attacker = Client()
    assert attacker.post(NEW, SAID).status_code == 302
    key: str = attacker.cookies["sessionid"].value
    assert Session.objects.filter(pk=key).exists()
    return key


@pytest.mark.parametrize("cookie", ["x", "a" * 32, "' OR 1=1 --", "../../x", "0" * 5000])
def test_a_session_that_is_none(district: District, cookie: str) -> None:
    client = Client()
    client.cookies["sessionid"] = cookie
    assert client.get("/desk/")["Location"].startswith(SIGN_IN)
    assert client.get("/").status_code == 200


def test_cookies_are_not_for_scripts_and_not_for_other_sites(district: District) -> None:
    client = Client()
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"username": "dispatcher", "password": PASSWORD})
    client.post("/language/", {"language": "en"})
    assert {settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME} <= set(client.cookies)
    for name, morsel in client.cookies.items():
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name
        assert not morsel["domain"], name


def test_over_https_cookies_stay_there(district: District, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get(SIGN_IN, secure=True)
    client.post(SIGN_IN, {"username": "dispatcher", "password": PASSWORD}, secure=True)
    client.post("/language/", {"language": "en"}, secure=True)
    assert len(client.cookies) >= 3
    assert all(morsel["secure"] for morsel in client.cookies.values())


HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "localhost:80:80",
    "",
    "[::1",
    "a\tb",
    "路灯",
)


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(scene: Scene, host: str) -> None:
    client = scene.client("stranger", raise_request_exception=False)
    assert client.get("/", HTTP_HOST=host).status_code == 400
    assert client.post(NEW, SAID, HTTP_HOST=host).status_code == 400


def test_a_host_told_by_the_way_is_not_believed(scene: Scene) -> None:
    number = scene.things["here"]["number"]
    path = reverse("appeals:receipt_text", args=[number])
    answer = scene.client("resident").get(
        path, HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example"
    )
    assert "evil.example" not in answer.content.decode()


TARGETS = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "\t//evil.example",
           "https:evil.example", "/%0d%0aSet-Cookie:x=1", "desk", "@evil.example", "//localhost@evil.example")  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_led_to_another_site(district: District, target: str) -> None:
    client = Client()
    signed = client.post(SIGN_IN, {"username": "dispatcher", "password": PASSWORD, "next": target})
    spoken = client.post("/language/", {"language": "en", "next": target})
    for answer in (signed, spoken):
        place = answer["Location"]
        assert place == "/" or (place.startswith("/%0d") and "\r" not in place)


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "//[evil.example/", "/desk/?a=1"])
def test_the_way_back_from_an_error_stays_here(scene: Scene, path: str) -> None:
    answer = Client().get("/no/such/page", HTTP_REFERER=f"http://testserver{path}", HTTP_HOST="testserver")
    assert answer.status_code == 404
    assert ("evil" in answer.content.decode(), "/desk/?a=1" in answer.content.decode()) == (False, path == "/desk/?a=1")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "POST "])
def test_other_methods_do_nothing(scene: Scene, method: str) -> None:
    """Refused everywhere, and never taken for what they say they stand for."""
    found = []
    for route, pattern in routes():
        for persona in ("stranger", "dispatcher"):
            path = scene.paths(route, pattern, persona)[0]
            answer = scene.client(persona, raise_request_exception=False).generic(method, path)
            if answer.status_code not in (302, 403, 404, 405) or (
                answer.status_code == 302 and LINES[route][0].cells[persona] not in "syf"
            ):
                found.append(f"{persona} {method} {path}: {answer.status_code}")
    assert not found, "\n".join(found)


def test_a_method_in_a_header_or_a_field_is_not_believed(scene: Scene) -> None:
    here = m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    path = reverse("portal:act", args=[here.pk, "note"])
    said: dict[str, Any] = {"note": "备注", "version": here.version, "_method": "POST"}
    scene.client("worker").get(path, said, HTTP_X_HTTP_METHOD_OVERRIDE="POST")
    assert not here.records.filter(action="note").exists()


def test_files_of_the_house_are_not_served(scene: Scene) -> None:
    client = scene.client("admin")
    for path in (
        "/static/../../pyproject.toml",
        "/files/../settings.py",
        "/.git/config",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/var/demo.env",
    ):
        assert client.get(path).status_code == 404, path


def test_nothing_was_written_meanwhile(scene: Scene) -> None:
    """What a test of this module did is undone: the next one finds the scene as it was."""
    assert m.Matter.objects.filter(opened_at__lte=timezone.now()).count() == scene.matters
