"""Two people, independently, on record, reversible; figures follow."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import Notice, stream, verify
from zhitong.kernel.indicators.public import check, figures, fold_finished, rebuild
from zhitong.kernel.matters.actions import telling
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


def test_what_does_not_count_is_not_mended(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rectification ends with the second voice, its clock with it; both reasons are on record; whoever was mending is told."""
    account, bureau = uuid4(), hall.bureau.pk
    monkeypatch.setattr(telling, "holders_of", lambda _permission, organ: {account} if organ == bureau else set())
    review = hall.bad(name="", phone="")
    matter = hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进窗口服务")
    r.exclude(review.pk, by=hall.supervisor, at=MONDAY, reason="同一设备连续差评")
    matter.refresh_from_db()
    assert matter.stage == "mend"  # one voice alone stops nothing
    r.exclude(review.pk, by=hall.caller, at=MONDAY, reason="没有当天的办事记录")
    matter.refresh_from_db()
    assert (matter.stage, matter.outcome, matter.due_at) == ("excluded", "excluded", None)
    assert not matter.clocks.filter(state="running").exists()
    assert not matter.tasks.filter(state="open").exists()
    said = matter.records.get(action="drop").data["reason"]
    for words in (hall.supervisor.label, "同一设备连续差评", hall.caller.label, "没有当天的办事记录"):
        assert words in said
    assert Notice.objects.get(template="review.dropped").to_account == account
    with pytest.raises(Refused):
        hall.act(review, "mend", hall.worker, done="已改进")


def test_what_counts_again_is_verified_anew(hall: Hall) -> None:
    review = hall.bad(name="", phone="")
    r.exclude(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    r.keep(review.pk, by=hall.supervisor, at=MONDAY + DAY, reason="复核后认为属实")
    matter = hall.act(review, "send", hall.caller, organ=str(hall.bureau.pk), demand="改进")
    assert (matter.stage, matter.outcome, matter.closed_at) == ("mend", "", None)
    assert matter.clocks.filter(slug="answer", state="running").count() == 1


def test_what_was_mended_before_stays_mended(hall: Hall) -> None:
    review = hall.bad(name="", phone="")
    matter = hall.act(review, "dismiss", hall.caller, finding="malicious", ground="查无此事")
    r.exclude(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    r.exclude(review.pk, by=hall.caller, at=MONDAY, **WHY)
    r.keep(review.pk, by=hall.supervisor, at=MONDAY, **WHY)
    matter.refresh_from_db()
    assert (matter.stage, matter.outcome) == ("closed", "malicious")
