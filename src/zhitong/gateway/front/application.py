"""The application that granian serves."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import validate_host
from django.utils.translation import get_language_from_request, override
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from zhitong.apikit.errors import problem
from zhitong.apikit.lane import Asked, Lane, carry

from .coalescing import Coalescer, Full
from .wsgi import Application, Headers, TooLarge, body_of, environ_of, respond

log = logging.getLogger("zhitong.front")
MOST_IN_LANE = 100_000  # bytes of a body
PLAIN_KEY = "idempotency-key"
BUSY_SECONDS = "1"


class Front:
    """Requests of a lane that are plain go to it; everything else, and what the lane leaves, to the WSGI application."""

    def __init__(self, application: Application, lanes: Iterable[Lane], *, threads: int, most_body: int) -> None:
        self._application, self._most_body = application, most_body
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._lanes = {lane.path: (lane, Coalescer(partial(carry, lane))) for lane in lanes}

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request."""
        if scope.proto != "http":
            protocol.close(404)
            return
        try:
            body = await body_of(scope, protocol, self._most_body)
        except TooLarge:  # Django says so, in the reader's language, without asking for the body
            environ = environ_of(scope, BytesIO())
            environ["CONTENT_LENGTH"] = str(self._most_body + 1)
            await self._ordinary(environ, protocol)
            return
        with body:
            environ = environ_of(scope, body)
            may = scope.method == "POST" and scope.path in self._lanes and is_plain(environ)
            if not may or not await self._in_lane(scope.path, environ, body, protocol):
                await self._ordinary(environ, protocol)

    async def _in_lane(self, path: str, environ: dict[str, Any], body: Any, protocol: Any) -> bool:
        """Whether it was answered; if not, it has the key under which it was tried."""
        lane, coalescer = self._lanes[path]
        key = environ.setdefault("HTTP_IDEMPOTENCY_KEY", uuid4().hex)
        try:
            told = await coalescer.add(Asked(environ["HTTP_AUTHORIZATION"][7:].strip(), key, body.getvalue()))
        except Full:
            protocol.response_bytes(*_busy(environ))
            return True
        except Exception:
            log.exception("the fast lane of %s failed", path)
            return False
        if told is not None:
            protocol.response_bytes(lane.status, _headers(), told)
        return told is not None

    async def _ordinary(self, environ: dict[str, Any], protocol: Any) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, respond, self._application, environ, protocol, loop)
        except ProtocolClosed:
            log.debug("gone before the answer: %s", environ["PATH_INFO"])


def is_plain(environ: dict[str, Any]) -> bool:
    """Whether a lane may take it: JSON of reasonable length, with a token, to a host of ours, over HTTPS where that is asked."""
    length, host = environ.get("CONTENT_LENGTH", ""), environ.get("HTTP_HOST", "")
    return (
        environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == "application/json"
        and length.isdigit()
        and 0 < int(length) <= MOST_IN_LANE
        and environ.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "
        and not environ["QUERY_STRING"]
        and validate_host(host.rpartition(":")[0] or host, settings.ALLOWED_HOSTS)
        and (not settings.SECURE_SSL_REDIRECT or WSGIRequest(environ).is_secure())
    )


def _headers() -> Headers:
    """What the ordinary way sends with such an answer."""
    found = [
        ("content-type", "application/json; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", settings.X_FRAME_OPTIONS),
        ("referrer-policy", settings.SECURE_REFERRER_POLICY),
        ("cross-origin-opener-policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]
    if settings.SECURE_HSTS_SECONDS:
        found.append(("strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return found


def _busy(environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """429: come again in a moment."""
    with override(get_language_from_request(WSGIRequest({**environ, "wsgi.input": BytesIO()}))):
        answer = problem(429)
    answer["Retry-After"] = BUSY_SECONDS
    return answer.status_code, list(answer.items()), answer.content
