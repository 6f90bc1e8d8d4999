"""Acting: permission, version, stage, payload, record."""

from datetime import timedelta
from uuid import uuid4

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m

from .conftest import MONDAY, Room


def test_an_action_moves_the_stage_and_the_clocks(room: Room) -> None:
    opened = room.given()
    matter = m.Matter.objects.get(pk=opened.matter_id)
    assert (matter.stage, matter.lead_id, matter.version) == ("given", room.organ.pk, 2)
    first, main = m.Clock.objects.filter(matter=matter).order_by("slug")
    assert (first.state, main.state) == ("stopped", "running")
    assert matter.due_at == main.due_at
    event = events.stream(matter.pk).last()
    assert event is not None
    assert event.data["clocks"][0]["in_time"] is True


def test_only_the_organ_that_has_it_may_finish(room: Room) -> None:
    opened = room.given()
    with pytest.raises(NotFound):
        m.act(opened.matter_id, "finish", {"note": "x"}, by=room.stranger, at=MONDAY)
    m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY)
    with pytest.raises(Conflict):
        m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY)


def test_a_permission_alone_is_not_enough(room: Room) -> None:
    opened = room.given()
    with pytest.raises(NotAllowed):
        m.act(opened.matter_id, "finish", {"note": "x"}, by=room.centre, at=MONDAY)


def test_an_older_version_is_a_conflict_and_changes_nothing(room: Room) -> None:
    opened = room.given()
    with pytest.raises(Conflict):
        m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY, version=1)
    assert m.Matter.objects.get(pk=opened.matter_id).stage == "given"


@pytest.mark.parametrize(("version", "code"), [(2, "changed"), (None, "wrong_stage")])
def test_who_comes_second_learns_who_did_what(room: Room, version: int | None, code: str) -> None:
    opened = room.given()
    m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY)
    last = events.stream(opened.matter_id).last()
    assert last is not None
    with pytest.raises(Conflict) as conflict:
        m.act(opened.matter_id, "finish", {"note": "y"}, by=room.worker, at=MONDAY, version=version)
    assert conflict.value.code == code
    for told in (room.worker.label, events.describe(last)[0], "2026年9月7日 10:00"):
        assert told in str(conflict.value)


def test_the_same_key_acts_once(room: Room) -> None:
    opened = room.given()
    for was_known in (False, True, True):
        matter = m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY, version=2, key="api:1")
        assert (matter.stage, matter.version, matter.was_known) == ("done", 3, was_known)
    assert events.stream(opened.matter_id).filter(kind__endswith=".finish").count() == 1


@pytest.mark.parametrize("other", [{"note": "y"}, {"note": "x", "more": 1}])
def test_a_key_that_comes_back_with_something_else_is_a_conflict(room: Room, other: dict[str, object]) -> None:
    opened = room.given()
    m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY, key="api:1")
    with pytest.raises(Conflict) as conflict:
        m.act(opened.matter_id, "finish", other, by=room.worker, at=MONDAY, key="api:1")
    assert conflict.value.code == "key_reused"


def test_a_key_is_free_again_when_nothing_was_done(room: Room) -> None:
    opened = room.given()
    with pytest.raises(Refused):
        m.act(opened.matter_id, "finish", {"note": ""}, by=room.worker, at=MONDAY, key="api:1")
    assert not m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY, key="api:1").was_known


def test_a_key_tells_nobody_of_a_matter_that_is_not_theirs(room: Room) -> None:
    opened = room.given()
    m.act(opened.matter_id, "finish", {"note": "x"}, by=room.worker, at=MONDAY, key="api:1")
    with pytest.raises(NotFound):
        m.act(opened.matter_id, "finish", {"note": "x"}, by=room.stranger, at=MONDAY, key="api:1")


@pytest.mark.parametrize(
    "data",
    [
        {}, {"organ": ""}, {"organ": "x"}, {"organ": str(uuid4())}, {"organ": None}, {"organ": ["a"]}, {"other": 1},
        {"organ": str(uuid4()), "note": 5},
    ],
)  # fmt: skip
def test_a_bad_payload_is_refused_and_nothing_happens(room: Room, data: dict[str, object]) -> None:
    opened = room.open()
    with pytest.raises(Refused) as refused:
        m.act(opened.matter_id, "give", data, by=room.centre, at=MONDAY)
    assert refused.value.field
    assert events.stream(opened.matter_id).count() == 1


def test_texts_are_limited_and_cleaned(room: Room) -> None:
    opened = room.open()
    with pytest.raises(Refused) as refused:
        m.act(opened.matter_id, "give", {"organ": str(room.organ.pk), "note": "长" * 11}, by=room.centre, at=MONDAY)
    assert refused.value.field == "note"


def test_what_was_written_is_kept_apart_from_the_log(room: Room) -> None:
    opened = room.given()
    m.act(opened.matter_id, "note", {"note": "电话13800001234"}, by=room.centre, at=MONDAY)
    record = m.Record.objects.get(matter=opened.matter_id, action="note")
    event = events.Event.objects.get(pk=record.event)
    assert record.data == {"note": "电话13800001234"}
    assert "13800001234" not in str(event.data)
    assert event.data["record"] == bytes(record.digest).hex()


def test_unknown_matters_and_actions_are_not_found(room: Room) -> None:
    with pytest.raises(NotFound):
        m.act(uuid4(), "give", {}, by=room.centre, at=MONDAY)
    with pytest.raises(NotFound):
        m.act(room.open().matter_id, "fly", {}, by=room.centre, at=MONDAY)


def test_offers_are_what_act_would_take(room: Room) -> None:
    opened = room.given()
    matter = m.Matter.objects.get(pk=opened.matter_id)

    def offered(by: Actor) -> set[str]:
        return {o.slug for o in m.offers(matter, list(matter.tasks.all()), list(matter.clocks.all()), by, MONDAY)}

    assert offered(room.worker) == {"finish"}
    assert offered(room.centre) == {"pause", "note"}
    assert offered(room.stranger) == set()
    assert offered(Actor.resident()) == set()


def test_a_pause_over_two_closings_of_which_one_counts_costs_one_day(room: Room) -> None:
    opened = room.given()
    before = m.Clock.objects.get(matter=opened.matter_id, slug="main").due_at
    reason = str(m.Reason.objects.get(slug="wait").pk)
    m.act(opened.matter_id, "pause", {"reason": reason, "note": "x"}, by=room.centre, at=MONDAY)
    m.act(opened.matter_id, "resume", {"note": "x"}, by=room.centre, at=MONDAY + timedelta(days=2))
    after = m.Clock.objects.get(matter=opened.matter_id, slug="main").due_at
    assert after - before == timedelta(days=1)


def test_a_table_that_names_an_unknown_stage_does_not_load() -> None:
    with pytest.raises(ValueError, match="unknown stages"):
        m.Kind(
            slug="x", label="x", steps=(("a", "a"),), stages=(m.Stage("new", "new", "a"),),
            actions=(m.Action("go", "go", ("nowhere",)),),
        )  # fmt: skip
