"""A small district to act in: four organs, a person at each desk, the defaults that ship."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.matters import public as matters
from zhitong.kernel.organisation.public import Category, Organ, Staff
from zhitong.lines.appeals.actions import load_defaults

SYSTEM = Actor.system("test")
SINCE = date(2020, 1, 1)
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def organ(name: str, kind: str = "department", **more: Any) -> Organ:
    return Organ.objects.create(code=name, name=name, kind=kind, valid_from=SINCE, **more)


def actor(label: str, at: Organ, *permissions: str, scope: str = "organ") -> Actor:
    granted = Granted(
        frozenset({"matters.view", *permissions}), scope=scope, organ_id=at.pk, organ_ids=frozenset({at.pk})
    )
    staff = Staff.objects.create(staff_no=label, name=label)
    return Actor(
        kind="staff",
        label=label,
        account_id=uuid4(),
        staff_id=staff.pk,
        grants=(granted,),
        post_organ_ids=frozenset({at.pk}),
    )


@dataclass
class District:
    """Everything a test needs to move an appeal."""

    centre: Organ
    street: Organ
    bureau: Organ
    category: Category
    dispatcher: Actor
    arbiter: Actor
    worker: Actor
    head: Actor
    co_worker: Actor
    visitor: Actor
    supervisor: Actor
    grid: Actor
    opened: list[matters.Opened] = field(default_factory=list)

    def open(self, subkind: str = "report", **more: Any) -> matters.Opened:
        said = {"text": "小区门口路灯不亮，晚上出行不安全。", "channel": "portal", "is_public": True, **more}
        said.setdefault("reporter", matters.Reporter(name="王小明", phone="13800001234"))
        opening = matters.Opening(kind="appeal", subkind=subkind, **said)
        return matters.open_matter(opening, by=Actor.resident(), at=more.get("at") or MONDAY)

    def act(self, matter_id: UUID, action: str, by: Actor, moment: datetime = MONDAY, /, **data: Any) -> matters.Matter:
        return matters.act(matter_id, action, data, by=by, at=moment)

    def passed(self, subkind: str = "report", co: bool = False, **more: Any) -> matters.Opened:
        opened = self.open(subkind, **more)
        self.pass_on(opened.matter_id, co=co)
        return opened

    def pass_on(self, matter_id: UUID, *, co: bool = False, lead: Organ | None = None) -> None:
        self.act(
            matter_id, "pass", self.dispatcher, category=str(self.category.pk), lead=str((lead or self.street).pk),
            co=[str(self.bureau.pk)] if co else [], urgency="normal", reason="属地管理",
        )  # fmt: skip

    def met(self, **more: Any) -> matters.Opened:
        opened = self.passed(**more)
        self.act(
            opened.matter_id,
            "meet",
            self.worker,
            who="李某与反映人",
            how="phone",
            when=MONDAY.isoformat(),
            said="已了解情况",
        )
        return opened

    def concluded(self, **more: Any) -> matters.Opened:
        opened = self.met(**more)
        self.act(opened.matter_id, "handle", self.worker, done="已更换灯泡")
        self.act(opened.matter_id, "conclude", self.worker, outcome="solved", reply="路灯已修复，感谢反映。")
        return opened

    def closed(self, **more: Any) -> matters.Opened:
        opened = self.concluded(**more)
        self.act(opened.matter_id, "visit", self.visitor, how="phone", reached=True, grade="5")
        return opened

    def get(self, opened: matters.Opened) -> matters.Matter:
        return matters.Matter.objects.get(pk=opened.matter_id)


def reason(list_: str, slug: str) -> str:
    return str(matters.Reason.objects.get(list=list_, slug=slug).pk)


def district() -> District:
    load_defaults(by=SYSTEM)
    matters.import_holidays(by=SYSTEM, at=MONDAY)
    centre, street, bureau = organ("中心", "centre"), organ("街道", "street_office"), organ("城管局")
    category = Category(code="0101", name="路灯照明", level=1, sort=1)
    category.path = [category.pk]
    category.save()
    return District(
        centre, street, bureau, category,
        dispatcher=actor(
            "转办员", centre, "appeals.register", "appeals.pass", "appeals.publish", "appeals.extend_decide", scope="all"
        ),
        arbiter=actor("裁定员", centre, "appeals.arbitrate", scope="all"),
        worker=actor("承办人", street, "appeals.handle"),
        head=actor("负责人", street, "appeals.handle", "appeals.approve", "matters.assign"),
        co_worker=actor("协办人", bureau, "appeals.handle"),
        visitor=actor("回访员", centre, "appeals.visit", scope="all"),
        supervisor=actor("督查员", centre, "appeals.supervise", "appeals.extend_decide", scope="all"),
        grid=actor("网格员", street, "appeals.register", "appeals.on_spot", scope="own"),
    )  # fmt: skip
