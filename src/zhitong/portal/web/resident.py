"""The resident's home, and how personal information is handled."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import actor_of, public_page

# The six steps in plain words: the character, what it is called, what happens.
STEPS = (
    (pgettext_lazy("step", "接"), _("马上收到"), _("提交后立刻得到编号和查询码。")),
    (pgettext_lazy("step", "转"), _("找对单位"), _("一个工作日内转给负责的单位，紧急的两小时内。")),
    (pgettext_lazy("step", "见"), _("当面听您说"), _("承办人两个工作日内与您见面或通话。")),
    (pgettext_lazy("step", "办"), _("动手解决"), _("办了什么、办到哪一步，随时可查。")),
    (pgettext_lazy("step", "结"), _("给您答复"), _("用大白话告诉您结果；办不了的讲明依据。")),
    (pgettext_lazy("step", "访"), _("问您满不满意"), _("由别的单位回访，不满意就再办。")),
)


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Two big buttons, how it works, and the way to what others raised.  Staff are led to their own home unless they ask."""
    if actor_of(request).is_staff and "portal" not in request.GET:
        try:
            return redirect(reverse("portal:desk"))
        except NoReverseMatch:
            pass
    return render(request, "portal/resident.html", {"steps": STEPS})


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is asked for, why, who sees it, and for how long."""
    return render(request, "portal/privacy.html")


urlpatterns = [path("", home, name="home"), path("privacy", privacy, name="privacy")]
