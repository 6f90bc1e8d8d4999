"""Start-up checks: a route that does not say who may open it stops the start."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from ..permissions import declared_permissions
from .protection import protection_of

# Django's own administration: guards every one of its pages itself and sends strangers to our sign-in page.
GUARDED_BY_ITSELF = frozenset({"admin"})


def routes(patterns: Sequence[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URLconf with its full pattern, leaving out what guards itself."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in GUARDED_BY_ITSELF:
                yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def check_routes(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """accounts.E001: the view has no protection.  accounts.E002: it asks for a permission nobody declared."""
    return list(_found(routes()))


def _found(found: Iterator[tuple[str, URLPattern]]) -> Iterator[CheckMessage]:
    declared = {permission.slug for permission in declared_permissions()}
    for route, pattern in found:
        protection = protection_of(pattern.callback)
        if protection is None:
            hint = "Decorate the view with @requires(…), @signed_in or @public_page of accounts.public."
            yield Error(f"/{route} does not say who may open it", hint=hint, obj=pattern.name, id="accounts.E001")
        elif unknown := set(protection.permissions) - declared:
            yield Error(f"/{route} asks for undeclared {sorted(unknown)}", obj=pattern.name, id="accounts.E002")


def check_grants(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """accounts.E003: ``DEMO`` lets people in without a password and must be exactly True or False."""
    if settings.DEMO in (True, False):
        return []
    return [Error("settings.DEMO must be True or False", id="accounts.E003")]
