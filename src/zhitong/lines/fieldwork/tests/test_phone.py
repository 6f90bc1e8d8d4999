"""What phones send is done once; a shift begins, ends and is revoked."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build, photo
from zhitong.kernel.matters.public import Attachment, Matter
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import NewBuilding, NewUnit
from zhitong.kernel.territory.public import Level, descendants, shape
from zhitong.lines.campaigns import public as campaigns

from ..actions import forgetting
from ..actions import teams as do
from ..models import Note, Phone, Round, Sent
from ..queries import lists

pytestmark = pytest.mark.django_db


class Handset:
    """A phone in the hand of the grid worker, without its browser."""

    def __init__(self, district: District) -> None:
        self.client = district.client("grid")
        self.shown = ""

    def begin(self) -> dict[str, Any]:
        told: dict[str, Any] = self.client.post(reverse("fieldwork:shift"), {"name": "测试机"}).json()
        self.shown = told["phone"]
        return told

    def send(
        self, kind: str, fields: dict[str, Any], *, key: UUID | None = None, off: int = 0, ago: int = 0, **files: Any
    ) -> Any:
        now = timezone.now() + timedelta(seconds=off)
        said = {
            "key": key or uuid4(),
            "kind": kind,
            "fields": json.dumps(fields),
            "said_at": (now - timedelta(seconds=ago)).isoformat(),
            "sent_at": now.isoformat(),
        }
        return self.client.post(reverse("fieldwork:send"), {**said, **files})

    def standing(self) -> str:
        return str(self.client.get(reverse("fieldwork:standing"), headers={"X-Phone": self.shown}).json()["state"])


@pytest.fixture
def district(db: None, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return build()


@pytest.fixture
def grid(district: District) -> Any:
    grid = descendants(district.streets["street"], level=Level.GRID)[0]
    who = {"by": district.actor("head"), "at": timezone.now()}
    do.hand_over(grid.id, district.people["grid"].staff_id, on=timezone.localdate(), **who)  # type: ignore[arg-type]
    return grid


@pytest.fixture
def handset(district: District, grid: Any) -> Handset:
    made = Handset(district)
    made.begin()
    return made


def file(name: str = "a.jpg", colour: str = "gray") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, photo(colour), content_type="image/jpeg")


def place(grid: Any) -> dict[str, float]:
    found = shape(grid.id)
    assert found is not None
    return {"lon": found.lon, "lat": found.lat}


def test_a_report_is_raised_once_however_often_it_comes(handset: Handset, grid: Any) -> None:
    key, fields = uuid4(), {"text": "井盖缺失，行人危险", "urgency": "urgent", "grid": str(grid.id), **place(grid)}
    first = handset.send("report", fields, key=key, photos=[file()])
    again = handset.send("report", fields, key=key, photos=[file()])
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["number"] == again.json()["number"]
    matter = Matter.objects.get()
    assert (matter.division_id, matter.channel) == (grid.id, "grid")
    assert matter.urgency in ("urgent", "danger")
    assert Attachment.objects.filter(matter=matter).count() == 1
    other = handset.send("report", {**fields, "text": "另一件事"}, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Matter.objects.count() == 1


def test_what_is_refused_leaves_nothing(handset: Handset, grid: Any) -> None:
    key = uuid4()
    refused = handset.send("report", {"text": "", "grid": str(grid.id)}, key=key)
    assert (refused.status_code, refused.json()["field"]) == (422, "text")
    assert not Sent.objects.exists()
    assert handset.send("report", {"text": "井盖缺失", "grid": str(grid.id)}, key=key).status_code == 201
    for kind, fields in (
        ("nothing", {}),
        ("walked", {"round": str(uuid4()), "track": [[1, 2, 3]]}),
        ("raise", {"note": "x"}),
    ):
        assert handset.send(kind, fields).status_code == 422
    assert handset.send("raise", {"note": str(uuid4())}).status_code == 404


def test_solved_on_the_spot_with_both_photos(handset: Handset, grid: Any) -> None:
    fields = {"text": "垃圾桶倒在路上", "done": "已扶正并清扫", "grid": str(grid.id), **place(grid)}
    assert handset.send("resolve", fields, photos=[file()], after=[file("b.jpg", "green")]).status_code == 201
    matter = Matter.objects.get()
    assert matter.stage == "concluded"
    assert sorted(Attachment.objects.filter(matter=matter).values_list("purpose", flat=True)) == ["after", "report"]


def test_a_note_becomes_an_appeal_in_one_tap(handset: Handset, grid: Any) -> None:
    said = {"text": "楼道灯坏了一周", "name": "王小明", "phone": "13800001111", "grid": str(grid.id), "is_appeal": ""}
    note = handset.send("listen", said).json()["note"]
    assert not Matter.objects.exists()
    assert b"13800001111" not in bytes(Note.objects.get().sealed)
    day = handset.client.get(reverse("fieldwork:day")).json()
    assert [one["text"] for one in day["notes"]] == ["楼道灯坏了一周"]
    numbers = {handset.send("raise", {"note": note}).json()["number"] for _twice in range(2)}
    assert len(numbers) == 1
    assert Matter.objects.get().reporter is not None
    assert handset.client.get(reverse("fieldwork:day")).json()["notes"] == []
    assert handset.send("listen", {**said, "is_appeal": "on"}).json()["number"]
    person = Note.objects.values_list("person", flat=True).first()
    assert person is not None
    assert forgetting.forget_person(person) == 2


def test_a_round_inside_the_shape_and_outside(handset: Handset, grid: Any) -> None:
    there, rounds = place(grid), [str(uuid4()), str(uuid4())]
    inside = handset.send("check_in", {"round": rounds[0], "grid": str(grid.id), "accuracy": 12, **there}).json()
    assert inside["inside"] is True
    step = 0.0005
    track = [[n * 30, there["lon"] + n * step, there["lat"], 10] for n in range(4)] + [[130, 0.0, 0.0, 10]]
    walked = handset.send("walked", {"round": rounds[0], "track": track}).json()
    assert 100 < walked["metres"] < 200  # the fix that jumped is not counted
    assert 0 < walked["covered"] <= 1
    assert len(Round.objects.get(pk=rounds[0]).track) == 4
    assert handset.send("walked", {"round": rounds[0], "track": track}).status_code == 409
    far = {"lon": there["lon"] + 0.5, "lat": there["lat"]}
    outside = handset.send("check_in", {"round": rounds[1], "grid": str(grid.id), "accuracy": 900, **far}).json()
    assert outside["inside"] is False
    assert outside["outside_m"] > 10_000
    day = handset.client.get(reverse("fieldwork:day")).json()
    assert day["grids"][0]["is_walked_today"] is True
    forgetting.forget_tracks(before=timezone.now() + timedelta(days=1))
    assert not Round.objects.exclude(track=[]).exists()


def test_only_the_own_grids(handset: Handset, district: District) -> None:
    other = descendants(district.streets["elsewhere"], level=Level.GRID)[0]
    sent = handset.send("check_in", {"round": str(uuid4()), "grid": str(other.id), "accuracy": 5, **place(other)})
    assert (sent.status_code, sent.json()["code"]) == (404, "not_own_grid")


def test_a_clock_that_is_wrong_by_an_hour(handset: Handset, grid: Any) -> None:
    assert handset.send("report", {"text": "井盖缺失", "grid": str(grid.id)}, off=3600).status_code == 201
    sent, phone = Sent.objects.get(), Phone.objects.get()
    assert abs(sent.clock_off - 3600) < 60
    assert abs(phone.clock_off - 3600) < 60
    assert sent.said_at > sent.received_at + timedelta(minutes=50)
    assert abs(Matter.objects.get().opened_at - sent.received_at) < timedelta(minutes=5)


def test_without_a_shift_nothing_is_taken(district: District, grid: Any) -> None:
    answer = Handset(district).send("report", {"text": "井盖缺失", "grid": str(grid.id)})
    assert (answer.status_code, answer.json()["code"]) == (401, "no_shift")


def test_a_shift_ends(handset: Handset) -> None:
    assert handset.standing() == "ok"
    handset.client.post(reverse("fieldwork:end"))
    assert handset.standing() == "ended"
    assert handset.client.get(reverse("fieldwork:day")).status_code == 302
    Phone.objects.update(ended_at=None, ends_at=timezone.now() - timedelta(minutes=1))
    assert handset.standing() == "ended"
    assert Client().get(reverse("fieldwork:standing"), headers={"X-Phone": "x.y"}).json()["state"] == "unknown"


def test_a_lost_phone_is_taken_out_of_use(handset: Handset, district: District, grid: Any) -> None:
    phone = Phone.objects.get()
    address = reverse("fieldwork:phones")
    assert "测试机" in district.client("head").get(address).content.decode()
    district.client("head").post(address, {"phone": "x"})
    assert handset.standing() == "ok"
    district.client("head").post(address, {"phone": phone.pk})
    assert handset.standing() == "revoked"
    assert handset.client.get(reverse("fieldwork:day")).status_code == 302
    assert handset.send("report", {"text": "井盖缺失", "grid": str(grid.id)}).status_code == 302


def test_the_queue_opens_again_with_the_same_person_only(district: District, grid: Any) -> None:
    one, again = Handset(district), Handset(district)
    first, second = one.begin(), again.begin()
    assert first["keys"] == second["keys"]
    assert first["phone"] != second["phone"]


def test_two_phones_edit_one_household(handset: Handset, district: District, grid: Any) -> None:
    home = household(grid)
    (building,) = handset.client.get(reverse("fieldwork:homes")).json()["homes"]
    (known,) = building["units"][0]["households"]
    assert (known["version"], known["people"]) == (home.version, ["王**（户主）"])
    other = Handset(district)
    other.begin()
    said = {"household": known["id"], "version": known["version"], "kind": "family"}
    assert other.send("household", {**said, "note": "白天家里没人"}).status_code == 201
    late = handset.send("household", {**said, "note": "养了一条狗"})
    assert (late.status_code, late.json()["theirs"]) == (409, {"note": "白天家里没人"})
    mine = {**said, "note": "养了一条狗", "version": late.json()["version"]}
    assert handset.send("household", mine).status_code == 201
    home.refresh_from_db()
    assert home.note == "养了一条狗"
    joins = {"household": known["id"], "version": home.version, "name": "王小红", "phone": "", "role": "child"}
    assert handset.send("resident", joins).status_code == 201
    assert home.residences.count() == 2


def household(grid: Any) -> Any:
    """A household of one behind the first door of a building of the grid."""
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    there = NewBuilding(grid.id, "1号楼", "东风路1号", lon=place(grid)["lon"], lat=place(grid)["lat"])
    (building,) = register.add_buildings([there], **who)
    (unit,) = register.add_units(building.pk, [NewUnit("101", "1单元", 1)], **who)
    head = register.NewResident(timezone.localdate(), register.NewPerson("王小明"), role="head")
    return register.open_household(unit.pk, [head], **who)


def test_the_shell_holds_nothing_of_anybody(handset: Handset) -> None:
    page = handset.client.get(reverse("fieldwork:app")).content.decode()
    assert "测试" not in page
    assert json.loads(handset.client.get(reverse("fieldwork:manifest")).content)["start_url"] == "/field/"
    script = handset.client.get(reverse("fieldwork:worker"))
    assert script["Content-Type"].startswith("text/javascript")
    assert "addEventListener" in script.content.decode()


@pytest.fixture
def building(handset: Handset, grid: Any) -> dict[str, Any]:
    """A building as the phone knows it."""
    household(grid)
    (known,) = handset.client.get(reverse("fieldwork:homes")).json()["homes"]
    return dict(known)


def of_building(known: dict[str, Any], **other: Any) -> dict[str, Any]:
    kept = {name: known[name] for name in ("version", "name", "floors", "lon", "lat")}
    return {"building": known["id"], **kept, **other}


def of_unit(known: dict[str, Any], **other: Any) -> dict[str, Any]:
    kept = {name: known[name] for name in ("version", "entrance", "number", "floor", "use")}
    return {"unit": known["id"], **kept, **other}


def test_a_building_is_corrected_and_two_phones_are_told_of_one_another(
    handset: Handset, district: District, building: dict[str, Any]
) -> None:
    other = Handset(district)
    other.begin()
    moved = building["lon"] + 0.0001
    assert other.send("building", of_building(building, name="甲1号楼", floors=6, lon=moved)).status_code == 201
    late = handset.send("building", of_building(building, name="1号楼（东）", floors=6))
    assert late.status_code == 409
    assert late.json()["theirs"] == {"name": "甲1号楼", "lon": moved}
    again = of_building(building, name="1号楼（东）", floors=6, version=late.json()["version"])
    assert handset.send("building", again).status_code == 201
    (known,) = handset.client.get(reverse("fieldwork:homes")).json()["homes"]
    assert (known["name"], known["floors"], known["lon"]) == ("1号楼（东）", 6, building["lon"])
    same = handset.send("building", of_building(known))
    assert same.status_code == 201  # looked at, nothing changed
    wrong = handset.send("building", of_building(known, floors=400))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "floors")


def test_a_building_is_gone_only_when_nobody_lives_there(
    handset: Handset, district: District, building: dict[str, Any]
) -> None:
    lived_in = handset.send("building", of_building(building, is_gone="on"))
    assert (lived_in.status_code, lived_in.json()["code"]) == (409, "still_lived_in")
    home = building["units"][0]["households"][0]
    register.end_household(UUID(home["id"]), on=timezone.localdate(), by=BY, at=timezone.now())
    assert handset.send("building", of_building(building, is_gone="on")).status_code == 201
    assert handset.client.get(reverse("fieldwork:homes")).json()["homes"] == []
    other = Handset(district)
    other.begin()
    late = other.send("building", of_building(building))
    assert (late.status_code, set(late.json()["theirs"])) == (409, {"ended_on"})
    assert other.send("building", of_building(building, version=late.json()["version"])).status_code == 201  # it stands
    assert len(handset.client.get(reverse("fieldwork:homes")).json()["homes"]) == 1


def test_units_are_added_once_corrected_and_lived_in(
    handset: Handset, district: District, building: dict[str, Any]
) -> None:
    new, key = {"building": building["id"], "entrance": "1单元", "number": "102", "floor": 1, "use": "rented"}, uuid4()
    assert [handset.send("new_unit", new, key=key).status_code for _n in range(2)] == [201, 200]
    twice = handset.send("new_unit", new)
    assert (twice.status_code, twice.json()["code"]) == (409, "unit_taken")
    (known,) = handset.client.get(reverse("fieldwork:homes")).json()["homes"]
    unit = known["units"][1]
    assert (unit["door"], unit["households"]) == ("1单元-102", [])
    other = Handset(district)
    other.begin()
    assert other.send("unit", of_unit(unit, use="shop")).status_code == 201
    late = handset.send("unit", of_unit(unit, use="empty"))
    assert (late.status_code, late.json()["theirs"]) == (409, {"use": "shop"})
    first = {"unit": unit["id"], "name": "赵小满", "phone": "", "role": "head"}
    assert handset.send("resident", first).status_code == 201
    (known,) = handset.client.get(reverse("fieldwork:homes")).json()["homes"]
    assert known["units"][1]["households"][0]["people"] == ["赵**（户主）"]
    gone = handset.send("unit", of_unit(known["units"][1], is_gone="on"))
    assert gone.json()["code"] == "still_lived_in"
    assert handset.send("resident", {"name": "无处可去", "role": "head"}).status_code == 422


def test_what_is_elsewhere_is_not_corrected(handset: Handset, district: District) -> None:
    there = descendants(district.streets["elsewhere"], level=Level.GRID)[0]
    (made,) = register.add_buildings([NewBuilding(there.id, "9号楼", "西风路9号")], by=BY, at=timezone.now())
    said = {"building": str(made.pk), "version": 1, "name": "我的楼"}
    assert handset.send("building", said).status_code == 403
    assert handset.send("new_unit", {"building": str(made.pk), "number": "1", "use": "living"}).status_code == 403


def test_when_it_was_done_is_believed_inside_a_shift(handset: Handset, grid: Any) -> None:
    """The phone's clock claims no more than the shifts it was in the hand."""
    Phone.objects.update(begun_at=timezone.now() - timedelta(hours=30), ends_at=timezone.now() - timedelta(hours=18))
    handset.begin()  # the next morning
    begun = {}
    for name, ago, off in (("yesterday", 20, 3600), ("between", 10, 0), ("long ago", 900, 0), ("to come", -5, 0)):
        key = uuid4()
        said = {"round": str(key), "grid": str(grid.id), "accuracy": 8, **place(grid)}
        assert handset.send("check_in", said, off=off, ago=ago * 3600).status_code == 201
        begun[name] = round((timezone.now() - Round.objects.get(pk=key).begun_at).total_seconds() / 3600)
    assert begun == {"yesterday": 20, "between": 0, "long ago": 0, "to come": 0}


