"""Drives and what is done with their targets."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import finding_subkinds
from zhitong.kernel.territory.public import areas

from ..actions import drives, finding, moving, targets
from ..models import Drive, Plan, Stage, Target
from .conftest import STAGES, Place, upload

pytestmark = pytest.mark.django_db


def now() -> dict[str, Any]:
    return {"by": BY, "at": timezone.now()}


def test_a_drive_is_begun_changed_ended_and_taken_up_again(place: Place) -> None:
    drive = place.drive(3)
    assert [(one.name, one.is_done) for one in drive.stages.all()] == list(STAGES)
    said = place.said(name="违建清零", ends_on=place.today + timedelta(days=30), stages=(*STAGES, ("已复绿", True)))
    drives.change(drive.pk, said, **now())
    assert set(Target.objects.values_list("due_on", flat=True)) == {place.today + timedelta(days=30)}
    assert Stage.objects.count() == 4
    drives.change(drive.pk, place.said(name="违建清零"), **now())
    assert Stage.objects.count() == 3
    drives.end(drive.pk, **now())
    with pytest.raises(Conflict):
        moving.move(place.target(drive).pk, place.stage(drive, 2), **now())
    with pytest.raises(Conflict):
        drives.end(drive.pk, **now())
    drives.reopen(drive.pk, **now())
    moving.move(place.target(drive).pk, place.stage(drive, 2), **now())
    drives.publish(drive.pk, is_public=True, **now())
    drives.publish(drive.pk, is_public=True, **now())
    kinds = [one.kind for one in stream(drive.pk)]
    assert kinds == [
        f"campaigns.{kind}" for kind in ("begun", "redefined", "redefined", "ended", "reopened", "published")
    ]


def test_a_stage_in_use_neither_goes_nor_turns(place: Place) -> None:
    drive = place.drive(1)
    moving.move(place.target(drive).pk, place.stage(drive, 2), **now())
    with pytest.raises(Conflict):
        drives.change(drive.pk, place.said(stages=(STAGES[0], ("已告知", True), STAGES[2])), **now())
    with pytest.raises(Conflict):
        drives.change(drive.pk, place.said(stages=(STAGES[0], STAGES[2])), **now())
    moving.move(place.target(drive).pk, place.stage(drive, 3), **now())
    moving.back(place.target(drive).pk, **now())
    with pytest.raises(Conflict):  # its history speaks of it
        drives.change(drive.pk, place.said(stages=(STAGES[0], ("已告知", True))), **now())


@pytest.mark.parametrize(
    ("more", "code"),
    [({"name": " "}, "no_name"), ({"ends_on": None}, "days_wrong"), ({"organ": uuid4()}, "no_organ"),
     ({"divisions": [uuid4()]}, "no_division"), ({"stages": STAGES[:1]}, "stages_few"), ({"name": "旧的"}, "name_taken")],
)  # fmt: skip
def test_what_is_wrong_with_a_drive_is_said(place: Place, more: dict[str, Any], code: str) -> None:
    place.drive(name="旧的")
    if "ends_on" in more:
        more = {"ends_on": place.today - timedelta(days=11)}
    with pytest.raises(Refused) as refused:
        drives.begin(place.said(**more), **now())
    assert refused.value.code == code


def test_heads_make_drives_of_their_own_organ_only(place: Place) -> None:
    head, at = place.actor("head"), timezone.now()
    with pytest.raises(NotAllowed):
        drives.begin(place.said(), by=head, at=at)
    own = drives.begin(place.said(organ=place.district.organs["street"].pk), by=head, at=at)
    with pytest.raises(NotAllowed):
        drives.change(own.pk, place.said(), by=head, at=at)
    with pytest.raises(NotAllowed):
        drives.begin(place.said(name="另一项"), by=place.actor("worker"), at=at)
    with pytest.raises(NotFound):
        drives.end(uuid4(), by=head, at=at)


def test_a_target_is_on_the_list_once(place: Place) -> None:
    drive = place.drive()
    assert place.add(drive, 5) == targets.Added(5, 0)
    assert place.add(drive, 7) == targets.Added(2, 5)
    assert list(Target.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 8))
    assert [one.kind for one in stream(place.target(drive).pk)] == ["campaigns.found"]


def test_worked_through_to_done_and_back(place: Place) -> None:
    drive = place.drive(1)
    pk = place.target(drive).pk
    moving.move(pk, place.stage(drive, 2), moving.Said(text="已送达通知书"), **now())
    done = moving.move(pk, place.stage(drive, 3), **now())
    assert (done.state, done.done_on) == ("done", place.today)
    with pytest.raises(Refused, match="后面"):
        moving.move(pk, place.stage(drive, 2), **now())
    opened = moving.back(pk, "又搭起来了", **now())
    assert (opened.state, opened.done_on, opened.stage.name) == ("open", None, "已告知")
    moving.back(pk, **now())
    with pytest.raises(Conflict):
        moving.back(pk, **now())
    told = [(one.kind, one.data.get("done")) for one in stream(pk)]
    assert told == [
        ("campaigns.found", None), ("campaigns.passed", 0), ("campaigns.passed", 1), ("campaigns.back", -1), ("campaigns.back", 0),
    ]  # fmt: skip


def test_two_who_move_the_same_target(place: Place) -> None:
    drive = place.drive(1)
    pk, first, second, third = place.target(drive).pk, *(place.stage(drive, n) for n in (1, 2, 3))
    moving.move(pk, second, expected=first, **now())
    assert moving.move(pk, second, expected=first, **now()).steps.count() == 1
    with pytest.raises(Conflict):
        moving.move(pk, third, expected=first, **now())


def test_photos_are_asked_for(place: Place) -> None:
    drive = place.drive(1, needs_before=True, needs_after=True)
    pk, done = place.target(drive).pk, place.stage(drive, 3)
    for said, code in [(moving.Said(), "no_before"), (moving.Said(before=[upload()]), "no_after")]:
        with pytest.raises(Refused) as refused:
            moving.move(pk, done, said, **now())
        assert refused.value.code == code
    moving.note(pk, moving.Said(before=[upload()]), **now())
    moving.move(pk, done, moving.Said(after=[upload("green")]), **now())
    one = place.target(drive)
    assert one.state == "done"
    assert [(photo.side, photo.file.is_file()) for photo in one.photos.order_by("id")] == [
        ("before", True),
        ("after", True),
    ]
    with pytest.raises(Refused):
        moving.note(pk, moving.Said(text=" "), **now())


def test_set_aside_with_a_reason_and_taken_up(place: Place) -> None:
    drive = place.drive(1)
    pk = place.target(drive).pk
    with pytest.raises(Refused):
        moving.set_aside(pk, " ", **now())
    with pytest.raises(Conflict):
        moving.take_up(pk, **now())
    assert moving.set_aside(pk, "合法建筑，误报", **now()).state == "aside"
    for act in (lambda: moving.move(pk, place.stage(drive, 2), **now()), lambda: moving.set_aside(pk, "再一次", **now()),
                lambda: moving.back(pk, **now())):  # fmt: skip
        with pytest.raises(Conflict):
            act()
    again = moving.take_up(pk, **now())
    assert (again.state, again.reason, again.aside_on) == ("open", "", None)


def test_several_are_moved_on_all_or_none(place: Place) -> None:
    drive = place.drive(3)
    ids = list(Target.objects.values_list("pk", flat=True))
    assert moving.move_many(ids[:2], place.stage(drive, 2), **now()) == 2
    with pytest.raises(Refused):
        moving.move_many(ids, place.stage(drive, 2), **now())
    assert Target.objects.filter(stage__position=1).count() == 1


def test_changed_tied_and_raised(place: Place) -> None:
    drive = place.drive(2)
    one, other = place.target(drive), place.target(drive, 2)
    change = moving.Change(
        name="1号铁皮棚", sort="违法建设", address="东风路1号", organ=place.district.organs["street"].pk
    )
    moving.change(one.pk, change, **now())
    moving.change(one.pk, change, **now())
    assert one.steps.count() == 1
    with pytest.raises(Refused):
        moving.change(one.pk, moving.Change(name=""), **now())
    with pytest.raises(Refused):
        moving.change(one.pk, moving.Change(name="a", organ=uuid4()), **now())
    said: dict[str, Any] = {"subkind": finding_subkinds()[0].pk, "text": "拒不拆除，请协调。"}
    opened = moving.raise_matter(one.pk, **said, **now())
    with pytest.raises(Conflict):
        moving.raise_matter(one.pk, **said, **now())
    moving.link(other.pk, opened.number, **now())
    assert place.target(drive, 2).matter_id == opened.matter_id
    with pytest.raises(Refused):
        moving.link(other.pk, "X1", **now())
    moving.link(other.pk, "", **now())
    assert place.target(drive, 2).matter_id is None
    with pytest.raises(Refused):
        moving.raise_matter(other.pk, subkind=uuid4(), text="x", **now())
    with pytest.raises(Refused):
        moving.raise_matter(other.pk, subkind=said["subkind"], text=" ", **now())


def test_found_on_the_spot_once(place: Place) -> None:
    drive, grid = place.drive(takes_finds=True), place.actor("grid")
    lon, lat = middle(place, 0)
    found = finding.Find(key=uuid4(), name="铁皮棚", sort="违法建设", lon=lon, lat=lat, before=[upload()])
    one, is_new = finding.find(drive.pk, found, by=grid, at=timezone.now())
    again, is_new_again = finding.find(drive.pk, found, by=grid, at=timezone.now())
    assert (one.pk, is_new, is_new_again) == (again.pk, True, False)
    assert (one.source, one.division_id, one.photos.get().side) == ("found", place.grids[0].id, "before")


@pytest.mark.parametrize(
    ("more", "code"),
    [({"name": ""}, "no_name"), ({"sort": "别的"}, "no_sort"), ({"before": []}, "no_before"), ({"lon": 10.0}, "outside"),
     ({"lon": None}, "no_division")],
)  # fmt: skip
def test_what_is_wrong_with_a_find_is_said(place: Place, more: dict[str, Any], code: str) -> None:
    drive = place.drive(takes_finds=True)
    lon, lat = middle(place, 0)
    fields: dict[str, Any] = {
        "key": uuid4(),
        "name": "棚",
        "sort": "违法建设",
        "lon": lon,
        "lat": lat,
        "before": [upload()],
    }
    with pytest.raises(Refused) as refused:
        finding.find(drive.pk, finding.Find(**(fields | more)), by=place.actor("grid"), at=timezone.now())
    assert refused.value.code == code
    assert not Target.objects.exists()


def test_finds_are_for_drives_that_take_them_and_the_own_area(place: Place) -> None:
    closed, other = place.drive(), place.drive(name="只在南山", takes_finds=True, divisions=[place.streets[1].id])
    lon, lat = middle(place, 0)
    found = finding.Find(key=uuid4(), name="棚", sort="违法建设", lon=lon, lat=lat, before=[upload()])
    grid, at = place.actor("grid"), timezone.now()
    with pytest.raises(NotFound):
        finding.find(closed.pk, found, by=grid, at=at)
    with pytest.raises(Refused) as refused:
        finding.find(other.pk, found, by=grid, at=at)
    assert refused.value.code == "not_taking_part"
    with pytest.raises(NotAllowed):
        finding.find(other.pk, found, by=place.actor("elsewhere"), at=at)


def middle(place: Place, number: int) -> tuple[float, float]:
    """A point inside a grid."""
    point = areas([place.grids[number].id])[place.grids[number].id].representative_point()
    return round(point.x, 6), round(point.y, 6)


def test_the_plan_is_kept_or_refused(place: Place) -> None:
    drive, today = place.drive(4), place.today
    street = place.streets[0].id
    points = [drives.Point(today, 2), drives.Point(today + timedelta(days=5), 4), drives.Point(today, 1, street)]
    assert drives.plan(drive.pk, points, **now()) == 3
    wrong = {
        "day_twice": [drives.Point(today, 1), drives.Point(today, 2)],
        "plan_falls": [drives.Point(today, 3), drives.Point(today + timedelta(days=1), 2)],
        "day_outside": [drives.Point(today + timedelta(days=11), 3)],
    }
    for code, rows in wrong.items():
        with pytest.raises(Refused) as refused:
            drives.plan(drive.pk, rows, **now())
        assert refused.value.code == code
    assert Plan.objects.count() == 3
    drives.plan(drive.pk, [], **now())
    assert not Drive.objects.get().plans.exists()


def test_whoever_has_nothing_to_do_with_a_target_does_nothing_to_it(place: Place) -> None:
    drive = place.drive(8)
    theirs = Target.objects.filter(path__contains=[place.streets[1].id]).first()
    assert theirs is not None
    for name in ("grid", "worker", "clerk", "supervisor"):
        with pytest.raises(NotFound):
            moving.move(theirs.pk, place.stage(drive, 2), by=place.actor(name), at=timezone.now())
    moving.move(theirs.pk, place.stage(drive, 2), by=place.actor("elsewhere"), at=timezone.now())
    moving.move(theirs.pk, place.stage(drive, 3), by=place.actor("co"), at=timezone.now())
