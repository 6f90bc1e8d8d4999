"""Terms, what goes by itself, and lists that two people stand for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.district import BY, District, Raised
from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.base.retention import cutoff, record_kinds, term_end
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, Notice, verify
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Person, find_or_create_person

from .. import public as privacy
from ..models import Term

pytestmark = pytest.mark.django_db
KIND = "matters.closed"
LONG_AGO = timedelta(days=366 * 12)


def old(district: District) -> Raised:
    """A matter that has been over for longer than its term."""
    one = district.closed()
    m.Matter.objects.filter(pk=one.id).update(closed_at=timezone.now() - LONG_AGO)
    return one


def make(district: District) -> privacy.DestroyList:
    return privacy.make_list(KIND, by=district.actor("archivist"), at=timezone.now())


def approve(district: District, one: privacy.DestroyList, by: Actor | None = None) -> privacy.DestroyList:
    return privacy.approve_list(one.pk, opinion="同意销毁", by=by or district.actor("officer"), at=timezone.now())


def test_years_count_from_the_first_of_january_after() -> None:
    since = datetime(2014, 3, 1, tzinfo=UTC)
    assert term_end(10, "year", since).date() == date(2025, 1, 1)
    for at, is_due in ((datetime(2024, 12, 31, tzinfo=UTC), False), (datetime(2025, 1, 1, tzinfo=UTC), True)):
        assert (since < cutoff(10, "year", at)) is is_due
    assert term_end(30, "day", since) == since + timedelta(days=30)


def test_every_kind_says_its_basis_and_has_one_way_to_go() -> None:
    for kind in record_kinds().values():
        assert str(kind.basis)
        ways = (kind.destroy is not None) + (kind.destroy_listed is not None)
        assert ways == (kind.amount is not None)
        assert (kind.due is not None) == kind.is_listed


def test_what_goes_by_itself(district: District) -> None:
    now = timezone.now()
    person = find_or_create_person(by=BY, at=now - timedelta(days=91), name="闲置", phone="13900003333")
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(seconds=1))
    bare = dict.fromkeys(("user_agent", "get_data", "post_data", "http_accept", "path_info"), "")
    attempt = AccessAttempt.objects.create(username="x", failures_since_start=1, **bare)
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=now - timedelta(days=181))
    district.passed()
    Notice.objects.update(state="sent", created_at=now - LONG_AGO)
    m.open_matter(
        m.Opening("appeal", "report", "有效的键", "portal", key="kept-key"), by=Actor.resident(), at=now
    )  # fmt: skip
    done = privacy.tidy(at=now)
    assert {done[k] for k in ("matters.people", "accounts.sessions", "accounts.attempts")} == {1}
    assert done["events.notices"] >= 1
    assert done["matters.keys"] == 0
    assert not Person.objects.filter(pk__in=[person.person_id]).exists()
    assert "events.log" not in done
    assert KIND not in done
    again = privacy.tidy(at=now)
    assert set(again.values()) == {0}


def test_another_term_is_in_force_at_once(district: District) -> None:
    district.closed()
    by, now = district.actor("admin"), timezone.now()
    m.Matter.objects.update(closed_at=now - timedelta(days=366 * 3))
    with pytest.raises(Refused):
        make(district)
    privacy.set_term(KIND, amount=1, unit="year", basis="本单位保管期限表第三条", by=by, at=now)
    one = make(district)
    assert (one.term, one.basis) == ("1年", "本单位保管期限表第三条")
    assert Event.objects.filter(kind="retention.term_changed").count() == 1


@pytest.mark.parametrize(
    ("slug", "given", "field"),
    [
        (KIND, {"amount": 0}, "amount"), (KIND, {"unit": "day"}, "amount"), (KIND, {"basis": ""}, "basis"),
        (KIND, {"amount": 101}, "amount"), ("events.log", {}, "amount"), (KIND, {"unit": "x"}, "unit"),
    ],
)  # fmt: skip
def test_terms_that_are_none(district: District, slug: str, given: dict[str, Any], field: str) -> None:
    said: dict[str, Any] = {"amount": 5, "unit": "year", "basis": "x", **given}
    with pytest.raises(Refused) as refused:
        privacy.set_term(slug, by=district.actor("admin"), at=timezone.now(), **said)
    assert refused.value.field == field
    assert not Term.objects.exists()


def test_only_what_has_had_its_time_is_listed(district: District) -> None:
    due, young, open_ = old(district), district.closed(), district.met()
    one = make(district)
    assert list(one.items.values_list("target", flat=True)) == [due.id]
    assert due.number in one.items.get().title
    approve(district, one)
    assert due.matter.text == m.GONE
    assert young.matter.text != m.GONE
    assert open_.matter.text != m.GONE
    assert list(verify()) == []


def test_a_list_takes_two_people(district: District) -> None:
    old(district)
    one = make(district)
    archivist, admin = district.actor("archivist"), district.actor("admin")
    for by in (archivist, admin):
        with pytest.raises(NotAllowed):
            approve(district, one, by)
    both = Actor(archivist.kind, "两职一人", archivist.account_id, grants=district.actor("officer").grants)
    with pytest.raises(NotAllowed) as refused:
        approve(district, one, both)
    assert refused.value.code == "two_people"
    assert privacy.list_of(one.pk, archivist).state == privacy.ListState.DRAFT
    done = approve(district, one)
    assert (done.made_by, done.approved_by) == (archivist.account_id, district.people["officer"].pk)


def test_the_certificate_says_what_was_destroyed_and_no_word_of_it(district: District) -> None:
    due, text = old(district), "东风路18号门前路灯不亮"
    one = approve(district, make(district))
    lines = list(privacy.lines_of(one))
    assert due.number in lines[1][1]
    assert "已销毁" in lines[1]
    assert text not in str(lines)
    event = Event.objects.get(stream=one.pk, kind="retention.destroyed")
    assert event.data["digest"] == bytes(one.digest or b"").hex()
    assert event.data["count"] == 1


def test_what_is_postponed_stays_and_comes_back(district: District) -> None:
    first, second = old(district), old(district)
    one, now = make(district), timezone.now()
    item = one.items.get(target=first.id)
    until = timezone.localdate(now) + timedelta(days=30)
    privacy.postpone_items(one.pk, [item.pk], reason="正在诉讼", until=until, by=district.actor("officer"), at=now)
    done = approve(district, one)
    assert done.count == 1
    assert first.matter.text != m.GONE
    assert second.matter.text == m.GONE
    with pytest.raises(Refused):
        make(district)
    later = privacy.make_list(KIND, by=district.actor("archivist"), at=now + timedelta(days=31))
    assert later.items.get().target == first.id


def test_one_list_of_a_kind_at_a_time(district: District) -> None:
    old(district)
    one = make(district)
    with pytest.raises(Conflict):
        make(district)
    privacy.drop_list(one.pk, by=district.actor("archivist"), at=timezone.now())
    with pytest.raises(Conflict):
        approve(district, one)
    assert make(district).count == 1


def test_what_changed_meanwhile_is_left_alone(district: District) -> None:
    reopened, due = old(district), old(district)
    one = make(district)
    m.Matter.objects.filter(pk=reopened.id).update(closed_at=None, stage="second")
    done = approve(district, one)
    assert done.count == 1
    assert reopened.matter.text != m.GONE
    assert due.matter.text == m.GONE
    assert one.items.get(target=reopened.id).state == privacy.ItemState.SKIPPED


def test_what_was_merged_waits_for_the_main_one(district: District) -> None:
    gone, main = old(district), district.met()
    m.Link.objects.create(source=gone.matter, target=main.matter, relation="duplicate_of", at=timezone.now())
    with pytest.raises(Refused):
        make(district)


@pytest.mark.parametrize(
    ("reason", "days", "field"),
    [("", 30, "reason"), ("诉讼", 0, "until"), ("诉讼", 4000, "until"), ("诉讼", None, "until")],
)
def test_postponing_says_why_and_until_when(district: District, reason: str, days: int | None, field: str) -> None:
    old(district)
    one, now = make(district), timezone.now()
    until = timezone.localdate(now) + timedelta(days=days) if days is not None else None
    with pytest.raises(Refused) as refused:
        privacy.postpone_items(
            one.pk, [one.items.get().pk], reason=reason, until=until, by=district.actor("archivist"), at=now
        )
    assert refused.value.field == field
