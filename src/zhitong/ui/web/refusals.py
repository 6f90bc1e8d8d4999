"""Turns what a person can cause into a page with a sentence, never into a 500."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from zhitong.base.errors import Refused

from .errors import error_page

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class RefusalMiddleware:
    """Shows a ``Refused`` that no view caught with its own status, and what is too large as 413.

    NUL bytes in an address, which PostgreSQL cannot store or look for, are refused as 400.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_page(request, 400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for what the view raised; None leaves it to Django."""
        if isinstance(exception, TOO_LARGE):
            return error_page(request, 413)
        if not isinstance(exception, Refused):
            return None
        answer = error_page(request, exception.status, exception)
        if exception.status == 429:
            answer["Retry-After"] = str(getattr(exception, "retry_after", 60))
        return answer
