"""Raising an appeal on the portal: the form, its photos, its receipt, and everything a client may send instead."""

import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import gather
from zhitong.kernel.events.public import Notice
from zhitong.kernel.matters import public as m
from zhitong.lines.appeals.actions import Said, raise_appeal
from zhitong.lines.appeals.web.views import raising

from .factories import MONDAY, District

pytestmark = pytest.mark.django_db
NEW = "/appeals/new"
KEY = "a-key-of-a-form-0001"


def photo(size: tuple[int, int] = (40, 30), form: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, **more)
    return out.getvalue()


def upload(name: str, content: bytes, kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def said(**more: Any) -> dict[str, Any]:
    return {"subkind": "report", "text": "南门口的路灯坏了三天，晚上看不清。", "key": KEY, **more}


def send(client: Client, address: str, data: dict[str, Any]) -> Any:
    """POST as a browser would never do it: also what is no valid UTF-8."""
    body = urlencode({name: str(text).encode("utf-8", "surrogatepass") for name, text in data.items()})
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_form_opens_without_a_session(place: District, client: Client) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 200
    assert "问题反映" in page(answer)
    assert "信访事项" not in page(answer)
    assert "sessionid" not in client.cookies


def test_one_sentence_is_enough(place: District, client: Client) -> None:
    answer = client.post(NEW, said())
    assert answer.status_code == 302
    matter = m.Matter.objects.get()
    assert (matter.channel, matter.is_public, matter.reporter_id) == ("portal", False, None)
    assert answer["Location"] == reverse("appeals:receipt", args=[matter.number])
    shown = page(client.get(answer["Location"]))
    assert f"{matter.number[:8]} {matter.number[8:14]} {matter.number[14:]}" in shown
    code = "".join(re.findall(r'ap-code">(\w{4}) (\w{4})', shown)[0])
    assert m.find_tracked("appeal", matter.number, code) == matter


def test_sent_twice_it_is_one_appeal_with_the_same_receipt(place: District, client: Client) -> None:
    first = client.post(NEW, said(phone="13800001234", photos=[upload("a.jpg", photo())]))
    again = client.post(NEW, said(phone="13800001234", photos=[upload("a.jpg", photo())]))
    elsewhere = Client().post(NEW, said(phone="13800001234"))
    assert first["Location"] == again["Location"] == elsewhere["Location"]
    assert m.Matter.objects.count() == m.Attachment.objects.count() == 1
    assert Notice.objects.filter(template="appeal.received").count() == 1
    one, other = (re.search(r'ap-code">[^<]+', page(c.get(first["Location"]))) for c in (client, client))
    assert one
    assert other
    assert one[0] == other[0]


def test_the_same_form_with_other_words_is_asked_about_and_can_be_sent_then(place: District, client: Client) -> None:
    client.post(NEW, said())
    answer = client.post(NEW, said(text="另一件事：垃圾没有人清运。"))
    assert answer.status_code == 409
    assert "已经提交过" in page(answer)
    assert "另一件事：垃圾没有人清运。" in page(answer)
    fresh = re.search(r'name="key" value="([^"]+)"', page(answer))
    assert fresh
    assert fresh[1] != KEY
    assert client.post(NEW, said(text="另一件事：垃圾没有人清运。", key=fresh[1])).status_code == 302
    assert m.Matter.objects.count() == 2


def test_codes_of_two_forms_differ_and_follow_from_the_key_alone(place: District) -> None:
    ask: dict[str, Any] = {"by": Actor.resident(), "at": MONDAY}
    one = raise_appeal(Said(subkind="report", text="路灯不亮了，请修理。", key="a" * 24), **ask)
    other = raise_appeal(Said(subkind="report", text="路灯不亮了，请修理。", key="b" * 24), **ask)
    assert one.tracking_code != other.tracking_code
    assert m.tracking_digest(one.tracking_code) == bytes(m.Matter.objects.get(pk=one.matter_id).tracking or b"")
    with_key = m.Matter.objects.raw("SELECT matter_id AS id FROM matters_idempotencykey WHERE key LIKE '%%aaaa%%'")
    assert not list(with_key)


def test_everything_is_kept_when_something_is_wrong(place: District, client: Client) -> None:
    wrong = said(
        text="坏", phone="12", address="某某路18号", name="王小明", is_public="on", photos=[upload("a.jpg", photo())]
    )
    answer = client.post(NEW, wrong)
    shown = page(answer)
    assert answer.status_code == 422
    assert "请再写具体一点" in shown
    assert "电话号码不正确" in shown
    assert "某某路18号" in shown
    assert "王小明" in shown
    kept = re.search(r'name="kept" value="([^"]+)"', shown)
    assert kept
    assert "a.jpg" in shown
    assert client.post(NEW, said(kept=kept[1])).status_code == 302
    assert m.Attachment.objects.get().name == "a.jpg"


def test_a_kept_photo_cannot_be_made_up(place: District, client: Client) -> None:
    assert client.post(NEW, said(kept="eyJhIjoxfQ:1abc:deadbeef")).status_code == 302
    assert not m.Attachment.objects.exists()


PDF_AS_JPG = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
TRICKS = [
    ("photo.jpg", PDF_AS_JPG), ("photo.jpg", SVG), ("photo.svg", SVG), ("IMG_1.HEIC", HEIC), ("a.jpg", b"MZ\x90\x00" + b"\x00" * 99),
    ("a.jpg", b"<html><script>alert(1)</script>"), ("a.jpg", b"\xff\xd8\xff\xe0 broken"), ("a.gif", b"GIF89a" + b"\x00" * 30),
    ("a.jpg", b"PK\x03\x04" + b"\x00" * 60),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), TRICKS)
