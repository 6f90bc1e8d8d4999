"""A small district: a street with a community and a grid, another street, categories on three levels, some organs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.apps import apps

from zhitong.base.errors import NotAllowed
from zhitong.base.identifiers import uuid7

from .. import public

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)


@dataclass(frozen=True)
class Anybody:
    """An actor who may set everything up, or nothing."""

    account_id: UUID | None = None
    post_id: UUID | None = None
    label: str = "测试"
    is_allowed: bool = True

    def demand_everywhere(self, permission: str) -> None:
        if not self.is_allowed:
            raise NotAllowed("not_allowed", "no")


BY = Anybody()


def make_division(code: str, name: str, level: str, parent=None):
    """A division as territory would have made it."""
    model = apps.get_model("territory", "Division")
    pk = uuid7()
    path = [*(parent.path if parent else []), pk]
    described = {"code": code, "name": name, "parent": parent, "path": path, "valid_from": date(2000, 1, 1)}
    made = model.objects.create(id=pk, level=level, **described)
    apps.get_model("territory", "DivisionVersion").objects.create(division=made, **described)
    return made


def make_organ(code: str, name: str, kind: str = "department", **fields):
    """An organ from 2020 on."""
    return public.create_organ(code=code, name=name, kind=kind, by=BY, at=AT, **{"valid_from": START, **fields})


def make_category(code: str, name: str, parent=None, **fields):
    """A category below ``parent``."""
    parent_id = parent.pk if parent else None
    return public.create_category(code=code, name=name, parent_id=parent_id, by=BY, at=AT, **fields)


def make_duty(organ, category=None, division=None, valid_from: date = START, **fields):
    """A duty from 2020 on."""
    places = {"category_id": category and category.pk, "division_id": division and division.pk}
    return public.set_duty(organ_id=organ.pk, valid_from=valid_from, by=BY, at=AT, **places, **fields)


@dataclass
class District:
    """What the tests stand on."""

    top: object
    street: object
    other_street: object
    community: object
    grid: object
    building: object
    municipal: object
    lamps: object
    drains: object
    management: object
    office: object


@pytest.fixture
def district(db) -> District:
    top = make_division("370103", "示例区", "district")
    street = make_division("370103001", "杏林街道", "street", top)
    other = make_division("370103002", "柳岸街道", "street", top)
    community = make_division("370103001001", "杏林社区", "community", street)
    grid = make_division("370103001001001", "第一网格", "grid", community)
    building = make_category("01", "城乡建设", name_en="Construction")
    municipal = make_category("0102", "市政设施", building, name_en="Municipal works")
    lamps = make_category("010201", "路灯照明", municipal, name_en="Street lights", keywords="路灯 不亮")
    drains = make_category("010202", "排水管网", municipal, name_en="Drains")
    management = make_organ("CG", "示例区城市管理局", short_name="区城管局", name_en="Urban Management Bureau")
    office = make_organ("XL", "杏林街道办事处", "street_office", division_id=street.pk)
    return District(top, street, other, community, grid, building, municipal, lamps, drains, management, office)
