"""Surveys: begun, followed, ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL
from zhitong.base.errors import Refused
from zhitong.base.identifiers import page_of, uuid_of
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory.public import Level, ancestors, labels, level_below, node
from zhitong.ui.public import refusals_on

from ...actions import exporting
from ...actions import surveys as do
from ...actions.targets import WrongRow, read_targets, registered
from ...choices import TargetState
from ...permissions import ANSWER, DESIGN, READ, VIEW
from ...queries import surveys as reading
from ..forms import EndForm, SurveyForm

seeing = requires(ANSWER, VIEW, DESIGN)
designing = requires(DESIGN)


@seeing
@never_cache
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """The surveys one has to do with, the newest first, and how far they are."""
    by, page = actor_of(request), page_of(request.GET.get("page", ""))
    rows = list(reading.surveys(by).select_related("version__form").only(
        "name", "starts_on", "ends_on", "ended_at", "destroyed_at", "version__number", "version__form__name"
    )[(page - 1) * reading.SHOWN : page * reading.SHOWN + 1])  # fmt: skip
    shown = rows[: reading.SHOWN]
    context = {
        "rows": shown, "has_more": len(rows) > reading.SHOWN, "page": page, "far": reading.shares([row.pk for row in shown]),
        "may_design": by.may(DESIGN), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "surveys/list.html", context)


@designing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a survey."""
    begun_with = {"version": request.GET.get("version", "")}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, wrong = SurveyForm(*sent, initial=begun_with), list[WrongRow]()
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        said["within"] = UUID(said["within"]) if said["within"] else None
        try:
            targets, wrong = _targets(file, said.pop("of"), said["within"])
            if not wrong:
                survey = do.begin(
                    UUID(said.pop("version")), targets=targets, by=actor_of(request), at=timezone.now(), **said
                )
                messages.success(request, _("摸排已开始。"))
                return redirect("surveys:survey", survey.pk)
            form.add_error(
                "file", _("有%(count)s行有问题，请改正后重新上传，什么都还没有写入。") % {"count": len(wrong)}
            )
        except Refused as refused:
            form.refuse(refused)
    return render(request, "surveys/new.html", {"form": form, "wrong": wrong[:50]}, status=422 if form.errors else 200)


def _targets(file: Any, of: str, inside: UUID | None) -> tuple[list[do.NewTarget], list[WrongRow]]:
    """What the table lists, or what the register has; nothing for every grid."""
    if file:
        return read_targets(file.read(), inside)
    return (registered(of, inside), []) if of else ([], [])


@seeing
@never_cache
@require_safe
def survey(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """How far it is, by street or inside one, and the targets."""
    by = actor_of(request)
    one = reading.survey(by, survey_id)
    inside, state, page = (
        uuid_of(request.GET.get("in", "")),
        request.GET.get("state", ""),
        page_of(request.GET.get("page", "")),
    )
    rows = reading.targets(by, one)
    rows = rows.filter(path__contains=[inside]) if inside else rows
    rows = rows.filter(state=state) if state in TargetState.values else rows
    shown = list(rows[(page - 1) * reading.SHOWN : page * reading.SHOWN + 1])
    inside = inside if inside and node(inside) else None
    far, above = reading.progress(by, one, inside=inside), [*ancestors(inside), node(inside)] if inside else []
    context: dict[str, Any] = {
        "one": one, "far": far, "rows": shown[: reading.SHOWN], "has_more": len(shown) > reading.SHOWN, "page": page,
        "inside": inside, "above": [(str(place), place.id) for place in above if place and place.level != Level.DISTRICT],
        "below": level_below(inside), "state": state, "states": TargetState.choices, "today": timezone.localdate(),
        "places": labels({row.division_id for row in shown} | {inside}), "may_design": by.may(DESIGN), "may_answer": by.may(ANSWER),
        "may_read": by.may_everywhere(READ), "may_look": by.may(READ), "end_form": EndForm(initial={"ends_on": one.ends_on}),
    }  # fmt: skip
    return render(request, "surveys/survey.html", context)


@designing
@require_POST
@refusals_on("surveys:survey", "survey_id")
def extend(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Another last day."""
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Refused("no_day", _("请填写截止日期。"), "ends_on")
    do.extend(survey_id, form.cleaned_data["ends_on"], by=actor_of(request), at=timezone.now())
    messages.success(request, _("截止日期已调整。"))
    return redirect("surveys:survey", survey_id)


@designing
@require_POST
@refusals_on("surveys:survey", "survey_id")
def end(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """No answer any more."""
    do.end(survey_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("摸排已结束。"))
    return redirect("surveys:survey", survey_id)


@designing
@require_POST
@refusals_on("surveys:survey", "survey_id")
def destroy(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Sum up, and destroy."""
    do.destroy(survey_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("答卷已汇总并销毁，销毁证明留存在本页和日志中。"))
    return redirect("surveys:survey", survey_id)


@seeing
@never_cache
@require_safe
def certificate(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What was destroyed, to be printed and filed."""
    by = actor_of(request)
    one = reading.survey(by, survey_id)
    context = {"one": one, "event": reading.certificate(one), "whole": reading.shares([one.pk]).get(one.pk)}
    return render(request, "surveys/certificate.html", context)


@requires(READ)
@require_safe
def export(request: HttpRequest, survey_id: UUID) -> FileResponse:
    """Every answer in full; that they were taken away is on record."""
    one = reading.survey(actor_of(request), survey_id)
    file = exporting.export(one, by=actor_of(request), at=timezone.now())
    return FileResponse(file, as_attachment=True, filename=f"survey-{one.starts_on:%Y%m%d}.xlsx", content_type=EXCEL)
