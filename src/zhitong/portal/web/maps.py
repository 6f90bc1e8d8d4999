"""Borders and places for maps and for fields that ask for a place.  All of it is public."""

import math
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from zhitong.base.errors import NotFound, Refused
from zhitong.base.geometry import Datum, read_box
from zhitong.kernel.accounts.public import public_page
from zhitong.kernel.territory import public as territory

View = Callable[..., HttpResponse]


def refusing(view: View) -> View:
    """A refusal as JSON: its code, its sentence and the parameter it is about."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as error:
            told = {"code": error.code, "message": str(error), "field": error.field}
            return JsonResponse(told, status=error.status)

    return answered


def _division(request: HttpRequest, name: str) -> UUID | None:
    """The division named in the query: by id or by code; None when the parameter is absent or empty."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        node = territory.node(UUID(text))
    except ValueError:
        node = territory.by_code(text)
    if node is None:
        raise NotFound("unknown_division", _("没有这个区划，请重新选择。"), field=name)
    return node.id


def _degrees(request: HttpRequest, name: str, most: int) -> float:
    try:
        value = float(request.GET.get(name, ""))
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise Refused("bad_point", _("请提供以度为单位的经度和纬度。"), field=name)
    return value


def _level(request: HttpRequest, level: str) -> str:
    if level not in territory.Level.values:
        raise NotFound("unknown_level", _("没有这个层级。"), field="level")
    return level


MOST_ZOOM = 24


def _view(request: HttpRequest) -> territory.View | None:
    """What the map shows, by ``bbox`` and ``zoom``; None for a question without them: everything, as it is."""
    box, zoom, datum = (request.GET.get(name, "") for name in ("bbox", "zoom", "datum"))
    if not (box or zoom or datum):
        return None
    try:
        asked = territory.View(
            read_box(box) if box else None, min(max(int(zoom), 0), MOST_ZOOM) if zoom else MOST_ZOOM,
            Datum(datum or Datum.WGS84),
        )  # fmt: skip
    except ValueError:
        raise Refused("bad_box", _("地图范围无效，请刷新页面。"), field="bbox") from None
    if asked.box and not (asked.box[0] < asked.box[2] and asked.box[1] < asked.box[3]):
        raise Refused("bad_box", _("地图范围无效，请刷新页面。"), field="bbox")
    return asked


def _demand_few(level: str, within: UUID | None) -> None:
    """Raise ``Refused`` for more shapes than are given out at once as they are: a city's grids are 200 MB."""
    found = territory.of_level(level) if within is None else territory.descendants(within, level=level)
    if len(found) > territory.MOST_IN_VIEW:
        words = _(
            "这一层级有%(count)d个区划，一次最多给出%(most)d个：请加上地图范围（bbox和zoom），或上级区划（within）。"
        )
        raise Refused("too_many_shapes", words % {"count": len(found), "most": territory.MOST_IN_VIEW}, field="bbox")


def _shapes_tag(request: HttpRequest, level: str) -> str:
    said = sha256(repr([request.GET.get(name, "") for name in ("within", "bbox", "zoom", "datum")]).encode())
    return f'W/"{territory.shapes_version()}-{level}-{said.hexdigest()[:32]}"'


@public_page
@require_safe
@gzip_page
@vary_on_headers("Accept-Encoding", "Accept-Language", "Cookie")
@cache_control(no_cache=True, public=True)
@condition(etag_func=_shapes_tag)
@refusing
def shapes(request: HttpRequest, level: str) -> HttpResponse:
    """GeoJSON of all divisions of a level, inside ``within`` (id or code) if given; of those in ``bbox`` as ``zoom`` shows
    them, converted to ``datum``, if given.  Unchanged shapes answer 304."""
    asked, within, view = _level(request, level), _division(request, "within"), _view(request)
    if view is None:
        _demand_few(asked, within)
    if view and "gzip" in request.headers.get("Accept-Encoding", ""):
        packed = territory.shapes_gzip(asked, within, None, view)
        return HttpResponse(packed, content_type="application/geo+json", headers={"Content-Encoding": "gzip"})
    return HttpResponse(territory.shapes_json(asked, within, view=view), content_type="application/geo+json")


@public_page
@require_safe
@refusing
def locate(request: HttpRequest) -> HttpResponse:
    """The finest division that holds ``lon``, ``lat`` (WGS-84), or null."""
    found = territory.locate(_degrees(request, "lon", 180), _degrees(request, "lat", 90))
    node = territory.node(found) if found else None
    return JsonResponse({"division": _plain(node) if node else None})


@public_page
@require_safe
@refusing
def children(request: HttpRequest) -> HttpResponse:
    """The divisions right below ``parent`` (id or code), or the topmost ones."""
    found = territory.children(_division(request, "parent"))
    return JsonResponse({"children": [_plain(node) for node in found]})


@public_page
@require_safe
@refusing
def search(request: HttpRequest) -> HttpResponse:
    """Divisions by code, name, former name or pinyin (``q``), of one ``level`` and inside ``within`` if given."""
    level = request.GET.get("level", "")
    within = _division(request, "within")
    found = territory.search(request.GET.get("q", ""), level=_level(request, level) if level else None, within=within)
    nodes = [node for division in found if (node := territory.node(division.id))]
    return JsonResponse({"divisions": [_plain(node) for node in nodes]})


def _plain(node: territory.Node) -> dict[str, Any]:
    return {
        "id": str(node.id),
        "code": node.code,
        "name": str(node),
        "label": territory.label(node.id),
        "level": node.level,
        "kind": node.kind,
        "parent": str(node.parent_id) if node.parent_id else None,
        "has_children": bool(territory.children(node.id)),
    }


urlpatterns = [
    path("territory/shapes/<slug:level>.json", shapes, name="territory_shapes"),
    path("territory/locate", locate, name="territory_locate"),
    path("territory/children", children, name="territory_children"),
    path("territory/search", search, name="territory_search"),
]
