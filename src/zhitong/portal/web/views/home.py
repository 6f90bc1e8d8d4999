"""One home for everybody who has signed in: what there is on it follows from what one may do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.kernel.accounts.public import actor_of, requires, signed_in
from zhitong.ui.public import home_of

from ... import actions
from ...queries import setup


@signed_in
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The sections of this person."""
    by, now = actor_of(request), timezone.now()
    hour = timezone.localtime(now).hour
    greeting = _("早上好") if hour < 11 else _("您好") if hour < 14 else _("下午好") if hour < 18 else _("晚上好")
    return render(request, "portal/home.html", {"sections": home_of(by, now), "greeting": greeting, "at": now})


@requires(*setup.PERMISSIONS)
@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """What one check of the set-up found."""
    found, items = setup.check(slug, actor_of(request), timezone.now())
    context = {"found": found, "items": items, "may_retry": slug == setup.FAILED, "most": setup.MOST_LISTED}
    return render(request, "portal/check.html", context)


@requires("settings.manage")
@require_POST
def retry_notices(request: HttpRequest) -> HttpResponse:
    """Try to send failed notices again."""
    done = actions.retry_failed(by=actor_of(request), at=timezone.now())
    said = ngettext("%(num)d条通知已重新排队发送。", "%(num)d条通知已重新排队发送。", done) % {"num": done}
    messages.success(request, said)
    return redirect("portal:check", setup.FAILED)
