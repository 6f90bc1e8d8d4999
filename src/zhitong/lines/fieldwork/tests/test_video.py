"""Calls by video: from a matter of any kind to the worker's phone, who joined, the minutes, the room's address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import District, Raised, build
from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.kernel.events.public import Event, inbox
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory.public import Level, descendants

from ..actions import teams, video
from ..models import Joined, VideoCall
from ..queries import video as reading
from ..rules.video import is_template, new_address

pytestmark = pytest.mark.django_db
TEMPLATE = "https://meet.example.gov/{room}"


@pytest.fixture
def district(db: None) -> District:
    return build()


@pytest.fixture
def rooms(district: District) -> None:
    video.set_rooms(TEMPLATE, by=district.actor("admin"), at=timezone.now())


@pytest.fixture
def grid(district: District) -> Any:
    found = descendants(district.streets["street"], level=Level.GRID)[0]
    staff_id = district.people["grid"].staff_id
    assert staff_id is not None
    teams.hand_over(found.id, staff_id, on=timezone.localdate(), by=district.actor("head"), at=timezone.now())
    return found


@pytest.fixture
def raised(district: District, grid: Any, rooms: None) -> Raised:
    return district.passed(division_id=grid.id)


@pytest.fixture
def call(district: District, raised: Raised) -> Callable[..., VideoCall]:
    def made(by: str = "dispatcher") -> VideoCall:
        district.act(raised, "video_call", by, staff=str(district.people["grid"].staff_id))
        return VideoCall.objects.latest("asked_at")

    return made


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (TEMPLATE, True), ("https://meet.example.gov:8443/r/{room}?lang=zh", True), ("http://meet.example.gov/{room}", False),
        ("https://meet.example.gov/", False), ("https://{room}.example.gov/", False), ("javascript:alert('{room}')", False),
        ("https://a@meet.example.gov/{room}", False), ("https://meet.example.gov/{room}/{room}", False), ("https:///{room}", False),
        ('https://meet.example.gov/{room}"><script>', False), ("https://[::1/{room}", False), ("https://x:9999999/{room}", False),
        ("https://会议.example.gov/{room}", False), ("https://meet.example.gov/{room} ", False),
    ],
)  # fmt: skip
def test_what_is_the_address_of_rooms(text: str, fits: bool) -> None:
    assert is_template(text) is fits


def test_a_room_is_never_used_twice() -> None:
    made = {new_address(TEMPLATE) for _n in range(200)}
    assert len(made) == 200
    assert {len(urlsplit(one).path) for one in made} == {33}  # 128 bits in hex


@pytest.mark.parametrize("by", ["dispatcher", "worker", "head", "leader"])
def test_the_centre_and_the_organ_that_handles_call(
    call: Callable[..., VideoCall], district: District, by: str
) -> None:
    one = call(by)
    assert one.address.startswith("https://meet.example.gov/")
    assert one.staff_id == district.people["grid"].staff_id
    told = inbox(district.people["grid"].pk).first()
    assert told is not None
    assert told.template == video.LETTER
    assert one.address not in str(Event.objects.filter(stream=one.matter_id).values_list("data", flat=True))


@pytest.mark.parametrize("by", ["elsewhere", "grid", "clerk"])
def test_nobody_else_does(district: District, raised: Raised, by: str) -> None:
    with pytest.raises((NotAllowed, m.Matter.DoesNotExist, Refused)):
        district.act(raised, "video_call", by, staff=str(district.people["grid"].staff_id))
    assert not VideoCall.objects.exists()


def test_only_workers_around_are_called(district: District, raised: Raised) -> None:
    assert reading.callable_for(raised.matter)[0][0] == str(district.people["grid"].staff_id)
    with pytest.raises(Refused):
        district.act(raised, "video_call", "dispatcher", staff=str(district.people["leader"].staff_id))


def test_who_joins_is_on_the_matter_and_the_minutes_end_it(
    call: Callable[..., VideoCall], district: District, raised: Raised
) -> None:
    one = call()
    home = district.client("grid").get(reverse("portal:desk")).content.decode()
    assert reverse("fieldwork:join", args=[one.pk]) in home
    day = district.client("grid").get(reverse("fieldwork:day")).json()
    assert [known["id"] for known in day["calls"]] == [str(one.pk)]
    assert one.address not in str(day)  # the way into the room is ours
    assert one.address not in home
    entered = district.client("grid").post(reverse("fieldwork:join", args=[one.pk]))
    assert one.address in entered.content.decode()
    assert district.client("dispatcher").post(reverse("fieldwork:join", args=[one.pk])).status_code == 200
    assert [row.by_label.partition("（")[0] for row in Joined.objects.order_by("at")] == ["测试网格员", "测试转办员"]
    page = district.client("worker").get(reverse("portal:matter", args=[raised.id])).content.decode()
    assert "测试网格员" in page
    assert "连线中" in page
    district.act(raised, "video_end", "worker", call=str(one.pk), minutes="现场确认灯杆倾斜，已围挡。")
    page = district.client("worker").get(reverse("portal:matter", args=[raised.id])).content.decode()
    assert "现场确认灯杆倾斜" in page
    assert "已结束" in page
    over = district.client("grid").post(reverse("fieldwork:join", args=[one.pk]))
    assert over.status_code == 409
    assert one.address not in over.content.decode()
    assert district.client("grid").get(reverse("fieldwork:day")).json()["calls"] == []
    kinds = list(Event.objects.filter(stream=raised.id).order_by("seq").values_list("kind", flat=True))
    assert kinds[-4:] == ["appeal.video_call", "fieldwork.joined", "fieldwork.joined", "appeal.video_end"]
    with pytest.raises(Refused):
        district.act(raised, "video_end", "worker", call=str(one.pk), minutes="再来一次")


def test_nobody_is_called_into_two_rooms_of_one_matter(
    call: Callable[..., VideoCall], district: District, raised: Raised
) -> None:
    one = call()
    with pytest.raises(Conflict, match="请直接进入会议室"):
        call("worker")
    assert VideoCall.objects.count() == 1
    VideoCall.objects.update(asked_at=one.asked_at - timedelta(hours=13))  # that link leads nowhere any more
    call()
    assert VideoCall.objects.count() == 2


def test_minutes_are_written_after_the_matter_is_over_too(district: District, grid: Any, rooms: None) -> None:
    raised = district.concluded(division_id=grid.id)
    district.act(raised, "video_call", "worker", staff=str(district.people["grid"].staff_id))
    district.act(raised, "visit", "visitor", how="phone", reached=True, grade="5")
    assert raised.matter.closed_at is not None
    with pytest.raises(Conflict):
        district.act(raised, "video_call", "worker", staff=str(district.people["grid"].staff_id))
    district.act(raised, "video_end", "worker", call=str(VideoCall.objects.get().pk), minutes="未接通。")
    assert raised.matter.stage == "closed"


def test_others_do_not_get_in(call: Callable[..., VideoCall], district: District) -> None:
    one = call()
    for name, status in (("elsewhere", 404), ("clerk", 403), ("visitor", 403)):
        assert district.client(name).post(reverse("fieldwork:join", args=[one.pk])).status_code == status, name
    assert district.client("grid").get(reverse("fieldwork:join", args=[one.pk])).status_code == 405
    assert not Joined.objects.exists()


def test_a_link_of_yesterday_is_no_way_in(call: Callable[..., VideoCall], district: District) -> None:
    one = call()
    VideoCall.objects.update(asked_at=one.asked_at - timedelta(hours=13))
    assert district.client("grid").post(reverse("fieldwork:join", args=[one.pk])).status_code == 409
    assert reading.waiting_for(district.actor("grid"), timezone.now()) == []


def test_without_an_address_the_form_says_who_sets_it(district: District, grid: Any) -> None:
    raised = district.passed(division_id=grid.id)
    client, address = district.client("dispatcher"), reverse("portal:act", args=[raised.id, "video_call"])
    assert "还没有设置视频会议室" in client.get(address).content.decode()
    with pytest.raises(Refused) as caught:
        district.act(raised, "video_call", "dispatcher", staff=str(district.people["grid"].staff_id))
    assert caught.value.code == "no_video_rooms"


def test_the_administrator_sets_the_address(district: District) -> None:
    client, address = district.client("admin"), reverse("fieldwork:rooms")
    wrong = client.post(address, {"template": "meet.example.gov"})
    assert wrong.status_code == 422
    assert 'value="meet.example.gov"' in wrong.content.decode()
    assert client.post(address, {"template": TEMPLATE}).status_code == 302
    assert TEMPLATE in client.get(address).content.decode()
    assert client.post(address, {"template": ""}).status_code == 302
    assert reading.template() == ""
    assert district.client("head").get(address).status_code == 403


def test_every_kind_of_matter_has_it() -> None:
    assert len(m.KINDS) > 2
    for kind in m.KINDS.values():
        call, end = kind.moves["video_call"], kind.moves["video_end"]
        assert set(call.from_) == {stage.slug for stage in kind.stages if not stage.is_end}
        assert set(end.from_) == set(kind.by_slug)
        assert "video_call" not in {action.slug for action in kind.actions}  # no matter waits for it
