"""A district, and apps that ask it as the standard says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.district import District, build
from tests.machine import machine
from tests.samples import place_of

from .shapes import COMMUNITY, check


@dataclass
class App:
    """A civic app, with a key or without one.  Every answer is held to its shape, in both formats."""

    key: str = ""
    language: str = "zh-CN"
    client: Any = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, path: str, method: str = "GET", **given: Any) -> HttpResponse:
        """One request; a GET or POST carries ``given`` as its arguments, a dictionary of headers apart."""
        headers = {"Accept-Language": self.language, **given.pop("headers", {})}
        given = {name.rstrip("_"): value for name, value in given.items()} | ({"api_key": self.key} if self.key else {})
        if method == "POST" and not any(hasattr(value, "read") for value in given.values()):
            form = "application/x-www-form-urlencoded"
            sent: HttpResponse = self.client.post(
                path, urlencode(given, doseq=True), content_type=form, headers=headers
            )
            return sent
        answer: HttpResponse = getattr(self.client, method.lower())(path, given, headers=headers)
        return answer

    def get(self, shape: str, path: str, **given: Any) -> Any:
        """What a good GET gives, after both formats were held to the shape and to each other."""
        answer = self.ask(f"/open311/{path}.json", **given)
        assert answer.status_code == 200, answer.content.decode()
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        value = json.loads(answer.content)
        check(shape, value)
        by_community(shape, value)
        in_xml = self.ask(f"/open311/{path}.xml", **given)
        assert in_xml["Content-Type"] == "text/xml; charset=utf-8"
        assert in_xml.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        root = ElementTree.fromstring(in_xml.content)
        names = {"definition": "service_definition", "requests": "service_requests", "token": "service_requests"}
        assert root.tag == names.get(shape, shape)
        assert read(root) == said(value)
        return value

    def refused(self, path: str, status: int, method: str = "GET", **given: Any) -> str:
        """What a refusal says, in both formats the same."""
        answers = [self.ask(f"/open311/{path}.{form}", method, **given) for form in ("json", "xml")]
        assert [answer.status_code for answer in answers] == [status] * 2, answers[0].content.decode()
        value = json.loads(answers[0].content)
        check("errors", value)
        assert {one["code"] for one in value} == {status}
        root = ElementTree.fromstring(answers[1].content)
        assert root.tag == "errors"
        assert read(root) == said(value)
        text: str = value[0]["description"]
        assert text.endswith((".", "。"))
        return text

    def raised(self, **given: Any) -> dict[str, Any]:
        """What a good POST gives."""
        answer = self.ask("/open311/v2/requests.json", "POST", **given)
        assert answer.status_code == 200, answer.content.decode()
        value = json.loads(answer.content)
        check("raised", value)
        told: dict[str, Any] = value[0]
        return told


LISTS = {"services", "service_requests", "attributes", "values", "endpoints", "formats", "errors"}


def read(element: ElementTree.Element) -> Any:
    """What XML says, as the standard maps it to JSON; every value as text."""
    if element.tag in LISTS:
        return [read(child) for child in element]
    return {child.tag: read(child) for child in element} if len(element) else element.text or ""


def said(value: Any) -> Any:
    """The same of JSON."""
    match value:
        case dict():
            return {name: said(one) for name, one in value.items()}
        case list():
            return [said(one) for one in value]
        case bool():
            return str(value).lower()
    return "" if value is None else str(value)


def by_community(shape: str, value: Any) -> None:
    """Hold an answer to the schema that the standard's community publishes, where a copy is found."""
    folder, name = place_of("open311"), COMMUNITY.get(shape)
    if folder and name and (folder / name).is_file():
        schema = json.loads((folder / name).read_text(encoding="utf-8"))
        for one in value if isinstance(value, list) else [value]:
            check(shape, one, schema)


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


@pytest.fixture
def anybody(district: District) -> App:
    """An app without a key."""
    return App()


@pytest.fixture
def app(district: District) -> App:
    """An app whose key lets it take down appeals, and read those it has taken down."""
    return App(machine(district, "clerk").secret)


@pytest.fixture
def desk(district: District) -> App:
    """A system that sees the whole district."""
    return App(machine(district, "dispatcher").secret)
