"""Sessions end when nobody is there; what is owed at sign-in is paid before anything else is done."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from ..models import Account
from ..queries import has_second_factor
from . import provider
from .protection import actor_of, forget_actor, protection_of, to_sign_in

IDLE_SECONDS = 60 * 60
_SEEN, _IDLE = "seen", "idle"
_NOTED_EVERY = 60


def note_presence(request: HttpRequest) -> None:
    """Start the idle clock of a session anew."""
    request.session[_SEEN] = int(time.time())


def stay_signed_in(request: HttpRequest, seconds: int) -> None:
    """Let this session, and no other, stand idle for so long: for a phone that is without network for hours."""
    request.session[_IDLE] = seconds
    note_presence(request)


class AccountMiddleware:
    """Stands after AuthenticationMiddleware.

    Signs out after ``settings.SESSION_IDLE_SECONDS`` without a request (an hour when not set); the time is noted once
    a minute, not with every request; ``stay_signed_in`` gives a session longer.
    Whoever owes a new password or a second factor sees no other page first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the idle clock, then go on; ``request.actor`` is for components that stand below this one."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        if request.user.is_authenticated and self._is_idle(request):
            logout(request)
            forget_actor(request)
            messages.info(request, _("您长时间未操作，已自动退出，请重新登录。"))
            return to_sign_in(request)
        return self.get_response(request)

    @staticmethod
    def _is_idle(request: HttpRequest) -> bool:
        now, seen = time.time(), request.session.get(_SEEN)
        longest = request.session.get(_IDLE) or getattr(settings, "SESSION_IDLE_SECONDS", IDLE_SECONDS)
        if seen is not None and now - seen > longest:
            return True
        if seen is None or not -_NOTED_EVERY <= now - seen <= _NOTED_EVERY:  # ahead: a clock that was wrong noted it
            note_presence(request)
        return False

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Send whoever owes something to the page where it is paid."""
        user = request.user
        if not isinstance(user, Account) or not user.is_authenticated:
            return None
        protection = protection_of(view)
        if protection is not None and (protection.kind == "public" or protection.during_sign_in):
            return None
        if user.must_change_password and not provider.let_in(request):
            return redirect("accounts:password")
        if _owes_second_factor(request, user):
            messages.info(request, _("您的岗位须启用动态口令，请先完成设置。"))
            return redirect("accounts:second_factor")
        return None


def _owes_second_factor(request: HttpRequest, account: Account) -> bool:
    if not actor_of(request).must_add_second_factor or (settings.DEMO and account.is_demo_persona):
        return False
    return not provider.asked_second_factor(request) and not has_second_factor(account.pk)


def home_of(request: HttpRequest) -> str:
    """Where signing in leads to when no page was asked for."""
    return resolve_url(settings.LOGIN_REDIRECT_URL)
