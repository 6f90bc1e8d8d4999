"""A district with a grid, somebody who designs surveys, and a grid worker of one street."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import Level, of_level

from ..actions import forms, surveys
from ..models import Survey, Target, Version
from ..rules.examples import EXAMPLES, workbook_of

ANSWER = """<data id="epidemic"><started/><holder>王小明</holder><phone>13800000000</phone><people>2</people>
<member><member_name>王小明</member_name><member_number/><left_province>no</left_province><temperature>36.5</temperature>
<symptoms>none</symptoms></member><member><member_name>王小红</member_name><member_number/><left_province>yes</left_province>
<went_to>河北</went_to><temperature>37.6</temperature><symptoms>fever cough</symptoms></member><fevers>1</fevers><remark/>
<meta><instanceID>uuid:one</instanceID></meta></data>"""


@dataclass
class Place:
    """What a test of surveys needs."""

    district: District
    streets: list[UUID]
    codes: list[str]

    def version(self, slug: str = "epidemic") -> Version:
        made = forms.take(workbook_of(EXAMPLES[slug][1]), f"{slug}.xlsx", by=BY, at=timezone.now())
        return forms.publish(made.pk, by=BY, at=timezone.now())

    def survey(self, **more: Any) -> Survey:
        today = timezone.localdate()
        said = {
            "name": "入户登记",
            "starts_on": today,
            "ends_on": today + timedelta(days=7),
            "by": BY,
            "at": timezone.now(),
            **more,
        }
        targets = said.pop(
            "targets", [surveys.NewTarget(f"{n}号楼", street) for n, street in enumerate(self.streets, 1)]
        )
        return surveys.begin(said.pop("version", None) or self.version().pk, targets=targets, **said)

    def target(self, survey: Survey, place: int = 0) -> Target:
        return survey.targets.order_by("sort")[place]

    def actor(self, name: str) -> Actor:
        return self.district.actor(name)


@pytest.fixture
def place(db: None) -> Place:
    """Two streets."""
    district = build()
    nodes = of_level(Level.STREET)
    return Place(district, [node.id for node in nodes], [node.code for node in nodes])
