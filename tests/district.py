"""A district as an administrator sets it up: two streets, a bureau, the centre, and somebody at every desk.

Everything is made by public actions, with the roles that ship.  The moment is now: matters are opened and acted on as
they are in life.  Everybody signs in with ``PASSWORD``.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import shapely
from django.test import Client
from django.utils import timezone
from PIL import Image

from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Account, Actor, actor_for
from zhitong.kernel.indicators.public import load_indicators
from zhitong.kernel.matters import public as matters
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.organisation.public import Category, Organ, OrganKind
from zhitong.kernel.territory import public as territory
from zhitong.lines.appeals.public import load_defaults
from zhitong.lines.hall.public import load_case_defaults

PASSWORD = "Lamp-posts-2026"
SINCE = date(2024, 1, 1)
BY = Actor.system("测试")
BACKEND = "zhitong.kernel.accounts.web.backend.AccountBackend"
CODE = "990101"
LINES = (
    territory.Listed(CODE, "新城区"),
    territory.Listed("990101001", "东风路街道"),
    territory.Listed("990101001001", "东风社区居民委员会"),
    territory.Listed("990101002", "南山街道"),
    territory.Listed("990101002001", "南山社区居民委员会"),
)
SQUARE = shapely.box(117.0, 36.5, 117.1, 36.6)
ORGANS = (
    ("government", "新城区人民政府", OrganKind.INSTITUTION),
    ("centre", "新城区社会治理服务中心", OrganKind.CENTRE),
    ("supervision", "新城区督查室", OrganKind.SUPERVISION),
    ("bureau", "新城区城市管理局", OrganKind.DEPARTMENT),
    ("street", "东风路街道办事处", OrganKind.STREET_OFFICE),
    ("elsewhere", "南山街道办事处", OrganKind.STREET_OFFICE),
)
# Sign-in name: organ, title, role, scope.  ``worker`` and ``head`` sit in the street office that handles matters by
# default, ``elsewhere`` in another, ``co`` in the bureau that helps.
PEOPLE: Mapping[str, tuple[str, str, str, str]] = {
    "grid": ("street", "网格员", "grid_worker", "own"),
    "clerk": ("centre", "窗口", "clerk", "own"),
    "worker": ("street", "承办人", "case_worker", "organ"),
    "colleague": ("street", "承办人二岗", "case_worker", "organ"),
    "head": ("street", "主任", "organ_head", "organ"),
    "co": ("bureau", "协办人", "case_worker", "organ"),
    "elsewhere": ("elsewhere", "承办人", "case_worker", "organ"),
    "dispatcher": ("centre", "转办员", "dispatcher", "all"),
    "arbiter": ("centre", "裁定员", "arbiter", "all"),
    "visitor": ("centre", "回访员", "visitor", "all"),
    "supervisor": ("supervision", "督查员", "supervisor", "all"),
    "leader": ("government", "分管负责同志", "leader", "all"),
    "admin": ("government", "系统管理员", "administrator", "all"),
    "officer": ("government", "个人信息保护负责人", "privacy_officer", "all"),
    "archivist": ("government", "档案员", "archivist", "all"),
}
TEXT = "东风路18号门前路灯不亮，晚上出行不安全。"
_keys = count(1)


@dataclass
class District:
    """Who works where, and ways to take a matter along."""

    organs: dict[str, Organ] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    category: Category = field(init=False)
    streets: dict[str, UUID] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """That person as an actor, as today."""
        return actor_for(self.people[name])

    def client(self, name: str, **options: Any) -> Client:
        """A browser in which that person has signed in."""
        client = Client(**options)
        client.force_login(self.people[name], backend=BACKEND)
        return client

    def open(
        self, text: str = TEXT, *, subkind: str = "report", by: str = "", at: datetime | None = None, **more: Any
    ) -> "Raised":
        """What a resident raises, or ``by`` for one.  ``is_public``, ``lon``, ``reporter`` and so on as in ``Opening``."""
        more.setdefault("reporter", matters.Reporter(name="王小明", phone=f"1380000{next(_keys):04d}"))
        more.setdefault("division_id", self.streets["street"])
        opening = matters.Opening(kind="appeal", subkind=subkind, text=text, channel="portal", **more)
        opener = self.actor(by) if by else Actor.resident()
        opened = matters.open_matter(opening, by=opener, at=at or timezone.now())
        return Raised(opened.matter_id, opened.number, opened.tracking_code)

    def act(self, raised: "Raised", action: str, name: str, /, files: Any = (), **data: Any) -> matters.Matter:
        """One action by that person."""
        return matters.act(raised.id, action, data, by=self.actor(name), at=timezone.now(), files=files)

    def passed(self, *, to: str = "street", co: str = "", **more: Any) -> "Raised":
        """One that waits to be met by the organ ``to``, with ``co`` helping."""
        raised = self.open(**more)
        self.act(
            raised, "pass", "dispatcher", category=str(self.category.pk), lead=str(self.organs[to].pk),
            co=[str(self.organs[co].pk)] if co else [], urgency="normal", reason="属地管理",
        )  # fmt: skip
        return raised

    def met(self, name: str = "worker", **more: Any) -> "Raised":
        """One that waits to be handled."""
        raised, when = self.passed(**more), timezone.now().isoformat()
        self.act(raised, "meet", name, who="承办人与反映人", how="phone", when=when, said="约定本周修复。")
        return raised

    def concluded(self, name: str = "worker", **more: Any) -> "Raised":
        """One that waits for the return visit."""
        raised = self.met(name, **more)
        self.act(raised, "handle", name, done="已更换灯泡。")
        if more.get("co"):
            self.act(raised, "report_co", "co", result="已协助核对线路。")
        self.act(raised, "conclude", name, outcome="solved", reply="路灯已修好，感谢反映。")
        return raised

    def closed(self, name: str = "worker", **more: Any) -> "Raised":
        """One that is over."""
        raised = self.concluded(name, **more)
        self.act(raised, "visit", "visitor", how="phone", reached=True, grade="5")
        return raised


@dataclass(frozen=True, slots=True)
class Raised:
    """A matter, and what its reporter holds in hand."""

    id: UUID
    number: str
    code: str

    @property
    def matter(self) -> matters.Matter:
        """As it stands now."""
        return matters.Matter.objects.get(pk=self.id)


def build() -> District:
    """The whole district; about half a second."""
    at, district = timezone.now(), District()
    territory.import_district(CODE, LINES, SQUARE, by=BY, at=at, on=SINCE, grids=4, seed=1)
    district.streets = {"street": _division("990101001"), "elsewhere": _division("990101002")}
    matters.import_holidays(by=BY, at=at)
    load_defaults(by=BY)
    load_case_defaults(by=BY)
    accounts.load_default_roles(by=BY, at=at)
    load_indicators(by=BY, at=at)
    _organs(district, at)
    _people(district, at)
    _duties(district, at)
    return district


def _division(code: str) -> UUID:
    node = territory.by_code(code)
    assert node is not None
    return node.id


def _organs(district: District, at: datetime) -> None:
    for key, name, kind in ORGANS:
        above = None if key == "government" else district.organs["government"].pk
        district.organs[key] = organisation.create_organ(
            code=key.upper(), name=name, kind=kind, parent_id=above, division_id=district.streets.get(key),
            valid_from=SINCE, by=BY, at=at,
        )  # fmt: skip


def _people(district: District, at: datetime) -> None:
    grants = []
    for number, (name, (organ, title, role, scope)) in enumerate(PEOPLE.items(), start=1):
        post = organisation.create_post(
            organ_id=district.organs[organ].pk, title=title, is_head=name == "head", valid_from=SINCE, by=BY, at=at
        )
        staff = organisation.create_staff(
            staff_no=f"D{number:03d}", name=f"测试{title}", phone=f"1990000{number:04d}", by=BY, at=at
        )
        organisation.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=SINCE, by=BY, at=at)
        grants.append(accounts.NewGrant(post_id=post.pk, role=role, scope=scope, valid_from=SINCE))
        district.people[name] = accounts.create_account(
            username=name, staff_id=staff.pk, password=PASSWORD, must_change_password=False,
            is_staff=role == "administrator", by=BY, at=at,
        )  # fmt: skip
    accounts.grant_many(grants, by=BY, at=at)


def _duties(district: District, at: datetime) -> None:
    top = organisation.create_category(code="01", name="城市管理", name_en="City management", by=BY, at=at)
    middle = organisation.create_category(
        code="0101", name="市政设施", name_en="Facilities", parent_id=top.pk, by=BY, at=at
    )
    district.category = organisation.create_category(
        code="010101", name="路灯照明", name_en="Street lights", parent_id=middle.pk, by=BY, at=at
    )
    said: dict[str, Any] = {"category_id": district.category.pk, "valid_from": SINCE, "by": BY, "at": at}
    for street, division_id in district.streets.items():
        organ_id = district.organs[street].pk
        organisation.set_duty(organ_id=organ_id, division_id=division_id, role="lead", basis="属地管理", **said)
    organisation.set_duty(organ_id=district.organs["bureau"].pk, division_id=None, role="co", basis="三定方案", **said)


def photo(colour: str = "gray", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
