"""The language of the pages: kept by the browser, and by the account of whoever has signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ..actions import remember_language
from ..models import Account
from .protection import own_address, public_page


def _set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    answer = redirect(own_address(request, request.POST.get("next", "")) or "/")
    if language in dict(settings.LANGUAGES):
        speak(answer, language)
        if isinstance(request.user, Account):
            remember_language(request.user.pk, language)
    return answer


def speak(answer: HttpResponse, language: str) -> None:
    """Tell the browser to ask for ``language`` from now on."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


set_language = public_page(require_POST(_set_language))
