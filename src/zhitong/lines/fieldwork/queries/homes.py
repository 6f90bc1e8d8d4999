"""Buildings, doors and households of the own grids, masked: what a phone takes along."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.register.public import VIEW_HOMES, BuildingIn, HouseholdIn, UnitIn, homes_in

from .teams import grids_of


def homes(by: Actor, at: datetime) -> list[dict[str, Any]]:
    """By building and door; nothing for who may not look."""
    grid_ids = grids_of(by.staff_id, timezone.localdate(at)) if by.staff_id else []
    if not grid_ids or not by.may(VIEW_HOMES):
        return []
    return [_building(one) for one in homes_in(by, grid_ids).buildings]


def _building(one: BuildingIn) -> dict[str, Any]:
    row = one.building
    return {
        "id": str(row.pk), "version": row.version, "grid": str(row.division_id), "name": row.name, "floors": row.floors,
        "lon": row.lon, "lat": row.lat, "units": [_unit(unit) for unit in one.units],
    }  # fmt: skip


def _unit(one: UnitIn) -> dict[str, Any]:
    row = one.unit
    return {
        "id": str(row.pk), "version": row.version, "door": str(row), "entrance": row.entrance, "floor": row.floor, "number": row.number,
        "use": row.use, "households": [_household(inside) for inside in one.households],
    }  # fmt: skip


def _household(one: HouseholdIn) -> dict[str, Any]:
    row = one.household
    return {
        "id": str(row.pk), "version": row.version, "kind": row.kind, "note": row.note,
        "people": [f"{mask_name(who.person.name)}（{who.get_role_display()}）" for who in one.residents],
    }  # fmt: skip
