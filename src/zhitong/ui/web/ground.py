"""Pages with a map may ask the hosts of its tiles, and no other page may."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from ..ground import current_ground

# A map, or a place where a script puts one later.
WITH_MAP = (b" data-tiles=", b" data-maps-later")


class MapGroundMiddleware:
    """Adds them to the content security policy.  A view that shows other tiles names its own in ``answer.map_origins``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: Any = self.get_response(request)
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            return answer  # type: ignore[no-any-return]
        origins = set(getattr(answer, "map_origins", ()))
        if any(sign in answer.content for sign in WITH_MAP):
            origins |= set(current_ground().origins)
        if origins:
            answer._csp_update = {name: sorted(origins) for name in ("img-src", "connect-src")}
        return answer  # type: ignore[no-any-return]
