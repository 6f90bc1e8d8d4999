"""Homes as tables: taken over from a file, tried first; and given out, masked or for a reason in full."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhitong.base.books import EXCEL, on_disk, text_book
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import refusals_on

from .crumbs import ending, root
from .editing import sent
from .forms import ExportForm, HomesTableForm
from .lists import id_of
from .places import changing

SHOWN, TOLD = 20, 500
WIDTHS = (18, 20, 26, 10, 6, 12, 12, 10, 8, 6, 10, 8, 6, 10, 10, 22, 16, 6, 12, 12, 12, 12, 14, 8, 16, 20)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
def homes_import(request: HttpRequest) -> HttpResponse:
    """A table is sent, and tried by the worker; below what one has sent before."""
    by = actor_of(request)
    form = HomesTableForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            run = register.receive_homes(form.cleaned_data["file"], by=by, at=timezone.now())
            return redirect("portal:homes_import_run", run.pk)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "form": form, "runs": list(register.own_homes_imports(by)[:SHOWN]), "crumbs": ending(root(), _("导入")),
        "kinds": register.tag_kinds("person"),
    }  # fmt: skip
    return render(request, "portal/homes/import.html", context, status=422 if form.errors else 200)


@requires(register.MANAGE_HOMES)
@never_cache
@changing
@refusals_on("portal:homes_import_run", "homes_import_id")
def homes_import_run(request: HttpRequest, homes_import_id: UUID) -> HttpResponse:
    """How far it is or how it went, row by row what was left out; tried or taken over from here."""
    by = actor_of(request)
    run = register.own_homes_import(by, homes_import_id)
    if request.method == "POST":
        register.begin_import(run.pk, is_dry_run=request.POST.get("do") != "write", by=by)
        return redirect("portal:homes_import_run", run.pk)
    context = {
        "run": run, "errors": run.errors[:TOLD], "crumbs": ending([*root(), (_("导入"), reverse("portal:homes_import"))], run.name),
    }  # fmt: skip
    return render(request, "portal/homes/import_run.html", context)


@requires(register.MANAGE_HOMES)
@never_cache
@require_safe
def homes_import_progress(request: HttpRequest, homes_import_id: UUID) -> HttpResponse:
    """How far it is; once it is over, the whole page anew."""
    run = register.own_homes_import(actor_of(request), homes_import_id)
    answer = render(request, "portal/homes/import_progress.html", {"run": run})
    if not run.is_live:
        answer["HX-Refresh"] = "true"
    return answer


@requires(register.MANAGE_HOMES)
@require_POST
def homes_import_stop(request: HttpRequest, homes_import_id: UUID) -> HttpResponse:
    """Stop it; what is registered stays."""
    register.stop_import(homes_import_id, by=actor_of(request), at=timezone.now())
    return redirect("portal:homes_import_run", homes_import_id)


@requires(register.MANAGE_HOMES)
@never_cache
@require_safe
def homes_template(request: HttpRequest) -> FileResponse:
    """The headings, with two rows as an example."""
    return _book(
        [register.homes_heading(_in_english()), *map(list, register.HOMES_SHEET.examples)], _("人房登记模板.xlsx")
    )


@requires(register.VIEW_HOMES)
@never_cache
@changing
def homes_export(request: HttpRequest) -> HttpResponseBase:
    """Masked for whoever may see it; in full for a reason, which each of the people can read."""
    by = actor_of(request)
    division = id_of(request.GET.get("in", ""))
    node = territory.node(division) if division else None
    form = ExportForm(by.may(register.EXPORT_FULL), sent(request))
    if form.is_bound and form.is_valid():
        try:
            return _export(request, node, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    title = _("导出人房登记")
    context = {
        "form": form, "node": node, "title": title, "below": territory.children(node.id if node else None),
        "crumbs": ending(root(), title),
    }  # fmt: skip
    return render(request, "portal/homes/export.html", context, status=422 if form.errors else 200)


def _export(request: HttpRequest, node: territory.Node | None, said: dict[str, Any]) -> FileResponse:
    by, at = actor_of(request), timezone.now()
    in_full = said.get("content") == "full"
    rows = register.export_homes(
        node.id if node else None, by=by, at=at, in_full=in_full, reason=said.get("reason", "")
    )
    place = str(node) if node else _("全部")
    name = _("人房登记-%(place)s-%(at)s.xlsx") % {"place": place, "at": timezone.localtime(at).strftime("%Y%m%d-%H%M")}
    return _book([register.homes_heading(_in_english()), *rows], name)


def _book(rows: list[list[str]], name: str) -> FileResponse:
    book = text_book(_("人房登记"), rows, widths=WIDTHS)
    return FileResponse(on_disk(book), as_attachment=True, filename=name, content_type=EXCEL)


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
