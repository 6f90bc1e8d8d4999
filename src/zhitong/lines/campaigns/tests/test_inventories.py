"""Inventories: what stands in the streets, who has it, how it is looked after."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.district import BY
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.events.public import Event

from ..actions import inspections, inventories
from ..actions.entering import import_entries
from ..models import Entry, Inspection, Inventory, Stall
from ..queries import inventories as reading
from .conftest import Place, upload


def defined(place: Place, **more: Any) -> Inventory:
    fields: dict[str, Any] = {
        "name": "便民疏导点", "organ": place.district.organs["bureau"].pk, "fields": ["营业时间", "联系人"], "shown": ["营业时间"],
        "has_stalls": True, "check_days": 30,
    }  # fmt: skip
    return inventories.define(inventories.Defined(**(fields | more)), by=BY, at=timezone.now())


def entered(place: Place, one: Inventory, name: str = "东风路疏导点", **more: Any) -> Entry:
    new = inventories.NewEntry(name=name, division=place.grids[0].id, **more)
    (row,) = inventories.enter(one.pk, [new], by=BY, at=timezone.now())
    return row


def test_an_entry_is_there_once_and_counts_from_its_number(place: Place) -> None:
    one = defined(place)
    row = entered(place, one, values={"营业时间": "6—10时", "没有的": "x"})
    assert (row.number, row.values, row.check_by) == (1, {"营业时间": "6—10时"}, place.today + timedelta(days=30))
    again = inventories.NewEntry(name=" 东风路疏导点", division=place.grids[0].id)
    assert inventories.enter(one.pk, [again], by=BY, at=timezone.now()) == []
    assert Entry.objects.count() == 1


def test_what_an_inventory_does_not_have_is_not_kept(place: Place) -> None:
    one = defined(place, has_holder=False, check_days=None)
    row = entered(place, one, holder="某店", licence="A1", valid_until=place.today)
    assert (row.holder, row.licence, row.valid_until, row.check_by) == ("", "", None, None)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"name": " "}, "no_name"), ({"fields": [str(n) for n in range(13)]}, "too_many_fields"), ({}, "name_taken")],
)
def test_what_is_wrong_with_an_inventory(place: Place, more: dict[str, Any], code: str) -> None:
    defined(place)
    with pytest.raises(Refused) as found:
        defined(place, **more)
    assert found.value.code == code


def test_another_cycle_counts_from_the_last_look(place: Place) -> None:
    one = defined(place)
    seen, unseen = entered(place, one), entered(place, one, "西街疏导点")
    inspections.inspect(seen.pk, "good", by=BY, at=timezone.now())
    said = inventories.Defined(name=one.name, organ=one.organ_id, check_days=7)
    inventories.redefine(one.pk, said, by=BY, at=timezone.now() + timedelta(days=3))
    seen.refresh_from_db()
    unseen.refresh_from_db()
    assert seen.check_by == place.today + timedelta(days=7)
    assert unseen.check_by == place.today + timedelta(days=10)


def test_whoever_follows_at_a_stall_ends_the_one_before(place: Place) -> None:
    row = entered(place, defined(place))
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    first = inventories.let(row.pk, "3", "甲某", "西瓜", since=place.today - timedelta(days=9), **who)
    with pytest.raises(Refused, match="摊位"):
        inventories.let(row.pk, "3", "乙某", "早点", since=first.since, **who)
    inventories.let(row.pk, "3", "乙某", "早点", since=place.today, **who)
    first.refresh_from_db()
    assert first.until == place.today - timedelta(days=1)
    now = Stall.objects.get(until=None)
    inventories.give_back(now.pk, on=place.today, **who)
    assert not Stall.objects.filter(until=None).exists()


def test_a_fault_is_open_until_it_is_settled(place: Place) -> None:
    one = defined(place)
    row, at = entered(place, one), timezone.now()
    for text, due in (("", place.today), ("占道", None), ("占道", place.today - timedelta(days=1))):
        with pytest.raises(Refused):
            inspections.inspect(row.pk, "fault", text, due_on=due, by=BY, at=at)
    look = inspections.inspect(row.pk, "fault", "占道", due_on=place.today, photos=[upload()], by=BY, at=at)
    later = place.today + timedelta(days=1)
    assert reading.counts(BY, [one.pk], later)[one.pk].late == 1
    inspections.settle(look.pk, "已清退", photos=[upload("green")], by=BY, at=at)
    inspections.settle(look.pk, "再报一次", by=BY, at=at)
    kept = Inspection.objects.get()
    assert (kept.settled_text, [photo.side for photo in kept.photos.order_by("id")]) == ("已清退", ["before", "after"])
    counts = reading.counts(BY, [one.pk], later)[one.pk]
    assert (counts.fault, counts.late, counts.looked) == (0, 0, 1)


def test_what_is_gone_stays_on_record_and_comes_back(place: Place) -> None:
    one = defined(place)
    row = entered(place, one)
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    inventories.let(row.pk, "1", "甲某", "西瓜", since=place.today, **who)
    with pytest.raises(Refused):
        inventories.take_away(row.pk, " ", on=place.today, **who)
    inventories.take_away(row.pk, "道路改造", on=place.today, **who)
    assert not Stall.objects.filter(until=None).exists()
    with pytest.raises(Conflict):
        inspections.inspect(row.pk, "good", **who)
    entered(place, one)  # another stands there under the same name
    with pytest.raises(Conflict):
        inventories.bring_back(row.pk, **who)
    kinds = list(Event.objects.filter(stream=row.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["campaigns.entry.added", "campaigns.stall.let", "campaigns.entry.gone"]


def test_lists_ask_for_what_wants_something_done(place: Place) -> None:
    one = defined(place, has_licence=True)
    entered(place, one, "甲点", valid_until=place.today - timedelta(days=1), licence="鲁A-1")
    entered(place, one, "乙点", valid_until=place.today + timedelta(days=400))

    def names(today: date, **wanted: Any) -> list[str]:
        return [row.name for row in reading.entries(BY, one, reading.Wanted(**wanted), today)]

    assert names(place.today, standing="expiring") == ["甲点"]
    assert names(place.today, standing="due") == []
    assert names(place.today + timedelta(days=30), standing="due") == ["甲点", "乙点"]
    assert names(place.today, text="鲁A-1") == ["甲点"]
    assert names(place.today, text="2") == ["乙点"]
    assert names(place.today, after=1) == ["乙点"]
    assert names(place.today, inside=place.streets[1].id) == []


def test_a_table_is_read_once_with_errors_by_row(place: Place) -> None:
    one = defined(place)
    code = place.grids[0].code
    table = (
        f"名称,统一编码,营业时间\n甲点,{code},早市\n甲点,{code},\n乙点,999999,\n,{code},\n丙点,{code},全天\n".encode()
    )
    trial = import_entries(one.pk, table, by=BY, at=timezone.now(), dry_run=True).sheets[0]
    assert (trial.created, [error.row for error in trial.errors], Entry.objects.count()) == (2, [3, 4, 5], 0)
    done = import_entries(one.pk, table, by=BY, at=timezone.now()).sheets[0]
    again = import_entries(one.pk, table, by=BY, at=timezone.now()).sheets[0]
    assert (done.created, again.created, again.unchanged) == (2, 0, 2)
    assert Entry.objects.get(name="丙点").values == {"营业时间": "全天"}


def test_who_may_do_what(place: Place) -> None:
    one = defined(place)
    row = entered(place, one)
    worker, at = place.actor("grid"), timezone.now()
    with pytest.raises(NotAllowed):
        inventories.take_away(row.pk, "x", on=place.today, by=worker, at=at)
    elsewhere = Entry.objects.create(
        inventory=one,
        number=2,
        name="远处",
        division_id=place.grids[-1].id,
        path=list(place.grids[-1].path),
        changed_at=at,
    )
    with pytest.raises(NotFound):
        reading.entry(worker, elsewhere.pk)
    look = inspections.inspect(row.pk, "good", by=worker, at=at)
    assert look.by_label == worker.label


def test_what_is_published_shows_what_is_meant_to_be_shown(place: Place, client: Any) -> None:
    one = defined(place)
    row = entered(place, one, values={"营业时间": "6—10时", "联系人": "不公开的人"})
    inventories.let(row.pk, "1", "甲某", "西瓜", since=place.today, phone="13800000001", by=BY, at=timezone.now())
    href = f"/inventories/{one.pk}/"
    assert client.get(href).status_code == 404
    inventories.publish(one.pk, is_shown=True, by=BY, at=timezone.now())
    page = client.get(href).content.decode()
    assert all(text in page for text in ("东风路疏导点", "6—10时", "甲某", "西瓜"))
    assert "不公开的人" not in page
    assert "13800000001" not in page
    assert client.get(f"{href}points.json").json()["features"] == []
    assert "便民疏导点" in client.get("/inventories/").content.decode()


def test_a_vendor_is_erased_on_request(place: Place) -> None:
    row = entered(place, defined(place))
    stall = inventories.let(
        row.pk, "1", "甲某", "西瓜", since=place.today, phone="13800000001", by=BY, at=timezone.now()
    )
    assert stall.person_id is not None
    assert inventories.forget(stall.person_id) == 1
    stall.refresh_from_db()
    assert not stall.vendor
    assert Stall.objects.filter(person=None).count() == 1
