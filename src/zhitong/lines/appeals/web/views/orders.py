"""Importing a hotline's work orders: the file, what its columns mean, a trial, the import and how it went."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import category_labels
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import refusals_on

from ...actions import orders as do
from ...choices import Datum
from ...models import OrderImport
from ...permissions import IMPORT
from ...queries.orders import Preview, preview
from ...queries.own_imports import mapping_for, mappings, own_import, own_imports
from ...queries.problems import problems_of, write_problems
from ..order_forms import ColumnsForm, OrdersForm

SHOWN = 20
importing = requires(IMPORT)


@importing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """Own imports, and a form for the next file."""
    by, at = actor_of(request), timezone.now()
    form = OrdersForm(request.POST, request.FILES) if request.method == "POST" else OrdersForm()
    if form.is_bound and form.is_valid():
        run = None
        try:
            run = do.receive_file(form.cleaned_data["file"], by=by, at=at)
            _preview(run, None, at)
            return redirect("appeals:order_import", run.pk)
        except Refused as refused:
            if run is not None:
                do.discard(run, by=by)
            form.add_error("file", str(refused))
    context = {"form": form, "runs": own_imports(by)[:SHOWN], "mappings": mappings()}
    return render(request, "appeals/orders/list.html", context, status=422 if form.errors else 200)


def _preview(run: OrderImport, meant: dict[str, str] | None, at: datetime) -> Preview:
    try:
        return preview(Path(default_storage.path(run.stored)), meant, run.source, run.datum, at)
    except FileNotFoundError as missing:
        raise NotFound("no_file", _("文件已不存在，请重新上传。")) from missing


@importing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_on("appeals:order_import", "run_id")
def order_import(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What the columns mean, while that can be said; else how far the import is, or how it went."""
    run = own_import(actor_of(request), run_id)
    if request.method == "POST":
        return _begin(request, run)
    if run.can_be_begun and (run.state == "draft" or "columns" in request.GET):
        return _ask(request, run)
    return render(request, "appeals/orders/run.html", _outcome(run))


def _ask(request: HttpRequest, run: OrderImport) -> HttpResponse:
    """The columns as chosen before, as saved for such a file, or as the headings suggest."""
    at, shown = timezone.now(), None
    saved = None if run.columns else mapping_for(_preview(run, None, at).headings, request.GET.get("mapping"))
    if saved is not None:
        run.source, run.datum = saved.source, saved.datum
    shown = _preview(run, dict(run.columns) or (dict(saved.columns) if saved else None), at)
    initial = {"source": run.source, "datum": run.datum}
    form = ColumnsForm(shown.headings, shown.meant, initial=initial)
    return _columns_page(request, run, form, shown)


def _columns_page(request: HttpRequest, run: OrderImport, form: ColumnsForm, shown: Preview) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"run": run, "form": form, "mappings": mappings(), **_shown(shown)}
    return render(request, "appeals/orders/columns.html", context, status=status)


def _shown(shown: Preview) -> dict[str, Any]:
    """A preview with the names of what its rows would get."""
    openings = [row.opening for row in shown.rows if row.opening]
    return {
        "shown": shown,
        "places": labels({o.division_id for o in openings}),
        "categories": category_labels({o.category_id for o in openings if o.category_id}),
    }


def _bound(request: HttpRequest, run: OrderImport, at: datetime) -> tuple[ColumnsForm, Preview]:
    """The form that was sent, and the first rows as it would have them read."""
    headings = _preview(run, None, at).headings
    form = ColumnsForm(headings, {}, request.POST)
    meant = form.meant() if form.is_valid() else {}
    if form.is_valid():
        run.source, run.datum = form.cleaned_data["source"], form.cleaned_data["datum"]
    return form, _preview(run, meant, at)


@importing
@require_POST
def order_preview(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The first rows, read as the columns are chosen now."""
    run = own_import(actor_of(request), run_id)
    if not run.can_be_begun:
        raise Conflict("import_begun", _("该文件正在处理或已经导入。"))
    _form, shown = _bound(request, run, timezone.now())
    return render(request, "appeals/orders/preview.html", _shown(shown))


def _begin(request: HttpRequest, run: OrderImport) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    is_dry_run = request.POST.get("do") != "import"
    if not run.can_be_begun:
        raise Conflict("import_begun", _("该文件正在处理或已经导入。"))
    if "again" in request.POST:
        do.begin(run, columns=dict(run.columns), source=run.source, datum=run.datum, is_dry_run=is_dry_run, by=by)
        return redirect("appeals:order_import", run.pk)
    form, shown = _bound(request, run, at)
    if not form.is_valid():
        return _columns_page(request, run, form, shown)
    said = {"columns": form.meant(), "source": form.cleaned_data["source"], "datum": form.cleaned_data["datum"]}
    try:
        if shown.refused:
            raise shown.refused
        if form.cleaned_data["save_as"]:
            do.save_mapping(form.cleaned_data["save_as"], **said, by=by, at=at)
        do.begin(run, **said, is_dry_run=is_dry_run, by=by)
    except Conflict:
        raise
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _columns_page(request, run, form, shown)
    return redirect("appeals:order_import", run.pk)


def _outcome(run: OrderImport) -> dict[str, Any]:
    ordered = {slug: sorted(texts.items(), key=lambda p: -p[1])[:SHOWN] for slug, texts in run.unknown.items()}
    problems = [(problem, " · ".join(c for c in cells if c)[:80]) for problem, cells in problems_of(run, SHOWN)]
    return {"run": run, "unknown": ordered, "problems": problems, "datum": Datum(run.datum).label}


@importing
@never_cache
@require_safe
def order_progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far it is; once it is over, the whole page anew."""
    run = own_import(actor_of(request), run_id)
    answer = render(request, "appeals/orders/progress.html", {"run": run})
    if not run.is_live:
        answer["HX-Refresh"] = "true"
    return answer


@importing
@never_cache
@require_safe
def order_problems(request: HttpRequest, run_id: UUID) -> FileResponse:
    """The rows that were left out, as the kind of file that was sent."""
    run = own_import(actor_of(request), run_id)
    ending = ".xlsx" if run.name.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"errors{ending}"
        write_problems(run, path)
        file = path.open("rb")  # stays readable once its folder is gone
    stem = Path(run.name).stem
    return FileResponse(file, as_attachment=True, filename=f"{stem}-errors{ending}")


@importing
@require_POST
def order_stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop it; what is opened stays opened."""
    by = actor_of(request)
    do.stop(own_import(by, run_id), by=by, at=timezone.now())
    return redirect("appeals:order_import", run_id)


@importing
@require_POST
@refusals_on("appeals:order_import", "run_id")
def order_discard(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Forget the file and the rows that were left out."""
    by = actor_of(request)
    do.discard(own_import(by, run_id), by=by)
    messages.success(request, _("已删除文件。"))
    return redirect("appeals:orders")
