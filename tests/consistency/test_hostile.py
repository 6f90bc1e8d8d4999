"""What a hostile client sends to every address, in every parameter a page reads.  Nothing may end in a 500.

Which parameters there are is not listed here: the pages are watched while they read (``watch``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.http import QueryDict
from django.urls.converters import UUIDConverter

from .hostility import IS_THOROUGH, LONG, VALUES, VERY_LONG, broken, dealt, encoded, pointed, send
from .scene import REST, Scene, routes
from .test_access import LINES

pytestmark = pytest.mark.django_db

TOGETHER, STEP = 4, 5  # how the values are dealt out


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
    seen -= {"csrfmiddlewaretoken", "x"}


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
        send(scene, persona, method, path, {"x": "1"})  # some forms are read only where something was sent
    found = []
    for name, sent in bodies(sorted(names), method, ASKED.index((route, method))):
        answer = send(scene, persona, method, path, sent)
        if answer.status_code >= 500 or set("\r\n") & set(answer.get("Location", "")):
            found.append(f"{name!r}: {broken(answer)}")
        if answer.get("Content-Type", "").startswith("text/html") and "<xss-mark" in answer.content.decode():
            found.append(f"{name}: markup comes back as markup")
    assert not found, f"{persona} {method} {path}\n" + "\n".join(found)


WORDS = ("x", "no-such", "_", "-", "0", "9" * 30, "a" * 300, "None", "__class__", "admin")
PATHS = (
    "",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/",
    "%ff%fe",
    "%F0%9F%91%A9",
    "//",
    ";a=b",
    "%0d%0aX-A:1",
    "'--",
    "{{7*7}}",
    "%25",
)


def test_no_address_breaks_a_page(scene: Scene) -> None:
    """Words where a page expects one of its own, and addresses that no browser would make."""
    found = []
    for route, pattern in routes():
        open_words = [n for n, one in pattern.pattern.converters.items() if not isinstance(one, UUIDConverter)]
        persona = who_may(route, "GET") or who_may(route, "POST")
        if persona is None:
            continue
        path = scene.paths(route, pattern, persona)[0].partition("?")[0]
        known = {str(v) for things in scene.things.values() for n, v in things.items() if n in open_words}
        known |= {str(REST[n]) for n in open_words if n in REST}
        addresses = [path.replace(part, word) for part in known if part in path for word in dealt(WORDS, len(path), 5)]
        addresses += [f"{path}{end}" for end in dealt(PATHS, len(path), 2)]
        for address in addresses:
            answer = scene.client(persona, raise_request_exception=False).get(address)
            if answer.status_code >= 500:
                found.append(f"{persona} {address}: {broken(answer)}")
    assert not found, "\n".join(found)


def bodies(names: list[str], method: str, place: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """All parameters at once, each with another value; then each alone, so that none hides behind another."""
    if not names:
        return
    values = list(VALUES)
    rounds = [{name: pointed(name)[turn] for name in names} for turn in range(4)]
    for turn, _first in enumerate(dealt(values, place, TOGETHER)):
        rounds.append({name: values[(turn * STEP + place + n) % len(values)] for n, name in enumerate(names)})
    for number, name in enumerate(names if len(names) > 1 or IS_THOROUGH else ()):
        alone = VALUES if IS_THOROUGH else [pointed(name)[(place + number) % 4]]
        rounds += [{name: label} for label in alone]
    for turn, chosen in enumerate(rounds):
        sent = {name: VALUES[label] for name, label in chosen.items()}
        if "query" in chosen and turn % 2:  # the query of a list, sent as one text
            sent["query"] = encoded(sent).decode()
        yield str(chosen), sent
    yield "long", dict.fromkeys(names, LONG)
    yield "lists", {name: ["a", "b", ""] for name in names}
    if method == "POST":
        yield "very long", {names[place % len(names)]: VERY_LONG}
