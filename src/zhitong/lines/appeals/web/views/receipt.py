"""The receipt: number, tracking code and QR code, for a resident and for the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import actor_of, public_page, requires
from zhitong.kernel.matters.public import Matter, visible_matters
from zhitong.ui import receipts
from zhitong.ui.receipts import code_of

from ... import queries
from ...actions import Raised


def keep_receipt(request: HttpRequest, raised: Raised) -> None:
    """Let this browser follow the appeal, and see the code until its session ends."""
    receipts.keep_receipt(request, matter_id=raised.matter_id, number=raised.number, code=raised.tracking_code)


def track_address(request: HttpRequest, number: str) -> str:
    """The full address of the tracking page with the number filled in."""
    return request.build_absolute_uri(f"{reverse('appeals:track')}?{urlencode({'number': number})}")


@public_page
@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What to keep: shown to the browser that raised it."""
    try:
        matter = queries.tracked_appeal(actor_of(request), number)
    except NotFound:
        return redirect(f"{reverse('appeals:track')}?{urlencode({'number': number})}")
    return render(request, "appeals/receipt.html", _context(request, matter))


def _context(request: HttpRequest, matter: Matter) -> dict[str, object]:
    return {"matter": matter, "code": code_of(request, matter.number), "address": track_address(request, matter.number)}


@public_page
@never_cache
@require_safe
def receipt_text(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a small text file."""
    matter = queries.tracked_appeal(actor_of(request), number)
    lines = [
        _("诉求：%(title)s") % {"title": matter.title},
        _("编号：%(number)s") % {"number": number},
        _("查询码：%(code)s") % {"code": code_of(request, number) or "—"},
        _("查询网址：%(address)s") % {"address": track_address(request, number)},
    ]
    answer = HttpResponse("\ufeff" + "\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="appeal-{number}.txt"'
    return answer


@public_page
@cache_control(max_age=86_400)
@require_safe
def receipt_code(request: HttpRequest, number: str) -> HttpResponse:
    """The QR code of the tracking address.  It holds the number and not the code, so anybody may have it."""
    return receipts.picture_of(track_address(request, number))


@requires("appeals.register")
@never_cache
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The slip to print for whoever stands at the window; the code is there for the one who registered it."""
    matter = visible_matters(actor_of(request)).filter(number=number).first()
    code = code_of(request, number)
    if matter is None and code:
        matter = Matter.objects.filter(number=number).first()
    if matter is None:
        raise NotFound("no_matter", _("没有找到这件诉求，或者您无权查看。"))
    return render(request, "appeals/slip.html", _context(request, matter))
