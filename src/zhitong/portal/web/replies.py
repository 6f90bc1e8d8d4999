"""Replies that may not answer: by organ, with examples of each doubt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.organisation.public import organ_names

KIND = "appeal"


@requires(dispatch.VIEW, dispatch.MANAGE)
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """What was looked at in the last 90 days, as far as one may see its matters."""
    by, now = actor_of(request), timezone.now()
    found = dispatch.doubtful(by, now)
    names = organ_names(one.organ_id for one in found if one.organ_id)
    examples = {
        kind: [(one.check, mask_inline(one.check.matter.title), mask_inline(one.reply)) for one in rows]
        for kind, rows in dispatch.examples(by, now).items()
    }
    total = sum(one.n for one in found)
    context: dict[str, Any] = {
        "rows": [(one, names.get(one.organ_id, "") if one.organ_id else "") for one in found], "examples": examples,
        "labels": dispatch.LABELS, "total": total, "may_set": by.may_everywhere(dispatch.MANAGE),
        "is_blocking": dispatch.blocks(KIND), "may_see": by.may("matters.view"),
    }  # fmt: skip
    return render(request, "portal/replies.html", context)


@requires(dispatch.MANAGE)
@require_POST
def replies_blocking(request: HttpRequest) -> HttpResponse:
    """Whether such replies are blocked, or told of only."""
    is_on = request.POST.get("to") == "on"
    dispatch.set_blocking(KIND, is_on=is_on, by=actor_of(request), at=timezone.now())
    messages.success(request, _("从现在起，这样的答复不能办结。") if is_on else _("从现在起只提醒，不拦截。"))
    return redirect("portal:replies")


urlpatterns = [
    path("desk/replies/", replies, name="replies"),
    path("desk/replies/blocking", replies_blocking, name="replies_blocking"),
]
