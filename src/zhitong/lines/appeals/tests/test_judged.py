"""An appeal is one service and one review, whoever asked for it first."""

from typing import Any

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as matters
from zhitong.kernel.reviews import public as reviews

from .factories import MONDAY, SYSTEM, District


@pytest.fixture(autouse=True)
def _defaults(place: District) -> None:
    reviews.load_defaults(by=SYSTEM)


def rate(place: District, opened: matters.Opened, grade: str, **more: Any) -> matters.Matter:
    by = Actor.resident([opened.matter_id])
    return place.act(opened.matter_id, "rate", by, grade=grade, **more)


def the_service() -> reviews.Service:
    return reviews.Service.objects.get()


def test_what_is_concluded_was_served(place: District) -> None:
    opened = place.concluded()
    service = the_service()
    assert (service.matter_id, service.organ_id, service.staff_id, service.item_label) == (
        opened.matter_id, place.street.pk, place.worker.staff_id, "路灯照明",
    )  # fmt: skip
    assert reviews.code_of(service) == ""  # the line asks by itself
    assert not reviews.Review.objects.exists()


def test_the_visit_is_the_review_and_bad_ones_go_to_the_second_handling(place: District) -> None:
    opened = place.concluded()
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="1", words="还是不亮")
    review = reviews.Review.objects.get()
    assert (review.mark, review.source, review.matter_id, review.words) == (1, "visit", None, "")
    assert matters.Matter.objects.count() == 1
    place.act(opened.matter_id, "handle", place.worker, done="再次更换")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="已修好")
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="5")
    assert reviews.Service.objects.count() == 1
    assert reviews.Review.objects.get().mark == 1


def test_a_grade_online_before_the_visit_is_the_one(place: District) -> None:
    opened = place.concluded()
    rate(place, opened, "4", words="可以")
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="5")
    review = reviews.Review.objects.get()
    assert (review.mark, review.source, review.words) == (4, "tracking", "可以")


def test_a_bad_grade_after_the_end_is_followed_up(place: District) -> None:
    opened = place.concluded()
    waived = matters.Reason.objects.get(list="waive_visit", slug="declined")
    place.act(opened.matter_id, "waive_visit", place.visitor, reason=str(waived.pk), note="不需要")
    rate(place, opened, "2", words="答复敷衍")
    review = reviews.Review.objects.get()
    assert review.matter is not None
    assert review.matter.kind == reviews.KIND
    assert review.person_id == place.get(opened).reporter_id
    assert "答复敷衍" in review.matter.text
    assert review.matter.opened_at == MONDAY


def test_words_go_with_the_matter(place: District) -> None:
    opened = place.concluded()
    rate(place, opened, "5", words="谢谢王师傅")
    record = matters.Record.objects.get(action="rate")
    matters.erase_piece(opened.matter_id, "record", record.pk, why="本人要求", by=SYSTEM, at=MONDAY)
    review = reviews.Review.objects.get()
    assert (review.words, review.found) == ("", None)