def test_what_is_no_photo_is_refused_politely_and_the_rest_kept(
    place: District, client: Client, name: str, content: bytes
) -> None:
    answer = client.post(NEW, said(photos=[upload(name, content), upload("good.jpg", photo())]))
    assert answer.status_code == 422
    assert f"“{name}”" in page(answer)
    assert "good.jpg" in page(answer)
    assert not m.Matter.objects.exists()


def test_a_photo_of_50_mb_is_not_even_read(place: District, client: Client) -> None:
    answer = client.post(NEW, said(photos=[upload("big.jpg", b"\xff\xd8\xff" + b"\x00" * (50 * 1024 * 1024))]))
    assert answer.status_code == 422
    assert "不能超过20MB" in page(answer)


def test_a_polyglot_loses_what_it_carried(place: District, client: Client) -> None:
    client.post(NEW, said(photos=[upload("x.jpg", photo() + b"<script>alert(1)</script>PK\x03\x04")]))
    kept = m.place_of(bytes(m.Attachment.objects.get().digest)).read_bytes()
    assert b"<script>" not in kept
    assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "..\\..\\x.jpg", "a/b/c.jpg", "名" * 300 + ".jpg", "\u202egpj.exe"]
)
def test_names_are_only_names(place: District, client: Client, name: str) -> None:
    assert client.post(NEW, said(photos=[upload(name, photo())])).status_code == 302
    kept = m.Attachment.objects.get().name
    assert "/" not in kept
    assert "\\" not in kept
    assert len(kept) <= 120
    assert kept.endswith(".jpg")


def test_ten_photos_are_one_too_many(place: District, client: Client) -> None:
    answer = client.post(NEW, said(photos=[upload(f"{n}.jpg", photo()) for n in range(10)]))
    assert answer.status_code == 422


def test_photos_are_public_only_when_said_so(place: District, client: Client) -> None:
    client.post(NEW, said(is_public="on", photos=[upload("a.jpg", photo())]))
    client.post(NEW, said(key=KEY + "b", is_public="on", has_public_photos="on", photos=[upload("a.jpg", photo())]))
    client.post(NEW, said(key=KEY + "c", has_public_photos="on", photos=[upload("a.jpg", photo())]))
    assert [a.is_public for a in m.Attachment.objects.order_by("matter__number")] == [False, True, False]


