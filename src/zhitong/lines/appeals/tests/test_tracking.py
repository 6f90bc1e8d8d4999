"""Following an appeal: the code, what is seen, what may be done, and what is nobody else's business."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.matters import public as m
from zhitong.lines.appeals.web.views import tracking

from .factories import MONDAY, District
from .test_raising import NEW, photo, said, send, upload

pytestmark = pytest.mark.django_db
TRACK = "/appeals/track"


def page(answer: Any) -> str:
    return str(answer.content.decode())


def follow(client: Client, opened: m.Opened) -> str:
    answer = client.post(TRACK, {"number": opened.number, "code": opened.tracking_code})
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize("spelling", [str, str.lower, lambda code: f" {code[:4]} {code[4:]} "])
def test_number_and_code_open_the_page(place: District, client: Client, spelling: Any) -> None:
    opened = place.open()
    number = f"{opened.number[:8]} {opened.number[8:14]} {opened.number[14]}"
    answer = client.post(TRACK, {"number": number, "code": spelling(opened.tracking_code)})
    assert answer["Location"] == reverse("appeals:tracked", args=[opened.number])
    shown = page(client.get(answer["Location"]))
    assert "路灯不亮" in shown
    assert "转办时限" in shown


def test_a_wrong_code_and_a_wrong_number_look_alike(place: District, client: Client) -> None:
    opened, other = place.open(), place.open()
    tries = [
        {"number": opened.number, "code": other.tracking_code},
        {"number": "202609070999990", "code": opened.tracking_code},
        {"number": "123", "code": "x"},
    ]
    answers = [client.post(TRACK, data) for data in tries]
    assert {answer.status_code for answer in answers} == {422}
    assert all(str(tracking.WRONG) in page(answer) for answer in answers)


def test_a_code_made_with_an_older_key_still_opens(place: District, settings: Any) -> None:
    opened = place.open()
    settings.DATA_KEYS = ["A" * 42 + "E=", *settings.DATA_KEYS]
    assert m.find_tracked("appeal", opened.number, opened.tracking_code) is not None


def test_guessing_is_stopped_by_number_and_by_address(
    place: District, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "TRIES_BY_NUMBER", 3)
    opened = place.open()
    codes = [client.post(TRACK, {"number": opened.number, "code": f"WRONG{n}"}).status_code for n in range(4)]
    assert codes == [422, 422, 422, 429]
    monkeypatch.setattr(tracking, "TRIES_BY_ADDRESS", 1)
    assert client.post(TRACK, {"number": place.open().number, "code": "x"}).status_code == 429


def test_strangers_learn_nothing(place: District, client: Client) -> None:
    opened = place.open(is_public=False)
    for address in ("", "files/" + str(uuid4()), "withdraw/", "rate/"):
        answer = client.get(f"/appeals/{opened.number}/{address}")
        assert answer.status_code == 404
        assert "路灯不亮" not in page(answer)
    assert client.post(f"/appeals/{opened.number}/withdraw/").status_code == 404
    assert place.get(opened).stage == "received"


def test_one_code_opens_one_appeal(place: District, client: Client) -> None:
    mine, other = place.open(), place.open()
    follow(client, mine)
    assert client.get(f"/appeals/{other.number}/").status_code == 404


def test_who_has_it_until_when_and_why(place: District, client: Client) -> None:
    opened = place.passed()
    shown = page(client.get(follow(client, opened)))
    assert "现在由街道负责" in shown
    assert "办结时限" in shown
    assert "服务承诺" in shown
    assert "转办员" not in shown


def test_words_of_the_house_stay_inside(place: District, client: Client) -> None:
    opened = place.met()
    place.act(opened.matter_id, "note", place.worker, note="内部的话")
    shown = page(client.get(follow(client, opened)))
    assert "内部的话" not in shown
    assert "已了解情况" not in shown
    assert "属地管理" not in shown
    assert "承办单位已与反映人沟通" in shown


def test_the_reply_and_five_faces(place: District, client: Client) -> None:
    opened = place.concluded()
    where = follow(client, opened)
    assert "路灯已修复，感谢反映。" in page(client.get(where))
    assert client.post(f"{where}rate/", {"grade": "5", "words": "很快"}).status_code == 302
    assert place.get(opened).satisfaction == 5
    assert client.post(f"{where}rate/", {"grade": "1"}).status_code == 409
    assert client.post(f"{where}rate/", {"grade": "9"}).status_code == 422
    assert 'name="grade"' not in page(client.get(where))


def test_adding_with_a_photo(place: District, client: Client) -> None:
    opened = place.passed()
    where = follow(client, opened)
    assert client.post(f"{where}supplement/", {"text": ""}).status_code == 422
    answer = client.post(f"{where}supplement/", {"text": "今天又坏了一盏", "files": [upload("a.jpg", photo())]})
    assert answer.status_code == 302
    shown = page(client.get(where))
    assert "今天又坏了一盏" in shown
    assert "已补充" in shown
    file = m.Attachment.objects.get()
    address = reverse("appeals:file", args=[opened.number, file.pk])
    assert client.get(address + "?small")["Content-Type"] == "image/jpeg"
    assert Client().get(address).status_code == 404


def test_photos_of_the_handling_come_with_the_reply(place: District, client: Client) -> None:
    opened = place.met()
    where = follow(client, opened)
    taken = m.check_upload("after.jpg", photo())
    sides = [replace(taken, purpose=m.Purpose.AFTER)]
    m.act(opened.matter_id, "handle", {"done": "更换灯头"}, by=place.worker, at=MONDAY, files=sides)
    file = m.Attachment.objects.get()
    address = reverse("appeals:file", args=[opened.number, file.pk])
    assert client.get(address).status_code == 404
    assert str(file.pk) not in page(client.get(where))
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="路灯已修复。")
    assert client.get(address).status_code == 200
    assert str(file.pk) in page(client.get(where))
    assert Client().get(address).status_code == 404


def test_what_is_for_the_reporter_is_not_for_all(place: District, client: Client) -> None:
    opened = place.passed()
    client.post(f"{follow(client, opened)}supplement/", {"text": "又坏了", "files": [upload("a.jpg", photo())]})
    file = m.Attachment.objects.get()
    assert file.is_public
    assert Client().get(reverse("portal:file", args=[file.pk])).status_code == 404
    assert client.get(reverse("portal:file", args=[file.pk])).status_code == 200


def test_withdrawing_says_that_it_cannot_be_undone(place: District, client: Client) -> None:
    opened = place.passed()
    where = follow(client, opened)
    assert "不能恢复" in page(client.get(f"{where}withdraw/"))
    assert client.post(f"{where}withdraw/", {"reason": "已自行解决"}).status_code == 302
    assert place.get(opened).stage == "withdrawn"
    assert client.post(f"{where}withdraw/").status_code == 409


def test_every_reply_is_told_and_what_came_of_the_visit(place: District, client: Client) -> None:
    opened = place.concluded()
    place.act(opened.matter_id, "visit", place.visitor, how="phone", reached=True, grade="1", words="又不亮了")
    place.act(opened.matter_id, "handle", place.worker, done="更换线路")
    place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply="线路已全部更换。")
    shown = page(client.get(follow(client, opened)))
    assert "路灯已修复，感谢反映。" in shown
    assert "线路已全部更换。" in shown
    assert "已回访：不满意，再次办理" in shown
    rounds = dict(
        m.Record.objects.filter(matter=opened.matter_id, action__in=("visit", "handle")).values_list("action", "round")
    )
    assert rounds == {"visit": 1, "handle": 2}


def test_a_reply_that_the_head_sent_back_is_not_told(place: District, client: Client) -> None:
    opened = place.met(subkind="complaint")
    place.act(opened.matter_id, "handle", place.worker, done="已更换灯泡")
    for reply, step in (("草稿，还没写好。", "send_back"), ("灯泡已经更换。", "approve")):
        place.act(opened.matter_id, "conclude", place.worker, outcome="solved", reply=reply)
        place.act(opened.matter_id, step, place.head, opinion="意见")
    shown = page(client.get(follow(client, opened)))
    assert "草稿" not in shown
    assert "灯泡已经更换。" in shown


def test_not_fixed_brings_it_back_and_the_steps_say_so(place: District, client: Client) -> None:
    opened = place.closed()
    where = follow(client, opened)
    m.Matter.objects.filter(pk=opened.matter_id).update(closed_at=timezone.now() - timedelta(days=1))
    assert client.post(f"{where}not_fixed/", {"words": "晚上还是不亮"}).status_code == 302
    assert place.get(opened).stage == "second"
    assert "zt-stage-back" in page(client.get(where))


def test_review_is_for_petitions(place: District, client: Client) -> None:
    where = follow(client, place.closed())
    assert "ask_review" not in page(client.get(where))
    assert client.post(f"{where}ask_review/", {"words": "不服"}).status_code == 422


def test_moves_of_the_house_are_not_for_residents(place: District, client: Client) -> None:
    where = follow(client, place.open())
    for action in ("pass", "close", "publish", "join", "nothing"):
        assert client.post(f"{where}{action}/", {}).status_code == 404


def test_a_merged_one_leads_on_and_tells_nothing_of_others(place: District, client: Client) -> None:
    child = place.open(text="路灯不亮，电话13900002222")
    main = place.concluded(text="路灯坏了，我叫张大山", reporter=m.Reporter(name="张大山", phone="13911112222"))
    place.act(child.matter_id, "merge", place.dispatcher, into=str(main.matter_id), reason="同一处")
    shown = page(client.get(follow(client, child)))
    assert "已合并办理" in shown
    assert "路灯已修复" in shown
    assert "张大山" not in shown
    assert client.get(f"/appeals/{main.number}/").status_code == 404


def test_own_photos_are_seen_by_the_own_browser_only(place: District, client: Client) -> None:
    client.post(NEW, said(photos=[upload("a.jpg", photo())]))
    matter = m.Matter.objects.get()
    address = reverse("appeals:file", args=[matter.number, m.Attachment.objects.get().pk])
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404


STRANGE = ["\0", "\ud800", "9" * 1_000_000, "NaN", "{}", "0" * 15, "１２３"]


def test_no_field_breaks_the_pages(place: District, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "TRIES_BY_ADDRESS", 1000)
    where = follow(client, place.concluded())
    for value in STRANGE:
        assert send(client, TRACK, {"number": value, "code": value}).status_code in (413, 422)
        for action in ("supplement", "rate", "not_fixed", "ask_review"):
            answer = send(client, f"{where}{action}/", {"text": value, "grade": value, "words": value})
            assert answer.status_code in (302, 404, 409, 413, 422)
        if len(value) < 100:
            number = value.encode("utf-8", "surrogatepass")
            assert client.get(TRACK, {"number": number}).status_code in (200, 400)


def test_english(place: District, client: Client) -> None:
    client.cookies["django_language"] = "en"
    opened = place.passed()
    assert client.get(TRACK).status_code == 200
    assert client.get(follow(client, opened)).status_code == 200
    assert place.get(opened).opened_at == MONDAY
