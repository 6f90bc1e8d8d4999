"""Signing in: password, then the second factor where there is one; personas in a demonstration."""

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import NotFound

from ... import actions
from ...models import Account
from ...queries import actor_for, demo_personas, has_second_factor
from .. import provider
from ..forms import CodeForm, SignInForm
from ..language import speak
from ..limits import come_again
from ..middleware import home_of, note_presence
from ..protection import actor_of, address_of_client, forget_actor, own_address, public_page, signed_in, to_sign_in

BACKEND = "zhitong.kernel.accounts.web.backend.AccountBackend"
_PENDING = "second_factor_pending"
_PENDING_SECONDS = 600
WAY_OUT = "provider_out"


def _wanted(request: HttpRequest) -> str:
    """Where to go afterwards: only to a page of this site."""
    return own_address(request, request.POST.get("next") or request.GET.get("next") or "")


def _page(request: HttpRequest, form: SignInForm, status: int = 200, **context: Any) -> HttpResponse:
    personas = demo_personas() if settings.DEMO is True else []
    elsewhere = provider.name() if provider.is_set_up() else ""
    context = {"form": form, "personas": personas, "next": _wanted(request), "provider": elsewhere, **context}
    return render(request, "accounts/sign_in.html", context, status=status)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_wanted(request) or home_of(request))
    if request.method != "POST":
        return _page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        actions.count_sign_in(address_of_client(request), _name(form))
    except actions.TooMany as error:
        return _refused(request, form, str(error), error.retry_after)
    return _try(request, form)


def _name(form: SignInForm) -> str:
    return Account.objects.normalize_username(form.cleaned_data["username"].replace("\x00", ""))


sign_in = public_page(_sign_in)


def _try(request: HttpRequest, form: SignInForm) -> HttpResponse:
    provider.forget(request)
    account = authenticate(request, username=_name(form), password=form.cleaned_data["password"])
    if isinstance(account, Account):
        actions.forgive_sign_in(address_of_client(request), _name(form))
        return _after_password(request, account)
    form.add_error(None, _("登录名或密码不正确，请检查后重试。"))
    return _page(request, form, 422)


def _refused(request: HttpRequest, form: SignInForm, sentence: str, seconds: int) -> HttpResponse:
    form.add_error(None, sentence)
    answer = _page(request, form, 429, is_locked=True)
    answer["Retry-After"] = str(seconds)
    return answer


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What somebody sees after too many wrong passwords; ``AXES_LOCKOUT_CALLABLE``."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    username = str((credentials or {}).get("username", ""))
    actions.record_lock_out(username, seconds=seconds, at=timezone.now())
    sentence = _("密码多次输入错误，该账号已暂停登录，请%(n)d分钟后再试，或联系本单位管理员。") % {"n": seconds // 60}
    return _refused(request, SignInForm(request.POST), sentence, seconds)


def _after_password(request: HttpRequest, account: Account) -> HttpResponse:
    if not has_second_factor(account.pk):
        return _finish(request, account, "password", _wanted(request))
    return _ask_code(request, account, _wanted(request))


def _ask_code(request: HttpRequest, account: Account, target: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[_PENDING] = {"account": str(account.pk), "at": time.time(), "next": target}
    return redirect("accounts:sign_in_code")


def enter(request: HttpRequest, account: Account, identity: provider.Identity, target: str) -> HttpResponse:
    """Signed in by the provider; our own code is asked for where there is one and the provider asked for none."""
    provider.keep(request, identity)
    if has_second_factor(account.pk) and not identity.has_second_factor:
        return _ask_code(request, account, target)
    return _finish(request, account, "provider", target)


def _pending(request: HttpRequest) -> tuple[Account, str] | None:
    """Who has given the right password within the last ten minutes, and where they want to go."""
    pending = request.session.get(_PENDING)
    if not pending or time.time() - pending["at"] > _PENDING_SECONDS:
        return None
    account = Account.objects.filter(pk=UUID(pending["account"]), is_active=True).first()
    return (account, pending["next"]) if account else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _sign_in_code(request: HttpRequest) -> HttpResponse:
    waiting = _pending(request)
    if waiting is None or request.user.is_authenticated:
        return redirect("accounts:sign_in")
    account, target = waiting
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/code.html", {"form": form}, status=422 if form.errors else 200)
    try:
        code, by = form.cleaned_data["code"], actor_for(account)
        is_right = actions.check_second_factor(account.pk, code, by=by, at=timezone.now())
    except actions.TooMany as error:
        form.add_error(None, str(error))
        return come_again(render(request, "accounts/code.html", {"form": form}, status=429), error)
    if is_right:
        return _finish(request, account, "second_factor", target)
    form.add_error("code", _("动态口令不正确，请输入手机上当前显示的6位数字，或一个未用过的备用码。"))
    return render(request, "accounts/code.html", {"form": form}, status=422)


sign_in_code = public_page(_sign_in_code)


def _finish(request: HttpRequest, account: Account, how: str, target: str) -> HttpResponse:
    """Signed in: a new session key, the idle clock started, the person's own language."""
    request.session.pop(_PENDING, None)
    login(request, account, backend=BACKEND)
    forget_actor(request)
    note_presence(request)
    actions.record_sign_in(account, how=how, by=actor_of(request), at=timezone.now())
    answer = redirect(target or home_of(request))
    if account.language:
        speak(answer, account.language)
    return answer


@never_cache
@require_POST
def _sign_in_as_persona(request: HttpRequest) -> HttpResponse:
    if settings.DEMO is not True:
        raise Http404
    try:
        account = actions.sign_in_persona(request.POST.get("username", "").replace("\x00", ""))
    except NotFound as error:
        raise Http404(str(error)) from error
    logout(request)
    return _finish(request, account, "persona", _wanted(request))


sign_in_as_persona = public_page(_sign_in_as_persona)


@require_POST
def _sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Account):
        actions.record_sign_out(request.user, by=actor_of(request), at=timezone.now())
    way = provider.way_out(request, request.build_absolute_uri(resolve_url("accounts:sign_in")))
    logout(request)
    forget_actor(request)
    if not way:
        return redirect("accounts:sign_in")
    request.session[WAY_OUT] = way
    return redirect("accounts:signed_out")


sign_out = public_page(_sign_out)


def admin_sign_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Stands in for the admin site's own sign-in page, which knows neither lock-out nor second factor."""
    wanted = _wanted(request) or resolve_url("admin:index")
    if admin.site.has_permission(request):
        return redirect(wanted)
    if request.user.is_authenticated:
        raise PermissionDenied(_("您没有打开管理后台的权限，请联系本单位管理员。"))
    return to_sign_in(request, wanted)


admin_password = signed_in(lambda request, extra_context=None: redirect("accounts:password"))
