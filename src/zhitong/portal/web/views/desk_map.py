"""The map of the desk: open matters by how late they are, streets by how many."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from zhitong.base.errors import Refused
from zhitong.base.geometry import read_box
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.territory import public as territory

from ...queries import places as reading
from ..forms import MatterFilter
from .matters import filters_of

MEASURES = (("late", _("按超期件数")), ("open", _("按在办件数")))


def _measure(request: HttpRequest) -> str:
    asked = request.GET.get("by", "")
    return asked if asked in dict(MEASURES) else "late"


@requires("matters.view")
@require_safe
def desk_map(request: HttpRequest) -> HttpResponse:
    """The page: the map, its legend, and the same as a table."""
    form = MatterFilter(request.GET)
    rows = reading.open_matters(actor_of(request), form.wanted())
    query, measure = filters_of(request.GET), _measure(request)
    context = {
        "form": form, "words": form.words(), "params": request.GET, "query": query.urlencode(), "measure": measure,
        "measures": MEASURES, "areas": reading.areas(rows), "colours": reading.COLOURS, "most": reading.MOST_POINTS,
        "is_open": any(name in form.wanted() for name in form.LATER), "with_filters": query.dict(),
    }  # fmt: skip
    return render(request, "portal/map.html", context)


def unchanged_is_304(view: Callable[[HttpRequest, Any, str], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the rows and their tag to the view; answer 304 while neither the rows nor the question has changed."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        by = actor_of(request)
        rows = reading.open_matters(by, MatterFilter(request.GET).wanted())
        said = f"{by.account_id} {get_language()} {request.GET.urlencode()} {territory.shapes_version()} {reading.version(rows)}"
        tag = f'"{sha256(said.encode()).hexdigest()[:32]}"'
        # A proxy or gzip may have made the tag a weak one.
        is_same = tag in request.headers.get("If-None-Match", "").replace("W/", "").split(", ")
        answer = HttpResponseNotModified() if is_same else view(request, rows, tag)
        answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
        return answer

    return answered


@requires("matters.view")
@require_safe
@gzip_page
@vary_on_headers("Accept-Language", "Cookie")
@unchanged_is_304
def places(request: HttpRequest, rows: Any, tag: str) -> HttpResponse:
    """GeoJSON of the places, of those in ``bbox`` if given."""
    try:
        box = read_box(request.GET["bbox"]) if request.GET.get("bbox") else None
    except ValueError:
        raise Refused("bad_box", _("地图范围无效，请刷新页面。"), field="bbox") from None
    return JsonResponse(reading.points(rows, box), content_type="application/geo+json")


@requires("matters.view")
@require_safe
@gzip_page
@vary_on_headers("Accept-Language", "Cookie")
@unchanged_is_304
def areas(request: HttpRequest, rows: Any, tag: str) -> HttpResponse:
    """GeoJSON of the streets with their counts."""
    text = reading.shapes(
        rows, _measure(request), {name: str(value) for name, value in filters_of(request.GET).items()}
    )
    return HttpResponse(text, content_type="application/geo+json")
