"""What templates can use."""

import re
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import translation
from jinja2 import UndefinedError

from zhitong.ui import environment

FOLDER = Path(environment.__file__).parent / "templates" / "ui" / "components"


@pytest.fixture
def env():
    return engines["jinja2"].env


def render(env, source: str, **values) -> str:
    return str(env.from_string(source).render(values))


def test_every_macro_stands_under_its_own_name_once(env):
    names = [name for file in FOLDER.glob("*.html") for name in re.findall(r"macro ([a-z]\w*)\(", file.read_text())]
    assert sorted(names) == sorted(set(names)) == dir(env.globals["ui"])


def test_every_public_macro_is_in_the_readme(env):
    readme = (FOLDER.parents[2] / "README.md").read_text()
    missing = [name for name in dir(env.globals["ui"]) if f"`{name}(" not in readme and f" `{name}" not in readme]
    assert set(missing) <= {"mark_lines", "group_field"}, missing


def test_an_unknown_macro_says_so(env):
    with pytest.raises(AttributeError, match="no component 'nothing'"):
        env.globals["ui"].nothing  # noqa: B018
    with pytest.raises(AttributeError):
        env.globals["ui"]._hidden  # noqa: B018


def test_a_name_that_is_not_there_is_an_error(env):
    with pytest.raises(UndefinedError):
        render(env, "{{ nobody_gave_this }}")


def test_what_people_typed_is_escaped(env):
    html = render(env, "{{ ui.badge(text) }}{{ ui.button('x', title=text) }}", text='"><script>alert(1)</script>')
    assert "<script>" not in html
    assert "&#34;&gt;" in html


def test_words_follow_the_language_of_the_request_not_of_the_first_compilation(env):
    template = env.from_string("{{ ui.grade_badge('overdue') }}{{ '水' | in_language('water') }}")
    with translation.override("en"):
        assert "Overdue" in template.render()
        assert "water" in template.render()
        assert render(env, "{{ language() }}") == "en"
    assert "超期" in template.render()
    assert "water" not in template.render()
    assert render(env, "{{ language() }}") == "zh-CN"


def test_macros_are_found_once_and_kept(env):
    fresh = environment.environment(loader=env.loader, auto_reload=False, autoescape=True)
    assert fresh.globals["ui"].badge is fresh.globals["ui"].badge
    assert fresh.globals["ui"].badge("A") == '<span class="zt-badge zt-tone-neutral">A</span>'


def test_attributes():
    values = {"hx_get": "/a?b=1&c", "disabled": True, "title": None, "hidden": False, "class_": 'a"b'}
    assert environment.attributes(values) == ' hx-get="/a?b=1&amp;c" disabled class="a&#34;b"'
    assert environment.attributes(None) == ""


def test_with_query():
    params = QueryDict("state=open&state=done&sort=due&after=9")
    assert environment.with_query(params, sort="-due", after=None) == "?state=open&state=done&sort=-due"
    assert environment.with_query(params, state=["new", 2], sort="", after=None) == "?state=new&state=2"
    assert environment.with_query({"q": "路灯"}, page=2) == "?q=%E8%B7%AF%E7%81%AF&page=2"
    assert environment.with_query(None) == "?"


def test_addresses():
    assert environment.url("ui:gallery_error", 404) == "/gallery/error/404/"
    assert environment.url_if("ui:gallery") == "/gallery/"
    assert environment.url_if("nobody:nowhere") == ""


def test_the_nonce_is_that_of_the_response(env, rf):
    request = rf.get("/")
    request.csp_nonce = "abc"
    assert render(env, "{{ csp_nonce() }}", request=request) == "abc"
    assert render(env, "{{ csp_nonce() }}") == ""


def test_icons(env, settings, tmp_path):
    from zhitong.ui import icons

    assert "<svg" in render(env, "{{ ui.icon('bell') }}")
    assert 'role="img" aria-label="铃"' in render(env, "{{ ui.icon('bell', label='铃') }}")
    for wrong in ("no-such-icon", "../secret"):
        with pytest.raises(KeyError):
            icons.shapes(wrong)
    settings.ROOT = tmp_path
    assert icons.shapes("not-read-before") == '<circle cx="12" cy="12" r="8"/>'
    icons.shapes.cache_clear()
