"""Signing in for a firm: credit code, then the code that was sent; a persona in a demonstration."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import address_of_client, come_again, own_address, public_page

from ..actions import entering
from ..models import Firm
from .session import enter, firm_of, leave

_ASKED, HOME = "firm_asked", "hall:firm"


class CodeOfFirm(forms.Form):
    """Which firm, and to whom the code goes."""

    code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"), max_length=40, help_text=gettext_lazy("营业执照右上角的18位代码。")
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("验证码发给"), choices=(("liaison", gettext_lazy("联络员")), ("legal", gettext_lazy("法定代表人"))),
        initial="liaison", widget=forms.RadioSelect,
    )  # fmt: skip


class OneTimeCode(forms.Form):
    """What was sent."""

    code = forms.CharField(label=gettext_lazy("短信验证码"), max_length=20)


def home() -> str:
    """Where signing in leads to."""
    try:
        return resolve_url(HOME)
    except NoReverseMatch:
        return "/"


def _wanted(request: HttpRequest) -> str:
    return own_address(request, request.POST.get("next") or request.GET.get("next") or "")


def _refused(form: forms.Form, refused: Refused) -> int:
    form.add_error("code" if refused.field else None, forms.ValidationError(str(refused), code=refused.code))
    return refused.status


def _page(request: HttpRequest, form: forms.Form, template: str, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, "is_demo": settings.DEMO is True, **more}, status=status)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def firm_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the credit code and send a code."""
    if firm_of(request):
        return redirect(_wanted(request) or home())
    form = CodeOfFirm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "register/firm_sign_in.html", 422 if form.errors else 200, next=_wanted(request))
    said = form.cleaned_data
    try:
        asked = entering.ask_code(said["code"], said["whom"], address=address_of_client(request), at=timezone.now())
    except Refused as refused:
        status = _refused(form, refused)
        answer = _page(request, form, "register/firm_sign_in.html", status, next=_wanted(request))
        return come_again(answer, refused)
    request.session.cycle_key()
    request.session[_ASKED] = {**asdict(asked), "next": _wanted(request)}
    return redirect("register:firm_code")


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def firm_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent."""
    kept = request.session.get(_ASKED)
    if not kept:
        return redirect("register:firm_sign_in")
    form = OneTimeCode(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, "register/firm_code.html", 422 if form.errors else 200)
    asked = entering.Asked(**{name: kept[name] for name in ("nonce", "firm", "digest", "until")})
    try:
        firm = entering.check_code(asked, form.cleaned_data["code"], at=timezone.now())
    except Refused as refused:
        return come_again(_page(request, form, "register/firm_code.html", _refused(form, refused)), refused)
    del request.session[_ASKED]
    return _enter(request, firm, "code", kept["next"])


def _enter(request: HttpRequest, firm: Firm, how: str, target: str) -> HttpResponse:
    enter(request, firm)
    entering.record_entry(firm, how=how, at=timezone.now())
    return redirect(target or home())


@public_page
@never_cache
@require_POST
def firm_persona(request: HttpRequest) -> HttpResponse:
    """Into a demonstration as its firm, by a click."""
    try:
        firm = entering.demo_firm()
    except NotFound as error:
        raise Http404(str(error)) from error
    return _enter(request, firm, "persona", "")


@public_page
@require_POST
def firm_sign_out(request: HttpRequest) -> HttpResponse:
    """Nobody is here for the firm any more."""
    leave(request)
    messages.info(request, _("已退出企业专区。"))
    return redirect("register:firm_sign_in")
