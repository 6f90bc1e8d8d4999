"""A page that is only read sees one version of everything the process keeps, and asks for it once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from zhitong.kernel.events.public import one_view

READING = ("GET", "HEAD")


class OneViewMiddleware:
    """Reads the marks of what is kept once per request; a request that changes something sees each change at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READING:
            return self.get_response(request)
        with one_view():
            return self.get_response(request)
