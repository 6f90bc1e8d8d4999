"""What papers look like: every paper there is, its Word file down and up, a preview, the versions; and the files of papers issued."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, limit_rate, public_page, requires
from zhitong.kernel.papers import public as papers
from zhitong.ui.public import RefusableForm, content_answer, file_answer

from ..queries import papers as reading

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
SUPPLIED = "supplied"
DRAWN_A_MINUTE = 60
MOST_BYTES = 2 * 1024 * 1024

editing = requires(papers.EDIT)


class UploadForm(RefusableForm):
    """The Word file, and what was changed."""

    file = forms.FileField(
        label=gettext_lazy("修改后的Word文档"), help_text=gettext_lazy("docx格式，不超过2MB。"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": gettext_lazy("请先选择修改后的Word文档。"), "empty": gettext_lazy("文件是空的，请重新选择文件。")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("改动说明"), max_length=100, required=False, help_text=gettext_lazy("如：抬头改为本局全称。")
    )

    def clean_file(self) -> object:
        """A larger one is not even read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("模板不能超过2MB，请压缩其中的图片后再上传。"), code="too_large")
        return file


@editing
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every paper there is, and which template it is made from."""
    return render(request, "portal/papers/overview.html", {"groups": reading.kinds()})


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """One paper: the template in force, what it may say, its versions; a new one is uploaded here."""
    kind = papers.kind_of(slug)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context = {"kind": kind, "form": form, "problems": []}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            uploaded = papers.upload_template(
                slug, file.name, file.read(), note=form.cleaned_data["note"], by=actor_of(request), at=timezone.now()
            )
        except papers.TemplateRefused as refused:
            form.refuse(refused)
            context["problems"] = refused.report.problems
        except Refused as refused:
            form.refuse(refused)
        else:
            return _stored(request, slug, uploaded)
    context |= reading.of_kind(kind)
    return render(request, "portal/papers/paper.html", context, status=422 if form.errors else 200)


def _stored(request: HttpRequest, slug: str, uploaded: papers.Uploaded) -> HttpResponse:
    told = {"n": uploaded.template.number}
    if uploaded.was_known:
        messages.info(request, _("这个文件与第%(n)s版完全相同，没有另存。") % told)
    else:
        messages.success(request, _("已存为第%(n)s版，还没有启用。请先预览，确认无误再启用。") % told)
    for sentence in uploaded.lost:
        messages.warning(request, str(sentence))
    return redirect("portal:setup_paper", slug)


@editing
@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a version in force, or go back to the supplied one."""
    wanted = request.POST.get("version", "")
    papers.choose_template(slug, None if wanted == SUPPLIED else _uuid(wanted), by=actor_of(request), at=timezone.now())
    messages.success(request, _("已启用，此后制发的文书按这一版；已制发的文书不变。"))
    return redirect("portal:setup_paper", slug)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("no_template", _("没有这个版本的模板。")) from error


def _content(slug: str, version: str) -> bytes:
    kind = papers.kind_of(slug)
    if version == SUPPLIED:
        return papers.supplied(slug)[0]
    wanted = _uuid(version)
    if wanted not in {row.pk for row in papers.versions(kind.slug)}:
        raise NotFound("no_template", _("没有这个版本的模板。"))
    return papers.content_of(wanted)


@editing
@require_safe
def template(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The Word file itself, to be edited."""
    return content_answer(_content(slug, version), f"{papers.kind_of(slug).label}.docx", DOCX)


@editing
@require_safe
def preview(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """A paper of sample facts as PDF."""
    content, kind = _content(slug, version), papers.kind_of(slug)
    return content_answer(papers.sample(kind, content, at=timezone.now()).pdf, f"{kind.label}.pdf", PDF)


def _file(ending: str, media_type: str) -> Callable[..., HttpResponseBase]:
    """The file of an issued paper; made on the spot, and not kept, where the worker has not come to it yet."""

    @public_page
    @require_safe
    def served(request: HttpRequest, paper_id: UUID) -> HttpResponseBase:
        by = actor_of(request)
        found = papers.paper_for(paper_id, by)
        name = f"{papers.kind_of(found.slug).label}-{found.number}.{ending}"
        if place := papers.kept(found, ending):
            return file_answer(place, name, media_type)
        limit_rate(f"paper:{found.pk}", DRAWN_A_MINUTE, 60)
        return content_answer(getattr(papers.made(found), ending), name, media_type)

    return served


urlpatterns = [
    path("setup/papers/", overview, name="setup_papers"),
    path("setup/papers/<str:slug>/", paper, name="setup_paper"),
    path("setup/papers/<str:slug>/choose", choose, name="setup_paper_choose"),
    path("setup/papers/<str:slug>/<str:version>.docx", template, name="setup_paper_template"),
    path("setup/papers/<str:slug>/<str:version>.pdf", preview, name="setup_paper_preview"),
    path("papers/<uuid:paper_id>.docx", _file("docx", DOCX), name="paper_docx"),
    path("papers/<uuid:paper_id>.pdf", _file("pdf", PDF), name="paper_pdf"),
]
