"""A centre that looks after reviews, a bureau with two windows, and the people at each desk."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.indicators.public import load_indicators
from zhitong.kernel.matters import public as matters
from zhitong.kernel.organisation.public import Organ, Staff
from zhitong.kernel.reviews import public as r

SYSTEM, RESIDENT = Actor.system("test"), Actor.resident()
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
DAY = timedelta(days=1)


def person(label: str, at: Organ, *permissions: str, scope: str = "all") -> Actor:
    granted = Granted(frozenset(permissions), scope=scope, organ_id=at.pk, organ_ids=frozenset({at.pk}))
    staff = Staff.objects.create(staff_no=label, name=label)
    return Actor(
        kind="staff", label=label, account_id=uuid4(), staff_id=staff.pk, grants=(granted,), post_organ_ids=frozenset({at.pk})
    )  # fmt: skip


@dataclass
class Hall:
    """Everything a test needs to serve and to judge."""

    centre: Organ
    bureau: Organ
    window: r.Point
    clerk: Actor
    head: Actor
    worker: Actor
    caller: Actor
    supervisor: Actor
    leader: Actor
    item: UUID = field(default_factory=uuid4)

    def serve(self, at: datetime = MONDAY, **more: Any) -> r.Served:
        given = {
            "line": "hall", "organ_id": self.bureau.pk, "point_id": self.window.pk, "staff_id": self.clerk.staff_id,
            "item": self.item, "item_label": "食品经营许可", "channel": "counter", **more,
        }  # fmt: skip
        with transaction.atomic():
            return r.served(r.Giving(**given), by=self.clerk, at=at)

    def judge(self, served: r.Served, mark: int = 5, at: datetime = MONDAY, **more: Any) -> r.Review:
        return r.judge(served.code, r.Judgement(mark, **more), by=RESIDENT, at=at)

    def bad(self, at: datetime = MONDAY, **more: Any) -> r.Review:
        said = {"reasons": ("attitude",), "words": "态度不好", "name": "王小明", "phone": "13800001234", **more}
        return self.judge(self.serve(at=at), 1, at, **said)

    def act(self, review: r.Review, action: str, by: Actor, at: datetime = MONDAY, /, **data: Any) -> matters.Matter:
        assert review.matter_id
        return matters.act(review.matter_id, action, data, by=by, at=at)


def build() -> Hall:
    r.load_defaults(by=SYSTEM)
    load_indicators(by=SYSTEM, at=MONDAY)
    matters.import_holidays(by=SYSTEM, at=MONDAY)
    centre, bureau = (
        Organ.objects.create(code=name, name=name, kind=kind, valid_from=date(2020, 1, 1))
        for name, kind in (("政务服务中心", "centre"), ("市场监管局", "department"))
    )
    window = r.put_point(organ_id=bureau.pk, name="3号窗口", by=SYSTEM, at=MONDAY)
    see = (r.VIEW, "matters.view", "figures.view")
    return Hall(
        centre, bureau, window,
        clerk=person("窗口人员", bureau, r.VIEW, "matters.view", scope="own"),
        head=person("负责人", bureau, *see, r.RECTIFY, r.NAMES, r.EXCLUDE, scope="organ"),
        worker=person("承办人", bureau, "matters.view", r.RECTIFY, scope="organ"),
        caller=person("回访员", centre, *see, r.VERIFY, r.NAMES, r.EXCLUDE),
        supervisor=person("督查员", centre, *see, r.EXCLUDE, r.NAMES, r.EXPORT),
        leader=person("领导", centre, *see),
    )  # fmt: skip


@pytest.fixture
def hall(db: None) -> Hall:
    """A hall, ready to serve."""
    return build()
