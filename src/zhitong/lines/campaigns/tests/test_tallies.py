"""The sums beside the targets say what the targets say, whatever is done with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.district import BY

from ..actions import drives, moving, tallying
from ..models import Drive, Tally, Target
from ..queries import figures
from ..tasks import tally
from .conftest import Place

pytestmark = pytest.mark.django_db


def told(drive: Drive, today: Any, of: Any) -> Any:
    far, burn = figures.far(of, drive, today), figures.burn(of, drive, today)
    parts = [(part.id, part.total, part.done, part.late, part.aside) for part in (*far.divisions, *far.organs)]
    return parts, (far.whole.total, far.whole.done, far.whole.late, far.whole.aside), burn, figures.by_sort(of, drive)


def agree(drive: Drive, today: Any) -> None:
    """Read from the sums, and from the targets: the same, and the comparison of the task says so, too."""
    assert told(drive, today, None) == told(drive, today, Target.objects.filter(drive=drive))
    assert not tallying.differ(drive.pk)


def test_the_sums_follow_whatever_is_done(place: Place) -> None:
    drive, today, at = place.drive(9), place.today, timezone.now()
    agree(drive, today)
    done = place.stage(drive, 3)
    for number, days in ((1, 0), (2, 3), (3, 0)):
        moving.move(place.target(drive, number).pk, done, by=BY, at=at - timedelta(days=days))
    agree(drive, today)
    moving.back(place.target(drive, 1).pk, by=BY, at=at)
    moving.set_aside(place.target(drive, 4).pk, "误报", by=BY, at=at)
    moving.set_aside(place.target(drive, 5).pk, "误报", by=BY, at=at)
    moving.take_up(place.target(drive, 5).pk, by=BY, at=at)
    moving.note(place.target(drive, 6).pk, moving.Said(text="去看过"), by=BY, at=at)
    agree(drive, today)
    other = next(
        one
        for one in place.grids
        if one.id != place.target(drive, 7).division_id and one.path[1] != place.grids[0].path[1]
    )
    organ = place.district.organs["bureau"].pk
    change = moving.Change(
        name="改了", sort="违法建设", division=other.id, organ=organ, due_on=today - timedelta(days=1)
    )
    moving.change(place.target(drive, 7).pk, change, by=BY, at=at)
    agree(drive, today)
    assert figures.shares([drive.pk], today)[drive.pk].late == 1
    assert [part.done for part in figures.far(None, drive, today).organs] == [0]


def test_the_last_day_of_a_drive_is_put_off(place: Place) -> None:
    drive, today = place.drive(4), place.today
    said = drives.Said(
        name=drive.name, kind=drive.kind, organ=drive.organ_id, starts_on=drive.starts_on, ends_on=drive.ends_on + timedelta(days=9),
        sorts=tuple(drive.sorts), stages=(("已发现", False), ("已告知", False), ("已拆除", True)),
    )  # fmt: skip
    drives.change(drive.pk, said, by=BY, at=timezone.now())
    agree(drive, today)
    assert set(Tally.objects.values_list("due_on", flat=True)) == {said.ends_on}


def test_rows_are_folded_and_what_went_wrong_is_counted_anew(place: Place) -> None:
    drive, at = place.drive(6), timezone.now()
    for number in range(1, 6):
        moving.move(place.target(drive, number).pk, place.stage(drive, 3), by=BY, at=at)
    before = Tally.objects.count()
    tally()
    agree(drive, place.today)
    assert (Tally.objects.count() < before, sum(Tally.objects.values_list("n", flat=True))) == (True, 6)
    assert min(Tally.objects.values_list("n", flat=True)) > 0
    Target.objects.filter(number=6).update(found_on=place.today - timedelta(days=2))  # behind the back of the actions
    assert tallying.differ(drive.pk)
    tally()
    agree(drive, place.today)


def test_a_page_of_the_whole_drive_reads_no_target(place: Place) -> None:
    drive = place.drive(5)
    leader = place.district.client("leader")
    with CaptureQueriesContext(connection) as asked:
        page = leader.get(f"/desk/drives/{drive.pk}/")
    assert page.status_code == 200
    assert not [one["sql"] for one in asked if 'FROM "campaigns_target"' in one["sql"]]
    head = place.district.client("head")  # of one street: counted from what lies there
    with CaptureQueriesContext(connection) as asked:
        assert head.get(f"/desk/drives/{drive.pk}/").status_code == 200
    assert [one["sql"] for one in asked if 'FROM "campaigns_target"' in one["sql"]]
