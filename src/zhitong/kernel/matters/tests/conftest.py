"""The engine is tested with a kind of its own, so that no line is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ

SYSTEM = Actor.system("test")
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


class Give(m.Payload, kw_only=True):
    organ: Annotated[UUID, m.Ask("organ", choose=m.Choose.ORGAN)]
    note: Annotated[str, m.Ask("note", most=10)] = ""


def give(ctx: m.Context, p: Give) -> None:
    ctx.send(p.organ, m.TaskRole.LEAD)


def finish(ctx: m.Context, p: Any) -> None:
    ctx.end(ctx.open_tasks(), m.TaskState.DONE)


SCOPE = (m.Who.SCOPE,)
KIND = m.Kind(
    slug="trial",
    label="trial",
    steps=(("one", "one"), ("two", "two")),
    stages=(
        m.Stage("new", "new", "one"),
        m.Stage("given", "given", "one"),
        m.Stage("done", "done", "two", is_end=True),
    ),
    actions=(
        m.Action("give", "give", ("new",), "given", SCOPE, "trial.give", Give, give),
        m.Action("finish", "finish", ("given",), "done", (m.Who.LEAD,), "trial.finish", m.Note, finish),
        m.Action("pause", "pause", ("given",), None, SCOPE, "trial.give", m.Pause, m.pause),
        m.Action(
            "resume",
            "resume",
            ("given",),
            None,
            SCOPE,
            "trial.give",
            m.Note,
            m.resume,
            when_paused=True,
            shows=m.is_paused,
        ),
        m.Action("note", "note", ("new", "given"), None, SCOPE, "trial.give", m.Note, m.note, when_paused=True),
    ),
    clocks=(m.ClockSpec("first", "first", frozenset({"new"})), m.ClockSpec("main", "main", frozenset({"given"}))),
)


@dataclass
class Room:
    """An organ, a person in the centre and one in the organ."""

    organ: Organ
    other: Organ
    centre: Actor
    worker: Actor
    stranger: Actor

    def opening(self, **more: Any) -> m.Opening:
        return m.Opening(**{"kind": "trial", "subkind": "plain", "text": "井盖破损", "channel": "portal", **more})

    def open(self, **more: Any) -> m.Opened:
        return m.open_matter(self.opening(**more), by=SYSTEM, at=MONDAY)

    def given(self, **more: Any) -> m.Opened:
        opened = self.open(**more)
        m.act(opened.matter_id, "give", {"organ": str(self.organ.pk)}, by=self.centre, at=MONDAY)
        return opened


def actor(label: str, organ: Organ, *permissions: str, scope: str) -> Actor:
    granted = Granted(
        frozenset({"matters.view", *permissions}), scope=scope, organ_id=organ.pk, organ_ids=frozenset({organ.pk})
    )
    return Actor(kind="staff", label=label, account_id=uuid4(), grants=(granted,), post_organ_ids=frozenset({organ.pk}))


@pytest.fixture
def room(db: None) -> Iterator[Room]:
    from zhitong.kernel.matters.rules.kinds import KINDS

    KINDS["trial"] = KIND
    m.import_holidays(by=SYSTEM, at=MONDAY)
    m.SubKind.objects.create(kind="trial", slug="plain", name="plain")
    common = {"kind": "trial", "basis": "《规定》", "moderate_percent": 50, "severe_percent": 100}
    m.Limit.objects.create(clock="first", amount=2, unit="hours", **common)
    m.Limit.objects.create(clock="main", amount=5, unit="working_days", **common)
    m.Reason.objects.create(list="pause", slug="wait", name="等待")
    m.touch_catalogue()
    organ, other = (
        Organ.objects.create(code=n, name=n, kind="department", valid_from=date(2020, 1, 1)) for n in ("甲局", "乙局")
    )
    yield Room(
        organ, other,
        centre=actor("centre", other, "trial.give", scope="all"),
        worker=actor("worker", organ, "trial.finish", scope="organ"),
        stranger=actor("stranger", other, "trial.finish", scope="organ"),
    )  # fmt: skip
    del KINDS["trial"]
