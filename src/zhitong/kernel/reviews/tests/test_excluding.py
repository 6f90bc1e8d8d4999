"""Two people, independently, on record, reversible; figures follow."""

from datetime import date
from decimal import Decimal

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import stream, verify
from zhitong.kernel.indicators.public import check, figures, fold_finished, rebuild
from zhitong.kernel.reviews import public as r

from .conftest import DAY, MONDAY, Hall

ON = MONDAY.date()
WHY = {"reason": "同一人一分钟内对十个窗口作出差评"}


def figure(hall: Hall, slug: str, on: date = ON) -> Decimal | None:
    (found,) = figures(slug, on, on, scope=hall.leader)
    return found.value


def test_it_takes_two_people(hall: Hall) -> None:
    review = hall.bad()
    proposed = r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    assert proposed.second_at is None
    review.refresh_from_db()
    assert review.excluded_at is None
    with pytest.raises(Conflict) as alone:
        r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    assert alone.value.code == "two_people"
    r.exclude(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    review.refresh_from_db()
    assert review.excluded_at == MONDAY
    assert [event.kind for event in stream(review.pk)] == [
        "review.given", "review.proposed", "review.excluded", "review.taken_back",
    ]  # fmt: skip
    with pytest.raises(Conflict):
        r.exclude(review.pk, by=hall.supervisor, at=MONDAY, **WHY)


def test_the_judged_organ_has_no_say(hall: Hall) -> None:
    review = hall.bad()
    r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    with pytest.raises(NotAllowed):
        r.exclude(review.pk, by=hall.head, at=MONDAY, **WHY)
    with pytest.raises(NotAllowed):
        r.keep(review.pk, by=hall.head, at=MONDAY, **WHY)
    with pytest.raises(NotAllowed):
        r.exclude(review.pk, by=hall.leader, at=MONDAY, **WHY)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_reason_is_needed(hall: Hall, reason: str) -> None:
    review = hall.bad()
    with pytest.raises(Refused):
        r.exclude(review.pk, reason=reason, by=hall.caller, at=MONDAY)


def test_a_proposal_is_turned_down_and_may_come_again(hall: Hall) -> None:
    review = hall.bad()
    with pytest.raises(Conflict):
        r.keep(review.pk, by=hall.caller, at=MONDAY, **WHY)
    r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    r.keep(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    assert figure(hall, "review_reviews") == 1
    r.exclude(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    assert r.Exclusion.objects.count() == 2
    assert figure(hall, "review_reviews") == 0


def test_figures_follow_on_the_day_of_the_review(hall: Hall) -> None:
    """Excluded a month later, it leaves the figures of the day of the review, also when that day was folded, and comes back."""
    review = hall.bad()
    hall.judge(hall.serve(), 5)
    assert figure(hall, "review_satisfaction") == Decimal("0.5")
    later = MONDAY + 30 * DAY
    fold_finished()
    r.exclude(review.pk, by=hall.caller, at=later, **WHY)
    r.exclude(review.pk, by=hall.supervisor, at=later, **WHY)
    assert figure(hall, "review_satisfaction") == 1
    assert figure(hall, "review_participation") == Decimal("0.5")
    assert figure(hall, "review_reviews", later.date()) == 0
    fold_finished()
    assert figure(hall, "review_satisfaction") == 1
    r.keep(review.pk, by=hall.supervisor, at=later, reason="复核后认为属实")
    assert figure(hall, "review_satisfaction") == Decimal("0.5")
    rebuild()
    assert figure(hall, "review_satisfaction") == Decimal("0.5")
    assert not list(check())
    assert not list(verify())


def test_what_one_may_not_see_one_cannot_exclude(hall: Hall) -> None:
    from zhitong.kernel.accounts.public import Actor, Granted

    review = hall.bad()
    elsewhere = Actor(
        kind="staff", label="别处", account_id=review.pk,
        grants=(Granted(frozenset({r.EXCLUDE}), scope="organ", organ_ids=frozenset({hall.centre.pk})),),
    )  # fmt: skip
    with pytest.raises(NotFound):
        r.exclude(review.pk, by=elsewhere, at=MONDAY, **WHY)