def test_the_reporter_is_told(place: District, client: Client) -> None:
    client.post(NEW, said(phone="138 0000 1234"))
    told = Notice.objects.get(template="appeal.received")
    assert (told.channel, told.context["number"]) == ("sms", m.Matter.objects.get().number)


def test_nobody_is_told_of_what_was_taken_over(place: District) -> None:
    place.open(at=MONDAY)
    assert not Notice.objects.filter(template="appeal.received").exists()


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("楼道里有燃气泄漏的味道", "danger"),
        ("三楼着火了快来人", "danger"),
        ("小区停水两天了", "urgent"),
        ("路灯坏了不亮", "normal"),
    ],
)
def test_words_of_danger_go_to_the_fast_lane(place: District, client: Client, text: str, urgency: str) -> None:
    answer = client.post(NEW, said(text=text))
    assert m.Matter.objects.get().urgency == urgency
    assert ("紧急通道" in page(client.get(answer["Location"]))) == (urgency != "normal")


def test_haste_may_be_said(place: District, client: Client) -> None:
    client.post(NEW, said(is_urgent="on"))
    assert m.Matter.objects.get().urgency == "urgent"


def test_too_many_are_told_to_wait_and_lose_nothing(
    place: District, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raising, "RAISED_AN_HOUR", 2)
    for n in range(2):
        assert client.post(NEW, said(key=f"{KEY}{n}")).status_code == 302
    answer = client.post(NEW, said(key=f"{KEY}x", text="第三件事，请不要丢。", photos=[upload("a.jpg", photo())]))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "第三件事，请不要丢。" in page(answer)
    assert "操作过于频繁" in page(answer)
    assert "a.jpg" in page(answer)


STRANGE = [
    "\0",
    "a\0b",
    "\ud800x",
    "x" * 1_000_000,
    "NaN",
    "inf",
    "-1e999",
    "{}",
    "' OR 1=1 --",
    "\u202e",
    "𠮷" * 10,
    "🙂" * 3000,
]


FIELDS = ("subkind", "text", "key", "kept", "lon", "lat", "address", "division", "name", "phone", "is_public")


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_breaks_the_page(place: District, client: Client, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raising, "RAISED_AN_HOUR", 1000)
    for value in STRANGE:
        data = said(key="") | {field: value}
        assert send(client, NEW, data).status_code in (302, 409, 413, 422), value[:20]
        assert send(client, reverse("appeals:hints"), data).status_code in (200, 204, 413), value[:20]


def test_hints_tell_whom_to_call_and_who_said_the_same(place: District, client: Client) -> None:
    client.post(NEW, said(is_public="on", text="南门口的路灯坏了三天，晚上看不清台阶。"))
    answer = client.post(reverse("appeals:hints"), {"text": "南门口路灯坏了，晚上看不清"})
    assert "我也遇到" in page(answer)
    answer = client.post(reverse("appeals:hints"), {"text": "闻到燃气泄漏"})
    assert 'href="tel:119"' in page(answer)


def test_hints_show_nothing_personal_and_nothing_that_is_not_public(place: District, client: Client) -> None:
    lamp = "南门口的路灯坏了三天，晚上看不清台阶。"
    client.post(NEW, said(is_public="on", text=f"{lamp}我叫赵某某，电话13800005555", key=""))
    client.post(NEW, said(text=f"{lamp}我家住三单元502", key=""))
    gather(timezone.now())
    body = page(client.post(reverse("appeals:hints"), {"text": "南门口路灯坏了，晚上看不清台阶"}))
    assert body.count("我也遇到</span>") == 1
    assert "已有2人反映" in body  # one of them is not public, and only counted
    assert not any(told in body for told in ("赵某某", "13800005555", "502"))


def test_a_receipt_is_for_the_browser_that_raised_it(place: District, client: Client) -> None:
    where = client.post(NEW, said())["Location"]
    assert Client().get(where).status_code == 302
    assert Client().get(where + "slip.txt").status_code == 404
    text = client.get(where + "slip.txt")
    assert "查询码" in text.content.decode("utf-8-sig")
    assert "attachment" in text["Content-Disposition"]
    picture = client.get(where + "code.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<script" not in picture.content
