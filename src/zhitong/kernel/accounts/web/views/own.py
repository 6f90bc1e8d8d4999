"""The own account: password, second factor, language."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.base.qr import qr_svg

from ... import actions
from ...models import Account
from ...queries import has_second_factor, recovery_codes_left
from ..forms import CodeForm, PasswordForm
from ..middleware import home_of
from ..protection import actor_of, while_signing_in

_NEW_SECRET = "new_second_factor"


def _me(request: HttpRequest) -> Account:
    return cast(Account, request.user)


@sensitive_post_parameters("old", "new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _change_password(request, form):
        return redirect(home_of(request))
    context = {"form": form, "is_owed": _me(request).must_change_password}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


password = while_signing_in(_password)


def _change_password(request: HttpRequest, form: PasswordForm) -> bool:
    values = {name: form.cleaned_data[name] for name in ("old", "new")}
    try:
        actions.limit_rate(f"password:{_me(request).pk}", 10, 900)
        account = actions.change_password(_me(request).pk, by=actor_of(request), at=timezone.now(), **values)
    except Refused as error:
        form.add_error(error.field, str(error))
        return False
    update_session_auth_hash(request, account)
    messages.success(request, _("密码已修改。"))
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _second_factor(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    if has_second_factor(me.pk):
        context = {"codes_left": recovery_codes_left(me.pk), "form": CodeForm()}
        return render(request, "accounts/second_factor.html", context)
    sealed = request.session.setdefault(_NEW_SECRET, actions.new_secret())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            by, code = actor_of(request), form.cleaned_data["code"]
            codes = actions.add_second_factor(me.pk, sealed, code, by=by, at=timezone.now())
        except Refused as error:
            form.add_error(error.field, str(error))
        else:
            del request.session[_NEW_SECRET]
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    return _set_up(request, sealed, form)


second_factor = while_signing_in(_second_factor)


def _set_up(request: HttpRequest, sealed: str, form: CodeForm) -> HttpResponse:
    address = actions.secret_address(_me(request), sealed)
    qr = qr_svg(address)
    secret = address.partition("secret=")[2].partition("&")[0]
    context = {"form": form, "qr": qr, "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}
    return render(request, "accounts/second_factor_add.html", context, status=422 if form.errors else 200)


def _with_code(request: HttpRequest) -> bool:
    """Whether the form holds a right code; says so in a message when it does not."""
    form = CodeForm(request.POST)
    try:
        is_right = form.is_valid() and actions.check_second_factor(
            _me(request).pk, form.cleaned_data["code"], by=actor_of(request), at=timezone.now()
        )
    except actions.TooMany as error:
        messages.error(request, str(error))
        return False
    if not is_right:
        messages.error(request, _("动态口令不正确，请输入手机上当前显示的6位数字。"))
    return is_right


@require_POST
def _second_factor_remove(request: HttpRequest) -> HttpResponse:
    if _with_code(request):
        actions.remove_second_factor(_me(request).pk, by=actor_of(request), at=timezone.now())
        messages.success(request, _("动态口令已停用。"))
    return redirect("accounts:second_factor")


second_factor_remove = while_signing_in(_second_factor_remove)


@never_cache
@require_POST
def _second_factor_codes(request: HttpRequest) -> HttpResponse:
    if not _with_code(request):
        return redirect("accounts:second_factor")
    codes = actions.new_recovery_codes(_me(request).pk, by=actor_of(request), at=timezone.now())
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


second_factor_codes = while_signing_in(_second_factor_codes)
