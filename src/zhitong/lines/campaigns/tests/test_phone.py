"""Drives in the queue of a phone: ticked off once, shown where somebody else was first, nothing lost."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from zhitong.base.errors import Overtaken, Refused
from zhitong.kernel.indicators.models import Fact
from zhitong.ui.public import Entry, Walker, entry_kinds, phone_lists

from ..actions.moving import back, move
from ..models import Drive, Target
from ..queries import targets as listing
from ..queries.targets import to_do
from .conftest import Place, upload

pytestmark = pytest.mark.django_db


def enter(place: Place, kind: str, given: dict[str, Any], *, who: str = "grid", **more: Any) -> dict[str, Any]:
    """As the phone of somebody sends it."""
    form = entry_kinds()[kind].form(given)
    assert form.is_valid(), form.errors
    at = timezone.now()
    entry = Entry(key=uuid4(), kind=kind, fields=form.cleaned_data, said_at=at, clock_off=0, **more)
    return entry_kinds()[kind].take(entry, place.actor(who), at)


def todo(place: Place, kind: str, who: str = "grid") -> list[dict[str, Any]]:
    (rows,) = (one.rows for one in phone_lists() if one.kind == kind)
    return [asdict(one) for one in rows(Walker(place.actor(who), timezone.now()), 0, 500)]


def reached(place: Place, **more: Any) -> Target:
    """The only target of a drive that the grid worker reaches."""
    drive = place.drive(len(place.grids), **more)
    pk = todo(place, "drive_tick")[0]["id"]
    return Target.objects.select_related("drive", "stage").get(drive=drive, pk=pk)


def counted(measure: str) -> list[tuple[date, int]]:
    """What the figures of the district say of each day."""
    facts = Fact.objects.filter(measure=f"campaigns.{measure}").order_by("day").values_list("day")
    return [(day, int(value)) for day, value in facts.annotate(Sum("value"))]


def test_the_phone_is_told_what_is_to_do_and_what_must_be_photographed(
    place: Place, django_assert_max_num_queries: Any
) -> None:
    one = reached(place, needs_after=True)
    with django_assert_max_num_queries(12):
        rows = todo(place, "drive_tick")
    (row,) = (row for row in rows if row["id"] == str(one.pk))
    assert row["fields"] == {"target": str(one.pk), "version": "已发现"}
    assert (row["choices"], row["needs"]) == ({"stage": ["已告知", "已拆除", ""]}, {"after": ["已拆除"]})


@pytest.mark.parametrize("who", ["grid", "head", "worker"])
def test_what_is_to_do_is_sought_in_targets_alone(place: Place, who: str) -> None:
    """A condition on the drive's row would have all targets of the district read, every half minute for every phone."""
    drive = place.drive(3)
    assert "campaigns_drive" not in str(to_do(place.actor(who)).order_by().values_list("drive", "state").query)
    assert "campaigns_drive" not in str(listing.targets(place.actor(who), drive).values("pk").query)


