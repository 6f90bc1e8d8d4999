"""What every page's layout needs, worked out only when the layout asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from zhitong.base.text import in_language
from zhitong.kernel.accounts.public import actor_of
from zhitong.kernel.events.public import inbox, late_since

from .menu import menu_for


def page(request: HttpRequest) -> dict[str, Any]:
    """actor, menu, notice_count, as_of, district, tagline, system, current_language and languages for the layouts.

    A view that sets ``request.comes_from`` to the address of a list has that one marked in the menu."""
    return {
        "actor": SimpleLazyObject(lambda: actor_of(request)),
        "menu": SimpleLazyObject(lambda: menu_for(actor_of(request), getattr(request, "comes_from", request.path))),
        "portal_menu": SimpleLazyObject(
            lambda: menu_for(actor_of(request), getattr(request, "comes_from", request.path), "portal")
        ),
        "notice_count": SimpleLazyObject(lambda: unread(request)),
        "district": SimpleLazyObject(district),
        "tagline": SimpleLazyObject(tagline),
        "current_language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "as_of": late_since(),
        "is_demo": settings.DEMO,
    }


MOST_UNREAD = 100


def unread(request: HttpRequest) -> int:
    """How many notices wait to be read by whoever is behind the request; counting stops at ``MOST_UNREAD``."""
    account = actor_of(request).account_id
    return inbox(account).filter(read_at=None).order_by()[:MOST_UNREAD].count() if account else 0


def tagline() -> str:
    """What the portal is for, in the district's own words where it has set some."""
    return in_language(settings.TAGLINE, settings.TAGLINE_EN, get_language()) or gettext("反映诉求、办事服务，一网直通")


def district() -> str:
    """The name of the district this installation serves, in the language of the page."""
    from zhitong.kernel.territory import public as territory

    named = getattr(territory, "district_name", None)
    return str(named()) if named else ""
