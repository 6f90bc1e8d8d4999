"""Teams: principal, substitutes, leave, the reserve, and whom residents are told of."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.district import BY, District, build
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.kernel.accounts.public import Grant
from zhitong.kernel.organisation.public import Leave, Post, Staff, change_organ, import_workbook, staffed_divisions
from zhitong.kernel.register import public as register
from zhitong.kernel.territory.public import Level, descendants, node, of_level

from ..actions import teams as do
from ..models import Round
from ..queries import teams as reading
from ..queries.load import loads

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None) -> District:
    return build()


@pytest.fixture
def who(district: District) -> dict[str, Any]:
    return {"by": district.actor("head"), "at": timezone.now()}


def staff(district: District, name: str) -> Any:
    return district.people[name].staff_id


def grids(district: District, street: str = "street") -> list[Any]:
    return descendants(district.streets[street], level=Level.GRID)


def test_a_grid_has_its_worker_from_a_day_on(district: District, who: dict[str, Any]) -> None:
    grid, today = grids(district)[0], timezone.localdate()
    assert grid.id not in staffed_divisions(today)
    do.hand_over(grid.id, staff(district, "grid"), on=today, **who)
    assert grid.id in staffed_divisions(today)
    assert reading.grids_of(staff(district, "grid"), today) == [grid.id]
    assert district.actor("grid").may("fieldwork.walk")
    with pytest.raises(Conflict):
        do.hand_over(grid.id, staff(district, "grid"), on=today, **who)
    later = today + timedelta(days=3)
    do.hand_over(grid.id, staff(district, "worker"), on=later, **who)
    (now,), (then,) = reading.teams([grid], today), reading.teams([grid], later)
    assert now.principal.staff_id == staff(district, "grid")
    assert then.principal.staff_id == staff(district, "worker")
    assert Post.objects.filter(division=grid.id).count() == 1


def test_a_workbook_puts_workers_onto_grids(district: District, who: dict[str, Any]) -> None:
    today, (first, second) = timezone.localdate(), grids(district)[:2]
    office, worker = reading.office_of(first, today), Staff.objects.get(pk=staff(district, "grid"))
    assert office is not None
    rows = [
        ("7001", "赵新网格", first.code, "否"),
        (worker.staff_no, worker.name, second.code, "否"),
        ("7001", "赵新网格", second.code, "是"),
    ]
    table = "工号,姓名,单位编码,岗位名称,岗位辖区编码,代理,任职日期\n" + "\n".join(
        f"{number},{name},{office.code},网格员,{code},{deputy},{today}" for number, name, code, deputy in rows
    )
    for written in (3, 0):
        assert import_workbook("人员.csv", table.encode(), by=BY, at=timezone.now()).written == written
    one, other = reading.teams([first, second], today)
    assert (one.principal.staff.name, other.principal.staff_id) == ("赵新网格", worker.pk)
    assert [seat.staff.name for seat in other.substitutes] == ["赵新网格"]
    posts = [one.principal.post_id, other.principal.post_id]
    granted = Grant.objects.filter(post__in=posts).values_list("role__slug", "scope", "post")
    assert sorted(granted) == sorted(
        ("grid_worker", "division", post) for post in posts
    )  # once for each, and no further one by hand
    do.hand_over(first.id, worker.pk, on=today + timedelta(days=1), **who)
    assert Grant.objects.filter(post__in=posts).count() == 2


def test_who_is_on_leave_is_not_there(district: District, who: dict[str, Any]) -> None:
    today, worker = timezone.localdate(), staff(district, "grid")
    first, second = grids(district)[:2]
    for grid in (first, second):
        do.hand_over(grid.id, worker, on=today, **who)
    street = district.streets["street"]
    leave = do.send_on_leave(worker, street, first=today, last=today, substitute=None, **who)
    assert not {first.id, second.id} & staffed_divisions(today)
    do.call_back(leave.pk, street, on=today, **who)
    assert {first.id, second.id} <= staffed_divisions(today)
    substitute = staff(district, "worker")
    until = today + timedelta(days=2)
    do.send_on_leave(worker, street, first=today, last=until, substitute=substitute, **who)
    assert {first.id, second.id} <= staffed_divisions(today)
    assert set(reading.grids_of(substitute, today)) == {first.id, second.id}
    assert reading.grids_of(substitute, until + timedelta(days=1)) == []
    (team,) = reading.teams([first], today)
    assert [one.staff_id for one in team.present] == [substitute]
    with pytest.raises(Refused):
        do.send_on_leave(worker, street, first=until, last=until, substitute=None, **who)
    with pytest.raises(Refused):
        do.send_on_leave(worker, street, first=today, last=today, substitute=worker, **who)


def test_only_the_reserve_is_called_out(district: District, who: dict[str, Any]) -> None:
    grid, today, street = grids(district)[0], timezone.localdate(), district.streets["street"]
    one = staff(district, "colleague")
    with pytest.raises(Refused):
        do.stand_in(grid.id, one, first=today, last=today, is_call=True, **who)
    do.join_reserve(one, street, **who)
    do.stand_in(grid.id, one, first=today, last=today, is_call=True, **who)
    (load,) = loads(street, today)
    assert (load.standing_in, load.grids, bool(load.reserve)) == (1, 0, True)


def test_the_load_counts_what_is_open(district: District, who: dict[str, Any]) -> None:
    grid, today = grids(district)[0], timezone.localdate()
    do.hand_over(grid.id, staff(district, "grid"), on=today, **who)
    district.open(division_id=grid.id)
    district.open(division_id=grid.id)
    (load,) = loads(district.streets["street"], today)
    assert (load.grids, load.open) == (1, 2)


def test_the_load_counts_homes_and_rounds_and_says_who_has_too_much(district: District, who: dict[str, Any]) -> None:
    today, street, names = timezone.localdate(), district.streets["street"], ("grid", "worker")
    for grid, name in zip(grids(district), names, strict=False):
        do.hand_over(grid.id, staff(district, name), on=today, **who)
    register_homes(grids(district)[0].id, 4)
    register_homes(grids(district)[1].id, 1)
    Round.objects.create(
        id=uuid4(), division_id=grids(district)[0].id, account_id=district.people["grid"].pk, begun_at=timezone.now(), lon=117, lat=36,
        accuracy_m=5, outside_m=0, is_inside=True,
    )  # fmt: skip
    busy, calm = loads(street, today)
    assert (busy.households, busy.tagged, busy.tags, busy.rounds) == (4, 1, {"独居老人": 1}, 1)
    assert busy.over == {"households"}
    assert (calm.households, calm.tagged, calm.over) == (1, 0, frozenset())
    client = district.client("head")
    page = client.get(reverse("fieldwork:people")).content.decode()
    assert "独居老人 1" in page
    assert page.count("偏多</span>") == 1
    book = load_workbook(BytesIO(client.get(reverse("fieldwork:load")).content))
    first, second, *_rest = book.active.iter_rows(values_only=True)
    assert first[4:7] == ("户数", "重点人员", "独居老人")
    assert second[:7] == ("测试网格员", "1", "0", "0", "4", "1", "1")


def register_homes(grid_id: Any, count: int) -> None:
    """A building of so many households; in the first of four somebody lives alone."""
    said: dict[str, Any] = {"by": BY, "at": timezone.now()}
    (building,) = register.add_buildings([register.NewBuilding(grid_id, "1号楼", "东风路1号")], **said)
    units = register.add_units(building.pk, [register.NewUnit(str(100 + n)) for n in range(count)], **said)
    for n, unit in enumerate(units):
        head = register.NewResident(timezone.localdate(), register.NewPerson(f"王{n}号"), role="head")
        home = register.open_household(unit.pk, [head], **said)
        if count == 4 and n == 0:
            kind = register.keep_tag_kind(name="独居老人", subject="person", purpose="定期探访", **said)
            (one,) = register.residents_of([home.pk])[home.pk]
            register.put_tag(kind.pk, one.person_id, purpose="独自居住", **said)


def test_a_head_finds_workers_for_the_own_street_only(district: District, who: dict[str, Any]) -> None:
    elsewhere = grids(district, "elsewhere")[0]
    with pytest.raises(NotFound):
        do.hand_over(elsewhere.id, staff(district, "grid"), on=timezone.localdate(), **who)
    assert district.client("head").get(reverse("fieldwork:grid", args=[elsewhere.id])).status_code == 404
    assert district.client("admin").get(reverse("fieldwork:grid", args=[elsewhere.id])).status_code == 200


def test_the_pages(district: District) -> None:
    client, grid, today = district.client("head"), grids(district)[0], timezone.localdate()
    assert "无人负责" in client.get(reverse("fieldwork:teams")).content.decode()
    address = reverse("fieldwork:grid", args=[grid.id])
    wrong = client.post(address, {"do": "hand_over", "hand_over-staff": "", "hand_over-on": today})
    assert wrong.status_code == 422
    sent = {"do": "hand_over", "hand_over-staff": staff(district, "grid"), "hand_over-on": today}
    assert client.post(address, sent).status_code == 302
    assert "测试网格员" in client.get(address).content.decode()
    people = reverse("fieldwork:people")
    away = {"do": "leave", "leave-staff": staff(district, "grid"), "leave-first": today, "leave-last": today}
    assert client.post(people, away).status_code == 302
    assert "请假中" in client.get(people).content.decode()
    assert (
        "测试网格员"
        not in client.get(reverse("fieldwork:teams"), {"only": "none"}).content.decode().split("<title>")[0]
    )
    assert client.post(people, {"do": "back", "which": Leave.objects.get().pk}).status_code == 302
    assert client.post(people, {"do": "reserve", "reserve-staff": staff(district, "worker")}).status_code == 302
    assert "机动队" in client.get(address).content.decode()


def test_a_resident_finds_the_grid_worker_by_address(district: District, who: dict[str, Any]) -> None:
    first, second = descendants(district.streets["street"], level=Level.GRID)[:2]
    do.hand_over(second.id, staff(district, "grid"), on=timezone.localdate(), **who)
    there = [
        register.NewBuilding(grid.id, f"{number}号楼", f"东风路{number}号")
        for number, grid in ((7, first), (9, second))
    ]
    register.add_buildings(there, by=BY, at=timezone.now())
    name = district.people["grid"].staff.name
    for typed in ("东风路9号", "东风路9号9号楼2单元301"):
        assert name in Client().get(reverse("fieldwork:who"), {"q": typed}).content.decode(), typed
    assert name not in Client().get(reverse("fieldwork:who"), {"q": "东风路7号"}).content.decode()
    both = Client().get(reverse("fieldwork:who"), {"q": "东风路"}).content.decode()
    assert str(first.id) in both
    assert str(second.id) in both


def test_who_names_a_street_chooses_community_and_grid(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhitong.lines.fieldwork.web.views.who.MOST_LISTED", 1)
    client, address, street = Client(), reverse("fieldwork:who"), node(district.streets["street"])
    assert street is not None
    (community,) = of_level(Level.COMMUNITY, street.id)
    offered = client.get(address, {"q": street.name}).content.decode()
    assert f"?in={community.id}" in offered
    assert "请选择所在村居" in offered
    below = client.get(address, {"in": str(community.id)}).content.decode()
    assert all(f"?grid={grid.id}" in below for grid in grids(district))
    assert client.get(address, {"in": "x"}).status_code == 200


def test_residents_are_told_a_name_and_the_telephone_of_the_office(district: District, who: dict[str, Any]) -> None:
    grid = grids(district)[0]
    do.hand_over(grid.id, staff(district, "grid"), on=timezone.localdate(), **who)
    change_organ(district.organs["street"].pk, phone="0531-80000000", by=who["by"].system("test"), at=who["at"])
    client, address = Client(), reverse("fieldwork:who")
    page = client.get(address, {"q": grid.code}).content.decode()
    assert "测试网格员" in page
    assert "0531-80000000" in page
    assert "1990000" not in page  # the person's own
    community = client.get(address, {"q": "东风社区"}).content.decode()
    assert str(grid.id) in community
    assert "测试网格员" in client.get(address, {"grid": grid.id}).content.decode()
    assert "没有找到" in client.get(address, {"lon": "1", "lat": "1"}).content.decode()
    assert client.get(address, {"lon": "x", "lat": "nan"}).status_code == 200
    answers = [client.get(address, {"q": "东风社区"}).status_code for _n in range(30)]
    assert answers[-1] == 429
