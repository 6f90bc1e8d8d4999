"""The pages of whoever answers people about their data, and of the archive."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import District, Raised, build, photo
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, verify
from zhitong.kernel.matters import public as m
from zhitong.kernel.privacy.public import DataRequest, DestroyList
from zhitong.kernel.register.public import find_by_phone

pytestmark = pytest.mark.django_db
PHONE, TEXT = "13900001111", "我是张三丰，门前槐树倒伏<script>alert(1)</script>。"
ASKED = {"given": PHONE, "wish": "erase", "verified": "当面核对身份证原件", "note": "想删除"}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """One district for all tests here; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def district(built: District, db: None, settings: Any, tmp_path: Path) -> District:
    settings.MEDIA_ROOT = tmp_path
    return built


@pytest.fixture
def officer(district: District) -> Client:
    return district.client("officer")


def mine(district: District, how: str = "closed", name: str = "张三丰") -> Raised:
    one: Raised = getattr(district, how)(text=TEXT, reporter=m.Reporter(name=name, phone=PHONE))
    m.attach(one.matter, [m.check_upload("../../现场.jpg", photo())], by=Actor.resident(), at=timezone.now())
    return one


def opened(client: Client, **more: Any) -> DataRequest:
    answer = client.post(reverse("portal:request_new"), {**ASKED, **more})
    assert answer.status_code == 302
    return DataRequest.objects.get()