def test_a_target_is_ticked_off(place: Place, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = reached(place, needs_after=True)
    said = {"target": str(one.pk), "version": "已发现", "stage": "已拆除", "text": "当场拆除"}
    with pytest.raises(Refused, match="处置后"):
        enter(place, "drive_tick", said)
    enter(place, "drive_tick", said, photos=[upload()], after=[upload("green")])
    one.refresh_from_db()
    assert (one.state, one.stage.name, one.photos.count(), one.steps.get().text) == ("done", "已拆除", 2, "当场拆除")
    assert str(one.pk) not in {row["id"] for row in todo(place, "drive_tick")}


def test_who_comes_second_is_shown_what_stands_there(place: Place, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = reached(place)
    said = {"target": str(one.pk), "version": "已发现", "stage": "已拆除", "text": ""}
    move(one.pk, place.stage(one.drive, 2), by=place.actor("grid"), at=timezone.now())
    with pytest.raises(Overtaken) as told:
        enter(place, "drive_tick", said)
    assert (told.value.version, told.value.fields) == ("已告知", {"stage": "已告知"})
    enter(place, "drive_tick", said | {"version": "已告知"})
    one.refresh_from_db()
    assert one.state == "done"
    again = {**said, "text": "也去看过"}  # both did the same: what the second saw is kept
    enter(place, "drive_tick", again, after=[upload()])
    assert (one.photos.count(), one.steps.filter(kind="noted").get().text) == (1, "也去看过")


def test_nobody_ticks_off_what_lies_elsewhere(place: Place) -> None:
    mine = {row["id"] for row in todo(place, "drive_tick")}
    drive = place.drive(len(place.grids))
    mine |= {row["id"] for row in todo(place, "drive_tick")}
    foreign = Target.objects.filter(drive=drive).exclude(pk__in=mine).first()
    assert foreign is not None
    with pytest.raises(Refused, match="没有这个行动对象"):
        enter(place, "drive_tick", {"target": str(foreign.pk), "version": "已发现", "stage": "已拆除"})


def test_a_find_comes_onto_the_list(place: Place, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    drive = place.drive(takes_finds=True)
    (row,) = todo(place, "drive_find")
    assert (row["fields"], row["is_once"], row["choices"]) == (
        {"drive": str(drive.pk)}, False, {"sort": ["违法建设", "占道经营"]},
    )  # fmt: skip
    street = place.district.streets["street"]
    grid = next(one for one in place.grids if street in one.path)
    said = {
        "drive": str(drive.pk),
        "grid": str(grid.id),
        "name": "路口铁皮棚",
        "sort": "违法建设",
        "text": "占了人行道",
    }
    with pytest.raises(Refused, match="处置前"):
        enter(place, "drive_find", said)
    assert enter(place, "drive_find", said, photos=[upload()]) == {"number": "1"}
    found = Target.objects.get(drive=drive)
    assert (found.name, found.division_id, found.note, found.photos.count()) == ("路口铁皮棚", grid.id, "占了人行道", 1)


def test_a_tick_that_was_sent_the_next_morning_counts_on_the_day_it_was_done(place: Place) -> None:
    one = reached(place)
    Target.objects.filter(pk=one.pk).update(found_on=timezone.localdate() - timedelta(days=3))
    said = {"target": str(one.pk), "version": "已发现", "stage": "已拆除"}
    yesterday = timezone.now() - timedelta(days=1)
    enter(place, "drive_tick", said, worked_at=yesterday)
    one.refresh_from_db()
    assert one.done_on == timezone.localdate(yesterday)
    assert counted("done") == [(timezone.localdate(yesterday), 1)]
    back(one.pk, by=place.actor("grid"), at=timezone.now())
    enter(place, "drive_tick", said, worked_at=yesterday)
    one.refresh_from_db()
    assert one.done_on == timezone.localdate()  # it was not done before it was taken back
    other = reached(place, name="另一项治理")
    enter(place, "drive_tick", said | {"target": str(other.pk)}, worked_at=yesterday)
    other.refresh_from_db()
    assert other.done_on == timezone.localdate()  # nor before it was on the list
    assert counted("done") == [(timezone.localdate(yesterday), 1), (timezone.localdate(), 1)]


def test_a_find_counts_on_the_day_it_was_found(place: Place, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    drive = place.drive(takes_finds=True)
    street = place.district.streets["street"]
    grid = next(one for one in place.grids if street in one.path)
    said = {"drive": str(drive.pk), "grid": str(grid.id), "name": "路口铁皮棚", "sort": "违法建设"}
    created = timezone.now() - timedelta(days=2)
    Drive.objects.filter(pk=drive.pk).update(created_at=created)
    for days in (1, 9):
        enter(place, "drive_find", said, worked_at=timezone.now() - timedelta(days=days), photos=[upload()])
    found = Target.objects.filter(drive=drive).order_by("number").values_list("found_on", flat=True)
    wanted = [timezone.localdate() - timedelta(days=1), timezone.localdate(created)]
    assert list(found) == wanted
    assert counted("found") == [(day, 1) for day in sorted(wanted)]
