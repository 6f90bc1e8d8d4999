"""Registering buildings and units, and changing what is registered of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, Refused
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record, record_many
from zhitong.kernel.territory.public import node

from ..choices import BuildingKind, UnitUse
from ..models import Building, Household, Unit
from ..permissions import MANAGE_HOMES, demand_reach
from ..rules.homes import NewBuilding, NewUnit, sort_key, unit_sort
from .following import keep_move
from .versions import change, check_version, hold

MOST_UNITS = 2000
LOWEST_FLOOR, HIGHEST_FLOOR = -9, 150
BUILDING_PARTS = ("division_id", "name", "address", "kind", "floors", "lon", "lat", "footprint", "ended_on")
UNIT_PARTS = ("entrance", "floor", "number", "use", "ended_on")


@transaction.atomic
def add_buildings(many: Sequence[NewBuilding], *, by: Actor, at: datetime) -> list[Building]:
    """Each of ``many`` registered, in order.  Needs ``register.manage_homes`` in its division.

    Raises ``Refused`` naming the wrong part, ``Conflict`` where the division has a building of that name.
    """
    demand_reach(by, MANAGE_HOMES, *{new.division_id for new in many})
    rows = []
    for new in many:
        parts = checked_building({name: getattr(new, name) for name in BUILDING_PARTS if name != "ended_on"})
        rows.append(Building(**parts, **_building_follows(parts), created_at=at, changed_at=at))
    try:
        with transaction.atomic():
            Building.objects.bulk_create(rows)
    except IntegrityError as error:
        raise _building_taken() from error
    record_many([
        Happening("building.registered", row.pk, "building", at, by, {"name": row.name, "division": row.division_id}, is_first=True)
        for row in rows
    ])  # fmt: skip
    return rows


@transaction.atomic
def change_building(
    building_id: UUID, *, by: Actor, at: datetime, version: int | None = None, **changes: Any
) -> list[str]:
    """Other facts of a building, by the names of ``NewBuilding`` and ``ended_on``.  Which changed.

    ``version`` is the one the change rests on.  Raises ``Stale`` where somebody else was first, ``Refused`` naming the wrong part.
    """
    by.demand(MANAGE_HOMES)
    row = hold(Building.objects.all(), building_id)
    was = row.division_id
    demand_reach(by, MANAGE_HOMES, row.division_id, changes.get("division_id", row.division_id))
    given = checked_building(_only(changes, BUILDING_PARTS), row)
    check_version(row, version, given)
    if given.get("ended_on"):
        _demand_empty(Household.objects.filter(unit__building=row, ended_on=None).exists())
    whole = {name: given.get(name, getattr(row, name)) for name in ("name", "address")}
    try:
        with transaction.atomic():
            changed = change(row, given, at, **_building_follows(whole))
    except IntegrityError as error:
        raise _building_taken() from error
    if "division_id" in changed:
        keep_move(row.pk, was, row.division_id, at=at)
    if changed:
        record("building.changed", row.pk, stream_kind="building", at=at, by=by, data={"parts": changed})
    return changed


@transaction.atomic
def add_units(building_id: UUID, many: Sequence[NewUnit], *, by: Actor, at: datetime) -> list[Unit]:
    """Units of a building, in order; at most ``MOST_UNITS`` at once.  ``Conflict`` where a door is there already."""
    by.demand(MANAGE_HOMES)
    building = hold(Building.objects.all(), building_id)
    demand_reach(by, MANAGE_HOMES, building.division_id)
    if len(many) > MOST_UNITS:
        raise Refused("too_many_units", _("一次最多登记2000套房屋，请分批登记。"))
    return write_units([(building.pk, new) for new in many], by=by, at=at)


def write_units(many: Sequence[tuple[UUID, NewUnit]], *, by: Actor, at: datetime) -> list[Unit]:
    """Units with the buildings they are in, for code that holds these and asked who may."""
    rows = []
    for building_id, new in many:
        parts = checked_unit({name: getattr(new, name) for name in UNIT_PARTS if name != "ended_on"})
        sort = unit_sort(parts["entrance"], parts["floor"], parts["number"])
        rows.append(Unit(building_id=building_id, sort=sort, created_at=at, changed_at=at, **parts))
    try:
        with transaction.atomic():
            Unit.objects.bulk_create(rows)
    except IntegrityError as error:
        raise _unit_taken() from error
    record_many([
        Happening("unit.registered", row.pk, "unit", at, by, {"building": row.building_id}, is_first=True) for row in rows
    ])  # fmt: skip
    return rows


@transaction.atomic
def change_unit(unit_id: UUID, *, by: Actor, at: datetime, version: int | None = None, **changes: Any) -> list[str]:
    """Other facts of a unit, by the names of ``NewUnit`` and ``ended_on``.  Which changed.  Raises as ``change_building``."""
    by.demand(MANAGE_HOMES)
    row = hold(Unit.objects.select_related("building"), unit_id)
    demand_reach(by, MANAGE_HOMES, row.building.division_id)
    given = checked_unit(_only(changes, UNIT_PARTS), row)
    check_version(row, version, given)
    if given.get("ended_on"):
        _demand_empty(Household.objects.filter(unit=row, ended_on=None).exists())
    whole = {name: given.get(name, getattr(row, name)) for name in ("entrance", "floor", "number")}
    try:
        with transaction.atomic():
            changed = change(row, given, at, sort=unit_sort(**whole))
    except IntegrityError as error:
        raise _unit_taken() from error
    if changed:
        record("unit.changed", row.pk, stream_kind="unit", at=at, by=by, data={"parts": changed})
    return changed


def checked_building(given: dict[str, Any], row: Building | None = None) -> dict[str, Any]:
    """The parts in the spelling that is stored; raises ``Refused`` naming the first wrong one."""
    given = {**given, **{name: clean(given[name] or "") for name in ("name", "address") if name in given}}
    point = [given.get(name, getattr(row, name, None)) for name in ("lon", "lat")]
    wrong = {
        "division_id": "division_id" in given and node(given["division_id"]) is None,
        "name": "name" in given and not 0 < len(given["name"]) <= 80,
        "address": "address" in given and not 0 < len(given["address"]) <= 200,
        "kind": "kind" in given and given["kind"] not in BuildingKind.values,
        "floors": (given.get("floors") or 1) not in range(1, HIGHEST_FLOOR + 1),
        "lon": (point[0] is None) != (point[1] is None) or not _is_point(*point),
        "footprint": not _is_area(given.get("footprint")),
        "ended_on": not _is_day(given.get("ended_on")),
    }
    return _refused(given, wrong, _BUILDING_WRONG)


def checked_unit(given: dict[str, Any], row: Unit | None = None) -> dict[str, Any]:
    """The parts in the spelling that is stored; raises ``Refused`` naming the first wrong one."""
    given = {**given, **{name: clean(given[name] or "") for name in ("entrance", "number") if name in given}}
    floor = given.get("floor")
    wrong = {
        "entrance": len(given.get("entrance", "")) > 20,
        "number": "number" in given and not 0 < len(given["number"]) <= 20,
        "floor": floor is not None and (floor == 0 or floor not in range(LOWEST_FLOOR, HIGHEST_FLOOR + 1)),
        "use": "use" in given and given["use"] not in UnitUse.values,
        "ended_on": not _is_day(given.get("ended_on")),
    }
    return _refused(given, wrong, _UNIT_WRONG)


_BUILDING_WRONG = {
    "division_id": _("请选择所在区划。"),
    "name": _("请填写楼栋名称，80个字以内。"),
    "address": _("请填写地址，200个字以内。"),
    "kind": _("请选择楼栋类型。"),
    "floors": _("层数应在1到150之间。"),
    "lon": _("经度和纬度应同时填写，且在正确的范围内。"),
    "footprint": _("楼栋轮廓应为闭合的多边形。"),
    "ended_on": _("请填写正确的日期。"),
}
_UNIT_WRONG = {
    "entrance": _("单元请控制在20个字以内。"),
    "number": _("请填写房号，20个字以内。"),
    "floor": _("楼层应在-9到150之间，没有0层。"),
    "use": _("请选择房屋用途。"),
    "ended_on": _("请填写正确的日期。"),
}


def _refused(given: dict[str, Any], wrong: Mapping[str, bool], words: Mapping[str, Any]) -> dict[str, Any]:
    first = next((name for name, is_wrong in wrong.items() if is_wrong), None)
    if first:
        raise Refused(f"home_{first}", words[first], first)
    return given


def _is_point(lon: Any, lat: Any) -> bool:
    return lon is None or lat is None or (-180 <= lon <= 180 and -90 <= lat <= 90)


def _is_area(footprint: Any) -> bool:
    """None, or GeoJSON of an area that a shape can be made of."""
    if footprint is None:
        return True
    from zhitong.base.geometry import from_geojson  # its libraries take their time: not at start-up

    try:
        from_geojson(footprint)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _is_day(value: Any) -> bool:
    return value is None or isinstance(value, date)


def _only(changes: dict[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    if unknown := set(changes) - set(parts):
        raise TypeError(f"no such parts: {sorted(unknown)}")
    return changes


def _building_follows(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"sort": sort_key(parts["name"]), "words": tsvector(parts["name"], parts["address"])}


def _demand_empty(has_household: bool) -> None:
    if has_household:
        raise Conflict("still_lived_in", _("仍有住户登记在此，请先办理迁出或销户。"), "ended_on")


def _building_taken() -> Conflict:
    return Conflict("building_taken", _("该区划内已登记有同名楼栋，请核对或换一个名称。"), "name")


def _unit_taken() -> Conflict:
    return Conflict("unit_taken", _("该楼栋已登记有同一单元、同一房号的房屋。"), "number")
