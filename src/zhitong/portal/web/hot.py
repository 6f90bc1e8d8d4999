"""The hot spots: what many people raise, with its place, its time, its heat and how that is reckoned."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import Refused
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters.public import KINDS
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import RefusableForm

MOST_LISTED = 5


class RisingForm(RefusableForm):
    """From when on a thing rises."""

    days = forms.IntegerField(label=gettext_lazy("几天之内"), min_value=1, max_value=30)
    least = forms.IntegerField(label=gettext_lazy("至少几件"), min_value=2, max_value=100)
    times = forms.FloatField(label=gettext_lazy("至少是之前同样天数的几倍"), min_value=1, max_value=10)


@requires(dispatch.VIEW)
@require_safe
def hot(request: HttpRequest) -> HttpResponse:
    """The hottest things of the last 90 days, as far as one may see their matters."""
    by = actor_of(request)
    rule = dispatch.rising_rule()
    found = dispatch.hottest(by, timezone.now(), rule=rule)
    areas = territory.labels({row.area_id for one in found for row in one.members if row.area_id})
    context = {"lines": [_line(one, areas) for one in found], "days": dispatch.WITHIN.days, "rule": rule,
               "back": dispatch.LOOKED_BACK.days, "most": dispatch.MOST_GATHERED,
               "may_set": by.may_everywhere(dispatch.MANAGE), "may_see": by.may("matters.view")}  # fmt: skip
    return render(request, "portal/hot.html", context)


def _line(one: dispatch.Hot, areas: dict[Any, str]) -> dict[str, Any]:
    places = sorted({areas[row.area_id] for row in one.members if row.area_id in areas})
    matters = [
        (row, mask_inline(row.title), KINDS[row.kind].by_slug[row.stage].label) for row in one.members[:MOST_LISTED]
    ]
    return {
        "one": one, "title": mask_inline(one.title), "places": [*one.names, *places], "matters": matters,
        "more": len(one.members) - len(matters),
    }  # fmt: skip


@requires(dispatch.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def hot_rule(request: HttpRequest) -> HttpResponse:
    """From when on a thing rises and is raised to those who lead."""
    rule = dispatch.rising_rule()
    initial = {"days": rule.days, "least": rule.least, "times": rule.percent / 100}
    form = RisingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set_rule(request, form):
        return redirect("portal:hot")
    return render(request, "portal/hot_rule.html", {"form": form}, status=422 if form.errors else 200)


def _set_rule(request: HttpRequest, form: RisingForm) -> bool:
    got = form.cleaned_data
    try:
        dispatch.set_rising(
            days=got["days"], least=got["least"], percent=round(100 * got["times"]), by=actor_of(request), at=timezone.now()
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("设置已保存。"))
    return True


urlpatterns = [
    path("desk/hot/", hot, name="hot"),
    path("desk/hot/rule", hot_rule, name="hot_rule"),
]
