"""Every address says who may open it."""

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver


def test_every_route_declares_its_permission() -> None:
    messages = [m for m in checks.run_checks(tags=["urls"]) if str(m.id).startswith("accounts.")]
    assert not messages, "\n".join(str(message) for message in messages)


def own_routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                found += own_routes(pattern, prefix + str(pattern.pattern))
        else:
            found.append((prefix + str(pattern.pattern), pattern))
    return found


def test_every_route_has_a_name() -> None:
    assert not [route for route, pattern in own_routes(get_resolver()) if not pattern.name]


def test_no_route_is_there_twice() -> None:
    routes = [route for route, _ in own_routes(get_resolver())]
    assert len(routes) == len(set(routes))
