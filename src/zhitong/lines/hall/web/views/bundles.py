"""One thing, one time for the applicant: the guide, one form, one page of progress; and for the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import (
    Actor,
    TooMany,
    actor_of,
    address_of_client,
    come_again,
    limit_rate,
    public_page,
    requires,
    track,
)
from zhitong.kernel.matters import public as m
from zhitong.ui import receipts

from ...actions.bundles import submit_bundle
from ...models import BundleVersion
from ...queries import bundles as reading
from ..bundling import BundleApplyForm
from .applying import SENT_AN_HOUR

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
    if request.method != "POST":
        return _asked(request, BundleApplyForm(version, one, now))
    try:  # before files are looked into and set aside
        limit_rate(f"hall-sent:{address_of_client(request)}", SENT_AN_HOUR, 3600)
    except TooMany as refused:
        form = BundleApplyForm(version, one, now, request.POST)
        form.is_valid()
        form.refuse(refused)
        return come_again(_asked(request, form, refused.status), refused)
    form = BundleApplyForm(version, one, now, request.POST, request.FILES)
    if not form.is_valid():
        form.keep()
        return _asked(request, form, 422)
    try:
        done = submit_bundle(form.said_of_all(), by=_resident(request), at=now)
    except Refused as refused:
        form.refuse(refused)
        form.keep(with_new_key=refused.code == "key_reused")
        return _asked(request, form, refused.status)
    receipts.keep_receipt(request, matter_id=done.matter_id, number=done.number, code=done.tracking_code)
    return redirect("hall:bundle_followed", done.number)


def _asked(request: HttpRequest, form: BundleApplyForm, status: int = 200) -> HttpResponse:
    is_doubled = any(error.code == "already_open" for error in form.errors.as_data().get("is_another", []))
    context = {"form": form, "one": form.one, "bundle": form.version_shown.bundle, "is_doubled": is_doubled}
    return render(request, "hall/bundles/apply.html", context, status=status)


def _resident(request: HttpRequest) -> Actor:
    return Actor.resident(actor_of(request).tracked)


def _own(request: HttpRequest, number: str) -> m.Matter | None:
    return m.visible_matters(_resident(request)).filter(kind=reading.KIND, number=number).first()


@public_page
@never_cache
@require_safe
def bundle_followed(request: HttpRequest, number: str) -> HttpResponse:
    """One page: the graph with where each part stands, the one clock, the results."""
    matter = _own(request, number)
    if matter is None:
        return redirect(f"{reverse('appeals:track')}?{urlencode({'number': number})}")
    seen = reading.progress_of(reading.case_of(matter))
    code = receipts.code_of(request, number)
    return render(
        request, "hall/bundles/followed.html", {"matter": matter, "seen": seen, "code": code, "stage": _stage(matter)}
    )


@public_page
@require_POST
def bundle_part(request: HttpRequest, number: str, part_id: UUID) -> HttpResponse:
    """The own page of a part: what is missing is handed in there."""
    matter = _own(request, number)
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
