"""The gallery shows every component in both languages; errors are told in both."""

from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django.test import Client

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Account
from zhitong.ui.web import errors
from zhitong.ui.web.refusals import RefusalMiddleware

PAGES = ["", "matter/", "portal/", "sign-in/", "dialog/", "places.json", "shapes.json"]
INSTRUCTIONS = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect"}

MIDDLEWARE = RefusalMiddleware(lambda request: HttpResponse())

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """Ids, and elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in INSTRUCTIONS:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag):
        if tag in INSTRUCTIONS:
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_gallery(client: Client, demo, page, language):
    client.cookies["django_language"] = language
    answer = client.get(f"/gallery/{page}")
    assert answer.status_code == 200
    if page.endswith(".json"):
        assert answer.json()["features"]
        return
    outline = Outline()
    text = answer.content.decode()
    outline.feed(text)
    assert not outline.wrong
    assert not outline.open
    assert len(outline.ids) == len(set(outline.ids)), sorted(i for i in outline.ids if outline.ids.count(i) > 1)
    assert " style=" not in text
    assert "<script>" not in text


def test_gallery_shows_every_component(client: Client, demo):
    from django.template import engines

    text = client.get("/gallery/?flash=1").content.decode()
    assert "zt-flash" in text
    for name in ("zt-stages", "zt-clock", "zt-timeline", "zt-faces", "zt-photos", "data-chart", "data-map", "zt-bulk"):
        assert name in text
    assert dir(engines["jinja2"].env.globals["ui"])


def test_gallery_is_for_makers(client: Client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get("/gallery/").status_code == 404
    staff = Account.objects.create(username="maker", is_staff=True)
    client.force_login(staff)
    assert client.get("/gallery/").status_code == 200
    assert client.post("/gallery/").status_code == 405


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_error_pages(client: Client, demo, status):
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        answer = client.get(f"/gallery/error/{status}/")
        assert answer.status_code == status
        assert "zt-error-page" in answer.content.decode()
    assert client.get("/gallery/error/200/").status_code == 404


def test_an_unknown_address(client: Client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_the_way_back_is_only_to_ourselves(rf):
    assert 'href="/list?page=2"' in page_with(rf, "http://testserver/list?page=2")
    assert "evil" not in page_with(rf, "http://evil.example/list")


def page_with(rf, referer: str) -> str:
    request = rf.get("/", headers={"referer": referer, "host": "testserver"})
    return errors.error_page(request, 400).content.decode()


def test_for_htmx_the_sentence_comes_in_a_header(rf):
    answer = errors.error_page(rf.get("/", headers={"HX-Request": "true"}), 422, "请写明理由。")
    assert answer.status_code == 422
    assert answer.content == b""
    assert unquote(answer["X-Message"]) == "请写明理由。"


def test_handlers(rf):
    request = rf.get("/")
    assert errors.bad_request(request, ValueError("x" * 5)).status_code == 400
    assert "联系本单位管理员" in errors.forbidden(request, PermissionDenied()).content.decode()
    assert (
        "您没有此事项的权限。" in errors.forbidden(request, PermissionDenied("您没有此事项的权限。")).content.decode()
    )
    assert "Reverse" not in errors.forbidden(request, PermissionDenied("Reverse for x")).content.decode()
    assert errors.not_found(request, Http404("x")).status_code == 404
    assert errors.server_error(request).status_code == 500
    assert "自动恢复" in errors.csrf_failure(request, "missing").content.decode()


@pytest.mark.parametrize(
    ("exception", "status"),
    [
        (Refused("no_reason", "请写明理由。"), 422),
        (NotAllowed("no", "您不能办理此件。"), 403),
        (NotFound("none", "没有这件事项。"), 404),
        (Conflict("changed", "他人已先办理。"), 409),
        (RequestDataTooBig(), 413),
    ],
)
def test_refusals_become_pages(rf, exception, status):
    answer = MIDDLEWARE.process_exception(rf.post("/"), exception)
    assert answer is not None
    assert answer.status_code == status
    if isinstance(exception, Refused):
        assert str(exception) in answer.content.decode()


def test_too_many_says_when(rf):
    problem = Refused("too_many", "操作过于频繁。")
    problem.status = 429
    vars(problem)["retry_after"] = 90
    answer = MIDDLEWARE.process_exception(rf.post("/"), problem)
    assert answer is not None
    assert answer["Retry-After"] == "90"


def test_other_exceptions_are_left_to_django(rf):
    assert MIDDLEWARE.process_exception(rf.get("/"), ValueError()) is None


@pytest.mark.parametrize("address", ["/?q=%00", "/a%00b/"])
def test_nul_bytes_are_refused(client: Client, address):
    assert client.get(address).status_code == 400


def test_form_without_a_token_says_what_to_do():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "页面已失效" in answer.content.decode()


def test_layout_names_the_district_and_the_language(client: Client, demo):
    assert "演示环境" in client.get("/gallery/matter/").content.decode()
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in client.get("/gallery/matter/").content.decode()
