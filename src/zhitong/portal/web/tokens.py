"""Tokens of other systems: made, renewed and revoked by an administrator.  A secret is shown once and never kept."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import AccessToken, ApiScope, Issued, actor_of, requires
from zhitong.kernel.organisation.public import posts_on
from zhitong.ui.public import DateInput, RefusableForm, SearchSelect

View = Callable[..., HttpResponse]
OVERLAPS = (
    ("7", gettext_lazy("7天")), ("1", gettext_lazy("1天")), ("30", gettext_lazy("30天")), ("0", gettext_lazy("立即失效")),
)  # fmt: skip

managing = requires("accounts.manage")


def _last_moment(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class TokenForm(RefusableForm):
    """A new token."""

    field_of: ClassVar[dict[str, str]] = {"post_id": "post", "expires_at": "ends_on"}

    name = forms.CharField(
        label=gettext_lazy("系统名称"),
        max_length=60,
        help_text=gettext_lazy("写入每一步操作的日志，如“12345热线平台”。"),
    )
    post = forms.ChoiceField(
        label=gettext_lazy("经哪个岗位办事"), widget=SearchSelect,
        help_text=gettext_lazy("令牌能看到、能办理的范围与该岗位相同；建议为对接系统专设岗位。"),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("用途"), choices=ApiScope.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选择一种用途。")},
    )  # fmt: skip
    per_minute = forms.IntegerField(label=gettext_lazy("每分钟请求上限"), min_value=1, max_value=100_000, initial=600)
    ends_on = forms.DateField(
        label=gettext_lazy("有效期至（含）"), widget=DateInput, help_text=gettext_lazy("最长两年，到期前可续期。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        posts = [(str(post.pk), str(post)) for post in posts_on(today)]
        self.fields["post"].choices = [("", _("请选择")), *posts]  # type: ignore[attr-defined]
        self.fields["ends_on"].initial = today + timedelta(days=365)


class RotateForm(RefusableForm):
    """A new secret for a token that is there."""

    field_of = TokenForm.field_of

    overlap = forms.ChoiceField(
        label=gettext_lazy("旧密钥还可用"), choices=OVERLAPS, widget=forms.RadioSelect, initial="7",
        help_text=gettext_lazy("留出时间让对方换上新密钥；泄露时请选“立即失效”。"),
    )  # fmt: skip
    ends_on = forms.DateField(
        label=gettext_lazy("有效期至（含）"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("不填则不变；已到期的续一年。"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def _refusing(view: View) -> View:
    """What cannot be done with a token becomes a message above the list."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            raise
        except Refused as error:
            messages.error(request, str(error))
            return redirect("portal:tokens")

    return answered


@managing
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every token, those in force first."""
    rows = list(accounts.tokens())
    now = timezone.now()
    context = {"tokens": rows, "now": now, "soon": now + timedelta(days=30), "labels": dict(ApiScope.choices)}
    return render(request, "portal/setup/tokens.html", context)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, it shows the secret."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        try:
            issued = accounts.make_token(
                name=got["name"], post_id=UUID(got["post"]), scopes=got["scopes"], per_minute=got["per_minute"],
                expires_at=_last_moment(got["ends_on"]), by=actor_of(request), at=timezone.now(),
            )  # fmt: skip
            return _shown(request, issued)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(request, "portal/setup/token_new.html", {"form": form}, status=status)


def _token(token_id: UUID) -> AccessToken:
    token = accounts.tokens().filter(pk=token_id).first()
    if token is None:
        raise NotFound("no_token", _("没有这个令牌。"))
    return token


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Renew a token; sent, it shows the new secret."""
    token = _token(token_id)
    prefixes = sorted(token.secrets.all(), key=lambda secret: secret.pk)
    form = RotateForm(
        request.POST if request.method == "POST" else None, initial={"seen": prefixes[-1].prefix, "overlap": "7"}
    )
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        try:
            issued = accounts.rotate_token(
                token_id, overlap=timedelta(days=int(got["overlap"])), expires_at=_last_moment(got["ends_on"]),
                seen=got["seen"], by=actor_of(request), at=timezone.now(),
            )  # fmt: skip
            return _shown(request, issued)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(request, "portal/setup/token_rotate.html", {"form": form, "token": token}, status=status)


def _shown(request: HttpRequest, issued: Issued) -> HttpResponse:
    """The secret, on this answer and nowhere else."""
    scopes = _("、").join(str(ApiScope(scope).label) for scope in issued.token.scopes)
    context = {"token": issued.token, "secret": issued.secret, "scopes": scopes}
    return render(request, "portal/setup/token_shown.html", context)


@managing
@require_POST
@_refusing
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Let nobody in with it any more."""
    token = accounts.revoke_token(token_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已吊销令牌“%(name)s”，使用它的系统已无法访问。") % {"name": token.name})
    return redirect("portal:tokens")


urlpatterns = [
    path("setup/tokens/", overview, name="tokens"),
    path("setup/tokens/new", new, name="token_new"),
    path("setup/tokens/<uuid:token_id>/rotate", rotate, name="token_rotate"),
    path("setup/tokens/<uuid:token_id>/revoke", revoke, name="token_revoke"),
]
