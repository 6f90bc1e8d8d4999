"""Setting up organs, people and duties: import with a check first, export, and where the duty list has gaps."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import (
    CascadeSelect,
    DateInput,
    SearchSelect,
    TableForm,
    Waiting,
    count_each,
    drop_waiting,
    keep_waiting,
    refusals_on,
    waiting_file,
)

from ..queries import setup as reading
from .gaps import NarrowForm, gaps_export, told_gaps

MOST_BYTES = 5 * 1024 * 1024
_WAITING = "setup_import"
_MOST_GAPS = 200

setting_up = requires(organisation.MANAGE)


class QuestionForm(forms.Form):
    """Who answers for this, here, on this date?"""

    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False, widget=CascadeSelect)
    division = forms.ChoiceField(label=gettext_lazy("辖区"), required=False, widget=SearchSelect)
    on = forms.DateField(label=gettext_lazy("日期"), required=False, widget=DateInput)
    time = forms.TimeField(
        label=gettext_lazy("时刻（可不填）"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("不限")), *_category_choices()]  # type: ignore[attr-defined]
        self.fields["division"].choices = [("", _("不限")), *_division_choices()]  # type: ignore[attr-defined]


def _category_choices() -> list[tuple[str, str]]:
    ids = [heading.id for heading in _leaves(organisation.category_tree())]
    labels = organisation.category_labels(ids)
    return [(str(pk), labels[pk]) for pk in ids]


def _leaves(nodes: Iterable[organisation.Node[organisation.Heading]]) -> Iterable[organisation.Heading]:
    for node in nodes:
        if node.children:
            yield from _leaves(node.children)
        else:
            yield node.item


def _division_choices() -> list[tuple[str, str]]:
    nodes = [node for level in ("street", "community") for node in territory.of_level(level)]
    return [(str(node.id), str(node)) for node in sorted(nodes, key=lambda node: node.code)]


@requires(*reading.PERMISSIONS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What there is, what is still missing, and the pages on which it is set up."""
    by = actor_of(request)
    context: dict[str, Any] = {"doors": reading.doors(by), "counts": {}, "gaps": None}
    context["may_open"] = by.may("accounts.manage")
    if by.may(organisation.MANAGE):
        today = timezone.localdate()
        holes, conflicts = organisation.gaps(today)
        context |= {"counts": _counts(today), "gaps": {"holes": len(holes), "conflicts": len(conflicts)}}
    return render(request, "portal/setup/overview.html", context)


def _counts(today: date) -> dict[str, int]:
    """How many rows are in force, by page."""

    def in_force(model: Any) -> QuerySet[Any]:
        return model.objects.filter(organisation.valid_on(today))  # type: ignore[no-any-return]

    seated = in_force(organisation.Appointment).filter(staff=OuterRef("pk"))
    people = organisation.Staff.objects.filter(Exists(seated))
    rows = {"organisation_post": in_force(organisation.Post), "organisation_duty": in_force(organisation.Duty)}
    return {
        "organisation_organ": len(organisation.organs_on(today)),
        "organisation_category": len(organisation.headings()),
        **count_each({**rows, "organisation_staff": people}),
    }


@setting_up
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file, try it without keeping anything, and show what it would do."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "portal/setup/upload.html", {"form": TableForm()})
    if form.is_valid():
        try:
            return _preview(request, form.cleaned_data["file"])
        except Refused as error:
            form.add_error("file", str(error))
    return render(request, "portal/setup/upload.html", {"form": form}, status=422)


def _preview(request: HttpRequest, file: Any) -> HttpResponse:
    content = file.read()
    result = organisation.import_workbook(file.name, content, by=actor_of(request), at=timezone.now(), dry_run=True)
    keep_waiting(request, _WAITING, Waiting(file.name, content, {}))
    return render(request, "portal/setup/result.html", {"result": result, "name": file.name})


@setting_up
@require_POST
@refusals_on("portal:setup_import")
def confirm(request: HttpRequest) -> HttpResponse:
    """Carry out the import that was shown."""
    tried = waiting_file(request, _WAITING)
    result = organisation.import_workbook(tried.name, tried.content, by=actor_of(request), at=timezone.now())
    drop_waiting(request, _WAITING)
    return render(request, "portal/setup/result.html", {"result": result, "name": tried.name})


def _attachment(content: bytes | str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@setting_up
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    return _attachment(organisation.template_workbook(), "zhitong-organisation-template.xlsx", EXCEL)


@setting_up
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Organs, people and duties in force on the day asked for, as the workbook the import takes."""
    on = _day(request)
    content = organisation.export_workbook(on, by=actor_of(request))
    return _attachment(content, f"zhitong-organisation-{on.isoformat()}.xlsx", EXCEL)


@setting_up
@require_safe
def export_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One sheet as CSV."""
    if key not in ("organs", "people", "duties"):
        raise Http404
    on = _day(request)
    content = organisation.export_csv(key, on, by=actor_of(request))
    return _attachment(content, f"zhitong-{key}-{on.isoformat()}.csv", "text/csv; charset=utf-8")


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@setting_up
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Who answers for what, and where the duty list names nobody or two."""
    form = QuestionForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    on = asked.get("on") or timezone.localdate()
    answers = None
    if asked:
        at = timezone.make_aware(datetime.combine(on, asked["time"])) if asked.get("time") else None
        answers = organisation.responsible(_uuid(asked["category"]), _uuid(asked["division"]), on, at)
    narrow = NarrowForm(request.GET)
    holes, conflicts = narrow.gaps(on)
    context = {
        "form": form, "on": on, "answers": answers, "narrow": narrow, "query": urlencode(narrow.said(on)),
        "holes": told_gaps(holes[:_MOST_GAPS]), "hole_count": len(holes),
        "conflicts": told_gaps(conflicts[:_MOST_GAPS]), "conflict_count": len(conflicts),
    }  # fmt: skip
    return render(request, "portal/setup/duties.html", context)


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


urlpatterns = [
    path("setup/", overview, name="setup"),
    path("setup/import/", upload, name="setup_import"),
    path("setup/import/confirm/", confirm, name="setup_import_confirm"),
    path("setup/import/template.xlsx", template, name="setup_template"),
    path("setup/export.xlsx", export, name="setup_export"),
    path("setup/export/<slug:key>.csv", export_sheet, name="setup_export_sheet"),
    path("setup/duties/", duties, name="setup_duties"),
    path("setup/duties/gaps.xlsx", gaps_export, name="setup_gaps"),
]
