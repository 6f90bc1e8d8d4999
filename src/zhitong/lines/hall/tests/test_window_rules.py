"""Whose turn it is: a rule that holds for any line of people."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from zhitong.lines.hall.rules.window import GRACE, PATIENCE, Hours, Waiting, estimate, fits, in_turn, written

NOW = datetime(2026, 9, 9, 2, 0, tzinfo=UTC)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
minutes = st.integers(-120, 120).map(lambda n: NOW + timedelta(minutes=n))
past = st.integers(0, 120).map(lambda n: NOW - timedelta(minutes=n))
people = st.lists(
    st.builds(Waiting, id=st.uuids(), place_at=past, due_at=st.none() | minutes, is_priority=st.booleans()),
    unique_by=lambda one: one.id,
    max_size=12,
)


def kept(one: Waiting) -> datetime | None:
    """The time of an appointment to which somebody came early enough."""
    return one.due_at if one.due_at is not None and one.place_at <= one.due_at + GRACE else None


@given(people)
def test_everybody_is_called_once(line: list[Waiting]) -> None:
    assert sorted(one.id for one in in_turn(line, NOW)) == sorted(one.id for one in line)


@given(people, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_they_are_listed(line: list[Waiting], random) -> None:
    shuffled = list(line)
    random.shuffle(shuffled)
    assert in_turn(shuffled, NOW) == in_turn(line, NOW)


@given(people)
def test_nobody_overtakes_whoever_has_the_same_claim_and_came_first(line: list[Waiting]) -> None:
    order = in_turn(line, NOW)
    for n, one in enumerate(order):
        for later in order[n + 1 :]:
            if not kept(one) and not kept(later) and one.is_priority == later.is_priority:
                assert one.place_at <= later.place_at


@given(people)
def test_an_appointment_is_first_at_its_time_and_not_before(line: list[Waiting]) -> None:
    order = in_turn(line, NOW)
    for n, one in enumerate(order):
        due = kept(one)
        if due and due <= NOW:
            assert all((kept(other) or LAST) <= due for other in order[:n])
        elif due:
            assert all((kept(other) or FIRST) >= due for other in order[n:])


@given(people)
def test_whoever_has_waited_long_is_not_overtaken_by_a_preferred_one_who_came_later(line: list[Waiting]) -> None:
    order = in_turn(line, NOW)
    for n, one in enumerate(order):
        if one.is_priority and not kept(one):
            patient = [t for t in order[n + 1 :] if not kept(t) and NOW - t.place_at >= PATIENCE]
            assert all(other.place_at >= one.place_at for other in patient)


@given(people, st.builds(Waiting, id=st.uuids(), place_at=st.just(NOW)))
def test_whoever_comes_last_without_a_claim_changes_nothing_for_the_others(line: list[Waiting], last: Waiting) -> None:
    line = [one for one in line if one.id != last.id and one.place_at < NOW]
    assert [one for one in in_turn([*line, last], NOW) if one.id != last.id] == in_turn(line, NOW)


def test_an_example() -> None:
    ordinary = Waiting(UUID(int=1), NOW - timedelta(minutes=20), 1)
    elderly = Waiting(UUID(int=2), NOW - timedelta(minutes=5), 2, is_priority=True)
    due = Waiting(UUID(int=3), NOW - timedelta(minutes=2), 3, due_at=NOW)
    early = Waiting(UUID(int=4), NOW - timedelta(minutes=30), 4, due_at=NOW + timedelta(minutes=1))
    late = Waiting(UUID(int=5), NOW, 5, due_at=NOW - GRACE - timedelta(minutes=1))
    assert [one.number for one in in_turn([ordinary, elderly, due, early, late], NOW)] == [3, 2, 1, 5, 4]


def test_how_long_it_takes() -> None:
    assert estimate(0, 2, None) == 0
    assert estimate(3, 0, 300) is None
    assert estimate(3, 1, 300) == 15
    assert estimate(4, 2, 420) == 15
    assert estimate(1, 1, None) == 10


def test_slots_end_before_the_break_and_before_the_hall_closes() -> None:
    hours = Hours(time(9), time(17), time(12), time(13, 30))
    found = list(hours.slots(45))
    assert found[:2] == [time(9), time(9, 45)]
    assert time(11, 15) in found
    assert time(12) not in found
    assert time(13, 30) in found
    assert found[-1] == time(15, 45)
    assert not hours.is_open(time(12, 30))
    assert hours.is_open(time(13, 30))
    assert not hours.is_open(time(17))


def test_what_a_queue_is_for() -> None:
    assert fits([], [], topic="food", item=1)
    assert fits(["food"], [], topic="food", item=1)
    assert fits(["work"], [1], topic="food", item=1)
    assert not fits(["work"], [2], topic="food", item=1)


def test_what_stands_on_a_ticket() -> None:
    assert written("A", 7) == "A007"
