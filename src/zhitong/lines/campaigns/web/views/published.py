"""What everybody may see of a drive that is published: how far it is, by street; nothing of a target."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhitong.base.identifiers import page_of
from zhitong.kernel.accounts.public import public_page

from ...queries import drives as reading
from ...queries import figures


@public_page
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """The drives that are published, and how far they are."""
    page = page_of(request.GET.get("page", ""))
    found = list(reading.published().select_related("organ")[(page - 1) * reading.SHOWN : page * reading.SHOWN + 1])
    rows, today = found[: reading.SHOWN], timezone.localdate()
    context = {
        "rows": rows, "far": figures.shares([row.pk for row in rows], today), "has_more": len(found) > reading.SHOWN, "page": page, "today": today,
    }  # fmt: skip
    return render(request, "campaigns/open_list.html", context)


@public_page
@require_safe
def drive(request: HttpRequest, drive_id: UUID) -> HttpResponse:
    """One of them, by street."""
    one, today = reading.published_drive(drive_id), timezone.localdate()
    burn = figures.burn(None, one, today)
    context = {
        "one": one, "far": figures.far(None, one, today), "burn": burn, "today": today, "categories": [f"{day:%m-%d}" for day in burn.drawn],
    }  # fmt: skip
    return render(request, "campaigns/open_drive.html", context)