def test_a_list_comes_in_parts_with_a_stamp_of_its_own(
    handset: Handset, district: District, grid: Any, monkeypatch: Any
) -> None:
    """The own grids first, so many and no more; what is as it was costs nothing."""
    today = timezone.localdate()
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    drive = campaigns.begin(campaigns.DriveSaid(
        name="违建清零", kind="order", organ=district.organs["bureau"].pk, stages=(("已发现", False), ("已拆除", True)),
        starts_on=today, ends_on=today + timedelta(days=9),
    ), **who)  # fmt: skip
    community = grid.parent_id
    far = [campaigns.NewTarget(name=f"远处{n}号棚", division=community, due_on=today) for n in range(3)]
    near = [campaigns.NewTarget(name=f"{n}号棚", division=grid.id, lon=117.01, lat=36.51) for n in range(4)]
    campaigns.add(drive.pk, [*far, *near], **who)
    monkeypatch.setattr(lists, "PART", 2)
    monkeypatch.setattr(lists, "HELD", 5)
    day = handset.client.get(reverse("fieldwork:day"))
    stood = day.json()["todo"]["drive_tick"]
    assert (stood["total"], stood["held"]) == (7, 5)
    rows, first = list[Any](), 0
    while first is not None:
        part = handset.client.get(reverse("fieldwork:todo", args=["drive_tick"]), {"first": first}).json()
        rows += [row | part["shared"][row["as"]] for row in part["rows"]]
        assert len(part["shared"]) == 1
        first = part["next"]
    assert [row["title"][-2:] for row in rows] == ["号棚"] * 5
    assert [row["title"].startswith("远处") for row in rows] == [False] * 4 + [True]
    assert (rows[0]["point"], rows[0]["choices"]) == ([117.01, 36.51], {"stage": ["已拆除", ""]})
    again = handset.client.get(reverse("fieldwork:day"), headers={"If-None-Match": day["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    one = campaigns.Target.objects.get(name="0号棚")
    campaigns.move(one.pk, drive.stages.get(is_done=True).pk, by=BY, at=timezone.now())
    now = handset.client.get(reverse("fieldwork:day"), headers={"If-None-Match": day["ETag"]})
    assert now.json()["todo"]["drive_tick"]["total"] == 6
    assert now.json()["todo"]["drive_tick"]["stamp"] != stood["stamp"]
    homes = handset.client.get(reverse("fieldwork:homes"))
    headers = {"If-None-Match": homes["ETag"]}
    assert handset.client.get(reverse("fieldwork:homes"), headers=headers).status_code == 304
    for wrong in ("nothing", "drive_tick?first=x"):
        assert handset.client.get(f"/field/todo/{wrong}").status_code == 404
