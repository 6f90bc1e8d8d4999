"""A street with two grids, and short ways to fill it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from zhitong.base.citizen import citizen_check
from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.territory import public as territory

from .. import public
from ..permissions import MANAGE_HOMES, VIEW_HOMES
from ..rules.homes import NewBuilding, NewResident, NewUnit
from ..rules.people import NewPerson

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BY = Actor.system("测试")


LINES = [
    territory.Listed("990101", "甲区"),
    territory.Listed("990101001", "东风街道"),
    territory.Listed("990101001001", "东风社区"),
    territory.Listed("990101001002", "西河社区"),
    territory.Listed("990101002", "南山街道"),
    territory.Listed("990101002001", "南山社区"),
]


def places() -> dict[str, UUID]:
    """The divisions by name."""
    territory.import_list(LINES, by=BY, at=AT, on=date(2025, 1, 1))
    return {one.name: one.id for one in territory.tree().nodes.values()}


def citizen(number: int = 1, born: str = "19800101") -> str:
    """A number of nobody: 379999 is no district."""
    first = f"379999{born}{number:03d}"
    return first + citizen_check(first)


def worker(*divisions: Any, permissions: tuple[str, ...] = (VIEW_HOMES, MANAGE_HOMES)) -> Actor:
    """Somebody who keeps the homes of these divisions."""
    grants = tuple(Granted(frozenset(permissions), "division", division_id=one) for one in divisions)
    return Actor(kind="staff", label="网格员", grants=grants)


def building(grid: Any, name: str = "1号楼", **more: Any) -> Any:
    given = {"address": f"示范路8号{name}", **more}
    (row,) = public.add_buildings([NewBuilding(grid, name, **given)], by=BY, at=AT)
    return row


def unit(grid: Any, number: str = "101", name: str = "1号楼") -> Any:
    (row,) = public.add_units(building(grid, name).pk, [NewUnit(number, "1单元", 1)], by=BY, at=AT)
    return row


def resident(name: str, role: str = "other", citizen_id: str = "", phone: str = "", **more: Any) -> NewResident:
    return NewResident(TODAY, NewPerson(name, phone, "", citizen_id), role=role, **more)
