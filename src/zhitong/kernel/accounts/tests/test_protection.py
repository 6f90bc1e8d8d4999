"""Every page says who may open it."""

import uuid
from typing import ClassVar

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from ..models import Account
from ..permissions import Actor
from ..rules import client_address
from ..web import protection
from ..web.checks import check_grants, check_routes, routes
from ..web.protection import actor_of, protection_of, public_page, requires, signed_in


def view(request):
    return HttpResponse("ok")


class Urls:
    """A URLconf made by a test."""

    urlpatterns: ClassVar[list[object]] = []


@pytest.fixture
def urlconf(settings):
    def use(*views):
        Urls.urlpatterns = [path(f"p{n}/", one, name=f"p{n}") for n, one in enumerate(views)]
        settings.ROOT_URLCONF = Urls
        return check_routes()

    return use


def request_by(actor=None, **extra):
    request = RequestFactory().get("/some/page", **extra)
    request.session = SessionStore()
    request.user = Account(username="x") if actor else AnonymousUser()
    if actor:
        request._zhitong_actor = actor
    return request


def test_a_bare_view_stops_the_start(urlconf):
    (error,) = urlconf(view)
    assert error.id == "accounts.E001"
    assert "/p0/" in error.msg


def test_an_undeclared_permission_stops_the_start(urlconf):
    (error,) = urlconf(requires("no.such")(view))
    assert error.id == "accounts.E002"


def test_protected_views_start(urlconf):
    assert urlconf(public_page(view), signed_in(view), requires("accounts.manage")(view)) == []


def test_a_decorator_on_top_keeps_the_mark(urlconf):
    from django.views.decorators.cache import never_cache

    assert urlconf(never_cache(public_page(view))) == []


def test_requires_names_something():
    with pytest.raises(ValueError, match="at least one"):
        requires()


def test_demo_is_true_or_false(settings):
    settings.DEMO = "0"
    assert [error.id for error in check_grants()] == ["accounts.E003"]
    settings.DEMO = False
    assert check_grants() == []


def test_own_routes_are_all_found():
    own = [route for route, _pattern in routes() if route.startswith("accounts/")]
    assert "accounts/sign-in/" in own


def test_strangers_are_sent_to_sign_in_and_back():
    answer = signed_in(view)(request_by())
    assert answer.status_code == 302
    assert answer["Location"].endswith("sign-in/?next=%2Fsome%2Fpage")


def test_htmx_reloads_the_page_instead():
    answer = requires("accounts.manage")(view)(request_by(headers={"HX-Request": "true"}))
    assert answer.status_code == 401
    assert "sign-in" in answer["HX-Redirect"]


def test_without_the_permission_it_is_forbidden():
    actor = Actor.integration("甲", ["matters.view"])
    with pytest.raises(PermissionDenied):
        requires("accounts.manage")(view)(request_by(actor))
    assert requires("accounts.manage", "matters.view")(view)(request_by(actor)).content == b"ok"


def test_marks_say_what_is_asked():
    assert protection_of(view) is None
    assert protection_of(public_page(view)).kind == "public"
    assert protection_of(signed_in(view)).kind == "signed_in"
    assert protection_of(requires("a.b", "c.d")(view)).permissions == ("a.b", "c.d")


def test_a_resident_is_known_by_what_was_tracked():
    request, matter = request_by(), uuid.uuid4()
    assert actor_of(request).tracked == frozenset()
    protection.track(request, matter)
    assert actor_of(request).is_resident
    assert actor_of(request).tracked == {matter}
    for _n in range(60):
        protection.track(request, uuid.uuid4())
    assert len(actor_of(request).tracked) == 50


@pytest.mark.django_db
def test_an_actor_is_worked_out_once(office, django_assert_num_queries):
    request = request_by()
    request.user = office.account
    first = actor_of(request)
    with django_assert_num_queries(0):
        assert actor_of(request) is first


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("1.1.1.1", 0, "9.9.9.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 10.0.0.1", 2, "1.1.1.1"),
        ("", 1, "9.9.9.9"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", 1, "2001:db8:1:2::"),
        ("::ffff:1.1.1.1", 1, "1.1.1.1"),
        ("unknown", 1, "unknown"),
    ],
)
def test_the_address_behind_proxies(forwarded, proxies, address):
    assert client_address("9.9.9.9", forwarded, proxies) == address
