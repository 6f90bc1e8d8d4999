"""Somebody at each desk an application passes, and quick ways to one in any stage."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ, Staff
from zhitong.lines.hall import permissions as may
from zhitong.lines.hall.actions.cases import Given, Submission, Submitted, submit
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Application, Material, Version
from zhitong.lines.hall.tests.factories import MONDAY, Hall

SYSTEM = Actor.system("test")
CITIZEN_ID = "11010519491231002X"
_keys = count(1)


def worker(label: str, at: Organ, *permissions: str, scope: str = "organ") -> Actor:
    granted = Granted(
        frozenset({"matters.view", *permissions}), scope=scope, organ_id=at.pk, organ_ids=frozenset({at.pk})
    )
    staff = Staff.objects.create(staff_no=label, name=label)
    return Actor(
        kind="staff", label=label, account_id=uuid4(), staff_id=staff.pk, grants=(granted,), post_organ_ids=frozenset({at.pk})
    )  # fmt: skip


@dataclass
class Desk:
    """A published item, and those who handle what is applied for."""

    hall: Hall
    version: Version
    clerk: Actor
    examiner: Actor
    decider: Actor
    other: Actor
    materials: dict[str, Material] = field(default_factory=dict)

    def said(self, version: Version | None = None, **more: Any) -> Submission:
        version = version or self.version
        given: dict[str, Any] = {
            "item_id": version.item_id, "key": f"key-{next(_keys)}", "name": "王小明", "phone": "13800001234",
            "citizen_id": CITIZEN_ID, "channel": m.Channel.WINDOW,
            "materials": {one.pk: Given() for one in version.materials.all() if not (one.held_by or one.condition)},
        }  # fmt: skip
        return Submission(**{**given, **more})

    def submitted(self, *, at: datetime = MONDAY, **more: Any) -> Submitted:
        return submit(self.said(**more), by=self.clerk, at=at)

    def act(self, matter_id: UUID, action: str, by: Actor, moment: datetime = MONDAY, /, **data: Any) -> m.Matter:
        return m.act(matter_id, action, data, by=by, at=moment)

    def accepted(self, *, at: datetime = MONDAY, **more: Any) -> Submitted:
        done = self.submitted(at=at, **more)
        self.act(done.matter_id, "accept", self.clerk, at)
        return done

    def examined(self, *, at: datetime = MONDAY, **more: Any) -> Submitted:
        done = self.accepted(at=at, **more)
        self.act(done.matter_id, "examine", self.examiner, at, passes=True, opinion="符合条件")
        return done

    def decided(self, outcome: str = "approved", *, at: datetime = MONDAY, **more: Any) -> Submitted:
        done = self.examined(at=at, **more)
        self.act(done.matter_id, "decide", self.decider, at, outcome=outcome, words="依据《食品安全法》")
        return done

    def issued(self, *, at: datetime = MONDAY, **more: Any) -> Submitted:
        done = self.decided(at=at, **more)
        self.act(done.matter_id, "issue", self.clerk, at)
        return done

    def closed(self, *, at: datetime = MONDAY, **more: Any) -> Submitted:
        done = self.issued(at=at, **more)
        self.act(done.matter_id, "deliver", self.clerk, at, way="pick_up", taken_by="王小明")
        return done

    def matter(self, done: Submitted) -> m.Matter:
        return m.Matter.objects.get(pk=done.matter_id)

    def case(self, done: Submitted) -> Application:
        return Application.objects.get(pk=done.matter_id)

    def state(self, done: Submitted, name: str) -> str:
        return self.case(done).handed.get(material__name=name).state

    def clock(self, done: Submitted, slug: str) -> m.Clock | None:
        return m.Clock.objects.filter(matter=done.matter_id, slug=slug).order_by("-id").first()


def resident(done: Submitted) -> Actor:
    return Actor.resident([done.matter_id])


def desk(hall: Hall, **more: Any) -> Desk:
    """The item of ``factories`` published, and people for it."""
    load_case_defaults(by=SYSTEM)
    m.import_holidays(by=SYSTEM, at=MONDAY)
    version = hall.published(**more)
    return Desk(
        hall, version,
        clerk=worker("窗口", hall.city, may.ACCEPT, may.INSTANT, may.ISSUE, scope="all"),
        examiner=worker("审查", hall.market, may.EXAMINE),
        decider=worker("决定", hall.market, may.EXAMINE, may.DECIDE, may.EXTEND, may.MOVE, "matters.assign"),
        other=worker("外单位", hall.city, may.EXAMINE, may.DECIDE),
        materials={one.name: one for one in version.materials.all()},
    )  # fmt: skip
