"""Applying for an item on the portal, the receipt, and following what was applied for."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, actor_of, public_page
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.public import papers_of
from zhitong.kernel.register.public import actor_for_firm, firm_of
from zhitong.kernel.reviews import public as reviews
from zhitong.ui import receipts
from zhitong.ui.following import Course, take
from zhitong.ui.public import file_answer, file_rows, paper_rows

from ...actions.cases import submit
from ...actions.cases.submitting import withdrawn
from ...models import Version
from ...queries import following as reading
from ...queries.agency import KIND as ERRAND
from ...queries.versions import published, version_on
from ..applying import ApplyForm
from .sending import send

KIND = reading.KIND
DONE = {
    "hand_in": gettext_lazy("已收到补交的材料。"),
    "withdraw": gettext_lazy("已撤回。需要时可以重新申请。"),
    "confirm": gettext_lazy("已确认收到，谢谢。"),
}
ABOUT = {
    "hand_in": gettext_lazy("拍照或选择文件上传，每次交一种。"),
    "withdraw": gettext_lazy("撤回后不再办理，也不能恢复；以后需要可以重新申请。"),
    "confirm": gettext_lazy("收到邮寄的结果后请确认，办件随即办结。"),
}
COURSE = Course(KIND, "hall:tracked", "hall:act", DONE, ABOUT, "hall/act.html", needs_files=frozenset({"hand_in"}))


def resident(request: HttpRequest) -> Actor:
    """Whoever is here as the one who applied: also staff follow their own like anybody."""
    return Actor.resident(actor_of(request).tracked)


def for_firm(request: HttpRequest) -> dict[str, str]:
    """What stands in a form already for whoever has signed in for a firm."""
    firm = firm_of(request)
    return {"credit_code": firm.code} if firm else {}


def applicant(request: HttpRequest) -> Actor:
    """Who the log says has applied."""
    firm = firm_of(request)
    return actor_for_firm(request, firm) if firm else resident(request)


def _version(request: HttpRequest, item_id: UUID) -> tuple[Version, Refused | None]:
    """What counts today; for a form that was sent after that ended, what it showed, and the refusal."""
    version = version_on(item_id, timezone.localdate())
    if version is not None:
        return version, None
    sent = uuid_of(request.POST.get("version")) if request.method == "POST" else None
    shown = published(sent, item_id) if sent else None
    if shown is None:
        raise NotFound("not_offered", _("没有这个服务事项，可能已停办。请返回办事指南重新查找。"))
    return shown, withdrawn()


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The form; sent, it leads to the receipt."""
    (version, gone), now = _version(request, item_id), timezone.now()

    def show(form: ApplyForm, status: int) -> HttpResponse:
        context = {"form": form, "version": version, "item": version.item}
        return render(request, "hall/apply.html", context, status=status)

    return send(
        request, form_of=partial(ApplyForm, version, now, initial=for_firm(request)), show=show, page="hall:receipt",
        submit=lambda form: submit(form.said(), by=applicant(request), at=now), gone=gone,
    )  # fmt: skip


def own(request: HttpRequest, number: str, kind: str = KIND) -> m.Matter | None:
    """What of that number this browser follows, if anything."""
    try:
        return reading.followed(resident(request), number, kind)
    except NotFound:
        return None


def _page(number: str) -> str:
    return f"{reverse('appeals:track')}?{urlencode({'number': number})}"


def ask_for_code(number: str) -> HttpResponse:
    """To the page that asks for number and code, with the number filled in."""
    return redirect(_page(number))


def _address(request: HttpRequest, number: str) -> str:
    return request.build_absolute_uri(_page(number))


@public_page
@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What to keep: shown to the browser that applied, or asked for an agent."""
    matter = own(request, number) or own(request, number, ERRAND)
    if matter is None:
        return ask_for_code(number)
    code = receipts.code_of(request, number)
    return render(request, "hall/receipt.html", {"matter": matter, "code": code, "is_errand": matter.kind == ERRAND})


@public_page
@cache_control(max_age=86_400)
@require_safe
def receipt_code(request: HttpRequest, number: str) -> HttpResponse:
    """The QR code of the tracking address.  It holds the number and not the code, so anybody may have it."""
    return receipts.picture_of(_address(request, number))


@public_page
@never_cache
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """The steps, until when, what is missing, what can be done, and the result."""
    matter = own(request, number)
    if matter is None:
        return ask_for_code(number)
    seen, by = reading.course_of(matter), resident(request)
    offered = m.offers(matter, list(matter.tasks.all()), list(matter.clocks.all()), by, timezone.now())
    context = {
        "matter": matter, "seen": seen, "about": ABOUT, "review_code": review_code(matter) if matter.closed_at else "",
        "offers": [o for o in offered if o.slug in DONE and (o.slug != "hand_in" or seen.lacks)],
        "papers": paper_rows(papers_of(matter.pk, by))[::-1], "shown_files": partial(_shown_files, matter.number),
    }  # fmt: skip
    return render(request, "hall/tracked.html", context)


def _shown_files(number: str, files: Iterable[m.Attachment]) -> list[dict[str, Any]]:
    return file_rows(files, lambda one: reverse("hall:file", args=[number, one.pk]))


def review_code(matter: m.Matter) -> str:
    """The code under which whoever applied may say how it was."""
    service = reviews.service_of_matter(matter.pk)
    return reviews.code_of(service) if service else ""


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Hand something in, withdraw, confirm."""
    by = resident(request)
    matter = reading.followed(by, number)
    return take(request, COURSE, matter, action, by=by, at=timezone.now(), initial=_asked_for(request))


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """Which material the link was for."""
    material = request.GET.get("material", "")
    return {"material": material[:40]} if material else {}


@public_page
@require_safe
def file(request: HttpRequest, number: str, file_id: UUID) -> HttpResponseBase:
    """A file that was handed in, with ``?small`` its preview."""
    found = reading.file_of(resident(request), number, file_id)
    is_small = "small" in request.GET and found.has_preview
    return file_answer(m.place_of(bytes(found.digest), preview=is_small), found.name, found.media_type)
