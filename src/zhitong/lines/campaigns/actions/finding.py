"""Found on the spot: the grid worker names a thing, its place and kind, and takes the photo of before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Upload
from zhitong.kernel.territory.public import node

from ..choices import Side, Source
from ..models import Drive, Target
from ..permissions import MANAGE, WORK, is_within
from .photos import keep
from .targets import NewTarget, add_some, placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """What was found.  ``key`` is the phone's own: sent twice, it is there once."""

    key: UUID
    name: str
    sort: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    division: UUID | None = None
    note: str = ""
    before: Sequence[Upload] = ()
    found_at: datetime | None = None  # where it is heard of later


@transaction.atomic
def find(drive_id: UUID, found: Find, *, by: Actor, at: datetime) -> tuple[Target, bool]:
    """Put it on the list; whether it is new.  ``Refused`` where the drive takes no finds, a photo is missing, or the place is elsewhere."""
    drive = Drive.objects.select_for_update().filter(takes_finds=True, pk=drive_id, ended_at=None).first()
    if drive is None:
        raise NotFound("no_drive", _("没有这项专项行动，或不收现场登记的对象。"))
    by.demand(WORK)
    key = f"found:{found.key}"
    known = Target.objects.filter(drive=drive, key=key).first()
    if known is not None:
        return known, False
    if not clean(found.name):
        raise Refused("no_name", _("请填写对象名称。"), "name")
    if drive.sorts and found.sort not in drive.sorts:
        raise Refused("no_sort", _("请选择问题类型。"), "sort")
    if not found.before:
        raise Refused("no_before", _("请先上传处置前的照片。"), "before")
    division = placed(found.division, found.lon, found.lat)
    if not is_within(by, division, WORK, MANAGE):
        raise NotAllowed("not_your_division", _("此处不在您负责的区划内。"))
    known_node = node(division)
    if drive.divisions and (known_node is None or set(drive.divisions).isdisjoint(known_node.path)):
        raise Refused("not_taking_part", _("这个辖区不参加这项行动。"), "division")
    pk = uuid7()
    new = NewTarget(
        name=found.name,
        division=division,
        key=key,
        sort=found.sort,
        address=found.address,
        lon=found.lon,
        lat=found.lat,
        note=found.note,
    )
    add_some(drive.pk, [new], source=Source.FOUND, by=by, at=at, ids=[pk], found_at=found.found_at)
    target = Target.objects.select_related("drive", "stage").get(pk=pk)
    keep(target, Side.BEFORE, found.before, by=by, at=at)
    return target, True
