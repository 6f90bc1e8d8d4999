"""What a kind brings of its own: limits, choices, an organ from the start, clocks that act when they run out, files of an action."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import pytest

from zhitong.base.errors import Refused
from zhitong.kernel.matters import public as m

from .conftest import KIND, MONDAY, SYSTEM, Room

NOTHING = m.Action("shut", "shut", ("new", "given"), "done", (m.Who.SYSTEM,), "", when_paused=True)
ASKED: list[bool] = []
FILED: list[tuple[str, str]] = []


class Pick(m.Payload, kw_only=True):
    one: Annotated[str, m.Ask("one", choose=m.Choose.OWN, own=lambda matter: [(matter.number, "itself")])]


def terms(matters: Sequence[Any], openings: Sequence[Any] | None) -> dict[UUID, dict[str, m.Terms | None]]:
    ASKED.append(openings is not None)
    days = [o.own["days"] for o in openings] if openings is not None else [9 for _matter in matters]
    return {
        matter.pk: {"first": None, "main": m.Terms(n, "working_days", f"own {n}", "", 50, 100)}
        for matter, n in zip(matters, days, strict=True)
    }


@pytest.fixture
def own(room: Room) -> Room:
    """The trial kind with limits of its own; its main clock shuts the matter."""
    clocks = (
        m.ClockSpec("first", "first", frozenset({"new"})),
        m.ClockSpec("main", "main", frozenset({"new", "given"}), is_held=False, on_due="shut"),
    )
    pick = m.Action(
        "pick", "pick", ("new",), None, (m.Who.SCOPE,), "trial.give", Pick, takes=(m.Purpose.MATERIAL,),
        filed=lambda ctx, p, files: FILED.extend((p.one, file.name) for file in files),
    )  # fmt: skip
    m.KINDS["trial"] = replace(KIND, actions=(*KIND.actions, NOTHING, pick), clocks=clocks, terms=terms)
    ASKED.clear()
    FILED.clear()
    return room


def clocks_of(opened: m.Opened) -> dict[str, m.Clock]:
    return {clock.slug: clock for clock in m.Clock.objects.filter(matter=opened.matter_id)}


def test_a_batch_is_asked_once_for_the_limits_it_brings(own: Room) -> None:
    done = m.open_many([own.opening(own={"days": n}) for n in (1, 2, 3)], by=SYSTEM, at=MONDAY)
    assert ASKED == [True]
    for n, opened in enumerate(done, start=1):
        found = clocks_of(opened)
        assert {slug: (clock.amount, clock.basis) for slug, clock in found.items()} == {"main": (n, f"own {n}")}


def test_a_limit_that_is_not_named_is_the_districts(own: Room) -> None:
    m.KINDS["trial"] = replace(m.KINDS["trial"], terms=lambda matters, _openings: {})
    found = clocks_of(own.open())
    assert {slug: clock.amount for slug, clock in found.items()} == {"first": 2, "main": 5}


def test_a_changed_limit_is_counted_from_the_start(own: Room) -> None:
    opened = own.open(own={"days": 1})
    before = clocks_of(opened)["main"]

    def change(ctx: m.Context, _p: Any) -> None:
        m.reterm(ctx)

    action = m.Action("change", "change", ("new",), None, (m.Who.SCOPE,), "trial.give", None, change)
    m.KINDS["trial"] = replace(m.KINDS["trial"], actions=(*m.KINDS["trial"].actions, action))
    m.act(opened.matter_id, "change", by=own.centre, at=MONDAY + timedelta(hours=3))
    after = clocks_of(opened)["main"]
    assert (after.amount, after.basis, after.started_at) == (9, "own 9", before.started_at)
    assert ASKED[0] is True
    assert not any(ASKED[1:])


def test_it_lies_with_its_organ_from_the_start(own: Room) -> None:
    opened = own.open(own={"days": 1}, lead_id=own.organ.pk)
    task = m.Task.objects.get(matter=opened.matter_id)
    assert (task.organ_id, task.role, task.state) == (own.organ.pk, "lead", "open")
    assert m.visible_matters(own.worker).filter(pk=opened.matter_id).exists()
    assert not m.visible_matters(own.stranger).filter(pk=opened.matter_id).exists()


def test_a_clock_that_runs_out_takes_its_action_once(own: Room) -> None:
    opened = own.open(own={"days": 1})
    main = clocks_of(opened)["main"]
    m.tick(main.due_at - timedelta(seconds=1))
    assert m.Matter.objects.get(pk=opened.matter_id).stage == "new"
    m.tick(main.due_at + timedelta(seconds=1))
    matter = m.Matter.objects.get(pk=opened.matter_id)
    assert (matter.stage, clocks_of(opened)["main"].state) == ("done", "stopped")
    assert m.tick(main.due_at + timedelta(days=300)) == 0
    assert m.Matter.objects.get(pk=opened.matter_id).version == matter.version


def test_what_fails_when_a_clock_runs_out_is_tried_again(own: Room) -> None:
    opened = own.open(own={"days": 1})
    main = clocks_of(opened)["main"]
    moment = main.due_at + timedelta(seconds=1)

    def fail(_ctx: m.Context, _p: Any) -> None:
        raise RuntimeError("not today")

    kind = m.KINDS["trial"]
    m.KINDS["trial"] = replace(
        kind, actions=tuple(replace(a, effect=fail) if a.slug == "shut" else a for a in kind.actions)
    )
    assert m.tick(moment) == 0
    assert m.Matter.objects.get(pk=opened.matter_id).stage == "new"
    m.KINDS["trial"] = kind
    m.tick(moment + timedelta(minutes=6))
    assert m.Matter.objects.get(pk=opened.matter_id).stage == "done"


def test_a_pause_does_not_hold_a_clock_that_runs_beside(own: Room) -> None:
    opened = own.open(own={"days": 1})
    m.act(opened.matter_id, "give", {"organ": str(own.organ.pk)}, by=own.centre, at=MONDAY)
    reason = m.Reason.objects.get(list="pause")
    m.act(opened.matter_id, "pause", {"reason": str(reason.pk), "note": "等待"}, by=own.centre, at=MONDAY)
    assert clocks_of(opened)["main"].state == "running"
    m.tick(clocks_of(opened)["main"].due_at)
    matter = m.Matter.objects.get(pk=opened.matter_id)
    assert (matter.stage, matter.is_paused) == ("done", False)


def test_only_what_the_matter_has_can_be_picked(own: Room) -> None:
    opened = own.open(own={"days": 1})
    with pytest.raises(Refused) as found:
        m.act(opened.matter_id, "pick", {"one": "other"}, by=own.centre, at=MONDAY)
    assert (found.value.code, found.value.field) == ("not_a_choice", "one")


def test_an_action_is_told_which_files_were_kept_with_it(own: Room) -> None:
    opened = own.open(own={"days": 1})
    pdf = m.Upload("说明.pdf", "application/pdf", b"%PDF-1.4 trial", None)
    m.act(opened.matter_id, "pick", {"one": opened.number}, by=own.centre, at=MONDAY, files=[pdf])
    assert [(opened.number, "说明.pdf")] == FILED
    assert m.Attachment.objects.get(matter=opened.matter_id).purpose == "material"


def test_a_clock_that_names_no_action_does_not_load() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        replace(KIND, clocks=(m.ClockSpec("main", "main", frozenset({"new"}), on_due="nowhere"),))
