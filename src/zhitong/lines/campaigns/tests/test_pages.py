"""Pages of drives, as whoever leads, works, follows or only looks."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, photo
from zhitong.kernel.matters.public import finding_subkinds

from ..actions import drives, moving
from ..models import Drive, Plan, Target
from .conftest import Place
from .test_actions import middle

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any) -> str:
    return reverse(f"campaigns:{name}", args=args)


def upload(content: str, name: str = "t.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def picture(colour: str = "gray") -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo(colour), "image/jpeg")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def typed(place: Place, **more: Any) -> dict[str, Any]:
    return {
        "name": "十乱整治", "kind": "order", "organ": place.district.organs["bureau"].pk, "starts_on": "2026-01-01",
        "ends_on": "2199-12-31", "stages": "已发现\n已告知\n*已拆除", "sorts": "违法建设\n占道经营", "takes_finds": "on", **more,
    }  # fmt: skip


def test_from_an_empty_page_to_a_drive_with_targets(place: Place) -> None:
    admin = place.district.client("admin")
    assert "还没有专项行动" in text(admin, at("list"))
    made = admin.post(at("new"), typed(place))
    drive = Drive.objects.get()
    assert made.headers["Location"] == at("fill", drive.pk)
    assert "清单上还没有对象" in text(admin, at("drive", drive.pk))
    assert "清单上还没有对象" in text(admin, at("targets", drive.pk))
    table = f"编号,对象名称,统一编码,问题类型\nA1,东棚,{place.grids[0].code},违法建设\nA2,西棚,000,\n"
    tried = admin.post(at("fill", drive.pk), {"file": upload(table), "do": "try"}).content.decode()
    assert "1行可以写入" in tried
    assert "没有编码为“000”" in tried
    assert not Target.objects.exists()
    for said in ("已写入1行", "1行已在清单上"):
        page = admin.post(at("fill", drive.pk), {"file": upload(table), "do": "write"}).content.decode()
        assert said in page
    assert admin.post(at("fill", drive.pk), {"of": "grid", "within": place.streets[0].id}).status_code == 302
    admin.post(at("add", drive.pk), {"name": "南棚", "division": place.streets[0].id})
    again = admin.post(at("add", drive.pk), {"name": "南棚", "division": place.streets[0].id})
    assert "同名对象" in again.content.decode()
    assert Target.objects.count() == 2 + len([one for one in place.grids if place.streets[0].id in one.path])
    assert admin.get(at("targets_template", drive.pk)).content.decode().startswith("\ufeff编号,对象名称")
    edited = admin.post(at("edit", drive.pk), typed(place, name="十乱清零"))
    assert edited.status_code == 302
    assert "十乱清零" in text(admin, at("edit", drive.pk))


@pytest.mark.parametrize("more", [{"name": ""}, {"ends_on": "2020-01-01"}, {"stages": "一个"}, {"organ": uuid4()}])
def test_what_is_wrong_with_a_drive_is_said_and_nothing_is_lost(place: Place, more: dict[str, Any]) -> None:
    page = place.district.client("admin").post(at("new"), typed(place, purpose="为了大家", **more))
    assert page.status_code == 422
    assert "为了大家" in page.content.decode()
    assert not Drive.objects.exists()


def test_the_page_of_a_drive_counts_and_leads_to_the_list(place: Place) -> None:
    drive = place.drive(8)
    for number in (1, 2, 3):
        moving.move(place.target(drive, number).pk, place.stage(drive, 3), by=BY, at=timezone.now())
    moving.set_aside(place.target(drive, 4).pk, "误报", by=BY, at=timezone.now())
    leader = place.district.client("leader")
    page = text(leader, at("drive", drive.pk))
    assert "42.9%" in page
    assert "没有编排计划" in page
    assert f"done={place.today}" in page
    assert text(leader, at("drive", drive.pk) + f"?in={place.streets[0].id}")
    listed = text(leader, at("targets", drive.pk) + f"?done={place.today}")
    assert ("1号棚" in listed, "5号棚" in listed) == (True, False)
    for query, wanted in [("state=aside", "4号棚"), ("q=6号棚", "6号棚"), ("q=7", "7号棚"), (f"stage={place.stage(drive, 3)}", "2号棚"),
                          (f"in={place.streets[0].id}&sort=-number", "号棚"), ("sort=due", "1号棚"), ("kind=违法建设", "没有符合"),
                          ("late=yes", "没有符合"), ("state=x&stage=y&in=z&done=w", "1号棚")]:  # fmt: skip
        assert wanted in text(leader, at("targets", drive.pk) + "?" + query), query
    book = leader.get(at("export", drive.pk) + "?state=done")
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert "已完成" in text(leader, at("list") + "?q=违建&kind=order&state=running")
    assert "没有符合条件" in text(leader, at("list") + "?q=没有")


def test_the_map_and_its_points(place: Place) -> None:
    lon, lat = middle(place, 0)
    drive = place.drive()
    place.add(drive, 2, lon=lon, lat=lat)
    leader = place.district.client("leader")
    assert "最多显示" in text(leader, at("map", drive.pk))
    box = f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"
    found = leader.get(at("points", drive.pk) + f"?bbox={box}").json()["features"]
    assert [one["properties"]["title"] for one in found] == ["1号棚", "2号棚"]
    assert leader.get(at("points", drive.pk) + "?bbox=0,0,1,1").json()["features"] == []
    assert leader.get(at("points", drive.pk) + "?bbox=a").status_code == 422


def test_the_plan_point_by_point_and_as_a_table(place: Place) -> None:
    drive, admin = place.drive(4), place.district.client("admin")
    page = admin.post(at("plan", drive.pk), {"by_day": place.today, "done": 2})
    assert page.status_code == 302
    assert "没有落后" not in text(admin, at("drive", drive.pk))
    wrong = admin.post(at("plan", drive.pk), {"by_day": place.today, "done": 3})
    assert (wrong.status_code, "排了两次" in wrong.content.decode()) == (422, True)
    both = {
        "by_day": place.today,
        "done": 3,
        "division": place.streets[0].id,
        "organ": place.district.organs["bureau"].pk,
    }
    assert admin.post(at("plan", drive.pk), both).status_code == 422
    table = f"日期,应完成,统一编码,责任单位\n{place.today},1,{place.streets[0].code},\n{drive.ends_on},4,,新城区城市管理局\n"
    assert "2行可以写入" in admin.post(at("plan", drive.pk), {"file": upload(table), "do": "try"}).content.decode()
    assert Plan.objects.count() == 1
    admin.post(at("plan", drive.pk), {"file": upload(table), "do": "write"})
    assert Plan.objects.count() == 2
    bad = admin.post(at("plan", drive.pk), {"file": upload(table + "明天,x,,\n"), "do": "write"}).content.decode()
    assert "有问题的行" in bad
    admin.post(at("plan_drop", drive.pk), {"point": Plan.objects.values_list("pk", flat=True)[0]})
    assert Plan.objects.count() == 1
    admin.post(at("plan_drop", drive.pk), {"point": "all"})
    assert "还没有计划" in text(admin, at("plan", drive.pk))
    assert "日期" in admin.get(at("plan_template", drive.pk)).content.decode()


def test_a_target_is_worked_through(place: Place) -> None:
    drive = place.drive(1, needs_after=True)
    one, worker = place.target(drive), place.district.client("worker")
    page = at("target", one.pk)
    assert "处置前后" in text(worker, page)
    done = {"stage": place.stage(drive, 3), "expected": place.stage(drive, 1), "text": "当场拆除", "do": "move"}
    refused = worker.post(at("step", one.pk), done)
    assert (refused.status_code, "当场拆除" in refused.content.decode()) == (422, True)
    assert worker.post(at("step", one.pk), {**done, "before": picture(), "after": picture("green")}).status_code == 302
    shown = text(worker, page)
    assert "当场拆除" in shown
    sides = {photo.side: photo for photo in one.photos.all()}
    answer = worker.get(at("photo", one.pk, sides["after"].pk))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert worker.get(at("photo", one.pk, uuid4())).status_code == 404
    stale = worker.post(at("step", one.pk), done)
    assert stale.status_code == 422
    worker.post(at("back", one.pk))
    assert place.target(drive).state == "open"
    assert worker.post(at("step", one.pk), {"text": "", "do": "note"}).status_code == 422
    worker.post(at("step", one.pk), {"text": "户主在外地", "do": "note"})
    assert worker.post(at("aside", one.pk), {"reason": ""}).status_code == 422
    worker.post(at("aside", one.pk), {"reason": "合法建筑"})
    assert "合法建筑" in text(worker, page)
    worker.post(at("take_up", one.pk))
    worker.post(at("take_up", one.pk))
    assert place.target(drive).state == "open"


def test_a_matter_is_raised_tied_and_untied(place: Place) -> None:
    drive = place.drive(1)
    one, worker = place.target(drive), place.district.client("worker")
    assert (
        worker.post(
            at("raise", one.pk), {"subkind": finding_subkinds()[0].pk, "text": "", "urgency": "normal"}
        ).status_code
        == 422
    )
    worker.post(at("raise", one.pk), {"subkind": finding_subkinds()[0].pk, "text": "拒不拆除", "urgency": "normal"})
    matter = place.target(drive).matter
    assert matter is not None
    assert matter.number in text(worker, at("target", one.pk))
    worker.post(at("link", one.pk), {"number": ""})
    assert place.target(drive).matter_id is None
    assert "没有这个编号" in worker.post(at("link", one.pk), {"number": "X"}, follow=True).content.decode()


def test_put_right_and_moved_on_together(place: Place) -> None:
    drive, admin = place.drive(3), place.district.client("admin")
    one = place.target(drive)
    said = {
        "name": "1号铁皮棚",
        "division": one.division_id,
        "organ": place.district.organs["street"].pk,
        "due_on": place.today,
    }
    assert admin.post(at("edit_target", one.pk), said).status_code == 302
    assert "测试承办人" in text(admin, at("edit_target", one.pk))
    assert admin.post(at("edit_target", one.pk), {**said, "name": ""}).status_code == 422
    ids = list(Target.objects.values_list("pk", flat=True))
    answer = admin.post(at("move", drive.pk), {"target": ids, "stage": place.stage(drive, 2)}, follow=True)
    assert "已推进3个对象" in answer.content.decode()
    assert "请勾选对象" in admin.post(at("move", drive.pk), {}, follow=True).content.decode()


def test_ended_taken_up_and_published(place: Place) -> None:
    drive, admin, anybody = place.drive(2), place.district.client("admin"), Client()
    assert anybody.get(at("open_drive", drive.pk)).status_code == 404
    assert "现在没有公开" in text(anybody, at("open_list"))
    admin.post(at("publish", drive.pk), {"public": "yes"})
    assert "违建治理" in text(anybody, at("open_list"))
    page = text(anybody, at("open_drive", drive.pk))
    assert ("东风路街道" in page, "号棚" in page) == (True, False)
    admin.post(at("end", drive.pk))
    assert "已结束" in text(admin, at("drive", drive.pk))
    assert "推进到" not in text(place.district.client("worker"), at("target", place.target(drive).pk))
    admin.post(at("reopen", drive.pk))
    admin.post(at("reopen", drive.pk))
    admin.post(at("publish", drive.pk), {"public": "no"})
    assert anybody.get(at("open_drive", drive.pk)).status_code == 404


def test_in_the_street(place: Place) -> None:
    drive, grid = place.drive(takes_finds=True), place.district.client("grid")
    lon, lat = middle(place, 0)
    assert "没有待办的对象" in text(grid, at("mine"))
    fields = {"key": uuid4(), "name": "铁皮棚", "sort": "违法建设", "lon": lon, "lat": lat}
    refused = grid.post(at("find", drive.pk), fields)
    assert (refused.status_code, "铁皮棚" in refused.content.decode()) == (422, True)
    for _time in (1, 2):
        assert grid.post(at("find", drive.pk), {**fields, "before": picture()}).status_code == 302
    assert Target.objects.count() == 1
    assert "离我最近" in text(grid, at("mine") + f"?lon={lon}&lat={lat + 0.001}")
    assert "111米" in text(grid, at("mine") + f"?lon={lon}&lat={lat + 0.001}")
    assert "期限最近" in text(grid, at("mine") + "?lon=999&lat=x")
    drives.end(drive.pk, by=BY, at=timezone.now())
    assert grid.get(at("find", drive.pk)).status_code == 404
    assert "没有待办的对象" in text(grid, at("mine"))


def test_streets_see_theirs_and_strangers_nothing(place: Place) -> None:
    everywhere, elsewhere = place.drive(8), place.drive(name="南山专项", divisions=[place.streets[1].id])
    worker, clerk = place.district.client("worker"), place.district.client("clerk")
    page = text(worker, at("list"))
    assert ("违建治理" in page, "南山专项" in page) == (True, False)
    assert worker.get(at("drive", elsewhere.pk)).status_code == 404
    listed = text(worker, at("targets", everywhere.pk))
    mine = Target.objects.filter(path__contains=[place.streets[0].id])
    theirs = Target.objects.exclude(path__contains=[place.streets[0].id])
    assert all(f">{one.name}<" in listed for one in mine)
    assert not any(f">{one.name}<" in listed for one in theirs)
    assert clerk.get(at("list")).status_code == 403
    assert worker.get(at("new")).status_code == 403
    assert worker.post(at("end", everywhere.pk)).status_code == 403
    assert "南山专项" in text(place.district.client("elsewhere"), at("list"))
    assert place.district.client("leader").post(at("step", mine[0].pk), {"do": "note", "text": "x"}).status_code == 403
