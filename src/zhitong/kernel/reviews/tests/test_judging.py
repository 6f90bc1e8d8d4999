"""Who may review what, once, until when; and what a bad review sets going."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.events.public import Event, Notice, render
from zhitong.kernel.matters.public import Matter
from zhitong.kernel.register.public import find_or_create_person
from zhitong.kernel.reviews import public as r

from .conftest import DAY, MONDAY, RESIDENT, SYSTEM, Hall


def test_a_service_is_reviewed_once_with_its_code(hall: Hall) -> None:
    served = hall.serve()
    review = r.judge(
        f" {served.code[:5].lower()}-{served.code[5:]} ", r.Judgement(4, ("warm",), " 很好 "), by=RESIDENT, at=MONDAY
    )
    assert (review.mark, review.reasons, review.words, review.organ_id, review.staff_id) == (
        4, ["warm"], "很好", hall.bureau.pk, hall.clerk.staff_id,
    )  # fmt: skip
    with pytest.raises(Conflict) as again:
        hall.judge(served, 5)
    assert again.value.code == "reviewed"


def test_the_code_is_not_in_the_database(hall: Hall) -> None:
    served = hall.serve()
    row = r.Service.objects.get(pk=served.service_id)
    assert served.code.encode() not in bytes(row.digest or b"")
    assert r.code_of(row) == served.code
    assert not Event.objects.filter(data__icontains=served.code).exists()


@pytest.mark.parametrize("code", ["", "ABCDEFGHJK", "x" * 5000, "\x00", "'; drop table"])
def test_an_unknown_code_opens_nothing(hall: Hall, code: str) -> None:
    hall.serve()
    with pytest.raises(NotFound):
        r.judge(code, r.Judgement(5), by=RESIDENT, at=MONDAY)


def test_only_within_the_period(hall: Hall) -> None:
    served = hall.serve(open_for=3 * DAY)
    with pytest.raises(Refused) as late:
        hall.judge(served, at=MONDAY + 3 * DAY + timedelta(seconds=1))
    assert late.value.code == "review_closed"
    assert hall.judge(served, at=MONDAY + 3 * DAY).mark == 5


@pytest.mark.parametrize(
    ("mark", "more", "code"),
    [
        (0, {}, "no_mark"),
        (6, {}, "no_mark"),
        (5, {"reasons": ("attitude",)}, "unknown_reason"),
        (1, {"reasons": ("warm",)}, "unknown_reason"),
        (5, {"words": "好" * 501}, "too_long"),
        (1, {"name": "王小明"}, "no_phone"),
        (1, {"phone": "138"}, "person_phone"),
    ],
)
def test_what_cannot_be_taken_says_what_to_mend(hall: Hall, mark: int, more: dict[str, Any], code: str) -> None:
    served = hall.serve()
    with pytest.raises(Refused) as refused:
        hall.judge(served, mark, **more)
    assert refused.value.code == code
    assert not r.Review.objects.exists()
    assert not Matter.objects.exists()


def test_one_matter_is_one_service(hall: Hall) -> None:
    matter = hall.bad().matter_id
    first = hall.serve(matter_id=matter)
    again = hall.serve(matter_id=matter)
    assert again.was_known
    assert (again.service_id, again.code) == (first.service_id, first.code)
    with transaction.atomic():
        givings = [r.Giving("hall", hall.bureau.pk, matter_id=matter), r.Giving("hall", hall.bureau.pk)]
        both = r.served_many(givings, by=SYSTEM, at=MONDAY)
    assert [one.was_known for one in both] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_a_service_is_written_with_its_action_only() -> None:
    with pytest.raises(RuntimeError):
        r.served(r.Giving("hall", uuid4()), by=SYSTEM, at=MONDAY)


def test_an_invitation_carries_the_code_and_the_outbox_does_not(hall: Hall) -> None:
    found = find_or_create_person(name="王小明", phone="13800001234", by=SYSTEM, at=MONDAY)
    served = hall.serve(invite=found.contact_id)
    (notice,) = Notice.objects.filter(template="review.invited")
    assert served.code not in str(notice.context)
    _title, body = render(notice)
    assert served.code in body
    assert "食品经营许可" in body


def test_a_good_review_leaves_no_number_behind(hall: Hall) -> None:
    review = hall.judge(hall.serve(), 5, name="王小明", phone="13800001234")
    assert review.person_id is None
    assert review.matter_id is None


def test_a_bad_review_opens_a_rectification_with_its_limit(hall: Hall) -> None:
    review = hall.bad()
    matter = review.matter
    assert matter is not None
    assert (matter.kind, matter.stage, matter.is_public) == ("rectification", "verify", False)
    assert matter.due_at is not None
    assert matter.due_at == datetime(2026, 9, 14, 9, 30, tzinfo=UTC)  # five working days: the Monday after, 17:30
    assert "王小明" not in matter.text
    assert "1380000" not in matter.text
    assert matter.reporter_id is None
    assert "态度不好" in matter.text


def test_a_district_may_follow_up_elsewhere(hall: Hall) -> None:
    from zhitong.kernel.matters.public import SubKind, touch_catalogue

    SubKind.objects.filter(kind="rectification").update(is_active=False)
    touch_catalogue()
    assert hall.bad().matter_id is None


def test_the_poster_needs_no_service_and_counts_apart(hall: Hall) -> None:
    review, code = r.judge_at_point(hall.window, r.Judgement(2, source="poster"), by=RESIDENT, at=MONDAY)
    assert not review.is_counted
    assert review.matter_id is not None
    assert review.organ_id == hall.bureau.pk
    assert r.service_of_code(code) is not None
    with pytest.raises(NotFound):
        r.judge_at_point(
            r.put_point(organ_id=hall.bureau.pk, name="停用", is_active=False, by=SYSTEM, at=MONDAY),
            r.Judgement(5), by=RESIDENT, at=MONDAY,
        )  # fmt: skip


def test_the_tablet_asks_about_what_was_just_served(hall: Hall) -> None:
    assert r.waiting_at(hall.window, MONDAY) is None
    served = hall.serve()
    waiting = r.waiting_at(hall.window, MONDAY + timedelta(seconds=30))
    assert waiting is not None
    assert waiting.pk == served.service_id
    assert r.waiting_at(hall.window, MONDAY + timedelta(minutes=3)) is None
    r.judge_service(served.service_id, r.Judgement(5, source="tablet"), by=RESIDENT, at=MONDAY)
    assert r.waiting_at(hall.window, MONDAY + timedelta(seconds=30)) is None


def test_codes_of_a_window_are_renewed(hall: Hall) -> None:
    before = r.code_of_tablet(hall.window)
    assert r.point_of_tablet(before) == hall.window
    after = r.code_of_tablet(r.renew_codes(hall.window.pk, "tablet", by=SYSTEM, at=MONDAY))
    assert after != before
    assert r.point_of_tablet(before) is None
    assert r.point_of_tablet(after) == hall.window
    poster = r.code_of_poster(hall.window)
    assert r.point_of_tablet(poster) is None
    assert r.point_of_poster(poster) == hall.window


def test_names_are_told_where_the_permission_for_them_reaches(hall: Hall) -> None:
    review, other = hall.bad(), hall.centre.pk
    sees = Granted(frozenset({r.VIEW}))

    def told(*permissions: str, scope: str = "organ", organ_id: UUID = other) -> bool:
        names = Granted(frozenset(permissions), scope=scope, organ_id=organ_id, organ_ids=frozenset({organ_id}))
        by = Actor(
            kind="staff", label="某人", account_id=uuid4(), grants=(sees, names), post_organ_ids=frozenset({other})
        )
        assert r.visible_reviews(by).filter(pk=review.pk).exists()
        return review.pk in r.nameable(by, [review])

    assert told(r.NAMES, scope="all")
    assert not told(r.NAMES)  # holds it in another organ
    assert not told(r.EXPORT, scope="all")
