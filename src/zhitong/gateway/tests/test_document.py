"""The OpenAPI document: complete, in both languages, and as it is committed."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from zhitong.apikit.api import Api, needs_of
from zhitong.apikit.door import Needs
from zhitong.apikit.routes import Routes
from zhitong.config.cli.api import text_of
from zhitong.config.environment import ROOT
from zhitong.gateway.assembly import root
from zhitong.gateway.web import reading
from zhitong.gateway.web.views import document

CHINESE = re.compile(r"[一-鿿]")
COMMITTED = Path(ROOT) / "docs" / "api" / "openapi.json"


def texts(said, key=""):
    """(key, text) of everything people read."""
    if isinstance(said, dict):
        for name, one in said.items():
            yield from texts(one, name)
    elif isinstance(said, list):
        for one in said:
            yield from texts(one, key)
    elif isinstance(said, str) and key in ("description", "summary", "x-displayName", "title"):
        yield key, said


def test_the_committed_document_is_what_the_code_says():
    assert COMMITTED.read_text(encoding="utf-8") == text_of(), "run zhitong api document, and look at the change"


def test_nothing_in_the_english_document_is_chinese():
    left = {text for _key, text in texts(document("en")["paths"]) if CHINESE.search(text)}
    left |= {text for _key, text in texts(document("en")["info"]) if CHINESE.search(text)}
    assert not left


def test_every_operation_reads_well_in_both_languages():
    for language in ("zh-hans", "en"):
        for heading in reading.headings(document(language)):
            assert heading.operations, heading.slug
            for one in heading.operations:
                assert one.summary, one.id
                assert bool(CHINESE.search(one.summary)) is (language == "zh-hans"), one.id
                assert all(row.text for row in one.parameters if row.place == "query"), one.id


@pytest.mark.parametrize("operation", root().operations(), ids=lambda one: f"{one.methods[0]} {one.path}")
def test_every_operation_declares_what_it_needs_and_how_it_fails(operation):
    needs_of(operation)
    assert {400, 401, 403, 422, 429, 500} <= set(operation.response_models)
    if "{" in operation.path:
        assert 404 in operation.response_models


def test_an_operation_that_declares_nothing_does_not_start():
    bare = Routes("bare", "bare")
    bare.get("/open")(lambda request: {})
    for routes in (bare, _asking(Needs(("fly",))), _asking(Needs(permission="matters.dance"))):
        api = Api(title="x", version="1", urls_namespace=f"trial-{id(routes)}")
        api.add_router("", routes)
        with pytest.raises((TypeError, ValueError)):
            api.patterns()


def _asking(needs: Needs) -> Routes:
    routes = Routes("asking", "asking")

    def view(request):
        return {}

    routes.serve("GET", "/asking", needs=needs, gives=dict, summary="x")(view)
    return routes


def test_references_lead_somewhere():
    said = document("en")
    named = set(said["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", str(said))) <= named


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_all_of_it(db, language, django_assert_max_num_queries):
    client = Client()
    client.cookies["django_language"] = language
    with django_assert_max_num_queries(5):
        page = client.get(reverse("gateway:docs"))
    assert page.status_code == 200
    shown = page.content.decode()
    for path, methods in document(language)["paths"].items():
        assert path in shown
        for said in methods.values():
            assert f'id="{said["operationId"]}"' in shown
    assert set(re.findall(r'href="#([\w-]+)"', shown)) <= set(re.findall(r'id="([\w-]+)"', shown))


def test_the_document_is_open_to_everybody_in_their_language(db):
    for language, title in (("en", "Zhitong open interface"), ("zh-CN", "直通开放接口")):
        answer = Client(headers={"Accept-Language": language}).get("/api/v1/openapi.json")
        assert answer.json()["info"]["title"] == title
        assert "Accept-Language" in answer["Vary"]


def test_no_two_shapes_share_a_name():
    """One would stand in the document for both, and answers of the other would not be as it says."""
    known: dict[str, set[str]] = {}
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        for shape in waiting.pop().__subclasses__():
            waiting.append(shape)
            if re.match(r"zhitong\.\w+(\.\w+)*\.api\b|zhitong\.apikit\b", shape.__module__):
                known.setdefault(shape.__name__, set()).add(shape.__module__)
    assert len(known) > 50
    assert not {name: sorted(modules) for name, modules in known.items() if len(modules) > 1}
