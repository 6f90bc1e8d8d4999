"""For archivists and whoever approves: terms of retention, and lists of what is destroyed."""

import csv
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Refused
from zhitong.base.text import no_formula
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.privacy import public as privacy
from zhitong.ui.public import DateInput, RefusableForm

both = requires(privacy.PREPARE, privacy.APPROVE)
MOST_SHOWN = 50


class TermForm(RefusableForm):
    """How long, and by what right."""

    amount = forms.IntegerField(
        label=gettext_lazy("保管期限"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=gettext_lazy("不填即永久保存。"),
    )
    unit = forms.ChoiceField(label=gettext_lazy("期限单位"), choices=privacy.Unit.choices, widget=forms.RadioSelect)
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("如：本单位文书档案保管期限表第几条。"),
    )  # fmt: skip


class PostponeForm(RefusableForm):
    """Why, and until when."""

    reason = forms.CharField(label=gettext_lazy("暂缓理由"), max_length=300)
    until = forms.DateField(label=gettext_lazy("暂缓至"), widget=DateInput)


class ApproveForm(RefusableForm):
    """What the second person says."""

    opinion = forms.CharField(label=gettext_lazy("审批意见"), max_length=300)
    is_sure = forms.BooleanField(label=gettext_lazy("我已核对清册，批准后立即销毁，不能恢复"))


@requires(privacy.PREPARE, privacy.APPROVE, privacy.TERMS)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """How long everything is kept, what is due, and the lists there were."""
    by, now = actor_of(request), timezone.now()
    is_archive = by.may_everywhere(privacy.PREPARE) or by.may_everywhere(privacy.APPROVE)
    rows = [(term, _due(term, now) if is_archive else None) for term in privacy.terms().values()]
    lists = list(privacy.destroy_lists(by)[:MOST_SHOWN]) if is_archive else []
    open_kinds = {one.kind for one in lists if one.state == privacy.ListState.DRAFT}
    context = {
        "rows": rows, "lists": lists, "open_kinds": open_kinds, "may_make": by.may_everywhere(privacy.PREPARE),
        "may_set": by.may_everywhere(privacy.TERMS), "is_archive": is_archive, "labels": _labels(),
    }  # fmt: skip
    return render(request, "portal/retention/overview.html", context)


def _labels() -> dict[str, Any]:
    return {slug: term.kind.label for slug, term in privacy.terms().items()}


def _due(term: privacy.TermNow, now: Any) -> int | None:
    before = term.cutoff(now)
    return term.kind.count(before) if term.kind.is_listed and before is not None else None


@requires(privacy.TERMS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def term(request: HttpRequest, kind: str) -> HttpResponse:
    """Another term for a kind of records."""
    now = privacy.term_of(kind)
    given = {"amount": now.amount, "unit": now.unit, "basis": now.basis}
    form = TermForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            privacy.set_term(kind, **form.cleaned_data, by=actor_of(request), at=timezone.now())
            messages.success(request, _("已保存，立即生效。"))
            return redirect("portal:retention")
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(request, "portal/retention/term.html", {"form": form, "term": now}, status=status)


@requires(privacy.PREPARE)
@require_POST
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """A list of what is due."""
    try:
        one = privacy.make_list(kind, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:retention")
    return redirect("portal:destroy_list", one.pk)


def _page(request: HttpRequest, list_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    by = actor_of(request)
    one = privacy.list_of(list_id, by)
    is_draft = one.state == privacy.ListState.DRAFT
    base = {
        "one": one, "items": list(privacy.item_rows(one)), "label": _labels().get(one.kind, one.kind), "is_draft": is_draft,
        "digest": bytes(one.digest).hex() if one.digest else "", "is_own": one.made_by == by.account_id,
        "may_approve": is_draft and by.may_everywhere(privacy.APPROVE) and one.made_by != by.account_id,
        "postpone_form": PostponeForm(), "approve_form": ApproveForm(),
    }  # fmt: skip
    return render(request, "portal/retention/list.html", {**base, **context}, status=status)


@both
@never_cache
@require_safe
def destroy_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list; once it is carried out, its certificate."""
    return _page(request, list_id)


@both
@require_POST
def postpone(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take the ticked lines out until a day."""
    form, ticked = PostponeForm(request.POST), _ids(request.POST.getlist("item"))
    if form.is_valid():
        try:
            by, now = actor_of(request), timezone.now()
            done = privacy.postpone_items(list_id, ticked, **form.cleaned_data, by=by, at=now)
            messages.success(request, _("已暂缓%(n)s项。") % {"n": done})
            return redirect("portal:destroy_list", list_id)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, list_id, status=422, postpone_form=form)


def _ids(given: list[str]) -> list[UUID]:
    found = []
    for text in given[: privacy.MOST_ITEMS]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@requires(privacy.APPROVE)
@require_POST
def approve(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Destroy what is on it."""
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            opinion = form.cleaned_data["opinion"]
            done = privacy.approve_list(list_id, opinion=opinion, by=actor_of(request), at=timezone.now())
            messages.success(request, _("已销毁%(n)s项，证明见下。") % {"n": done.count})
            return redirect("portal:destroy_list", list_id)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, list_id, status=422, approve_form=form)


@both
@require_POST
def drop(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Destroy nothing."""
    try:
        privacy.drop_list(list_id, by=actor_of(request), at=timezone.now())
        messages.success(request, _("已撤销，没有销毁任何记录。"))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:retention")
    return redirect("portal:destroy_list", list_id)


@both
@require_safe
def as_csv(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The list for the files of the archive."""
    one = privacy.list_of(list_id, actor_of(request))
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out)
    for line in privacy.lines_of(one):
        rows.writerow([no_formula(text) for text in line])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = _("销毁清册%(day)s.csv") % {"day": timezone.localdate(one.made_at).strftime("%Y%m%d")}
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


urlpatterns = [
    path("desk/retention/", retention, name="retention"),
    path("desk/retention/<str:kind>/term", term, name="retention_term"),
    path("desk/retention/<str:kind>/list", make, name="retention_make"),
    path("desk/retention/lists/<uuid:list_id>/", destroy_list, name="destroy_list"),
    path("desk/retention/lists/<uuid:list_id>/postpone", postpone, name="destroy_postpone"),
    path("desk/retention/lists/<uuid:list_id>/approve", approve, name="destroy_approve"),
    path("desk/retention/lists/<uuid:list_id>/drop", drop, name="destroy_drop"),
    path("desk/retention/lists/<uuid:list_id>/csv", as_csv, name="destroy_csv"),
]
