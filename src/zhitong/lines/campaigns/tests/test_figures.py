"""What is counted of a drive: against the plan, by division and organ, by day; in as many statements for many as for few."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import Refused
from zhitong.kernel.indicators.models import Fact
from zhitong.kernel.register import public as register

from ..actions import drives, moving, targets
from ..actions.importing import import_targets
from ..choices import Source
from ..models import Drive, Target
from ..queries import figures
from ..queries import targets as listing
from .conftest import Place

pytestmark = pytest.mark.django_db


def done(place: Place, drive: Drive, number: int, days_ago: float = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    moving.move(place.target(drive, number).pk, place.stage(drive, 3), by=BY, at=at)


def test_plan_against_actual_by_division_and_organ(place: Place) -> None:
    drive, today = place.drive(), place.today
    organ = place.district.organs["bureau"].pk
    place.add(drive, 8, organ=organ)
    first, second = (street.id for street in place.streets)
    drives.plan(drive.pk, [
        drives.Point(today, 4, first), drives.Point(today, 2, second), drives.Point(today, 6, organ=organ),
    ], by=BY, at=timezone.now())  # fmt: skip
    mine = [one.number for one in Target.objects.filter(path__contains=[first]).order_by("number")]
    for number in mine[:1]:
        done(place, drive, number)
    far = figures.far(Target.objects.filter(drive=drive), drive, today)
    assert (far.whole.total, far.whole.done, far.whole.planned, far.whole.behind) == (8, 1, 6, 5)
    assert [(part.id, part.planned, part.behind) for part in far.divisions] == [(first, 4, 3), (second, 2, 2)]
    assert [(part.id, part.behind) for part in far.organs] == [(organ, 5)]
    below = figures.far(Target.objects.filter(drive=drive), drive, today, inside=first)
    assert (below.whole.total, below.whole.planned, below.divisions[0].planned) == (len(mine), 4, None)
    late = figures.far(Target.objects.filter(drive=drive), drive, today + timedelta(days=11))
    assert late.whole.late == 7


def test_what_was_done_at_once_by_kind(place: Place) -> None:
    drive = place.drive(2)
    for number, sort in ((3, "违法建设"), (4, "违法建设"), (5, "违法建设"), (6, "占道经营")):
        new = targets.NewTarget(name=f"{number}号棚", division=place.grids[0].id, sort=sort)
        targets.add(drive.pk, [new], by=BY, at=timezone.now() - timedelta(days=2))
    done(place, drive, 3, 2)
    done(place, drive, 4)
    moving.set_aside(place.target(drive, 6).pk, "误报", by=BY, at=timezone.now())
    found = figures.by_sort(None, drive)
    assert [(one.name, one.total, one.done, one.at_once, one.open) for one in found] == [
        ("违法建设", 3, 2, 1, 1), ("占道经营", 0, 0, 0, 0), ("", 2, 0, 0, 2),
    ]  # fmt: skip
    parts = [figures.by_sort(None, drive, inside=street.id) for street in place.streets]
    assert sum(one.total for part in parts for one in part) == 5
    assert figures.by_sort(None, place.drive(1, name="无类型", sorts=())) == []
    page = place.district.client("leader").get(f"/desk/drives/{drive.pk}/").content.decode()
    assert f"kind={quote('违法建设')}" in page


def test_days_of_the_burn_down(place: Place) -> None:
    drive, today = place.drive(4), place.today
    Target.objects.update(found_on=today - timedelta(days=9))
    done(place, drive, 1, 5)
    done(place, drive, 2, 2)
    moving.back(place.target(drive, 2).pk, by=BY, at=timezone.now())
    moving.set_aside(place.target(drive, 3).pk, "误报", by=BY, at=timezone.now())
    burn = figures.burn(Target.objects.filter(drive=drive), drive, today)
    assert [(day.found, day.done, day.aside, day.open) for day in burn.days] == [
        (4, 0, 0, 4),
        (0, 1, 0, 3),
        (0, 0, 1, 2),
    ]
    assert (burn.drawn[0], burn.drawn[-1]) == (drive.starts_on, drive.ends_on)
    assert (burn.planned[0], burn.planned[-1], burn.open[-1]) == (3, 0, None)
    facts = Fact.objects.filter(measure="campaigns.done").values_list("value", flat=True)
    assert sum(facts) == 1


def test_statements_do_not_grow_with_the_list(place: Place) -> None:
    small, large = place.drive(3), place.drive(120, name="大的")
    leader = place.district.client("leader")

    def asked(path: str) -> int:
        leader.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert leader.get(path).status_code == 200
        return len(queries)

    for what in ("", "targets/", "targets/?sort=due&state=open", "targets/?q=2号棚", "map.json"):
        few, many = (asked(f"/desk/drives/{drive.pk}/{what}") for drive in (small, large))
        assert few == many, what
        assert many <= 14, what


def test_a_list_pages_by_keys_in_every_order(place: Place) -> None:
    drive = place.drive(120)
    rows = Target.objects.filter(drive=drive)
    for order, keys in listing.ORDERS.items():
        seen, after = list[Target](), None
        while after is not None or not seen:
            page = listing.page(rows, order, after)
            seen += page.rows
            after = seen[-1].pk if page.after else None
        assert [one.pk for one in seen] == list(rows.order_by(*keys).values_list("pk", flat=True)), order


def test_the_same_table_twice_and_what_is_wrong_by_row(place: Place) -> None:
    drive = place.drive(divisions=[place.streets[0].id])
    own = next(one for one in place.grids if place.streets[0].id in one.path)
    other = next(one for one in place.grids if place.streets[1].id in one.path)
    table = "\n".join([
        "编号,对象名称,统一编码,经度,纬度,责任单位,完成期限", f"1,甲,{own.code},,,城市管理局,", f"2,乙,{own.code},,,新城区城市管理局,2199-01-01",
        f"3,,{own.code},,,,", f"4,丁,{other.code},,,,", "5,戊,,117,x,,", "6,己,,10,10,,", "7,庚,,,,,", f"2,辛,{own.code},,,,",
        f"9,壬,{own.code},,,,1999-01-01",
    ]).encode()  # fmt: skip
    said: dict[str, Any] = {"by": BY, "at": timezone.now()}
    tried = import_targets(drive.pk, table, dry_run=True, **said).sheets[0]
    assert (tried.created, sorted({error.row for error in tried.errors})) == (1, [2, 4, 5, 6, 7, 8, 9, 10])
    assert not Target.objects.exists()
    written = import_targets(drive.pk, table, **said).sheets[0]
    again = import_targets(drive.pk, table, **said).sheets[0]
    assert ((written.created, written.unchanged), (again.created, again.unchanged)) == ((1, 0), (0, 1))
    assert Target.objects.get().due_on.year == 2199
    with pytest.raises(Refused):
        import_targets(drive.pk, b"\x00", **said)


def test_what_is_broken_off_is_gone_on_with(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    drive, real = place.drive(), targets.add_some
    calls: list[int] = []

    def dies(*args: Any, **more: Any) -> targets.Added:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(targets, "BATCH", 3)
    monkeypatch.setattr(targets, "add_some", dies)
    add: Callable[[], targets.Added] = lambda: place.add(drive, 8)  # noqa: E731
    with pytest.raises(KeyboardInterrupt):
        add()
    assert Target.objects.count() == 3
    assert add() == targets.Added(5, 3)
    assert list(Target.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 9))


def test_from_the_register(place: Place) -> None:
    said: dict[str, Any] = {"by": BY, "at": timezone.now()}
    street, drive = place.streets[0].id, place.drive()
    with pytest.raises(Refused):
        targets.registered("household", street)
    (building,) = register.add_buildings([register.NewBuilding(street, "1号楼", "东风路1号")], **said)
    (unit,) = register.add_units(building.pk, [register.NewUnit("101")], **said)
    home = register.open_household(unit.pk, [], **said)
    for subject, wanted in (("household", ("household_id", home.pk)), ("building", ("building_id", building.pk))):
        new = targets.registered(subject, street)
        assert targets.add(drive.pk, new, source=Source.REGISTER, **said) == targets.Added(1, 0)
        assert getattr(Target.objects.latest("number"), wanted[0]) == wanted[1]
    villages = targets.registered("community")
    assert targets.add(drive.pk, villages, source=Source.REGISTER, **said).new == len(villages)
