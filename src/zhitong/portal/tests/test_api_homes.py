"""Homes for other systems: as far as the post reaches, masked, each look in the log of whoever was looked up."""

import pytest
from django.utils import timezone

from tests.district import BY, District, build
from tests.machine import Machine, machine
from zhitong.base.citizen import citizen_check
from zhitong.kernel.events.public import Event
from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory

pytestmark = pytest.mark.django_db
CITIZEN = "37999919800101001" + citizen_check("37999919800101001")


@pytest.fixture
def office(db: None) -> District:
    return build()


@pytest.fixture
def home(office: District) -> register.Household:
    at = timezone.now()
    new = register.NewBuilding(office.streets["street"], "示范3号楼", "东风路8号")
    (building,) = register.add_buildings([new], by=BY, at=at)
    units = register.add_units(building.pk, [register.NewUnit("501"), register.NewUnit("502")], by=BY, at=at)
    head = register.NewResident(
        timezone.localdate(), register.NewPerson("张三丰", "13800000001", "", CITIZEN), role="head"
    )
    return register.open_household(units[1].pk, [head], by=BY, at=at)


@pytest.fixture
def grid(office: District) -> Machine:
    return machine(office, "grid", "homes")


def test_buildings_and_units_page_by_page(office: District, home: register.Household, grid: Machine) -> None:
    (one,) = grid.get("/buildings").json()["items"]
    assert (one["name"], one["division"]) == ("示范3号楼", str(office.streets["street"]))
    first = grid.get(f"/buildings/{one['id']}/units?limit=1").json()
    then = grid.get(f"/buildings/{one['id']}/units?limit=1&after={first['next']}").json()
    assert [row["number"] for row in (*first["items"], *then["items"])] == ["501", "502"]
    assert then["next"] is None
    assert machine(office, "elsewhere", "homes").get("/buildings").json()["items"] == []
    assert grid.get(f"/buildings?division={office.streets['elsewhere']}").json()["items"] == []
    assert grid.get("/buildings?division=01a00000-0000-7000-8000-000000000000").status_code == 404


def test_a_look_by_number_is_masked_and_kept(office: District, home: register.Household, grid: Machine) -> None:
    asked = {"citizen_id": CITIZEN, "reason": "核对居住登记"}
    answer = grid.post("/people/lookup", asked)
    (person,) = answer.json()["items"]
    assert (person["name"], person["places"][0]["unit"]) == ("张**", "502")
    assert CITIZEN not in answer.content.decode()
    assert Event.objects.get(kind="person.looked_up").data["reason"] == "核对居住登记"
    assert machine(office, "elsewhere", "homes").post("/people/lookup", asked).json()["items"] == []
    assert Event.objects.filter(kind="person.looked_up").count() == 1
    both = grid.post("/people/lookup", {**asked, "phone": "13800000001"})
    assert (both.status_code, both.json()["code"]) == (422, "one_number")
    assert machine(office, "grid", "read").post("/people/lookup", asked).status_code == 403


def test_buildings_are_pushed_once(office: District, grid: Machine) -> None:
    node = territory.node(office.streets["street"])
    assert node is not None
    said = {"buildings": [{"division": node.code, "name": "9号楼", "address": "东风路9号", "lon": 117.0, "lat": 36.6}]}
    assert [one["outcome"] for one in grid.post("/buildings", said).json()["items"]] == ["created"]
    assert [one["outcome"] for one in grid.post("/buildings", said).json()["items"]] == ["unchanged"]
    said["buildings"][0]["floors"] = 6
    assert [one["outcome"] for one in grid.post("/buildings", said).json()["items"]] == ["changed"]
    other = territory.node(office.streets["elsewhere"])
    assert other is not None
    said["buildings"].append({"division": other.code, "name": "1号楼", "address": "南山路1号"})
    assert grid.post("/buildings", said).status_code == 403
    assert grid.post("/buildings", {"buildings": [{**said["buildings"][0], "lat": None}]}).status_code == 422
