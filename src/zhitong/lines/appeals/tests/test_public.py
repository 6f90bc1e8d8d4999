"""What everybody may see: nothing personal, nothing private; and joining."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhitong.kernel.matters import public as m
from zhitong.lines.appeals import rules
from zhitong.lines.appeals.web.views import public

from .factories import District
from .test_raising import page, photo, upload

pytestmark = pytest.mark.django_db
LIST, MAP, PLACES = "/appeals/public/", "/appeals/public/map", "/appeals/public/places.json"
SAID = (
    "我叫张大山，电话13812345678，身份证370103199003071234，住幸福小区3号楼2单元501室，车牌鲁A12345，邮箱zhang@example.com。"
    "张大山家楼下路灯不亮。"
)
SECRETS = (
    "张大山",
    "13812345678",
    "370103199003071234",
    "501室",
    "A12345",
    "37010319",
    "zhang@",
    "116.123456",
    "36.654321",
)


def personal(place: District, **more: Any) -> m.Opened:
    given: dict[str, Any] = {
        "text": SAID, "address": "幸福小区3号楼2单元501室", "lon": 116.123456, "lat": 36.654321,
        "reporter": m.Reporter(name="张大山", phone="13812345678"),
    }  # fmt: skip
    return place.open(**(given | more))


def test_personal_details_are_masked_everywhere(place: District, client: Client) -> None:
    opened = personal(place)
    detail = reverse("appeals:public_detail", args=[opened.number])
    for address in (LIST, MAP, PLACES, detail):
        answer = client.get(address)
        shown = page(answer).replace("12345。", "")
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in shown], address
    assert "路灯不亮" in page(client.get(detail))


def test_a_title_cut_inside_a_number_does_not_tell_the_number(place: District, client: Client) -> None:
    place.open(text="请尽快与我联系，我家水管漏水已经三天了手机号13812345678谢谢")
    assert "13812345" not in page(client.get(LIST))


@pytest.mark.parametrize(
    "more", [{"is_public": False}, {"subkind": "complaint"}, {"subkind": "dispute"}, {"subkind": "petition"}]
)
def test_what_is_private_is_nowhere(place: District, client: Client, more: dict[str, Any]) -> None:
    opened = personal(place, **more)
    for address in (LIST, MAP, PLACES):
        assert opened.number not in page(client.get(address))
    for address in ("", "join"):
        where = f"/appeals/public/{opened.number}/{address}"
        assert client.post(where).status_code in (404, 405)
        assert client.get(where).status_code in (404, 405)


def test_a_kind_made_private_later_takes_its_appeals_off(place: District, client: Client) -> None:
    opened = place.open()
    assert opened.number in page(client.get(LIST))
    m.SubKind.objects.filter(slug="report").update(is_private=True)
    assert opened.number not in page(client.get(LIST))


def test_withdrawn_and_merged_ones_are_gone(place: District, client: Client) -> None:
    child, main = place.open(), place.open()
    place.act(child.matter_id, "merge", place.dispatcher, into=str(main.matter_id), reason="同一处")
    shown = page(client.get(LIST))
    assert main.number in shown
    assert child.number not in shown


def test_paging_forth_and_back(place: District, client: Client) -> None:
    numbers = [place.open(text=f"第{n}件事，路灯不亮。").number for n in range(25)]
    first = client.get(LIST)
    assert numbers[-1] in page(first)
    assert numbers[0] not in page(first)
    ids = list(m.Matter.objects.order_by("-id").values_list("id", flat=True))
    second = page(client.get(LIST, {"before": str(ids[19])}))
    assert numbers[0] in second
    assert numbers[-1] not in second
    assert numbers[-1] in page(client.get(LIST, {"after": str(ids[20])}))


def test_filters(place: District, client: Client) -> None:
    light = place.passed(text="路灯不亮，请修理。")
    rubbish = place.open(text="垃圾没有人清运。")
    for query, found in [
        ({"q": "垃圾"}, rubbish), ({"category": str(place.category.pk)}, light), ({"step": "passed"}, light), ({"q": rubbish.number}, rubbish),
    ]:  # fmt: skip
        shown = page(client.get(LIST, query))
        other = rubbish if found is light else light
        assert found.number in shown
        assert f"/appeals/public/{other.number}/" not in shown
    assert "没有找到" in page(client.get(LIST, {"q": "飞碟"}))


STRANGE = [
    "\0",
    "x" * 5000,
    "NaN",
    "inf",
    "{}",
    "' OR 1=1",
    "%",
    "\\",
    "(",
    "🙂",
    "00000000-0000-0000-0000-000000000000",
]


@pytest.mark.parametrize("name", ["q", "street", "category", "step", "before", "after", "bbox"])
def test_no_parameter_breaks_a_page(place: District, client: Client, name: str) -> None:
    place.open()
    for value in STRANGE:
        for address in (LIST, MAP, PLACES):
            assert client.get(address, {name: value}).status_code in (200, 400, 422), (address, value[:20])


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "NaN,0,1,1", "inf,0,1,1", "1,2,3,4,5"])
def test_a_box_that_is_none_is_refused(place: District, client: Client, box: str) -> None:
    assert client.get(PLACES, {"bbox": box}).status_code == 422


def test_places_in_view_to_a_hundred_metres(place: District, client: Client) -> None:
    opened = personal(place)
    data = json.loads(client.get(PLACES, {"bbox": "116,36,117,37"}).content)
    assert data["features"][0]["geometry"]["coordinates"] == [116.123, 36.654]
    assert opened.number in data["features"][0]["properties"]["href"]
    assert json.loads(client.get(PLACES, {"bbox": "100,20,101,21"}).content)["features"] == []


def test_joining_counts_once_a_browser(place: District, client: Client) -> None:
    opened = place.open()
    where = reverse("appeals:join", args=[opened.number])
    assert client.post(where, {}).status_code == 302
    assert client.post(where, {}).status_code == 302
    assert Client().post(where, {"name": "李四", "phone": "13900001111"}).status_code == 302
    assert place.get(opened).appeal.supporters == 2
    shown = page(client.get(reverse("appeals:public_detail", args=[opened.number])))
    assert "2人同样反映" in shown
    assert "李四" not in shown


def test_joining_asks_for_a_number_that_is_one(place: District, client: Client) -> None:
    opened = place.open()
    answer = client.post(reverse("appeals:join", args=[opened.number]), {"phone": "12", "name": "李四"})
    assert answer.status_code == 422
    assert "李四" in page(answer)


def test_joining_is_limited(place: District, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "JOINED_AN_HOUR", 1)
    codes = [client.post(reverse("appeals:join", args=[place.open().number]), {}).status_code for _n in range(2)]
    assert codes == [302, 429]


def test_nobody_joins_what_is_over(place: District, client: Client) -> None:
    opened = place.closed()
    assert client.post(reverse("appeals:join", args=[opened.number]), {}).status_code == 409


def test_photos_given_for_all_are_seen_by_all_and_later_ones_are_not(place: District, client: Client) -> None:
    said = {
        "subkind": "report",
        "text": "护栏断了一截。",
        "key": "k" * 20,
        "is_public": "on",
        "has_public_photos": "on",
    }
    client.post("/appeals/new", {**said, "photos": [upload("a.jpg", photo())]})
    matter = m.Matter.objects.get()
    client.post(
        f"/appeals/{matter.number}/supplement/", {"text": "又拍了一张", "files": [upload("b.jpg", photo((9, 9)))]}
    )
    first, second = m.Attachment.objects.order_by("added_at")
    stranger = Client()
    assert stranger.get(reverse("appeals:file", args=[matter.number, first.pk])).status_code == 200
    assert stranger.get(reverse("appeals:file", args=[matter.number, second.pk])).status_code == 404
    shown = page(stranger.get(reverse("appeals:public_detail", args=[matter.number])))
    assert str(first.pk) in shown
    assert str(second.pk) not in shown
    assert "又拍了一张" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3号楼2单元501室", "3号楼**单元**室"),
        ("3号楼501漏水", "3号楼**漏水"),
        ("3-2-501", "**"),
        ("2018-12-26", "2018-12-26"),
        ("教室里没有灯", "教室里没有灯"),
        ("我叫王小明，住在这里", "我叫王**，住在这里"),
        ("鲁A12345乱停", "鲁A*****乱停"),
        ("in Room 501 of block 3", "in Room ** of block 3"),
        ("100户居民停水", "100户居民停水"),
    ],
)
def test_what_is_masked_in_a_text(text: str, shown: str) -> None:
    assert rules.for_all(text) == shown
