"""What stands on the pages of a district in which every name and every text is an attack.

Each address is opened once by whoever sees the most there; the answers are kept and looked at from several sides.
"""

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, transaction
from django.db.models import CharField, EmailField, TextField
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.district import BY, District, photo
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Letter
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.territory import public as territory
from zhitong.portal.actions import save_view

from .scene import Scene, routes
from .test_access import LINES
from .test_actions import stages

pytestmark = pytest.mark.django_db

EVIL = "=1+1\"'></script><xss-mark onload=xss()>"
RAW = ('1+1"', "1+1&quot;'>", "<xss-mark")
WATCHERS = ("stranger", "resident", "worker", "dispatcher", "supervisor", "admin")
# Made or kept, they are sent as files: nothing in them runs.
FILES = {
    "portal:file", "portal:file_preview", "appeals:file", "hall:file", "hall:bundle_pack", "hall:bundle_case_pack", "hall:smart_file",
    "hall:smart_zip", "portal:paper_docx", "portal:paper_pdf", "portal:setup_paper_template", "portal:setup_paper_preview",
    "portal:shapes_export", "surveys:form_xml", "surveys:version_xml", "surveys:workbook",
    "surveys:media", "surveys:version_media", "surveys:photo", "campaigns:photo", "campaigns:inspection_photo",
    "fieldwork:load",
}  # fmt: skip


# On these a form is filled in, by an engine that is partly WebAssembly (docs/adr/0022); nothing else is compiled there.
ENGINE = {"surveys:fill", "surveys:version", "surveys:build", "surveys:build_new"}
# Fields in which people write freely, by their names.
FREE = re.compile(r"(^|_)(name|title|note|label|text|basis|words|address|body|description|help|phrase|purpose)(_en)?$")


def written() -> Iterator[tuple[Any, str]]:
    """Every such field of every table of ours, new ones too."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields if model.__module__.startswith("zhitong.") else ():
            is_text = isinstance(column, CharField | TextField) and not isinstance(column, EmailField)
            if is_text and not column.choices and not column.unique and FREE.search(column.name):
                yield model, column.name


def poison(district: District) -> None:
    """Give everything a name that is an attack, by the actions that give names."""
    at = timezone.now()
    for organ in district.organs.values():
        organisation.change_organ(organ.pk, name=f"{EVIL}{organ.code}", short_name=EVIL, name_en=EVIL, by=BY, at=at)
    for post in organisation.Post.objects.all():
        organisation.change_post(post.pk, title=f"{EVIL}{str(post.pk)[-4:]}", by=BY, at=at)
        assert organisation.Post.objects.get(pk=post.pk).title.startswith(EVIL)
    for staff in organisation.Staff.objects.all():
        organisation.change_staff(staff.pk, name=f"{EVIL}{staff.staff_no}", by=BY, at=at)
    for category in organisation.Category.objects.all():
        organisation.change_category(category.pk, name=f"{EVIL}{category.code}", name_en=EVIL, by=BY, at=at)
    for node in list(territory.tree().nodes.values()):
        territory.rename(node.id, f"{EVIL}{node.code}", by=BY, at=at, name_en=EVIL)
    for model in (m.SubKind, m.Reason):
        model.objects.update(name=EVIL, name_en=EVIL)
    for model, name in written():
        with contextlib.suppress(DatabaseError), transaction.atomic():
            model._default_manager.update(**{name: EVIL})
    for slug in ("matter.task", "appeal.received"):
        Letter.objects.create(slug=slug, title=EVIL, body=EVIL, title_en=EVIL, body_en=EVIL)


@dataclass
class Page:
    """One answer."""

    persona: str
    route: str
    path: str
    answer: Any
    body: bytes = b""

    @property
    def kind(self) -> str:
        return str(self.answer.get("Content-Type", "")).partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    def __str__(self) -> str:
        return f"{self.persona} {self.path} ({self.answer.status_code} {self.kind})"


@dataclass
class Pages:
    """All of them."""

    found: list[Page] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Page]:
        return (page for page in self.found if page.kind in kinds)


def _matters(scene: Scene) -> Iterator[str]:
    """Pages of matters in every stage, with attacks in all that was said."""
    for _stage, raised in stages(scene.district):
        yield reverse("portal:matter", args=[raised.id])


def _say(scene: Scene) -> None:
    """Attacks in what residents and organs say about the matter of the street office."""
    district, here = scene.district, m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    m.Matter.objects.update(title=EVIL, text=f"{EVIL}\n第二行", address=EVIL, is_public=True)
    at = timezone.now()
    upload = m.check_upload(f"{EVIL}.jpg", photo("blue"))
    by = district.actor("worker")
    m.act(here.pk, "note", {"note": EVIL}, by=by, at=at, files=[upload])
    m.act(
        here.pk,
        "meet",
        {"who": EVIL, "how": "in_person", "place": EVIL, "when": at.isoformat(), "said": EVIL},
        by=by,
        at=at,
    )
    m.act(here.pk, "supplement", {"text": EVIL}, by=Actor.resident([here.pk]), at=at, files=[upload])
    m.act(here.pk, "urge", {"demand": EVIL}, by=district.actor("supervisor"), at=at)
    for name in ("dispatcher", "worker", "supervisor"):
        save_view(name=EVIL, query="stage=open", by=district.actor(name), at=at)
    m.Matter.objects.update(lon=117.02, lat=36.55)


def _addresses(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Who opens what, by which route."""
    for route, pattern in routes():
        for persona in WATCHERS:
            line = next((line for line in LINES[route] if "GET" in line.methods), None)
            if line and line.cells[persona] in "yota":
                yield persona, route, scene.paths(route, pattern, persona)[0]
    for path in _matters(scene):
        yield "dispatcher", "portal:matter", path
    yield "stranger", "", "/there/is/no/such/page"
    yield "stranger", "", f"/appeals/{'0' * 15}/"
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.values_list("pk", flat=True).first()
        yield "admin", "admin", reverse(f"{name}_changelist")
        if row is not None:
            yield "admin", "admin", reverse(f"{name}_change", args=[row])


