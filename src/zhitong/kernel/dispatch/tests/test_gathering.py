"""Matters about one thing find one another; all texts are invented."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from zhitong.base.errors import NotAllowed, Refused
from zhitong.base.tests.test_likeness import ELSEWHERE, OTHER, SMOKE, WATER
from zhitong.kernel.accounts.public import Actor, Granted, Scope
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.dispatch.actions import raising
from zhitong.kernel.dispatch.models import Wording
from zhitong.kernel.dispatch.queries.wording import is_fresh
from zhitong.kernel.events.public import Event, Notice
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
SYSTEM = Actor.system("test")
KIND = m.Kind(
    slug="gathered", label="gathered", steps=(("one", "one"), ("two", "two")),
    stages=(m.Stage("new", "new", "one"), m.Stage("done", "done", "two", is_end=True)),
    actions=(m.Action("note", "note", ("new",), None, (m.Who.SCOPE,), "gathered.note", m.Note, m.note),),
)  # fmt: skip
TEXTS = (*SMOKE, *WATER, *ELSEWHERE, *OTHER)


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    m.KINDS["gathered"] = KIND
    m.SubKind.objects.create(kind="gathered", slug="plain", name="普通")
    m.touch_catalogue()
    yield
    del m.KINDS["gathered"]


def _open(texts: tuple[tuple[str, str], ...], *, phone: str = "", days: float = 1) -> list[m.Matter]:
    at = NOW - timedelta(days=days)
    openings = [
        m.Opening(
            kind="gathered", subkind="plain", title=title, text=text, channel="portal",
            reporter=m.Reporter(name="周某", phone=phone) if phone else m.Reporter(),
        )
        for title, text in texts
    ]  # fmt: skip
    opened = m.open_many(openings, by=SYSTEM, at=at)
    rows = {row.pk: row for row in m.Matter.objects.filter(pk__in=[one.matter_id for one in opened])}
    return [rows[one.matter_id] for one in opened]


def _things(rows: list[m.Matter]) -> list[object]:
    return [dispatch.Belonging.objects.get(matter=row).thing_id for row in rows]


def test_all_are_gathered_and_keep_what_they_belong_to() -> None:
    rows = _open(TEXTS)
    dispatch.gather(NOW)
    things = _things(rows)
    assert things[0] is not None
    assert things[:4] == [things[0]] * 4
    assert things[4] == things[5] != things[0]
    assert things[6] == things[7] not in things[:6]
    assert things[8:] == [None] * 4
    found = dispatch.gather(NOW)
    assert (found.pairs, found.common, found.split) == (8, 8, ())
    assert _things(rows) == things
    assert Wording.objects.count() == 2


def test_a_new_one_finds_what_it_belongs_to() -> None:
    old = _open(TEXTS)
    dispatch.gather(NOW)
    (new,) = _open((("翠微小区烧烤油烟又来了", "楼下烧烤店晚上油烟直排，没有排烟管道，不敢开窗。"),), days=0)
    (stray,) = _open((("请问游泳证怎么办", "想办深水证，要到哪里体检。"),), days=0)
    assert dispatch.place(NOW) == 2
    assert _things([new]) == _things(old[:1])
    assert _things([stray]) == [None]
    assert dispatch.place(NOW) == 0


def test_two_that_stood_alone_become_a_thing() -> None:
    first = _open(SMOKE[:1])
    dispatch.gather(NOW)
    assert _things(first) == [None]
    second = _open(SMOKE[:1], days=0)
    dispatch.place(NOW)
    assert _things(first) == _things(second) != [None]


def test_the_same_words_in_two_streets_are_not_gathered_nor_placed_together() -> None:
    names = (("990101", "甲区"), ("990101001", "南湖街道办事处"), ("990101002", "北山街道办事处"))
    territory.import_list([territory.Listed(*one) for one in names], by=SYSTEM, at=NOW, on=NOW.date())
    south_of, north_of = (one.id for one in territory.of_level("street"))
    lamp = (("三盏路灯不亮", "路灯坏了三天，晚上看不清台阶，老人摔倒。"),)

    def told(area: UUID, days: float) -> list[m.Matter]:
        rows = _open(lamp, days=days)
        m.Matter.objects.filter(pk__in=[row.pk for row in rows]).update(area_id=area)
        return rows

    south, north = told(south_of, 2), told(north_of, 2)
    _open(WATER)
    dispatch.gather(NOW)
    assert _things(south) == _things(north) == [None]
    (near,) = told(north_of, 0)
    assert dispatch.place(NOW) == 1
    assert _things([near]) == _things(north) != [None]
    assert _things(south) == [None]


def test_what_is_hot_says_where_how_many_and_how_hot() -> None:
    _open(SMOKE, phone="13800001234")
    _open(WATER, days=20)
    dispatch.gather(NOW)
    first, second = dispatch.hottest(SYSTEM, NOW)
    assert (second.n, second.heat.people, second.late, second.is_rising) == (4, 1, 4, False)
    assert "翠微小区" in second.names
    assert (first.n, first.heat.people, first.late) == (2, 2, 0)
    assert first.heat.figure > second.heat.figure
    assert {row.title for row in first.members} == {title for title, _text in WATER}


def test_figures_count_only_what_one_may_see() -> None:
    _open(SMOKE)
    dispatch.gather(NOW)
    nobody = Actor("staff", "x", grants=(Granted(permissions=frozenset({"matters.view"}), scope=Scope.OWN),))
    assert dispatch.hottest(nobody, NOW) == []


def test_once_a_night_is_enough() -> None:
    assert not is_fresh(NOW)
    dispatch.gather(NOW)
    assert is_fresh(NOW + timedelta(hours=19))
    assert not is_fresh(NOW + timedelta(hours=31))


def _leader() -> Actor:
    return Actor("staff", "x", grants=(Granted(permissions=frozenset({dispatch.MANAGE}), scope=Scope.ALL),))


def _rise(n: int, *, days: float = 1, first: int = 0) -> list[m.Matter]:
    return [
        row
        for k in range(first, first + n)
        for row in _open(SMOKE[k % 4 : k % 4 + 1], phone=f"1380000{k:04}", days=days)
    ]


def _raised() -> list[Event]:
    return list(Event.objects.filter(kind="dispatch.rising"))


def test_what_rises_is_raised_once_and_again_after_it_calmed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    account = uuid4()
    monkeypatch.setattr(raising, "holders_of", lambda permission: [account] if permission == dispatch.TOLD else [])
    _rise(2)
    dispatch.gather(NOW)
    assert _raised() == []
    _rise(1, days=0, first=2)
    assert dispatch.place(NOW) == 1  # at once, by the worker
    (event,) = _raised()
    assert (event.data["late"], event.data["before"], event.data["people"]) == (3, 0, 3)
    assert "翠微小区" in event.data["names"]
    notice = Notice.objects.get(template="dispatch.rising")
    assert notice.to_account == account
    assert "油烟" not in str(notice.context)
    dispatch.gather(NOW)
    assert dispatch.raise_rising(NOW) == 0
    assert len(_raised()) == 1
    later = NOW + timedelta(days=20)
    assert dispatch.raise_rising(later) == 0
    assert dispatch.Thing.objects.filter(raised_at__isnull=False).count() == 0
    assert dispatch.raise_rising(NOW) == 1


def test_one_person_alone_raises_nothing() -> None:
    _open(SMOKE, phone="13800001234")
    dispatch.gather(NOW)
    assert _raised() == []


def test_the_district_says_when_a_thing_rises() -> None:
    _rise(2)
    dispatch.gather(NOW)
    dispatch.set_rising(days=7, least=2, percent=150, by=_leader(), at=NOW)
    assert dispatch.raise_rising(NOW) == 1
    with pytest.raises(Refused) as refused:
        dispatch.set_rising(days=0, least=2, percent=150, by=_leader(), at=NOW)
    assert refused.value.field == "days"
    with pytest.raises(NotAllowed):
        dispatch.set_rising(days=7, least=2, percent=150, by=Actor("staff", "y"), at=NOW)
