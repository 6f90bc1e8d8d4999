"""Windows with a tablet and a poster."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.territory import public as territory

from ..models import Point
from ..permissions import demand_manage
from ..queries import codes

MOST_NAME = 60


@transaction.atomic
def put_point(
    *, organ_id: UUID, name: str, by: Actor, at: datetime, area_id: UUID | None = None, point_id: UUID | None = None,
    is_active: bool = True,
) -> Point:  # fmt: skip
    """Set up a window, or change the one of that id; a line with windows of its own gives theirs."""
    demand_manage(by, organ_id)
    name = clean(name)
    if not name or len(name) > MOST_NAME:
        raise Refused("bad_name", _("请填写窗口名称，60个字以内。"), "name")
    if known_organ(organ_id) is None:
        raise Refused("unknown_organ", _("没有这个单位，请重新选择。"), "organ")
    area_id = territory.ancestor(area_id, "street") if area_id else None
    if Point.objects.filter(organ=organ_id, name=name).exclude(pk__in=[point_id or organ_id]).exists():
        raise Conflict("point_known", _("该单位已有同名的窗口，请换一个名称。"), "name")
    point = Point.objects.select_for_update().filter(pk=point_id).first() if point_id else None
    if point is None:
        point = _new(point_id or uuid7())
    elif point.organ_id != organ_id:
        demand_manage(by, point.organ_id)
    point.organ_id, point.name, point.area_id, point.is_active = organ_id, name, area_id, is_active
    point.save()
    record("point.saved", point.pk, stream_kind="review_point", at=at, by=by,
           data={"name": name, "organ": organ_id, "area": area_id, "is_active": is_active})  # fmt: skip
    return point


def _new(pk: UUID) -> Point:
    return Point(
        id=pk,
        tablet_digest=codes.made(pk, codes.purpose(codes.TABLET, 1))[1],
        poster_digest=codes.made(pk, codes.purpose(codes.POSTER, 1))[1],
    )


@transaction.atomic
def renew_codes(point_id: UUID, what: str, *, by: Actor, at: datetime) -> Point:
    """New codes for the tablet or the poster of a window: what was handed out before opens nothing any more."""
    point = Point.objects.select_for_update().filter(pk=point_id).first()
    if point is None or what not in (codes.TABLET, codes.POSTER):
        raise NotFound("no_point", _("没有找到这个窗口。"))
    demand_manage(by, point.organ_id)
    version = getattr(point, f"{what}_version") + 1
    setattr(point, f"{what}_version", version)
    setattr(point, f"{what}_digest", codes.made(point.pk, codes.purpose(what, version))[1])
    point.save()
    record("point.codes_renewed", point.pk, stream_kind="review_point", at=at, by=by, data={"what": what})
    return point
