"""What is held about whoever reviewed, how it goes, and what stays."""

from datetime import timedelta

from django.utils import timezone

from zhitong.base.holdings import Case, Holding, holdings
from zhitong.base.retention import record_kinds
from zhitong.kernel.matters.public import Matter
from zhitong.kernel.register.public import Person
from zhitong.kernel.reviews import public as r

from .conftest import MONDAY, SYSTEM, Hall

LATER = MONDAY + timedelta(days=400)


def case_of(review: r.Review) -> Case:
    assert review.person_id is not None
    return Case(review.person_id, LATER, lambda _kind, _since: None)


def holding() -> Holding:
    return next(one for one in holdings() if one.slug == "reviews.words")


def closed(review: r.Review) -> None:
    assert review.matter_id is not None
    Matter.objects.filter(pk=review.matter_id).update(closed_at=MONDAY, stage="closed")


def test_whoever_waits_for_an_answer_is_still_needed(hall: Hall) -> None:
    review = hall.bad()
    case = case_of(review)
    (held,) = holding().look(case)
    assert held.kept
    assert case.needed
    assert ("意见", "态度不好") in [(str(label), text) for label, text in held.facts]
    assert holding().erase(case, SYSTEM) == 0


def test_words_and_person_go_on_request_and_the_grade_stays(hall: Hall) -> None:
    review = hall.bad()
    r.exclude(review.pk, reason="王小明误评", by=hall.caller, at=MONDAY)
    closed(review)
    case = case_of(review)
    assert holding().erase(case, SYSTEM) == 1
    review.refresh_from_db()
    assert (review.words, review.person_id, review.found, review.mark) == ("", None, None, 1)
    assert r.Exclusion.objects.get().first_reason == ""
    assert not holding().look(case)


def test_ties_and_words_go_by_themselves_when_their_term_is_over(hall: Hall) -> None:
    waiting, over = hall.bad(), hall.bad(phone="13900001111", name="李小红")
    closed(over)
    callers, words = record_kinds()["reviews.callers"], record_kinds()["reviews.words"]
    assert callers.destroy is not None
    assert words.destroy is not None
    assert (callers.count(LATER), callers.destroy(LATER)) == (1, 1)
    began = timezone.now()
    assert (words.count(LATER), words.destroy(LATER)) == (1, 1)
    waiting.refresh_from_db()
    over.refresh_from_db()
    assert (waiting.words, over.words, over.person_id) == ("态度不好", "", None)
    assert over.erased_at is not None
    assert began <= over.erased_at <= timezone.now()  # when it was done, not when its term began
    assert callers.destroy(MONDAY) == 0


def test_people_stay_registered_while_a_review_needs_them(hall: Hall) -> None:
    review, kind = hall.bad(), record_kinds()["matters.people"]
    assert kind.destroy is not None
    person = review.person_id
    assert person is not None
    kind.destroy(timezone.now() + timedelta(days=1))
    assert Person.objects.filter(pk=person).exists()
    r.Review.objects.update(person=None)
    kind.destroy(timezone.now() + timedelta(days=1))
    assert not Person.objects.filter(pk=person).exists()
