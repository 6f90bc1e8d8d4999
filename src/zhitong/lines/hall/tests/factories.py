"""Two organs, people who edit the catalogue, and items as complete as one wants them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.organisation.public import Organ
from zhitong.lines.hall import actions
from zhitong.lines.hall.models import BaseItem, Item, Version
from zhitong.lines.hall.permissions import CATALOGUE

SINCE = date(2020, 1, 1)
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TODAY = MONDAY.date()
_numbers = count(1)
COMPLETE: dict[str, Any] = {
    "basis": "《中华人民共和国食品安全法》第三十五条", "conditions": "有固定的经营场所。", "statutory_days": 20, "promised_days": 5,
    "is_instant": False, "visits": "one", "fee": "不收费", "delivery": ["pick_up", "mail"], "place": "区政务服务中心一楼12号窗口",
    "consult_phone": "0531-12345678", "complaint_phone": "12345", "result": "食品经营许可证",
    "result_paper": "", "valid_for": "",
}  # fmt: skip
MATERIALS: list[Any] = [
    {"name": "食品经营许可申请书", "form": "original", "copies": 1},
    {"name": "营业执照", "form": "copy", "copies": 1, "held_by": "市场监管部门登记信息"},
    {"name": "场所平面图", "form": "original", "copies": 2, "is_deferrable": True},
    {"name": "健康证明", "form": "copy", "copies": 1, "condition": "从业人员接触直接入口食品的", "by_commitment": True},
]


def actor(label: str, organ: Organ, *, scope: str = "organ", permission: str = CATALOGUE) -> Actor:
    granted = Granted(frozenset({permission}), scope=scope, organ_id=organ.pk, organ_ids=frozenset({organ.pk}))
    return Actor(kind="staff", label=label, account_id=uuid4(), grants=(granted,))


@dataclass
class Hall:
    """Who is there, and quick ways to an item."""

    market: Organ
    city: Organ
    admin: Actor
    editor: Actor
    other: Actor
    bases: dict[str, BaseItem] = field(default_factory=dict)

    def base(self, name: str = "食品经营许可", kind: str = "permit") -> BaseItem:
        return actions.create_base(code=f"B{next(_numbers):05d}", name=name, kind=kind, by=self.admin, at=MONDAY)

    def item(self, name: str = "食品经营许可（新办）", **more: Any) -> Item:
        given = {"topic": "food", "for_firms": True, "everyday": "开饭店 卫生许可", **more}
        organ = given.pop("organ", self.market)
        return actions.create_item(
            base_id=self.base().pk,
            code=f"S{next(_numbers):05d}",
            organ_id=organ.pk,
            name=name,
            by=self.admin,
            at=MONDAY,
            **given,
        )

    def draft(self, item: Item | None = None, materials: Any = None, **more: Any) -> Version:
        version = actions.start_draft((item or self.item()).pk, by=self.admin, at=MONDAY)
        wanted = MATERIALS if materials is None else materials
        return actions.write_draft(version.pk, {**COMPLETE, **more}, wanted, by=self.admin, at=MONDAY)

    def published(
        self, item: Item | None = None, *, on: date = TODAY, at: datetime = MONDAY, materials: Any = None, **more: Any
    ) -> Version:
        return actions.publish(self.draft(item, materials, **more).pk, effective_on=on, by=self.admin, at=at)


def later(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def hall() -> Hall:
    def organ(name: str) -> Organ:
        return Organ.objects.create(code=f"O{next(_numbers)}", name=name, kind="department", valid_from=SINCE)

    market, city = organ("新城区市场监督管理局"), organ("新城区城市管理局")
    return Hall(market, city, actor("管理员", city, scope="all"), actor("市监编制", market), actor("城管编制", city))
