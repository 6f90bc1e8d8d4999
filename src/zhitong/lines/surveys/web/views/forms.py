"""Forms: uploaded, looked at as they will be asked, published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL
from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.ui.public import content_answer

from ...actions import forms as do
from ...permissions import DESIGN
from ...queries import forms as reading
from ...rules.workbook import problem_of
from ..engine import with_engine, xml_answer
from ..forms import WorkbookForm

designing = requires(DESIGN)


@designing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    """All forms, and a place for the next workbook."""
    form, problems = _form(request), ()
    if form.is_bound and form.is_valid():
        taken, problems = _take(request, form)
        if taken:
            return taken
    words, page = clean(request.GET.get("q", ""))[:60], _page(request)
    found = reading.forms(actor_of(request), words=words, page=page)
    context = {"form": form, "problems": problems, "found": found, "words": words, "page": page}
    return render(request, "surveys/forms.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest) -> WorkbookForm:
    return WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()


def _page(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return max(1, min(int(said), 10_000)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _take(request: HttpRequest, form: WorkbookForm, form_id: UUID | None = None) -> tuple[HttpResponse | None, Any]:
    """To the new version; or nothing, and what is wrong with the workbook."""
    file = form.cleaned_data["file"]
    said = {
        "name": form.cleaned_data.get("name", ""),
        "form_id": form_id,
        "by": actor_of(request),
        "at": timezone.now(),
    }
    try:
        version = do.take(file.read(), file.name, **said)
    except do.NotUsable as faulty:
        form.refuse(faulty)
        return None, faulty.problems
    except Refused as refused:
        form.refuse(refused)
        return None, ()
    messages.success(request, _("已读入，共%(count)s题。请预览后发布。") % {"count": len(version.questions.asked)})
    return redirect("surveys:version", version.pk), ()


@designing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One form with its versions, and a place for the next one."""
    one = reading.form(actor_of(request), form_id)
    filled, problems = _form(request), ()
    if filled.is_bound and filled.is_valid():
        taken, problems = _take(request, filled, one.pk)
        if taken:
            return taken
    versions = reading.versions(actor_of(request), one.pk)
    context = {"one": one, "form": filled, "problems": problems, "versions": versions}
    return render(request, "surveys/form.html", context, status=422 if filled.errors else 200)


@designing
@never_cache
@require_safe
@with_engine
def version(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """A version: as it will be asked, and question by question."""
    one = reading.version(actor_of(request), form_version_id)
    warnings = [
        {"where": f"{w['sheet']} {w['row']}" if w["row"] else "", "message": problem_of(w["message"]).message}
        for w in one.warnings
    ]
    return render(request, "surveys/version.html", {"one": one, "questions": one.questions.asked, "warnings": warnings})


@designing
@require_safe
def version_xml(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """The XForm of a version."""
    return xml_answer(reading.version(actor_of(request), form_version_id).xform)


@designing
@require_safe
def workbook(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """The workbook as it was uploaded."""
    name, content = reading.workbook(actor_of(request), form_version_id)
    return content_answer(content, name, EXCEL, is_saved=True)


@designing
@require_POST
def publish(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """Let surveys use it."""
    one = do.publish(form_version_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已发布。现在可以用它开展摸排。"))
    return redirect("surveys:version", one.pk)


@designing
@require_POST
def discard(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """Delete a draft."""
    do.discard(form_version_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已删除草稿。"))
    return redirect("surveys:forms")
