"""A district with grids, somebody who makes drives, and people who work on their targets."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.district import BY, District, build, photo
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Upload, check_upload
from zhitong.kernel.territory.public import Level, Node, of_level

from ..actions import drives, targets
from ..models import Drive, Stage, Target

STAGES = (("已发现", False), ("已告知", False), ("已拆除", True))


@dataclass
class Place:
    """What a test of drives needs."""

    district: District
    streets: list[Node]
    grids: list[Node]

    @property
    def today(self) -> date:
        return timezone.localdate()

    def said(self, **more: Any) -> drives.Said:
        fields: dict[str, Any] = {
            "name": "违建治理", "kind": "order", "organ": self.district.organs["bureau"].pk, "stages": STAGES,
            "starts_on": self.today - timedelta(days=10), "ends_on": self.today + timedelta(days=10), "sorts": ("违法建设", "占道经营"),
        }  # fmt: skip
        return drives.Said(**(fields | more))

    def drive(self, count: int = 0, **more: Any) -> Drive:
        made = drives.begin(self.said(**more), by=BY, at=timezone.now())
        if count:
            self.add(made, count)
        return made

    def add(self, drive: Drive, count: int, **more: Any) -> targets.Added:
        grids = self.grids
        new = [
            targets.NewTarget(name=f"{n}号棚", division=grids[n % len(grids)].id, **more) for n in range(1, count + 1)
        ]
        return targets.add(drive.pk, new, by=BY, at=timezone.now())

    def target(self, drive: Drive, number: int = 1) -> Target:
        return Target.objects.select_related("drive", "stage").get(drive=drive, number=number)

    def stage(self, drive: Drive, position: int) -> UUID:
        return Stage.objects.get(drive=drive, position=position).pk

    def actor(self, name: str) -> Actor:
        return self.district.actor(name)


def upload(colour: str = "gray") -> Upload:
    return check_upload("a.jpg", photo(colour))


@pytest.fixture
def place(db: None) -> Place:
    """Two streets with a community and grids each."""
    district = build()
    return Place(district, of_level(Level.STREET), of_level(Level.GRID))
