"""Endpoints of other systems: set up by an administrator, with what was sent to them and how they answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import NoticeState
from zhitong.kernel.organisation.public import posts_on
from zhitong.ui.public import RefusableForm, SearchSelect

from ..models import Endpoint
from ..webhooks import actions, queries

OVERLAPS = (("24", gettext_lazy("1天")), ("168", gettext_lazy("7天")), ("0", gettext_lazy("立即失效")))
managing = requires(actions.MANAGE)


class EndpointForm(RefusableForm):
    """A new endpoint, or another address for one that is there."""

    name = forms.CharField(label=gettext_lazy("系统名称"), max_length=60)
    url = forms.CharField(
        label=gettext_lazy("接收地址"), max_length=500, widget=forms.URLInput({"placeholder": "https://"}),
        help_text=gettext_lazy("事件以POST发往此地址；须为https，不跟随重定向。"),
    )  # fmt: skip
    post = forms.ChoiceField(
        label=gettext_lazy("按哪个岗位推送"), widget=SearchSelect,
        help_text=gettext_lazy("只推送该岗位看得到的事项；建议为对接系统专设岗位。"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("事件"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选即推送全部事件。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = [(str(post.pk), str(post)) for post in posts_on(timezone.localdate())]
        self.fields["post"].choices = [("", _("请选择")), *posts]  # type: ignore[attr-defined]
        self.fields["kinds"].choices = list(actions.known_kinds().items())  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was filled in, for the action."""
        got = self.cleaned_data
        return {"name": got["name"], "url": got["url"], "kinds": got["kinds"], "post_id": UUID(got["post"])}


class DeliveryFilter(forms.Form):
    """Which deliveries are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *NoticeState.choices]
    )
    answer = forms.CharField(
        label=gettext_lazy("应答码"), required=False, max_length=4, widget=forms.TextInput({"size": "6"})
    )
    kind = forms.ChoiceField(label=gettext_lazy("事件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *actions.known_kinds().items()]  # type: ignore[attr-defined]


def wanted(query: Any) -> queries.Wanted:
    """What was asked for; what makes no sense is left out."""
    return queries.Wanted(*(query.get(name, "").strip() for name in ("state", "answer", "kind")))


@managing
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every endpoint and how it does."""
    context = {"endpoints": list(queries.endpoints()), "counts": queries.counts(), "kinds": actions.known_kinds()}
    return render(request, "gateway/webhooks/list.html", context)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, it shows the secret."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            origin = request.build_absolute_uri("/")
            made, secret = actions.make_endpoint(**form.given(), origin=origin, by=actor_of(request), at=timezone.now())
            return _shown(request, made, secret)
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, None)


@managing
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Another name, address, kinds or post."""
    one = queries.endpoint(endpoint_id)
    initial = {"name": one.name, "url": one.url, "post": str(one.post_id), "kinds": one.kinds}
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(one.pk, **form.given(), by=actor_of(request), at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("gateway:webhook", one.pk)
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, one)


def _form(request: HttpRequest, form: EndpointForm, one: Endpoint | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "gateway/webhooks/form.html", {"form": form, "one": one}, status=status)


def _shown(request: HttpRequest, one: Endpoint, secret: str) -> HttpResponse:
    """The secret, on this answer and nowhere else."""
    return render(request, "gateway/webhooks/secret.html", {"one": one, "secret": secret})


@managing
@require_safe
def detail(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint with what was sent to it."""
    one, asked = queries.endpoint(endpoint_id), wanted(request.GET)
    rows, older = queries.a_page(one, asked, uuid_of(request.GET.get("before", "")))
    kinds = actions.known_kinds()
    context = {
        "one": one, "rows": rows, "older": older, "form": DeliveryFilter(request.GET), "asked": asked,
        "labels": dict(NoticeState.choices), "kinds": [kinds.get(kind, kind) for kind in one.kinds],
        "overlaps": OVERLAPS, "is_filtered": asked != queries.Wanted(), "state": NoticeState, "why": why,
    }  # fmt: skip
    return render(request, "gateway/webhooks/detail.html", context)


WHY = {
    "answered": gettext_lazy("对方应答%(what)s"),
    "nowhere": gettext_lazy("域名%(what)s解析不到地址"),
    "inside": gettext_lazy("%(what)s是内网地址，未列入ZHITONG_WEBHOOK_HOSTS"),
    "not_https": gettext_lazy("接收地址不是https"),
    "broken": gettext_lazy("连接失败（%(what)s）"),
}


def why(error: str) -> str:
    """What went wrong, in the reader's words."""
    word, _space, what = error.partition(" ")
    return str(WHY[word]) % {"what": what} if word in WHY else error


@managing
@never_cache
@require_POST
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown once."""
    hours = request.POST.get("overlap", "24")
    hours = hours if hours in dict(OVERLAPS) else "24"
    one, secret = actions.rotate_secret(
        endpoint_id, overlap=timedelta(hours=int(hours)), by=actor_of(request), at=timezone.now()
    )
    return _shown(request, queries.endpoint(one.pk), secret)


@managing
@require_POST
def pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send nothing more for now."""
    actions.pause(endpoint_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已暂停，其间的事件会暂存。"))
    return redirect("gateway:webhook", endpoint_id)


@managing
@require_POST
def resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send again, what was kept back first."""
    number = actions.resume(endpoint_id, by=actor_of(request), at=timezone.now())
    said = ngettext("已恢复，暂存的%(num)d条将陆续推送。", "已恢复，暂存的%(num)d条将陆续推送。", number)
    messages.success(request, said % {"num": number})
    return redirect("gateway:webhook", endpoint_id)


@managing
@require_POST
def remove(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Tell it nothing more."""
    one = actions.remove_endpoint(endpoint_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已删除推送端点“%(name)s”。") % {"name": one.name})
    return redirect("gateway:webhooks")


@managing
@require_POST
def replay(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send the ticked ones once more, or all that fit the filter."""
    one = queries.endpoint(endpoint_id)
    ticked = [found for text in request.POST.getlist("delivery") if (found := uuid_of(text))]
    if "all" in request.POST:
        ticked = queries.matching(one, wanted(request.POST), actions.MOST_AGAIN)
    try:
        number = actions.replay(one.pk, ticked, by=actor_of(request), at=timezone.now())
        said = ngettext("%(num)d条将重新推送。", "%(num)d条将重新推送。", number)
        messages.success(request, said % {"num": number})
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("gateway:webhook", one.pk)


ONE = "setup/webhooks/<uuid:endpoint_id>/"
urlpatterns = [
    path("setup/webhooks/", overview, name="webhooks"),
    path("setup/webhooks/new", new, name="webhook_new"),
    path(ONE, detail, name="webhook"),
    path(f"{ONE}change", change, name="webhook_change"),
    path(f"{ONE}rotate", rotate, name="webhook_rotate"),
    path(f"{ONE}pause", pause, name="webhook_pause"),
    path(f"{ONE}resume", resume, name="webhook_resume"),
    path(f"{ONE}remove", remove, name="webhook_remove"),
    path(f"{ONE}replay", replay, name="webhook_replay"),
]
