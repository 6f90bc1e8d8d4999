"""Searches of the guide that found nothing: counted by the page that found nothing, looked at by whoever manages a hall."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import TooMany, actor_of, address_of_client, limit_rate, public_page, requires

from ...actions import missed as actions
from ...permissions import MANAGE
from ...queries import guide as reading
from ...queries import missed as searches

NOTED_AN_HOUR = 40


@public_page
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """The page of a search that found nothing says so, once it is shown; who searched is not kept."""
    try:
        limit_rate(f"hall-missed:{address_of_client(request)}", NOTED_AN_HOUR, 3600)
    except TooMany:
        return HttpResponse(status=204)
    actions.note_missed(clean(request.POST.get("q", ""))[: reading.MOST_TYPED], at=timezone.now())
    return HttpResponse()


@requires(MANAGE)
@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """Which words, how often, when last."""
    return render(request, "hall/missed.html", {"rows": searches.missed(actor_of(request))[: searches.LISTED]})


@requires(MANAGE)
@require_safe
def missed_one(request: HttpRequest, missed_id: UUID) -> HttpResponse:
    """Items that may be meant, looked for in other words."""
    row = get_object_or_404(searches.missed(actor_of(request)), pk=missed_id)
    words = clean(request.GET.get("q", ""))[: reading.MOST_TYPED]
    found = reading.guide(reading.Wanted(words), timezone.localdate()).rows if words else []
    return render(request, "hall/missed_one.html", {"row": row, "words": words, "found": found})


@requires(MANAGE)
@require_POST
def missed_settle(request: HttpRequest, missed_id: UUID) -> HttpResponse:
    """The words go to an item, or are left out where no item is chosen."""
    by, now, item = actor_of(request), timezone.now(), uuid_of(request.POST.get("item"))
    try:
        if item is None:
            words = actions.leave_out(missed_id, by=by, at=now)
            messages.success(request, _("已略去“%(words)s”；再有人搜，会重新计数。") % {"words": words})
        else:
            name = actions.find_by(missed_id, item, by=by, at=now).name
            messages.success(request, _("已加上，现在搜这个说法就能找到“%(name)s”。") % {"name": name})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:missed")
