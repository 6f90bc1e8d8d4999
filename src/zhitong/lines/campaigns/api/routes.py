"""Drives for other systems: how far they are, and their targets.  Read only."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import AwareDatetime, BaseModel, Field

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.paging import stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Day, Named, Page, Said
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory.public import labels

from ..choices import DriveKind, TargetState
from ..models import Drive, Target
from ..permissions import VIEW
from ..queries import drives as reading
from ..queries import figures
from ..queries import targets as listing

FOLLOWS = Needs(("read",), VIEW)
routes = Routes("drives", _("专项行动"))
ROUTES = (routes,)


class DriveSeen(BaseModel):
    """A drive."""

    id: UUID
    name: str
    kind: DriveKind
    organ: Annotated[Named, Said(_("牵头单位"))]
    starts_on: Day
    ends_on: Day
    ended_at: AwareDatetime | None
    total: Annotated[int, Said(_("计入的对象数"))]
    done: Annotated[int, Said(_("已完成"))]
    late: Annotated[int, Said(_("逾期未完成"))]
    aside: Annotated[int, Said(_("不计入"))]


class PartSeen(BaseModel):
    """A division or an organ."""

    id: UUID | None
    name: str
    total: int
    done: int
    late: int
    aside: int
    planned: Annotated[int | None, Said(_("按计划今天应完成；没有计划时为null"))]
    behind: Annotated[int, Said(_("比计划少完成多少"))]


class DaySeen(BaseModel):
    """A day on which something happened."""

    on: Day
    found: Annotated[int, Said(_("当天登记"))]
    done: Annotated[int, Said(_("当天完成"))]
    aside: Annotated[int, Said(_("当天设为不计入"))]
    open: Annotated[int, Said(_("当日末待完成"))]


class ProgressSeen(DriveSeen):
    """How far it is."""

    planned: Annotated[int | None, Said(_("按计划今天应完成；没有计划时按起止日期匀速推算"))]
    divisions: Annotated[list[PartSeen], Said(_("各街镇，落后最多的在前"))]
    organs: Annotated[list[PartSeen], Said(_("各责任单位，落后最多的在前"))]
    days: Annotated[list[DaySeen], Said(_("有变动的日子，旧的在前"))]


class TargetSeen(BaseModel):
    """A target."""

    id: UUID
    number: int
    name: str
    sort: Annotated[str, Said(_("问题类型"))]
    address: str
    lon: Annotated[float | None, Said(_("经度（WGS-84）"))]
    lat: Annotated[float | None, Said(_("纬度（WGS-84）"))]
    division: Named
    organ: Annotated[Named | None, Said(_("责任单位"))]
    stage: str
    state: TargetState
    found_on: Day
    due_on: Day
    done_on: Day | None


class TargetFilter(Asked):
    """What the targets are narrowed to."""

    state: Annotated[TargetState | None, Said(_("状态"))] = None
    division: Annotated[UUID | None, Said(_("所在辖区，含其下"))] = None
    organ: Annotated[UUID | None, Said(_("责任单位"))] = None
    late: Annotated[bool, Said(_("只要逾期未完成的"))] = False
    q: Annotated[str, Field(max_length=60), Said(_("名称、地点或序号"))] = ""


def _drive(one: Drive, far: figures.Part | None) -> DriveSeen:
    part = far or figures.Part(None)
    return DriveSeen(
        id=one.pk, name=one.name, kind=DriveKind(one.kind), organ=Named(id=one.organ_id, name=str(one.organ)), starts_on=one.starts_on,
        ends_on=one.ends_on, ended_at=one.ended_at, total=part.total, done=part.done, late=part.late, aside=part.aside,
    )  # fmt: skip


def _part(part: figures.Part) -> PartSeen:
    return PartSeen(
        id=part.id, name=part.label, total=part.total, done=part.done, late=part.late, aside=part.aside, planned=part.planned,
        behind=part.behind,
    )  # fmt: skip


@routes.serve(
    "GET",
    "/drives",
    needs=FOLLOWS,
    gives=Page[DriveSeen],
    summary=_("列出专项行动"),
    says=_("岗位能看到的，新的在前。"),
)
def list_drives(request: HttpRequest, asked: Query[Asked]) -> Page[DriveSeen]:
    """Those the post has to do with."""
    page, after = stretch(reading.drives(actor_of(request)).select_related("organ"), asked)
    far = figures.shares([one.pk for one in page], timezone.localdate())
    return Page(items=[_drive(one, far.get(one.pk)) for one in page], next=after)


@routes.serve(
    "GET",
    "/drives/{uuid:drive_id}",
    needs=FOLLOWS,
    gives=ProgressSeen,
    summary=_("一项行动的进度"),
    says=_("只数岗位能看到的对象。"),
)
def read_drive(request: HttpRequest, drive_id: UUID) -> ProgressSeen:
    """How far it is, counted now."""
    by, today = actor_of(request), timezone.localdate()
    one = reading.drive(by, drive_id)
    rows = None if reading.sees_all(by, one) else listing.targets(by, one)
    far, burn = figures.far(rows, one, today), figures.burn(rows, one, today)
    days = [DaySeen(on=day.on, found=day.found, done=day.done, aside=day.aside, open=day.open) for day in burn.days]
    return ProgressSeen(
        **_drive(one, far.whole).model_dump(), planned=far.whole.planned, divisions=[_part(part) for part in far.divisions],
        organs=[_part(part) for part in far.organs], days=days,
    )  # fmt: skip


@routes.serve(
    "GET",
    "/drives/{uuid:drive_id}/targets",
    needs=FOLLOWS,
    gives=Page[TargetSeen],
    summary=_("一项行动的对象"),
    says=_("按序号排列。"),
)
def list_targets(request: HttpRequest, drive_id: UUID, asked: Query[TargetFilter]) -> Page[TargetSeen]:
    """Its targets, as far as the post sees them."""
    by = actor_of(request)
    one = reading.drive(by, drive_id)
    wanted = listing.Wanted(
        text=asked.q, state=asked.state or "", inside=asked.division, organ=asked.organ, is_late=asked.late
    )
    rows = (
        listing.filtered(listing.targets(by, one), wanted, timezone.localdate())
        .select_related("stage")
        .defer("words", "path")
    )
    page, after = stretch(rows, asked, by="number")
    places, organs = labels({row.division_id for row in page}), organ_names({row.organ_id for row in page})
    return Page(items=[_target(row, places, organs) for row in page], next=after)


def _target(row: Target, places: dict[UUID, str], organs: dict[UUID, str]) -> TargetSeen:
    organ = Named(id=row.organ_id, name=organs.get(row.organ_id, "")) if row.organ_id else None
    return TargetSeen(
        id=row.pk, number=row.number, name=row.name, sort=row.sort, address=row.address, lon=row.lon, lat=row.lat,
        division=Named(id=row.division_id, name=places.get(row.division_id, "")), organ=organ, stage=row.stage.name,
        state=TargetState(row.state), found_on=row.found_on, due_on=row.due_on, done_on=row.done_on,
    )  # fmt: skip
