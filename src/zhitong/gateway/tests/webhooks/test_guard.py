"""Where webhooks may go, and who may say so."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import NotAllowed, Refused
from zhitong.gateway.webhooks import actions, rules, sending
from zhitong.gateway.webhooks.carrying import secrets_of
from zhitong.gateway.webhooks.sending import Message, NotSent
from zhitong.kernel.events.public import stream

from .conftest import tell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("127.9.9.9", False), ("10.0.0.8", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("255.255.255.255", False), ("224.0.0.1", False), ("::1", False), ("::", False), ("fe80::1%eth0", False),
        ("fc00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::1", False), ("2002:a00:1::", False),
    ],
)  # fmt: skip
def test_addresses_inside_and_outside(address, outside):
    assert rules.is_outside(address) is outside


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.example/x?y=1", ("https", "a.example", 443, "/x?y=1")),
        ("https://a.example:8443", ("https", "a.example", 8443, "/")),
        ("http://a.example/", ("http", "a.example", 80, "/")),
        ("ftp://a.example/", None), ("https:///x", None), ("https://u:p@a.example/", None), ("https://a.example:x/", None),
        ("https://a.example/ x", None), ("https://a.example/\r\nHost: b", None), ("https://a.example/#x", None),
        ("file:///etc/passwd", None), ("", None), ("https://例子.example/", None),
    ],
)  # fmt: skip
def test_parts_of_an_address(url, parts):
    assert rules.parts_of(url) == parts


def pretend(monkeypatch, *addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: found)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("169.254.169.254",)])
def test_a_name_that_leads_inside_is_refused_when_it_is_set_up_and_when_it_is_sent(district, monkeypatch, addresses):
    pretend(monkeypatch, *addresses)
    with pytest.raises(Refused) as refused:
        tell(district, "https://harmless.example/")
    assert refused.value.field == "url"
    message = Message("msg_1", "https://harmless.example/", "{}", ("whsec_AAAA",))
    with pytest.raises(NotSent, match="inside"):
        sending.send(message, timezone.now())


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch):
    """A name that leads elsewhere at the second look (DNS rebinding) changes nothing."""
    pretend(monkeypatch, "93.184.216.34")
    called = []

    def connect(address, *_more):
        called.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotSent):
        sending.send(Message("msg_1", "https://harmless.example/", "{}", ("whsec_AAAA",)), timezone.now())
    assert called == [("93.184.216.34", 443)]


def test_plain_http_only_to_listed_hosts(district, settings, monkeypatch):
    pretend(monkeypatch, "93.184.216.34")
    for url in (
        "http://a.example/",
        "ftp://a.example/",
        "a.example",
        "https://u:p@a.example/",
        "https://a.example/" + "x" * 500,
    ):
        with pytest.raises(Refused):
            actions.check_address(url)
    settings.WEBHOOK_HOSTS = ["a.example"]
    assert actions.check_address(" http://a.example/ ") == "http://a.example/"
    pretend(monkeypatch, "10.0.0.1")
    assert actions.check_address("https://a.example/")
    settings.WEBHOOK_HOSTS = ["a.example:8443"]
    with pytest.raises(Refused):
        actions.check_address("https://a.example/")
    assert actions.check_address("https://a.example:8443/")


def test_a_host_that_is_struck_off_is_no_longer_told(district, receiver, settings):
    told = tell(district, receiver.url, "appeal.opened")
    district.open()
    settings.WEBHOOK_HOSTS = []
    told.work()
    assert receiver.got == []
    assert "https" in told.rows()[0].last_error


def test_only_an_administrator(district, receiver):
    told, now = tell(district, receiver.url), timezone.now()
    pk, by = told.endpoint.pk, district.actor("dispatcher")
    given = {"name": "a", "url": receiver.url, "kinds": [], "post_id": told.endpoint.post_id, "by": by, "at": now}
    for act in (
        lambda: actions.make_endpoint(origin="https://a.example", **given),
        lambda: actions.change_endpoint(pk, **given),
        lambda: actions.rotate_secret(pk, overlap=timedelta(0), by=by, at=now),
        lambda: actions.pause(pk, by=by, at=now),
        lambda: actions.resume(pk, by=by, at=now),
        lambda: actions.replay(pk, [], by=by, at=now),
        lambda: actions.remove_endpoint(pk, by=by, at=now),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_every_change_is_on_the_record_and_no_secret_in_it(district, receiver):
    told, now = tell(district, receiver.url), timezone.now()
    pk, by = told.endpoint.pk, district.actor("admin")
    given = {"name": "另一个", "url": receiver.url, "kinds": ["appeal.pass"], "post_id": told.endpoint.post_id}
    actions.change_endpoint(pk, **given, by=by, at=now)
    _one, newer = actions.rotate_secret(pk, overlap=timedelta(0), by=by, at=now)
    actions.pause(pk, by=by, at=now)
    actions.resume(pk, by=by, at=now)
    actions.replay(pk, [], by=by, at=now)
    actions.remove_endpoint(pk, by=by, at=now)
    kinds = [event.kind.partition(".")[2] for event in stream(pk)]
    assert kinds == ["made", "changed", "rotated", "paused", "resumed", "replayed", "removed"]
    assert not any(secret in str(event.data) for event in stream(pk) for secret in (told.secret, newer))
    assert told.secret.encode() not in bytes(told.endpoint.sealed)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"kinds": ["appeal.dance"]}, "kinds"), ({"url": "https://127.0.0.1/"}, "url")],
)
def test_what_is_wrong_is_said_beside_its_field(district, receiver, change, field):
    told = tell(district, receiver.url)
    given = {"name": "b", "url": receiver.url, "kinds": [], "post_id": told.endpoint.post_id} | change
    with pytest.raises(Refused) as refused:
        actions.make_endpoint(**given, origin="https://a.example", by=BY, at=timezone.now())
    assert refused.value.field == field


def test_two_of_one_name_are_a_conflict(district, receiver):
    told = tell(district, receiver.url)
    given = {"url": receiver.url, "kinds": [], "post_id": told.endpoint.post_id, "origin": "https://a.example"}
    with pytest.raises(Refused) as refused:
        actions.make_endpoint(name=told.endpoint.name, **given, by=BY, at=timezone.now())
    assert refused.value.code == "endpoint_exists"


def test_keys_are_changed_without_losing_a_secret(district, receiver, settings):
    told = tell(district, receiver.url, "appeal.opened")
    old = settings.DATA_KEYS
    settings.DATA_KEYS = ["bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5ISE=", *old]
    assert actions.rotate_keys() == 1
    assert actions.rotate_keys() == 0
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert secrets_of(told.now(), timezone.now()) == (told.secret,)
