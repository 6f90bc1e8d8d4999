"""Lists that are read from open tasks are the lists they were: the same rows in the same order, page by page, with the same neighbours."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor, actor_for
from zhitong.kernel.matters import public as matters

from ..queries import listing, paging, waiting
from .desk import Desk, signed_in

NAMES = ("dispatcher", "worker", "colleague", "head", "co_worker", "visitor")
WANTED: tuple[dict[str, str], ...] = (
    {}, {"set": "work"}, {"set": "work.organ", "grade": "late"}, {"set": "work.co"}, {"set": "work.new", "due": "later"},
    {"set": "work.unassigned"}, {"set": "work", "stage": "appeal.passed"}, {"set": "do.appeal.approve"}, {"set": "do.appeal.visit"},
)  # fmt: skip


@pytest.fixture
def full(office: Desk) -> Desk:
    """A dozen in several hands, due on few days or on none, some late."""
    now = timezone.now()
    made = [office.passed(co=n % 2 == 0) for n in range(7)] + [office.met() for _n in range(2)]
    office.act(made[1], "assign", office.head, staff=str(office.worker.staff_id))
    concluded = [office.act(office.met(), "handle", office.worker, done="已处理") for _n in range(2)]
    for one in concluded:
        office.act(one, "conclude", office.worker, outcome="solved", reply="已解决")
    office.closed()
    for n, one in enumerate(made):
        due, grade = (now + timedelta(days=n // 3), "on_time") if n % 4 else (None, "overdue")
        matters.Matter.objects.filter(pk=one.pk).update(due_at=due, grade=grade)
    return office


def read(rows, sort: str, gathered) -> tuple[list[matters.Matter], list[matters.Matter]]:
    """All pages forth, then back again."""
    forth, key = list[matters.Matter](), None
    while True:
        found = paging.page(rows, sort, 2, after=key, gathered=gathered)
        forth += found.rows
        if found.older is None:
            break
        key = found.older
    back = list(found.rows)
    while found.newer is not None:
        found = paging.page(rows, sort, 2, before=found.newer, gathered=gathered)
        back = found.rows + back
    return forth, back


def compare(every, sort: str, rows, gathered) -> int:
    nulls = F("due_at").asc(nulls_last=True)
    expected = list(every.order_by("-pk") if sort == paging.NEWEST else every.order_by(nulls, "pk"))
    assert read(rows, sort, gathered) == (expected, expected)
    assert listing.count(gathered) == len(expected)
    assert list(paging.first(rows, sort, 3, gathered)) == expected[:3]
    ids = [m.pk for m in expected]
    for n, one in enumerate(expected):
        around = (ids[n - 1] if n else None, ids[n + 1] if n + 1 < len(ids) else None)
        assert paging.neighbours(rows, sort, one, gathered) == around
    for one in matters.Matter.objects.exclude(pk__in=ids):
        assert paging.neighbours(rows, sort, one, gathered) == paging.neighbours(every, sort, one)
    return len(expected)


def actor(full: Desk, name: str) -> Actor:
    return actor_for(getattr(full, name))


@pytest.mark.parametrize("name", NAMES)
def test_my_work_is_the_same(full: Desk, name: str) -> None:
    by = actor(full, name)
    found = {tab: compare(waiting.work(by, tab), paging.DUE, *waiting.listed(by, tab)) for tab in waiting.TABS[:-1]}
    assert waiting.work_counts(by) == found
    assert sum(found.values()) or name == "dispatcher"
    assert waiting.listed(by, "done")[1] is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sort", paging.SORTS)
def test_lists_of_sets_are_the_same(full: Desk, name: str, sort: str) -> None:
    by, most = actor(full, name), 0
    for wanted in WANTED:
        rows, gathered = listing.listed(by, wanted, sort)
        if gathered is not None:
            most = max(most, compare(listing.filtered(by, wanted), sort, rows, gathered))
    assert most > 1 or name == "dispatcher"


@pytest.mark.parametrize("wanted", [{"q": "路灯"}, {"stage": "open"}, {"set": "work", "channel": "portal"}])
def test_other_lists_are_read_as_before(full: Desk, wanted: dict[str, str]) -> None:
    assert listing.listed(actor(full, "worker"), wanted, paging.NEWEST)[1] is None


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "超过2件"), ("en", "More than 2")])
def test_a_list_says_where_it_stopped_counting(
    full: Desk, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(listing, "MOST_LISTED", 2)
    for account in (full.worker, full.dispatcher):
        client = signed_in(account)
        client.cookies["django_language"] = language
        assert said in client.get("/desk/matters/").content.decode()
