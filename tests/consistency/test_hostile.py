"""What a hostile client sends: to every address, in every parameter a page reads, in every answer an action asks for.

Which parameters there are is not listed here: the pages are watched while they read (``Watch``), and the answers of an
action are those of its form.  Nothing may end in a 500, and a form that is refused keeps what was typed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict

from .scene import Scene, routes
from .test_access import LINES

pytestmark = pytest.mark.django_db

XSS = "\"'></script><xss-mark onload=alert(1)>"
VALUES: Mapping[str, str] = {
    "nul": "路灯\x00坏了", "surrogate": "路灯\ud800坏了", "markup": XSS, "formula": "=cmd|' /C calc'!A0", "header": "a\r\nSet-Cookie: a=1",
    "path": "../../../etc/passwd", "template": "{{7*7}}{0}%s%(a)s{% raise %}", "no id": "not-a-uuid", "odd id": "{urn:uuid:" + "0" * 32 + "}",
    "unknown id": "00000000-0000-4000-8000-000000000000", "nan": "NaN", "infinity": "-inf", "too large a float": "1e309",
    "negative": "-1", "huge": "9" * 400, "digits longer than int takes": "1" * 5000, "superscript": "²", "other digits": "٣٤", "wide": "１２",
    "no such day": "2026-02-30", "first day": "0001-01-01", "last day": "9999-12-31", "year too long": "99999-01-01T00:00:00",
    "key": "0001-01-01T00:00:00+23:59~00000000-0000-4000-8000-000000000000",
    "late key": "9999-12-31T23:59:59-23:59~ffffffff-ffff-4fff-bfff-ffffffffffff",
    "brackets": "{[(", "operators": "& | ! <-> :* ''", "backslash": "\\' \\x27 \\", "turned round": "\u202e路灯\u2066", "emoji": "👩‍👩‍👧‍👦" * 40,
    "space": " \t\r\n ", "zero width": "\u200b\ufeff", "not a character": "\uffff\U0010ffff",
}  # fmt: skip
STEP = 9  # of the values, how many are left to other parameters
LONG = "长" * 5_000
VERY_LONG = "长" * 1_000_000


@contextmanager
def watch() -> Iterator[set[str]]:
    """The names that are looked up in forms and queries meanwhile."""
    seen: set[str] = set()
    real = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__")}

    def noting(name: str) -> Any:
        def read(self: QueryDict, key: Any, *more: Any, **options: Any) -> Any:
            seen.add(str(key))
            return real[name](self, key, *more, **options)

        return read

    with patch.multiple(QueryDict, **{name: noting(name) for name in real}):
        yield seen
    seen.discard("csrfmiddlewaretoken")


def encoded(data: Mapping[str, Any]) -> bytes:
    """As a browser would never send it: also what is no valid UTF-8."""
    pairs = [(k, v) for k, values in data.items() for v in (values if isinstance(values, list) else [values])]
    return urlencode(
        [(k.encode("utf-8", "surrogatepass"), str(v).encode("utf-8", "surrogatepass")) for k, v in pairs]
    ).encode()


def send(scene: Scene, persona: str, method: str, path: str, data: Mapping[str, Any], **headers: str) -> HttpResponse:
    """One request in that browser, undone afterwards."""
    client, body = scene.client(persona, raise_request_exception=False), encoded(data)
    with transaction.atomic():
        if method == "GET":
            place, _, query = path.partition("?")
            answer = client.get(place, headers=headers, QUERY_STRING="&".join(q for q in (query, body.decode()) if q))
        else:
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)
        transaction.set_rollback(True)
    return cast(HttpResponse, answer)


def broken(answer: Any) -> str:
    """The status, and what was thrown."""
    info = getattr(answer, "exc_info", None)
    return f"{answer.status_code} {info[0].__name__}: {info[1]}"[:200] if info else str(answer.status_code)


def who_may(route: str, method: str) -> str | None:
    """Somebody the table lets in, who reads the most there."""
    line = next((one for one in LINES[route] if method in one.methods), None)
    cells = line.cells if line else {}
    wanted = ("dispatcher", "supervisor", "worker", "admin", "resident")
    return next((persona for persona in wanted if cells.get(persona) in ("y", "o", "t")), None)


ASKED = [(route, method) for route, of in LINES.items() for method in ("GET", "POST") if who_may(route, method)]


@pytest.mark.parametrize(("route", "method"), ASKED)
def test_no_parameter_breaks_a_page(scene: Scene, route: str, method: str) -> None:
    persona = who_may(route, method)
    assert persona is not None
    path = scene.paths(route, dict(routes())[route], persona)[0]
    with watch() as names:
        send(scene, persona, method, path, {})
    found = []
    for name, sent in bodies(sorted(names), method):
        answer = send(scene, persona, method, path, sent)
        if answer.status_code >= 500 or set("\r\n") & set(answer.get("Location", "")):
            found.append(f"{name!r}: {broken(answer)}")
        if answer.get("Content-Type", "").startswith("text/html") and "<xss-mark" in answer.content.decode():
            found.append(f"{name}: markup comes back as markup")
    assert not found, f"{persona} {method} {path}\n" + "\n".join(found)


def bodies(names: list[str], method: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every value in all parameters at once; then each parameter alone with a few of the values, others with others."""
    for label, value in VALUES.items():
        yield label, dict.fromkeys(names, value)
    yield "long", dict.fromkeys(names, LONG)
    yield "lists", {name: ["a", "b", ""] for name in names}
    values = [*VALUES.items(), ("very long", LONG if method == "GET" else VERY_LONG)]
    for number, name in enumerate(names):
        for label, value in values[number % STEP :: STEP]:
            yield f"{name} {label}", {name: value}
