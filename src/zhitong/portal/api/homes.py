"""Buildings and units, and whoever has a number, for other systems: as far as the token's post reaches, numbers masked."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import BaseModel, Field

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.paging import stretch
from zhitong.apikit.routes import Routes
from zhitong.apikit.schemas import Asked, Page, Said, Sent
from zhitong.base.errors import NotFound, Refused
from zhitong.base.text import mask_name
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import Building, BuildingKind, Residence, ResidenceKind, Role, Unit, UnitUse
from zhitong.kernel.territory import public as territory

routes = Routes("homes", _("人房登记"))
READS, WRITES = Needs(("homes",), register.VIEW_HOMES), Needs(("homes",), register.MANAGE_HOMES)
MOST_BUILDINGS = 200
Code = Annotated[str, Field(max_length=24), Said(_("区划统一编码"))]


class BuildingFilter(Asked):
    """Where."""

    division: Annotated[UUID | None, Said(_("区划标识，含下级；不填为能看到的全部"))] = None


class BuildingSeen(BaseModel):
    """A building."""

    id: UUID
    division: UUID
    name: Annotated[str, Said(_("楼栋名称"))]
    address: Annotated[str, Said(_("地址"))]
    kind: BuildingKind
    floors: Annotated[int | None, Said(_("层数"))]
    lon: Annotated[float | None, Said(_("经度（WGS-84）"))]
    lat: Annotated[float | None, Said(_("纬度（WGS-84）"))]
    version: Annotated[int, Said(_("第几次更新，随每次变更加一"))]


class UnitSeen(BaseModel):
    """A unit of a building."""

    id: UUID
    building: UUID
    entrance: Annotated[str, Said(_("单元"))]
    floor: Annotated[int | None, Said(_("楼层"))]
    number: Annotated[str, Said(_("房号"))]
    use: UnitUse


class LookingUp(Sent):
    """Whose number."""

    citizen_id: Annotated[str, Field(max_length=30), Said(_("身份证号；与电话填一项"))] = ""
    phone: Annotated[str, Field(max_length=30), Said(_("电话；与身份证号填一项"))] = ""
    reason: Annotated[str, Field(min_length=1, max_length=200), Said(_("查询原因，记入本人的查看记录"))]


class PlaceSeen(BaseModel):
    """Where somebody belongs."""

    household: UUID
    division: UUID
    address: Annotated[str, Said(_("楼栋地址"))]
    unit: Annotated[str, Said(_("单元和房号"))]
    role: Role
    kind: ResidenceKind


class ResidentSeen(BaseModel):
    """Somebody who is registered, masked."""

    id: UUID
    name: Annotated[str, Said(_("姓名，只显示姓"))]
    citizen_id: Annotated[str, Said(_("身份证号，只显示部分"))]
    places: Annotated[list[PlaceSeen], Said(_("现在的居住登记"))]


class PeopleFound(BaseModel):
    """Who it is."""

    items: list[ResidentSeen]


class BuildingSent(Sent):
    """A building as another system has it."""

    division: Code
    name: Annotated[str, Field(min_length=1, max_length=80), Said(_("楼栋名称，同一区划内唯一"))]
    address: Annotated[str, Field(min_length=1, max_length=200), Said(_("地址"))]
    kind: BuildingKind = BuildingKind.RESIDENTIAL
    floors: Annotated[int | None, Field(ge=1, le=150), Said(_("层数"))] = None
    lon: Annotated[float | None, Field(ge=-180, le=180), Said(_("经度，与纬度同时填写"))] = None
    lat: Annotated[float | None, Field(ge=-90, le=90), Said(_("纬度"))] = None
    datum: Annotated[Literal["wgs84", "gcj02", "bd09"], Said(_("坐标系，存为WGS-84"))] = "wgs84"


class Buildings(Sent):
    """Many of them."""

    buildings: Annotated[list[BuildingSent], Field(min_length=1, max_length=MOST_BUILDINGS), Said(_("一次最多200栋"))]


class BuildingDone(BaseModel):
    """What became of one."""

    id: UUID
    outcome: Annotated[Literal["created", "changed", "unchanged"], Said(_("新增、更新或无变化"))]


class BuildingsDone(BaseModel):
    """What became of them, in the order sent."""

    items: list[BuildingDone]


@routes.serve(
    "GET", "/buildings", needs=READS, gives=Page[BuildingSeen], summary=_("列出楼栋"), refuses=(404,),
    says=_("在令牌岗位负责的区划内。"),
)  # fmt: skip
def list_buildings(request: HttpRequest, asked: Query[BuildingFilter]) -> Page[BuildingSeen]:
    """Those that stand, by id."""
    rows = register.visible_buildings(actor_of(request)).filter(ended_on=None)
    if asked.division:
        if territory.node(asked.division) is None:
            raise NotFound("unknown_division", _("没有这个区划。"), field="division")
        rows = rows.filter(division__in=[one.id for one in territory.tree().below(asked.division)])
    found, after = stretch(rows, asked, by="pk")
    return Page(items=[_building(one) for one in found], next=after)


def _building(one: Building) -> BuildingSeen:
    return BuildingSeen(
        id=one.pk, division=one.division_id, name=one.name, address=one.address, kind=BuildingKind(one.kind), floors=one.floors,
        lon=one.lon, lat=one.lat, version=one.version,
    )  # fmt: skip


@routes.serve(
    "GET", "/buildings/{uuid:home_building_id}/units", needs=READS, gives=Page[UnitSeen], summary=_("列出一栋楼的房屋"), refuses=(404,),
)  # fmt: skip
def list_units(request: HttpRequest, home_building_id: UUID, asked: Query[Asked]) -> Page[UnitSeen]:
    """Those that there are, by id."""
    by = actor_of(request)
    one = register.building_for(home_building_id, by)
    found, after = stretch(register.visible_units(by).filter(building=one, ended_on=None), asked, by="pk")
    return Page(items=[_unit(row) for row in found], next=after)


def _unit(one: Unit) -> UnitSeen:
    return UnitSeen(
        id=one.pk,
        building=one.building_id,
        entrance=one.entrance,
        floor=one.floor,
        number=one.number,
        use=UnitUse(one.use),
    )


@routes.serve(
    "POST", "/people/lookup", needs=READS, gives=PeopleFound, summary=_("按号码查人"),
    says=_("按完整的身份证号或电话查询，只返回令牌岗位负责的区划内的人，号码只显示部分；每次查询连同原因记入本人的查看记录。"),
)  # fmt: skip
def look_up(request: HttpRequest, sent: LookingUp) -> PeopleFound:
    """Posted: numbers of people belong in no address."""
    if bool(sent.citizen_id) == bool(sent.phone):
        raise Refused("one_number", _("请填写身份证号或电话，只填一项。"), field="citizen_id")
    found = register.look_up(
        citizen_id=sent.citizen_id, phone=sent.phone, reason=sent.reason, by=actor_of(request), at=timezone.now()
    )
    return PeopleFound(
        items=[
            ResidentSeen(
                id=person.pk, name=mask_name(person.name), citizen_id=person.citizen_id_masked,
                places=[_place(row) for row in rows],
            )
            for person, rows in found
        ]
    )  # fmt: skip


def _place(row: Residence) -> PlaceSeen:
    unit = row.household.unit
    return PlaceSeen(
        household=row.household_id, division=unit.building.division_id, address=unit.building.address, unit=str(unit),
        role=Role(row.role), kind=ResidenceKind(row.kind),
    )  # fmt: skip


@routes.serve(
    "POST", "/buildings", needs=WRITES, gives=BuildingsDone, summary=_("推送楼栋"), refuses=(409,),
    says=_("按区划和名称识别：没有的新增，有的更新，同样的再推送一次不变。全部成功或全部不变。"),
)  # fmt: skip
def push_buildings(request: HttpRequest, sent: Buildings) -> BuildingsDone:
    """All or none."""
    said = [
        {
            "division": one.division, "building": one.name, "address": one.address, "building_kind": str(one.kind),
            "floors": one.floors, "lon": one.lon, "lat": one.lat, "datum": one.datum,
        }
        for one in sent.buildings
    ]  # fmt: skip
    done = register.keep_buildings(said, by=actor_of(request), at=timezone.now())
    return BuildingsDone(items=[BuildingDone(id=pk, outcome=outcome) for pk, outcome in done])
