"""What every page's layout needs, worked out only when the layout asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from zhitong.kernel.accounts.public import actor_of

from .menu import menu_for


def page(request: HttpRequest) -> dict[str, Any]:
    """actor, menu, district, system, current_language and languages for the layouts."""
    return {
        "actor": SimpleLazyObject(lambda: actor_of(request)),
        "menu": SimpleLazyObject(lambda: menu_for(actor_of(request), request.path)),
        "portal_menu": SimpleLazyObject(lambda: menu_for(actor_of(request), request.path, "portal")),
        "district": SimpleLazyObject(district),
        "current_language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "is_demo": settings.DEMO,
    }


def district() -> str:
    """The name of the district this installation serves, in the language of the page."""
    from zhitong.kernel.territory import public as territory

    named = getattr(territory, "district_name", None)
    return str(named()) if named else ""
