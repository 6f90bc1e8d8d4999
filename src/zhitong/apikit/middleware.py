"""The air lock of the machine interface: no cookies in, nothing but the error body out."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_request, override

from .errors import problem

KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Vary")


class ApiMiddleware:
    """Stands before everything that could answer with a page.

    Below ``settings.API_ROOTS`` a request has no cookies, says its language in ``Accept-Language``, and gets an error as
    JSON whoever refuses it: a middleware, the table of addresses, or Django itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pages go through untouched."""
        if not request.path_info.startswith(tuple(settings.API_ROOTS)):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.is_machine = True  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if answer.status_code >= 400 and not answer.get("Content-Type", "").startswith("application/"):
            return self._in_words(request, answer)
        return answer

    @staticmethod
    def _in_words(request: HttpRequest, answer: HttpResponseBase) -> HttpResponse:
        language = get_language_from_request(request)
        with override(language):
            told = problem(answer.status_code)
        for name in KEPT:
            if name in answer:
                told[name] = answer[name]
        told["Content-Language"] = language
        return told
