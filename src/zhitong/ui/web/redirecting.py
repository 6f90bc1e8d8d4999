"""What is refused to a button is said on the page that has the button."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhitong.base.errors import NotAllowed, NotFound, Refused

View = Callable[..., HttpResponse]


def refusals_on(route: str, key: str = "") -> Callable[[View], View]:
    """A decorator: back to ``route``, of the thing that the view gets as ``key`` if any, with the sentence of what was refused.

    That something is not there, or not allowed, keeps its own page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except (NotFound, NotAllowed):
                raise
            except Refused as refused:
                messages.error(request, str(refused))
                things: list[UUID] = [kwargs[key]] if key else []
                return redirect(route, *things)

        return answered

    return decorate
