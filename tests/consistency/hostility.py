"""What hostile clients send, and how.

Everything at every place takes minutes.  A run of the tests deals the values out, to each place some of them; with
``ZHITONG_THOROUGH=1`` each place gets them all.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import transaction

from .scene import Scene

T = TypeVar("T")
IS_THOROUGH = os.environ.get("ZHITONG_THOROUGH", "0") != "0"
XSS = "\"'></script><xss-mark onload=alert(1)>"
VALUES: Mapping[str, str] = {
    "nul": "路灯\x00坏了", "surrogate": "路灯\ud800坏了", "markup": XSS, "formula": "=cmd|' /C calc'!A0", "header": "a\r\nSet-Cookie: a=1",
    "path": "../../../etc/passwd", "no address": "//[evil.example/", "template": "{{7*7}}{0}%s%(a)s{% raise %}", "no id": "not-a-uuid",
    "odd id": "{urn:uuid:" + "0" * 32 + "}",
    "unknown id": "00000000-0000-4000-8000-000000000000", "nan": "NaN", "infinity": "-inf", "too large a float": "1e309",
    "negative": "-1", "huge": "9" * 400, "digits longer than int takes": "1" * 5000, "superscript": "²", "other digits": "٣٤", "wide": "１２",
    "no such day": "2026-02-30", "first day": "0001-01-01", "last day": "9999-12-31", "year too long": "99999-01-01T00:00:00",
    "key": "0001-01-01T00:00:00+23:59~00000000-0000-4000-8000-000000000000",
    "late key": "9999-12-31T23:59:59-23:59~ffffffff-ffff-4fff-bfff-ffffffffffff",
    "brackets": "{[(", "operators": "& | ! <-> :* ''", "backslash": "\\' \\x27 \\", "turned round": "\u202e路灯\u2066", "emoji": "👩‍👩‍👧‍👦" * 40,
    "space": " \t\r\n ", "zero width": "\u200b\ufeff", "not a character": "\uffff\U0010ffff",
}  # fmt: skip
LONG = "长" * 5_000
VERY_LONG = "a" * 1_000_000


# What is most likely to break a parameter of such a name; the last line is for all others.
POINTED = (
    (r"before|after|page|cursor|^key$", ("key", "late key", "superscript", "digits longer than int takes")),
    (r"since|until|when|date|day|^on$|_on$|period|month", ("last day", "first day", "year too long", "no such day")),
    (r"lon|lat|box|zoom", ("nan", "infinity", "too large a float", "brackets")),
    (r"next|back|url|query", ("header", "no address", "markup", "surrogate")),
    (r"version|number|amount|count|^n$|size|grade", ("superscript", "huge", "other digits", "negative")),
    (r"^q$|words|text|name|note", ("operators", "nul", "markup", "surrogate")),
    (r"", ("odd id", "unknown id", "nul", "markup")),
)


def dealt(values: Sequence[T], number: int, some: int) -> Sequence[T]:
    """What the place of that number gets: about ``some`` of the values, the next place others; all when thorough."""
    step = 1 if IS_THOROUGH else max(len(values) // some, 1)
    return values[number % step :: step]


def pointed(name: str) -> Sequence[str]:
    """Four of the values, those that fit the name of a parameter best."""
    return next(labels for pattern, labels in POINTED if re.search(pattern, name))


def encoded(data: Mapping[str, Any]) -> bytes:
    """As a browser would never send it: also what is no valid UTF-8."""
    pairs = [(k, v) for k, values in data.items() for v in (values if isinstance(values, list) else [values])]
    return urlencode(
        [(k.encode("utf-8", "surrogatepass"), str(v).encode("utf-8", "surrogatepass")) for k, v in pairs]
    ).encode()


def send(scene: Scene, persona: str, method: str, path: str, data: Mapping[str, Any], **headers: str) -> Any:
    """One request in that browser, undone afterwards."""
    client, body = scene.client(persona, raise_request_exception=False), encoded(data)
    with transaction.atomic():
        if method == "GET":
            place, _, query = path.partition("?")
            answer = client.get(place, headers=headers, QUERY_STRING="&".join(q for q in (query, body.decode()) if q))
        else:
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)
        transaction.set_rollback(True)
    return answer


def broken(answer: Any) -> str:
    """The status, and what was thrown."""
    info = getattr(answer, "exc_info", None)
    return f"{answer.status_code} {info[0].__name__}: {info[1]}"[:200] if info else str(answer.status_code)
