"""What follows from a grade, and who may see what, for any values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.reviews import rules
from zhitong.kernel.reviews.choices import BAD_REASONS, GOOD_REASONS, Mark

moments = st.timedeltas(timedelta(0), timedelta(days=7000)).map(lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since)
spans = st.timedeltas(timedelta(0), timedelta(days=400))
people = st.one_of(st.none(), st.sampled_from([UUID(int=n) for n in range(3)]))
tallies = st.dictionaries(st.sampled_from(list(Mark)), st.integers(0, 100_000))


@given(st.sampled_from(list(Mark)))
def test_three_grades_are_satisfied_and_each_has_its_list(mark: Mark) -> None:
    assert rules.is_satisfied(mark) == (mark >= 3)
    assert rules.reasons_list(mark) == (GOOD_REASONS if mark >= 3 else BAD_REASONS)


@given(moments, spans, spans)
def test_a_period_holds_both_its_ends(served: datetime, period: timedelta, after: timedelta) -> None:
    assert rules.is_open(served, served + period, served + after) == (after <= period)
    assert not rules.is_open(served, served + period, served - timedelta(microseconds=1))


@given(moments, spans, people, people)
def test_the_judged_one_alone_is_kept_from_it_and_only_for_the_period(
    at: datetime, left: timedelta, judged: UUID | None, viewer: UUID | None
) -> None:  # fmt: skip
    def hidden(shown_from: datetime) -> bool:
        return rules.is_hidden(shown_from=shown_from, at=at, staff_id=judged, viewer_staff_id=viewer)

    assert hidden(at + left + timedelta(seconds=1)) == (judged is not None and judged == viewer)
    assert not hidden(at - left)


@given(moments, spans, st.booleans(), st.booleans())
def test_names_need_the_permission_and_distance(at: datetime, left: timedelta, holds: bool, is_own: bool) -> None:
    organ = uuid4()

    def may(shown_from: datetime) -> bool:
        viewer = [organ] if is_own else [uuid4()]
        return rules.may_name(shown_from=shown_from, at=at, organ_id=organ, viewer_organs=viewer, holds_names=holds)

    assert may(at + left + timedelta(seconds=1)) == (holds and not is_own)
    assert may(at - left) == holds


@given(tallies, st.integers(0, 500_000))
def test_shares_are_of_what_they_say(marks: dict[int, int], services: int) -> None:
    tally = rules.Tally(services, marks)
    assert tally.reviews == sum(marks.values())
    assert tally.satisfied == sum(n for mark, n in marks.items() if mark > 2)
    assert (tally.satisfaction is None) == (tally.reviews == 0)
    assert (tally.participation is None) == (services == 0)
    if tally.satisfaction is not None:
        assert 0 <= tally.satisfaction <= 100
        assert abs(tally.satisfaction - Decimal(100 * tally.satisfied) / tally.reviews) <= Decimal("0.005")


def test_the_ordinary_year() -> None:
    tally = rules.Tally(186_288, {5: 79_514, 2: 143})
    assert (tally.reviews, str(tally.participation), str(tally.satisfaction)) == (79_657, "42.76", "99.82")
