"""One thing, one time at the desk: what one's organ leads, taking one in at the window, and its receipt."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.matters import public as m
from zhitong.ui import receipts

from ...actions.counter import take_in_bundle
from ...permissions import ACCEPT
from ...queries import bundles as reading
from ...queries import packs
from ...queries.applicants import applicants_named
from ...queries.window import ticket_of
from ..bundling import DeskBundleForm
from .bundles import pack, sent_for, stage_of
from .counter import where_to_judge
from .sending import send

MOST_LISTED = 50


@requires("matters.view")
@require_safe
def bundle_cases(request: HttpRequest) -> HttpResponse:
    """Applications over several items in which one's organ is in the lead, the newest first; and taking one in."""
    by = actor_of(request)
    rows = m.visible_matters(by).filter(kind=reading.KIND).order_by("-id")[:MOST_LISTED]
    found = list(rows)
    names = applicants_named([row.pk for row in found])
    context = {
        "rows": [(row, stage_of(row), names.get(row.pk, "")) for row in found],
        "offered": reading.offered() if by.may(ACCEPT) else [],
    }
    return render(request, "hall/bundles/cases.html", context)


def _led(by: Actor, case_id: UUID) -> m.Matter:
    matter = m.visible_matters(by).filter(kind=reading.KIND, pk=case_id).first()
    if matter is None:
        raise NotFound("no_matter", _("没有这件申请，或者不归您办理。"))
    return matter


@requires("matters.view")
@never_cache
@require_safe
def bundle_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One of them with its graph; parts open for whoever may see them."""
    by = actor_of(request)
    matter = _led(by, case_id)
    seen = reading.progress_of(reading.case_of(matter))
    ids = [part.matter_id for part in seen.parts if part.matter_id]
    visible = set(m.visible_matters(by).filter(pk__in=ids).values_list("pk", flat=True))
    papers = packs.papers_in_pack(seen, by)
    context = {"matter": matter, "seen": seen, "stage": stage_of(matter), "visible": visible, "papers": papers}
    return render(request, "hall/bundles/case.html", context)


@requires("matters.view")
@never_cache
@require_safe
def bundle_case_pack(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The results of the parts that one may see, as one document."""
    by = actor_of(request)
    return pack(reading.progress_of(reading.case_of(_led(by, case_id))), by)


@requires(ACCEPT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_take_in(request: HttpRequest, code: str) -> HttpResponse:
    """The one form at the window; sent, it leads to the receipt."""
    version, one, gone = sent_for(request, code)
    by, now = actor_of(request), timezone.now()

    def show(form: DeskBundleForm, status: int) -> HttpResponse:
        context = {"form": form, "one": one, "bundle": version.bundle, "ticket": ticket_of(by, now)}
        return render(request, "hall/bundles/take_in.html", context, status=status)

    return send(
        request, form_of=partial(DeskBundleForm, version, one, now), show=show, page="hall:bundle_slip", is_desk=True, gone=gone,
        submit=lambda form: take_in_bundle(form.said_of_all(), by=by, at=now),
    )  # fmt: skip


@requires(ACCEPT)
@never_cache
@require_safe
def bundle_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt to print: for whoever took it in, and for the lead."""
    by, now = actor_of(request), timezone.now()
    matter = m.Matter.objects.filter(kind=reading.KIND, number=number).first()
    if matter is None or (
        matter.opened_by != by.account_id and not m.visible_matters(by).filter(pk=matter.pk).exists()
    ):
        raise NotFound("no_matter", _("没有这件申请，或者不归您办理。"))
    context = {
        "matter": matter, "seen": reading.progress_of(reading.case_of(matter)), "code": receipts.code_of(request, number),
        "ticket": ticket_of(by, now), "judge": where_to_judge(request, matter.pk),
    }  # fmt: skip
    return render(request, "hall/bundles/slip.html", context)
