"""Which language a page is in: the one somebody chose, else Chinese.

A browser's own list is not asked: office machines carry whatever they were installed with, and a page that is suddenly
in English looks broken to the person at the window.  Machines say what they want, and are believed.
"""

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Django's own, without the browser's list."""

    def process_request(self, request: HttpRequest) -> None:
        """Leave only the cookie to decide."""
        if not getattr(request, "is_machine", False):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)
