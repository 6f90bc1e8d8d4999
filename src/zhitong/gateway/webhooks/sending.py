"""One POST: to an address that was looked at, within a set time, and to no other that the answer may name."""

import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from standardwebhooks import Webhook

from . import rules

SECONDS = 8.0
AGENT = "Zhitong-Webhooks/1"
GOOD = range(200, 300)


class NotSent(Exception):
    """Why it did not arrive: a word of ``web.webhooks.WHY``, and what it is about."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: the same id and body at every try."""

    id: str
    url: str
    body: str
    secrets: tuple[str, ...]


def is_listed(host: str, port: int) -> bool:
    """Whether the district lets this host be told wherever it stands (``host`` or ``host:port``)."""
    return bool({host, f"{host}:{port}"} & set(settings.WEBHOOK_HOSTS))


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses behind a name; NotSent where there is none, or one that lies inside and is not listed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"nowhere {host}") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not is_listed(host, port) and not all(rules.is_outside(one) for one in addresses):
        raise NotSent(f"inside {host}")
    return addresses


def headers_of(message: Message, at: datetime) -> dict[str, str]:
    """By the convention: id, moment, and a signature by each secret in force."""
    signatures = [Webhook(secret).sign(message.id, at, message.body) for secret in message.secrets]
    return {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT, "webhook-id": message.id,
        "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": " ".join(signatures), "Connection": "close",
    }  # fmt: skip


def send(message: Message, at: datetime) -> int:
    """The code of the answer; NotSent where there is none.  ``at`` is the moment that is signed, in UTC."""
    parts = rules.parts_of(message.url)
    if parts is None or (parts[0] == "http" and not is_listed(*parts[1:3])):
        raise NotSent("not_https")
    scheme, host, port, path = parts
    address = addresses_of(host, port)[0]
    connection = _connection(scheme, host, port, address)
    timer = threading.Timer(SECONDS, _cut, [connection])  # a try ends, however slowly the other side drips
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, message.body.encode(), headers_of(message, at))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotSent(f"broken {type(error).__name__}: {error}"[:300]) from error
    finally:
        timer.cancel()
        connection.close()


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """To exactly the address that was looked at; the name is only for the certificate and the Host header."""
    made = (
        http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
        if scheme == "https" else http.client.HTTPConnection(host, port, timeout=SECONDS)
    )  # fmt: skip
    made._create_connection = lambda _target, *more: socket.create_connection((address, port), SECONDS)  # type: ignore[attr-defined]
    return made


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
