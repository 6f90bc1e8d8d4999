"""One thing, one time for the applicant: the guide, one form, one page of progress; and for the desk."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import actor_of, public_page, requires, track
from zhitong.kernel.matters import public as m
from zhitong.ui import receipts

from ...actions.bundles import submit_bundle
from ...models import BundleVersion
from ...queries import bundles as reading
from ..bundling import BundleApplyForm
from .applying import ask_for_code, own, resident
from .sending import send

MOST_LISTED = 50


def _offered(code: str) -> tuple[BundleVersion, reading.Whole]:
    version = reading.offered_one(code)
    if version is None:
        raise NotFound("not_offered", _("没有这件事，可能已停办。请返回办事指南重新查找。"))
    return version, reading.whole(version.defined, timezone.localdate())


@public_page
@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """What belongs together, what runs beside what, how long it takes, what is asked and brought once."""
    version, one = _offered(code)
    return render(request, "hall/bundles/guide.html", {"bundle": version.bundle, "one": one, "is_preview": False})


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_apply(request: HttpRequest, code: str) -> HttpResponse:
    """One form; sent, it leads to the page of progress with the receipt on top."""
    version, one = _offered(code)
    now = timezone.now()

    def show(form: BundleApplyForm, status: int) -> HttpResponse:
        context = {"form": form, "one": one, "bundle": version.bundle}
        return render(request, "hall/bundles/apply.html", context, status=status)

    return send(
        request, form_of=partial(BundleApplyForm, version, one, now), show=show, page="hall:bundle_followed",
        submit=lambda form: submit_bundle(form.said_of_all(), by=resident(request), at=now),
    )  # fmt: skip


@public_page
@never_cache
@require_safe
def bundle_followed(request: HttpRequest, number: str) -> HttpResponse:
    """One page: the graph with where each part stands, the one clock, the results."""
    matter = own(request, number, reading.KIND)
    if matter is None:
        return ask_for_code(number)
    seen = reading.progress_of(reading.case_of(matter))
    code = receipts.code_of(request, number)
    return render(
        request, "hall/bundles/followed.html", {"matter": matter, "seen": seen, "code": code, "stage": _stage(matter)}
    )


@public_page
@require_POST
def bundle_part(request: HttpRequest, number: str, part_id: UUID) -> HttpResponse:
    """The own page of a part: what is missing is handed in there."""
    matter = own(request, number, reading.KIND)
    part = reading.case_of(matter).parts.filter(matter=part_id).first() if matter else None
    if part is None or part.matter is None:
        raise NotFound("no_part", _("这一环节还没有开始办理。"))
    track(request, part_id)
    return redirect("hall:tracked", part.matter.number)


def _stage(matter: m.Matter) -> Any:
    return m.KINDS[matter.kind].by_slug[matter.stage].label


@requires("matters.view")
@require_safe
def bundle_cases(request: HttpRequest) -> HttpResponse:
    """Applications over several items in which one's organ is in the lead, the newest first."""
    rows = m.visible_matters(actor_of(request)).filter(kind=reading.KIND).order_by("-id")[:MOST_LISTED]
    found = [(row, _stage(row)) for row in rows]
    return render(request, "hall/bundles/cases.html", {"rows": found})


@requires("matters.view")
@never_cache
@require_safe
def bundle_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One of them with its graph; parts open for whoever may see them."""
    by = actor_of(request)
    matter = m.visible_matters(by).filter(kind=reading.KIND, pk=case_id).first()
    if matter is None:
        raise NotFound("no_matter", _("没有这件申请，或者不归您办理。"))
    seen = reading.progress_of(reading.case_of(matter))
    ids = [part.matter_id for part in seen.parts if part.matter_id]
    visible = set(m.visible_matters(by).filter(pk__in=ids).values_list("pk", flat=True))
    context = {"matter": matter, "seen": seen, "stage": _stage(matter), "visible": visible}
    return render(request, "hall/bundles/case.html", context)
