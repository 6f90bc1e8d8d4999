"""A district, and another system that listens."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook

from tests.district import BY, District, build
from zhitong.gateway.models import Endpoint
from zhitong.gateway.webhooks import actions
from zhitong.kernel.events.public import Channel, Notice, carry, deliveries
from zhitong.kernel.organisation.public import posts_of

_numbers = count(1)


@dataclass
class Receiver:
    """A real HTTP server: it keeps what it is sent, and answers as it is told."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    location: str = ""
    seconds: float = 0.0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?from=zhitong"

    def verified(self, secret: str) -> list[Any]:
        """What it was sent, each checked with the library that receivers use."""
        return [Webhook(secret).verify(body, headers) for _path, headers, body in self.got]

    def ids(self) -> list[str]:
        """The ids by which it knows what it has had."""
        return [headers["webhook-id"] for _path, headers, _body in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Listens while the test runs."""
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(known.seconds)
            self.send_response(known.answers.pop(0) if known.answers else 204)
            if known.location:
                self.send_header("Location", known.location)
            self.end_headers()

        def log_message(self, *_given: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_HOSTS = [f"127.0.0.1:{known.port}"]
    yield known
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """The district of a module; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def district(built: District, db: Any) -> District:
    """The district."""
    return built


@dataclass
class Told:
    """An endpoint, its secret, and the worker that serves it."""

    endpoint: Endpoint
    secret: str

    def work(self, at: datetime | None = None) -> int:
        """One round of the worker."""
        return carry(Channel.WEBHOOK, at=at or timezone.now())

    def rows(self) -> list[Notice]:
        """What is, was or will be sent, oldest first."""
        return list(deliveries(self.endpoint.pk))[::-1]

    def now(self) -> Endpoint:
        """As it stands now."""
        return Endpoint.objects.get(pk=self.endpoint.pk)


def tell(district: District, url: str, *kinds: str, name: str = "dispatcher") -> Told:
    """An endpoint that sees what that person's post sees."""
    staff_id = district.people[name].staff_id
    assert staff_id is not None
    post = posts_of(staff_id, timezone.localdate())[0].post
    made, secret = actions.make_endpoint(
        name=f"端点{next(_numbers)}", url=url, kinds=kinds, post_id=post.pk, origin="https://zhitong.example/",
        by=BY, at=timezone.now(),
    )  # fmt: skip
    return Told(made, secret)