def page(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_empty_lists_say_what_to_do(officer: Client) -> None:
    assert "先核验身份" in page(officer.get(reverse("portal:requests")))
    assert "还没有销毁清册" in page(officer.get(reverse("portal:retention")))


def test_nobody_is_an_answer_too(officer: Client) -> None:
    answer = officer.post(reverse("portal:request_new"), ASKED)
    assert answer.status_code == 422
    assert "系统不持有此人的信息" in page(answer)
    assert not DataRequest.objects.exists()


def test_of_a_household_one_is_chosen(district: District, officer: Client) -> None:
    mine(district)
    mine(district, name="李四光")
    answer = officer.post(reverse("portal:request_new"), ASKED)
    assert "请选择是哪一位" in page(answer)
    assert PHONE not in page(answer).replace(f'value="{PHONE}"', "")
    chosen = find_by_phone(PHONE).get(name="李四光")
    assert opened(officer, person=str(chosen.pk)).person == chosen.pk


def test_a_person_not_found_there_cannot_be_slipped_in(district: District, officer: Client) -> None:
    mine(district)
    other = m.Participant.objects.get(matter=district.closed().id).person_id
    assert opened(officer, person=str(other)).person != other


def test_from_the_question_to_the_erasure(district: District, officer: Client) -> None:
    one = mine(district)
    request = opened(officer)
    here = reverse("portal:data_request", args=[request.pk])
    assert "槐树" not in page(officer.get(here))
    shown = page(officer.post(reverse("portal:request_look", args=[request.pk])))
    assert "槐树" in shown
    assert PHONE in shown
    assert "档案保管期限未满" in shown
    assert "<script>alert" not in shown
    again = page(officer.post(reverse("portal:request_look", args=[request.pk]), {"ground": "unlawful"}))
    assert "档案保管期限未满" not in again
    erase, said = reverse("portal:request_erase", args=[request.pk]), {"ground": "unlawful", "reason": "误采集"}
    assert officer.post(erase, said).status_code == 422
    assert one.matter.text == TEXT
    assert officer.post(erase, {**said, "is_sure": "on"})["Location"] == here
    assert one.matter.text == m.GONE
    assert "已按请求删除" in page(officer.get(here))
    assert officer.post(erase, {**said, "is_sure": "on"}).status_code == 409
    assert list(verify()) == []
    kinds = list(Event.objects.filter(stream=request.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["privacy.asked", *["privacy.looked"] * 3, "privacy.erased"]


def test_the_copy_is_whole_and_harmless(district: District, officer: Client) -> None:
    mine(district)
    request = opened(officer, wish="copy")
    answer: Any = officer.post(reverse("portal:request_copy", args=[request.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        shown = archive.read("个人信息.html").decode()
    assert all(".." not in name and not name.startswith("/") for name in names)
    (file,) = [name for name in names if name.startswith("files/")]
    assert file.endswith(".jpg")
    said = json.dumps(data, ensure_ascii=False)
    for part in ("张三丰", PHONE, "槐树倒伏"):
        assert part in said
        assert part in shown
    assert "<script>" not in shown
    assert Event.objects.filter(stream=request.pk, kind="privacy.copied").exists()


def test_a_correction(district: District, officer: Client) -> None:
    mine(district)
    request = opened(officer, wish="correct")
    here, path = reverse("portal:data_request", args=[request.pk]), reverse("portal:request_correct", args=[request.pk])
    assert "更正登记信息" in page(officer.get(here))
    assert officer.post(path, {"phone": "12"}).status_code == 422
    assert officer.post(path, {"name": "张三峰"})["Location"] == here
    assert find_by_phone(PHONE).get().name == "张三峰"


def test_an_answer_ends_it(district: District, officer: Client) -> None:
    mine(district)
    request = opened(officer, wish="copy")
    path = reverse("portal:request_answer", args=[request.pk])
    assert officer.post(path, {"answer": ""}).status_code == 422
    assert officer.post(path, {"answer": "已交付副本"}).status_code == 302
    assert "已交付副本" in page(officer.get(reverse("portal:data_request", args=[request.pk])))
    assert officer.post(reverse("portal:request_look", args=[request.pk])).status_code == 409


def test_one_piece_of_a_matter(district: District, officer: Client) -> None:
    one, here = mine(district, "met"), reverse("portal:pieces")
    assert officer.post(here, {"number": "202601010000010"}).status_code == 422
    assert "槐树" in page(officer.post(here, {"number": one.number}))
    body = {"number": one.number, "piece": "text", "why": ""}
    officer.post(reverse("portal:piece_erase"), body)
    assert one.matter.text == TEXT
    officer.post(reverse("portal:piece_erase"), {**body, "why": "写了他人姓名"})
    assert one.matter.text == m.GONE
    assert "槐树" not in page(officer.post(here, {"number": one.number}))
    desk = page(district.client("worker").get(reverse("portal:matter", args=[one.id])))
    assert "清除内容" in desk


def old(district: District) -> Raised:
    one = district.closed()
    m.Matter.objects.filter(pk=one.id).update(closed_at=timezone.now() - timedelta(days=366 * 12))
    return one


def test_a_list_from_making_to_the_certificate(district: District, officer: Client) -> None:
    due, kept, archivist = old(district), old(district), district.client("archivist")
    assert "到期2项" in page(archivist.get(reverse("portal:retention")))
    archivist.post(reverse("portal:retention_make", args=["matters.closed"]))
    one = DestroyList.objects.get()
    here = reverse("portal:destroy_list", args=[one.pk])
    assert "编制人不能审批" in page(archivist.get(here))
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    item = str(one.items.get(target=kept.id).pk)
    postpone = reverse("portal:destroy_postpone", args=[one.pk])
    assert archivist.post(postpone, {"reason": "诉讼", "until": day}).status_code == 422
    assert archivist.post(postpone, {"reason": "诉讼", "until": day, "item": [item, "x"]}).status_code == 302
    approve = reverse("portal:destroy_approve", args=[one.pk])
    assert archivist.post(approve, {"opinion": "同意", "is_sure": "on"}).status_code == 403
    assert officer.post(approve, {"opinion": "同意"}).status_code == 422
    assert officer.post(approve, {"opinion": "同意", "is_sure": "on"}).status_code == 302
    certificate = page(archivist.get(here))
    for part in ("销毁证明", due.number, "暂缓销毁", "诉讼", "清册校验值"):
        assert part in certificate
    text = archivist.get(reverse("portal:destroy_csv", args=[one.pk])).content.decode("utf-8-sig")
    assert due.number in text
    assert "路灯" not in text
    assert due.matter.text == m.GONE
    assert kept.matter.text != m.GONE


def test_a_list_is_dropped(district: District) -> None:
    due, archivist = old(district), district.client("archivist")
    archivist.post(reverse("portal:retention_make", args=["matters.closed"]))
    archivist.post(reverse("portal:destroy_drop", args=[DestroyList.objects.get().pk]))
    assert due.matter.text != m.GONE
    archivist.post(reverse("portal:retention_make", args=["matters.closed"]))
    assert DestroyList.objects.count() == 2


def test_a_term_is_changed_with_its_basis(district: District) -> None:
    admin, path = district.client("admin"), reverse("portal:retention_term", args=["matters.closed"])
    assert "10" in page(admin.get(path))
    assert admin.post(path, {"amount": "30", "unit": "year", "basis": ""}).status_code == 422
    assert admin.post(path, {"amount": "30", "unit": "year", "basis": "保管期限表第5条"}).status_code == 302
    shown = page(admin.get(reverse("portal:retention")))
    assert "30年" in shown
    assert "保管期限表第5条" in shown
    assert admin.get(reverse("portal:retention_term", args=["no.such"])).status_code == 404


def test_in_english(district: District, officer: Client) -> None:
    mine(district)
    officer.post(reverse("set_language"), {"language": "en"})
    request = opened(officer)
    shown = page(officer.post(reverse("portal:request_look", args=[request.pk])))
    for part in ("What is held", "Text, records and files of matters", "can be erased", "Why it stays"):
        assert part.lower() in shown.lower()
