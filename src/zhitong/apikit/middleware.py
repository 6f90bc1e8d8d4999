"""The air lock of the machine interface: no cookies in, nothing but the error body out."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import get_language_from_request, override

from .errors import problem

KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Vary")


class ApiMiddleware:
    """Stands before everything that could answer with a page.

    Below ``settings.API_ROOTS`` a request has no cookies, says its language in ``Accept-Language``, and gets an error in
    the body of that root whoever refuses it: a middleware, the table of addresses, or Django itself.  A root whose errors
    follow another standard names a function that makes them of the request and the answer in our own body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pages go through untouched."""
        root = next((root for root in settings.API_ROOTS if request.path_info.startswith(root)), None)
        if root is None:
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.is_machine = True  # type: ignore[attr-defined]
        answer = self.get_response(request)
        is_said = answer.get("Content-Type", "").startswith(("application/", "text/xml"))
        if answer.status_code >= 400 and not is_said:
            return self._in_words(request, answer, settings.API_ROOTS[root])
        return answer

    @staticmethod
    def _in_words(request: HttpRequest, answer: HttpResponseBase, standard: str) -> HttpResponse:
        language = get_language_from_request(request)
        with override(language):
            told = problem(answer.status_code)
            if standard:
                told = import_string(standard)(request, told)
        for name in KEPT:
            if name in answer:
                told[name] = answer[name]
        told["Content-Language"] = language
        return told
