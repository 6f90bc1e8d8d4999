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
from zhitong.ui.public import content_answer, refusals_on, with_engine

from ...actions import alarms, media
from ...actions import forms as do
from ...actions.media import LARGEST
from ...models import Form
from ...permissions import DESIGN
from ...queries import forms as reading
from ...rules.workbook import problem_of
from ..engine import xml_answer
from ..forms import RuleForm, WorkbookForm

MOST_MEDIA = 20
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
    """One form with its versions, its rules, and a place for the next version."""
    return _shown(request, reading.form(actor_of(request), form_id))


def _shown(request: HttpRequest, one: Form, *, is_rule: bool = False) -> HttpResponse:
    """The page of a form; what was sent for it is taken, or shown again with what is wrong."""
    filled, problems, version = WorkbookForm(), (), reading.newest(one.pk)
    if request.method == "POST" and not is_rule:
        filled = _form(request)
        if filled.is_valid():
            taken, problems = _take(request, filled, one.pk)
            if taken:
                return taken
    ruled = RuleForm(version, *([request.POST] if is_rule else [])) if version else None
    if ruled is not None and is_rule and ruled.is_valid() and _ruled(request, one, ruled):
        return redirect("surveys:form", one.pk)
    context = {
        "one": one, "form": filled, "problems": problems, "versions": reading.versions(actor_of(request), one.pk), "ruled": ruled,
        "rules": reading.rules_of(actor_of(request), one.pk),
    }  # fmt: skip
    return render(
        request, "surveys/form.html", context, status=422 if filled.errors or (ruled and ruled.errors) else 200
    )


def _ruled(request: HttpRequest, one: Form, ruled: RuleForm) -> bool:
    try:
        alarms.add_rule(one.pk, by=actor_of(request), at=timezone.now(), **ruled.cleaned_data)
    except Refused as refused:
        ruled.refuse(refused)
        return False
    messages.success(request, _("已加上规则，今后达到条件的答卷会生成事项。"))
    return True


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
    wanted = reading.wanted(one)
    files = [file.name for file in wanted if file.is_there]
    context = {"one": one, "questions": one.questions.asked, "warnings": warnings, "wanted": wanted, "files": files}
    return render(request, "surveys/version.html", context)


@designing
@require_safe
def version_xml(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """The XForm of a version."""
    return xml_answer(reading.version(actor_of(request), form_version_id).xform)


@designing
@require_safe
def version_media(request: HttpRequest, form_version_id: UUID, media_name: str) -> HttpResponse:
    """A table or picture that a version asks for."""
    found = reading.media_of(reading.version(actor_of(request), form_version_id), media_name)
    return content_answer(bytes(found.content), found.asked_as, found.media_type)


@designing
@require_POST
@refusals_on("surveys:version", "form_version_id")
def add_media(request: HttpRequest, form_version_id: UUID) -> HttpResponse:
    """Put files beside a draft."""
    sent = request.FILES.getlist("files")
    if not sent or len(sent) > MOST_MEDIA or any((file.size or 0) > LARGEST for file in sent):
        raise Refused("no_files", _("请选择文件：一次最多 20 个，每个不超过 5 MB。"), "files")
    files = [(file.name or "", file.read()) for file in sent]
    names = media.add_media(form_version_id, files, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已附上：%(names)s。") % {"names": "、".join(names)})
    return redirect("surveys:version", form_version_id)


@designing
@require_POST
def add_rule(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """An answer that crosses a line raises a matter from now on."""
    return _shown(request, reading.form(actor_of(request), form_id), is_rule=True)


@designing
@require_POST
def remove_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Not any more."""
    form_id = alarms.remove_rule(rule_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已删除规则。"))
    return redirect("surveys:form", form_id)


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
