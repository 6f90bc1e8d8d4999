"""The language of the pages: kept by the browser, and by the account of whoever has signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ..actions import remember_language
from ..models import Account
from .protection import public_page


def _set_language(request: HttpRequest) -> HttpResponse:
    language, target = request.POST.get("language", ""), request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(target if target and is_ours else "/")
    if language in dict(settings.LANGUAGES):
        speak(answer, language)
        if isinstance(request.user, Account):
            remember_language(request.user.pk, language)
    return answer


def speak(answer: HttpResponse, language: str) -> None:
    """Tell the browser to ask for ``language`` from now on."""
    age = settings.LANGUAGE_COOKIE_AGE
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=age, samesite="Lax", httponly=True)


set_language = public_page(require_POST(_set_language))
