"""How good the suggestions for the dispatcher are, and what an administrator lets them do."""

from typing import Any
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

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.matters.public import KINDS
from zhitong.ui.public import RefusableForm

from ..queries import dispatch as reading


class UseForm(RefusableForm):
    """From where on a suggestion is sure, and whether sure ones pass by themselves."""

    threshold = forms.IntegerField(
        label=gettext_lazy("阈值（百分比）"), min_value=50, max_value=99,
        help_text=gettext_lazy("把握达到阈值的推荐标为“把握大”。学习后对照本页的曲线选择。"),
    )  # fmt: skip
    is_automatic = forms.BooleanField(
        label=gettext_lazy("达到阈值且职责清单只有一个主办单位时自动转办"), required=False,
        help_text=gettext_lazy("仅对开启后新到的事项；紧急和危及生命的仍由人转办。取消勾选立即停止。"),
    )  # fmt: skip


def _kind(slug: str) -> str:
    if slug not in KINDS or not KINDS[slug].has_category:
        raise NotFound("no_kind", gettext_lazy("没有这种业务，或者它没有类别。"))
    return slug


@requires(d.VIEW, d.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest, slug: str = "appeal") -> HttpResponse:
    """The report of the version in use, the threshold, the versions before."""
    by, kind = actor_of(request), _kind(slug)
    use = d.use_of(kind)
    may_set = by.may_everywhere(d.MANAGE)
    if request.method == "POST" and not may_set:
        raise NotAllowed("not_allowed", gettext_lazy("您没有设置智能转办的权限，请联系管理员。"))
    form = UseForm(
        request.POST if request.method == "POST" else None,
        initial={"threshold": round(100 * use.threshold), "is_automatic": use.is_automatic},
    )
    if request.method == "POST" and form.is_valid() and _set(request, by, kind, form):
        return redirect("portal:dispatch_kind", kind)
    context = _standing(use) | {"kind": KINDS[kind], "form": form, "may_set": may_set, "params": request.GET}
    context["passed_alone"] = reading.passed_alone(kind, timezone.localdate(), by)
    return render(
        request,
        "portal/dispatch/report.html",
        context | reading.shown(kind, use.threshold, request.GET),
        status=422 if form.errors else 200,
    )


def _set(request: HttpRequest, by: Actor, kind: str, form: UseForm) -> bool:
    got = form.cleaned_data
    try:
        d.set_use(kind, threshold=got["threshold"] / 100, is_automatic=got["is_automatic"], by=by, at=timezone.now())
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("设置已保存。"))
    return True


@requires(d.VIEW, d.MANAGE)
@never_cache
@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far learning is, asked again while it waits or goes on; when it is over the whole page is shown anew."""
    context = _standing(d.use_of(_kind(slug)))
    response = render(request, "portal/dispatch/learning.html", context | {"kind": KINDS[slug]})
    if not context["is_live"]:
        response["HX-Refresh"] = "true"
    return response


def _standing(use: d.Use) -> dict[str, Any]:
    is_learning = d.is_learning(use, timezone.now())
    return {"use": use, "is_learning": is_learning, "is_live": is_learning or use.asked_at is not None}


@requires(d.MANAGE)
@require_POST
def learn(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the worker to learn now instead of at night."""
    if d.ask_to_learn(_kind(slug), by=actor_of(request), at=timezone.now()):
        messages.success(request, _("已安排学习，本页会显示进展。"))
    else:
        messages.info(request, _("已有人要求学习，正在等待或进行。"))
    return redirect("portal:dispatch_kind", slug)


@requires(d.MANAGE)
@require_POST
def use_version(request: HttpRequest, learned_id: UUID) -> HttpResponse:
    """Go back to an earlier version."""
    chosen = d.activate(learned_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已换用所选版本。"))
    return redirect("portal:dispatch_kind", chosen.kind)


urlpatterns = [
    path("desk/suggestions/", dispatch, name="dispatch"),
    path("desk/suggestions/versions/<uuid:learned_id>/use", use_version, name="dispatch_use"),
    path("desk/suggestions/<slug:slug>/", dispatch, name="dispatch_kind"),
    path("desk/suggestions/<slug:slug>/learning", progress, name="dispatch_progress"),
    path("desk/suggestions/<slug:slug>/learn", learn, name="dispatch_learn"),
]
