"""The dispatcher says that what a word raised is not urgent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires

from ...actions.alarming import not_urgent
from ...queries.board import choose


@requires("appeals.pass", "appeals.arbitrate")
@require_POST
def board_not_urgent(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One act: ordinary urgency again, and a false alarm counted against the words."""
    by, now = actor_of(request), timezone.now()
    seen, version = choose(matter_id, by, now), request.POST.get("version", "")
    try:
        not_urgent(
            seen.matter, by=by, at=now, version=int(version) if version.isdecimal() and len(version) < 10 else None
        )
    except NotFound:
        raise
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("已按普通诉求处理，并记为误报。"))
    tab = request.POST.get("tab", "")
    page = reverse("appeals:board_matter", args=[matter_id])
    return redirect(f"{page}?tab={tab}" if tab in ("returned", "arbitrate", "urgent") else page)