@pytest.fixture(scope="module")
def pages(scene: Scene) -> Pages:
    poison(scene.district)
    _say(scene)
    found = Pages()
    for persona, route, path in _addresses(scene):
        found.found.append(_opened(scene, persona, route, path))
    found.found.append(_opened(scene, "dispatcher", "portal:export", reverse("portal:export"), {"query": ""}))
    return found


def _opened(scene: Scene, persona: str, route: str, path: str, body: Any = None) -> Page:
    client = scene.client(persona)
    with transaction.atomic():
        answer = client.get(path) if body is None else client.post(path, body)
        page = Page(persona, route, path, answer, b"".join(answer) if answer.streaming else answer.content)
        transaction.set_rollback(True)
    return page


def test_the_attack_is_there(pages: Pages) -> None:
    """Otherwise the rest would prove nothing."""
    shown = [page for page in pages.of("text/html") if "xss-mark" in page.text]
    assert len(shown) > 40
    assert all(page.answer.status_code < 500 for page in pages.found)


def test_no_name_and_no_text_becomes_markup(pages: Pages) -> None:
    found = [f"{page}: {raw}" for page in pages.of("text/html", "image/svg+xml") for raw in RAW if raw in page.text]
    assert not found, "\n".join(found)


def test_json_is_json_and_nothing_else(pages: Pages) -> None:
    for page in pages.of("application/json", "application/geo+json"):
        json.loads(page.text)
        assert page.answer["X-Content-Type-Options"] == "nosniff", page


def test_no_cell_is_a_formula(pages: Pages) -> None:
    books = list(pages.of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
    assert {page.route for page in books} >= {"portal:export", "portal:figures_export", "portal:setup_export"}
    for page in books:
        cells = [cell for sheet in load_workbook(io.BytesIO(page.body)) for row in sheet.iter_rows() for cell in row]
        assert [f"{page.route} {cell.coordinate}: {cell.value}" for cell in cells if cell.data_type == "f"] == []
        if page.route == "portal:export":
            assert not [cell.value for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@"))]
    sheets = list(pages.of("text/csv"))
    assert sheets
    for page in sheets:
        rows = csv.reader(io.StringIO(page.text.removeprefix("\ufeff")))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


class Tags(HTMLParser):
    """What a browser would take for script, style or an address."""

    LOADS: ClassVar = {"script": "src", "link": "href", "img": "src", "iframe": "src", "form": "action", "a": "href"}

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.nonce, self.forms, self.tokens = nonce, 0, 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        is_data = given.get("type") in ("application/json", "text/template")
        if tag in ("script", "style") and not given.get("src") and not is_data and given.get("nonce") != self.nonce:
            self.found.append(f"<{tag}> without the nonce of the page")
        self.found += [f"<{tag} {name}>" for name in given if re.fullmatch(r"on\w+|style|srcdoc", name)]
        address = given.get(self.LOADS.get(tag, ""), "") or ""
        if not re.match(r"(/(?!/)|\?|#|data:image/|tel:|mailto:|$|[\w.-]+/?(\?|$))", address):
            self.found.append(f"<{tag}> leads to {address}")
        self.forms += tag == "form" and given.get("method", "").lower() == "post"
        self.tokens += tag == "input" and given.get("name") == "csrfmiddlewaretoken"


def test_nothing_runs_that_is_not_ours(pages: Pages) -> None:
    """No script or style without the nonce, no handler or style in an attribute, nothing from elsewhere; forms have a token."""
    wrong: set[str] = set()
    for page in pages.of("text/html"):
        policy = page.answer["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)
        tags = Tags(nonce[1] if nonce else "")
        tags.feed(page.text)
        wrong |= {f"{page.route} {page.path}: {found}" for found in tags.found}
        if tags.forms > tags.tokens and not page.route.startswith("ui:"):
            wrong.add(f"{page.route} {page.path}: a form without a token")
    assert not wrong, "\n".join(sorted(wrong))


def test_every_answer_protects_itself(pages: Pages) -> None:
    for page in pages.found:
        policy = page.answer["Content-Security-Policy"]
        assert page.answer["X-Content-Type-Options"] == "nosniff", page
        assert page.answer["X-Frame-Options"] == "DENY", page
        assert page.answer["Referrer-Policy"] == "same-origin", page
        assert page.answer["Cross-Origin-Opener-Policy"] == "same-origin", page
        if page.route in FILES:
            assert policy.startswith("default-src 'none';"), page
            assert "sandbox" in policy, page
        else:
            assert "unsafe" not in (policy.replace(" 'wasm-unsafe-eval'", "") if page.route in ENGINE else policy), page
            assert "*" not in policy, page
            for rule in (
                "script-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ):
                assert rule in policy, page


def test_what_is_somebodys_own_is_kept_by_nobody_between(pages: Pages) -> None:
    """No proxy and no shared browser keeps what was shown to somebody."""
    public = {"healthz", "portal:territory_shapes", "appeals:receipt_code", "gateway:openapi"}
    for page in pages.found:
        if page.persona in ("stranger", "resident") or page.route in public:
            continue
        assert "public" not in page.answer.get("Cache-Control", ""), page
        assert "Cookie" in page.answer.get("Vary", "") or "private" in page.answer.get("Cache-Control", ""), page
