"""Turns what a person can cause into a page with a sentence, never into a 500."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from zhitong.base.errors import Refused
from zhitong.kernel.events.public import is_away

from .errors import away, error_page

# Three files of the largest size, or nine photos as a telephone takes them.  What is larger is not even read; the server
# in front should refuse it, too.
MOST_BODY = 64 * 1024 * 1024
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class RefusalMiddleware:
    """Shows a ``Refused`` that no view caught with its own status, what is too large as 413, a database that is away as 503.

    NUL bytes in an address, which PostgreSQL cannot store or look for, are refused as 400; a body beyond ``MOST_BODY``
    as 413 before anything of it is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_page(request, 400)
        if _length(request) > MOST_BODY:
            return error_page(request, 413)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for what the view raised; None leaves it to Django."""
        if isinstance(exception, TOO_LARGE):
            return error_page(request, 413)
        if not isinstance(exception, Refused):
            return away(request, exception) if is_away(exception) else None
        answer = error_page(request, exception.status, exception)
        if exception.status == 429:
            answer["Retry-After"] = str(getattr(exception, "retry_after", 60))
        return answer


def _length(request: HttpRequest) -> int:
    """How long the body says it is; nothing where it does not say."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() and len(text) < 20 else 0
