"""Replies that may not answer: by organ, with examples of each doubt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.organisation.public import organ_names


@requires(dispatch.VIEW)
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
        "labels": dispatch.LABELS, "total": total,
    }  # fmt: skip
    return render(request, "portal/replies.html", context)


urlpatterns = [path("desk/replies/", replies, name="replies")]
