"""Divisions as a tree and as shapes, and where a point lies."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import BaseModel, Field

from zhitong.apikit.door import Needs
from zhitong.apikit.paging import stretch_of
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Day, Named, Page, Said, Sent
from zhitong.base.errors import NotFound
from zhitong.base.text import clean
from zhitong.kernel.territory import public as territory
from zhitong.kernel.territory.public import Level, Node

ANYBODY = Needs()
GEOJSON = "application/geo+json"
MOST_POINTS = 1000
routes = Routes("divisions", _("行政区划与定位"))
Lon = Annotated[float, Field(ge=-180, le=180), Said(_("经度（WGS-84）"))]
Lat = Annotated[float, Field(ge=-90, le=90), Said(_("纬度（WGS-84）"))]


class InForce(BaseModel):
    """Of which day."""

    on: Annotated[Day | None, Said(_("以哪一天的区划为准；不填为现在"))] = None


class DivisionFilter(Asked, InForce):
    """What the divisions are narrowed to."""

    level: Annotated[Level | None, Said(_("层级"))] = None
    parent: Annotated[UUID | None, Said(_("直接上级"))] = None
    within: Annotated[UUID | None, Said(_("在此区划之内，含各级"))] = None
    q: Annotated[str, Field(max_length=60), Said(_("名称或编码的开头"))] = ""


class DivisionSeen(BaseModel):
    """A division."""

    id: UUID
    code: Annotated[str, Said(_("统一编码"))]
    name: str
    level: Level
    kind: Annotated[str, Said(_("base基础，dedicated专属"))]
    parent: UUID | None
    path: Annotated[list[Named], Said(_("自上而下直到本区划"))]
    valid_from: date
    valid_to: Annotated[date | None, Said(_("自该日起失效；空为长期有效"))]


class ShapeFilter(InForce):
    """Which shapes."""

    level: Annotated[Level, Said(_("层级"))]
    within: Annotated[UUID | None, Said(_("在此区划之内"))] = None


class Located(BaseModel):
    """The finest division that holds a point."""

    division: DivisionSeen | None


class Points(Sent):
    """Points to be located."""

    points: Annotated[list[tuple[Lon, Lat]], Field(min_length=1, max_length=MOST_POINTS), Said(_("[经度, 纬度]的列表"))]


class LocatedMany(BaseModel):
    """The finest division of each point, in the order sent."""

    divisions: list[UUID | None]


def seen(node: Node, nodes: dict[UUID, Node]) -> DivisionSeen:
    """A division with what it lies in."""
    return DivisionSeen(
        id=node.id, code=node.code, name=str(node), level=Level(node.level), kind=node.kind, parent=node.parent_id,
        path=[Named(id=i, name=str(nodes[i])) for i in node.path if i in nodes], valid_from=node.valid_from,
        valid_to=node.valid_to,
    )  # fmt: skip


def _known(division_id: UUID | None, nodes: dict[UUID, Node], name: str) -> UUID | None:
    if division_id is not None and division_id not in nodes:
        raise NotFound("unknown_division", _("没有这个区划。"), field=name)
    return division_id


@routes.serve(
    "GET", "/divisions", needs=ANYBODY, gives=Page[DivisionSeen], summary=_("列出区划"), says=_("按编码排列。"),
    refuses=(404,),
)  # fmt: skip
def list_divisions(request: HttpRequest, asked: Query[DivisionFilter]) -> Page[DivisionSeen]:
    """The tree, flat; by code."""
    tree = territory.tree(asked.on)
    within, parent = _known(asked.within, tree.nodes, "within"), _known(asked.parent, tree.nodes, "parent")
    typed = clean(asked.q).lower()
    fitting = [
        node for node in (tree.children.get(parent, []) if parent else tree.below(within))
        if (not asked.level or node.level == asked.level) and (not within or within in node.path)
        and (not typed or node.code.startswith(typed) or typed in f"{node.name}\n{node.name_en}".lower())
    ]  # fmt: skip
    found, after = stretch_of(fitting, asked, lambda node: node.code)
    return Page(items=[seen(node, tree.nodes) for node in found], next=after)


@routes.serve(
    "GET", "/divisions/shapes", needs=ANYBODY, gives=None, summary=_("各区划的边界"), refuses=(404,), media=(GEOJSON,),
    says=_("一个层级的边界（GeoJSON，WGS-84）。带If-None-Match而没有变化时返回304。"),
)  # fmt: skip
def list_shapes(request: HttpRequest, asked: Query[ShapeFilter]) -> HttpResponse:
    """A GeoJSON collection."""
    within = _known(asked.within, territory.tree(asked.on).nodes, "within")
    etag = f'"{territory.shapes_version(asked.on)}-{asked.level}-{within or ""}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    answer = HttpResponse(territory.shapes_json(asked.level, within, asked.on), content_type=GEOJSON)
    answer["ETag"] = etag
    return answer


@routes.serve(
    "GET", "/divisions/{uuid:division_id}", needs=ANYBODY, gives=DivisionSeen, summary=_("查看一个区划")
)  # fmt: skip
def read_division(request: HttpRequest, division_id: UUID, asked: Query[InForce]) -> DivisionSeen:
    """One of them."""
    nodes = territory.tree(asked.on).nodes
    _known(division_id, nodes, "division_id")
    return seen(nodes[division_id], nodes)


@routes.serve("GET", "/locate", needs=ANYBODY, gives=Located, summary=_("定位一个点"))
def locate(request: HttpRequest, lon: Lon, lat: Lat) -> Located:
    """The finest division that holds the point."""
    found = territory.locate(lon, lat)
    nodes = territory.tree().nodes
    return Located(division=seen(nodes[found], nodes) if found in nodes else None)


@routes.serve(
    "POST", "/locate", needs=ANYBODY, gives=LocatedMany, summary=_("定位多个点"), says=_("一次最多1000个点。")
)
def locate_many(request: HttpRequest, sent: Points) -> LocatedMany:
    """The same for many."""
    lons, lats = zip(*sent.points, strict=True)
    return LocatedMany(divisions=territory.locate_many(lons, lats))
