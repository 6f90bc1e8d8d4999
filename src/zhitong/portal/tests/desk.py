"""People with accounts at the desks of the small district of appeals."""

import io
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.apps import apps
from django.test import Client
from django.utils import timezone
from PIL import Image

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Account, Actor, Grant, Role, actor_for
from zhitong.kernel.matters import public as matters
from zhitong.kernel.organisation.public import Appointment, Category, Duty, Organ, Post, Staff
from zhitong.lines.appeals.actions import load_defaults
from zhitong.lines.appeals.tests.factories import SINCE, organ

_numbers = count(1)
# What a page may ask the database for, session, account and all that is kept included.
MOST_QUERIES = 14
SYSTEM = Actor.system("test")


def person(name: str, at: Organ, *permissions: str, scope: str = "organ", title: str = "") -> Account:
    """Somebody with an account on a post that holds these permissions."""
    n = next(_numbers)
    staff = Staff.objects.create(staff_no=f"D{n}", name=name)
    post = Post.objects.create(organ=at, title=title or f"岗位{n}", valid_from=SINCE)
    Appointment.objects.create(staff=staff, post=post, valid_from=SINCE)
    role = Role.objects.create(slug=f"role{n}", name=f"角色{n}", permissions=["matters.view", *permissions])
    Grant.objects.create(post=post, role=role, scope=scope, valid_from=SINCE)
    return Account.objects.create(username=f"user{n}", staff=staff, must_change_password=False)


@dataclass
class Desk:
    """Who works where, and ways to make matters."""

    centre: Organ
    street: Organ
    bureau: Organ
    category: Category
    division: object
    dispatcher: Account
    worker: Account
    colleague: Account
    head: Account
    co_worker: Account
    visitor: Account

    def open(
        self, text: str = "小区门口路灯不亮，晚上出行不安全。", at: datetime | None = None, **more: Any
    ) -> matters.Matter:
        """A matter raised by a resident."""
        said = {"channel": "portal", "is_public": True, "division_id": self.division.pk, **more}
        said.setdefault("reporter", matters.Reporter(name="王小明", phone="13800001234"))
        opening = matters.Opening(kind="appeal", subkind=said.pop("subkind", "report"), text=text, **said)
        opened = matters.open_matter(opening, by=Actor.resident(), at=at or timezone.now())
        return matters.Matter.objects.get(pk=opened.matter_id)

    def act(self, matter: matters.Matter, slug: str, by: Account, **data: object) -> matters.Matter:
        """One action."""
        return matters.act(matter.pk, slug, data, by=actor_for(by), at=timezone.now())

    def passed(self, *, co: bool = False, **more: Any) -> matters.Matter:
        """One that waits for the street office."""
        matter = self.open(**more)
        return self.act(
            matter, "pass", self.dispatcher, category=str(self.category.pk), lead=str(self.street.pk),
            co=[str(self.bureau.pk)] if co else [], urgency="normal", reason="属地管理",
        )  # fmt: skip

    def met(self, **more: Any) -> matters.Matter:
        """One that waits to be handled."""
        return self.act(
            self.passed(**more), "meet", self.worker, who="承办人与反映人", how="phone",
            when=timezone.now().isoformat(), said="已了解情况，约定本周修复。",
        )  # fmt: skip

    def closed(self, **more: Any) -> matters.Matter:
        """One that is over."""
        matter = self.act(self.met(**more), "handle", self.worker, done="已更换灯泡")
        self.act(matter, "conclude", self.worker, outcome="solved", reply="路灯已修复。")
        return self.act(matter, "visit", self.visitor, how="phone", reached=True, grade="5")


def desk() -> Desk:
    """The district, with a duty list that names the street office for street lights."""
    load_defaults(by=SYSTEM)
    matters.import_holidays(by=SYSTEM, at=timezone.now())
    centre, street = organ("中心", "centre"), organ("舜耕街道", "street_office")
    bureau = organ("城管局")
    category = Category(code="0101", name="路灯照明", name_en="Street lights", level=1, sort=1)
    category.path = [category.pk]
    category.save()
    pk = uuid7()
    division = apps.get_model("territory", "Division").objects.create(
        id=pk, code="370103001", name="舜耕街道", level="street", path=[pk], valid_from=SINCE
    )
    Duty.objects.create(
        organ=street, category=category, division=division, role="lead", valid_from=SINCE, basis="属地管理"
    )
    Duty.objects.create(organ=bureau, category=category, role="co", valid_from=SINCE)
    return Desk(
        centre, street, bureau, category, division,
        dispatcher=person("转办员", centre, "appeals.register", "appeals.pass", "appeals.extend_decide", "matters.export", scope="all"),
        worker=person("李承办", street, "appeals.handle", "register.reveal", "matters.export"),
        colleague=person("赵承办", street, "appeals.handle"),
        head=person("孙主任", street, "appeals.handle", "appeals.approve", "matters.assign"),
        co_worker=person("周协办", bureau, "appeals.handle", "register.reveal"),
        visitor=person("吴回访", centre, "appeals.visit", scope="all"),
    )  # fmt: skip


def signed_in(account: Account) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(account, backend="zhitong.kernel.accounts.web.backend.AccountBackend")
    return client


def picture(colour: str = "red") -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def page(matter: matters.Matter | UUID) -> str:
    """The address of a matter."""
    return f"/desk/matters/{getattr(matter, 'pk', matter)}/"
