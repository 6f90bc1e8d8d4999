"""Shapes of divisions in and out as files."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.geometry import Datum
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import (
    DateInput,
    RefusableForm,
    Waiting,
    content_answer,
    drop_waiting,
    keep_waiting,
    refusals_on,
    waiting_file,
)

DATUMS = ((Datum.WGS84, "WGS-84 / CGCS2000"), (Datum.GCJ02, "GCJ-02"), (Datum.BD09, "BD-09"))
MOST_WRONG = 500
WAITING = "shapes_import"
_COLUMNS = ("code", "name", "shape")


class ShapesForm(RefusableForm):
    """A file of shapes, what its columns are called, and in which coordinates it is."""

    file = forms.FileField(
        label=_("文件"), help_text=_("GeoJSON、CSV（边界列为WKT或坐标串）或Shapefile压缩包，不超过32MB。"),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.csv,.zip"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("坐标系"), choices=DATUMS, initial=Datum.WGS84)
    on = forms.DateField(label=_("生效日期"), required=False, widget=DateInput, help_text=_("留空表示今天。"))
    code = forms.CharField(label=_("编码列"), required=False, max_length=60, help_text=_("留空表示按常用列名识别。"))
    name = forms.CharField(label=_("名称列"), required=False, max_length=60, help_text=_("留空表示按常用列名识别。"))
    shape = forms.CharField(label=_("边界列"), required=False, max_length=60, help_text=_("只有CSV需要。"))

    def clean_file(self) -> Any:
        """Not larger than a file of shapes may be: a larger one is not even read."""
        file = self.cleaned_data["file"]
        if file.size > territory.MOST_OF_A_FILE:
            raise forms.ValidationError(_("文件太大，请拆分为多个32MB以内的文件后再导入。"), code="too_large")
        return file


@requires(territory.MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_on("portal:shapes_import")
def shapes_import(request: HttpRequest) -> HttpResponse:
    """Take a file over: tried first, without keeping anything; what was tried is written."""
    is_sent, is_write = request.method == "POST", request.POST.get("do") == "write"
    form = ShapesForm(request.POST, request.FILES) if is_sent and not is_write else ShapesForm()
    result = _written(request) if is_write else _tried(request, form) if is_sent and form.is_valid() else None
    levels = [level for level in territory.Level if territory.of_level(level)]
    context = {
        "form": form, "result": result, "most": MOST_WRONG, "datums": DATUMS,
        "levels": [(level.value, territory.level_label(level)) for level in levels],
    }  # fmt: skip
    return render(request, "portal/territory/shapes.html", context, status=422 if form.errors else 200)


def _tried(request: HttpRequest, form: ShapesForm) -> territory.FileTaken | None:
    """What would become of the file, which waits from now on; None when it was refused, which the form then says."""
    said = form.cleaned_data
    on = said["on"].isoformat() if said["on"] else ""
    file = Waiting(said["file"].name, said["file"].read(), {**{k: said[k] for k in (*_COLUMNS, "datum")}, "on": on})
    try:
        result = _taken(request, file, dry_run=True)
    except Refused as refused:
        form.refuse(refused)
        return None
    keep_waiting(request, WAITING, file)
    return result


def _written(request: HttpRequest) -> territory.FileTaken:
    """What became of the file that was tried."""
    result = _taken(request, waiting_file(request, WAITING), dry_run=False)
    drop_waiting(request, WAITING)
    return result


def _taken(request: HttpRequest, file: Waiting, *, dry_run: bool) -> territory.FileTaken:
    said = file.said
    return territory.take_file(
        file.name, file.content, by=actor_of(request), at=timezone.now(), on=date.fromisoformat(said["on"]) if said["on"] else None,
        columns=territory.Columns(*(said[name] for name in _COLUMNS)), datum=said["datum"], dry_run=dry_run,
    )  # fmt: skip


@requires(territory.MANAGE)
@require_safe
@gzip_page
def shapes_export(request: HttpRequest, level: str) -> HttpResponse:
    """The shapes of a level as GeoJSON, or as CSV with ``kind=csv``, in the coordinates asked for."""
    kind = "csv" if request.GET.get("kind") == "csv" else "geojson"
    if level not in territory.Level.values:
        raise NotFound("unknown_level", _("没有这个层级。"), field="level")
    datum = request.GET.get("datum", Datum.WGS84)
    if datum not in dict(DATUMS):
        raise Refused("bad_datum", _("没有这个坐标系，请重新选择。"), field="datum")
    make = territory.export_geojson if kind == "geojson" else territory.export_shapes_csv
    types = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}
    return content_answer(make(level, datum=datum).encode(), f"zhitong-{level}.{kind}", types[kind], is_saved=True)


urlpatterns = [
    path("setup/territory/shapes", shapes_import, name="shapes_import"),
    path("setup/territory/shapes/<slug:level>", shapes_export, name="shapes_export"),
]
