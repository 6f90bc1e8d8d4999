"""What people get wrong, at each door: it says what to do, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.models import Application, Bundle, BundleCase

from .cases import CITIZEN_ID, Desk
from .test_applying import FORM, filled, page_of
from .test_bundle_pages import bundle, page, town
from .test_bundle_pages import filled as one_form
from .test_counter import an_item, send
from .test_counter import filled as at_counter

__all__ = ["bundle", "town"]
pytestmark = pytest.mark.django_db
BORN = [
    {"slug": "致残日期", "label": "什么时候致残", "kind": "date", "least": "申请人出生日期"}
]  # the id number says 1949-12-31
TYPED = {"name": "欧阳小明明", "phone": "13800004321"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"credit_code": "91350100M000100Y44"}, "统一社会信用代码不正确，请对照营业执照核对18位代码"),
        ({"credit_code": "91350100M000100Y43"}, "没有找到这家企业，请核对统一社会信用代码；新设企业请先办理登记"),
        ({"citizen_id": "110105194912310021"}, "身份证号不正确，请核对18位号码"),
        ({f"says_{FORM}": "missing", f"material_{FORM}": None}, "缺少材料“食品经营许可申请书”"),
        ({"answer_致残日期": "1949-12-30"}, "日期不能早于出生日期1949年12月31日"),
        ({"answer_致残日期": "1949-13-01"}, "没有这一天，请写成2026-01-31的形式"),
        ({"delivery": "mail", "deliver_to": ""}, "邮寄送达请填写收件地址"),
    ],
)
def test_applying_for_an_item(phone: Client, counter: Desk, wrong: dict[str, Any], words: str) -> None:
    version = counter.hall.published(questions=BORN)
    counter.version, counter.materials = version, {one.name: one for one in version.materials.all()}
    named = {name.replace(FORM, str(counter.materials[FORM].pk)): value for name, value in wrong.items()}
    sent = filled(counter, **{**TYPED, "answer_致残日期": "1990-01-01", **named})
    answer = phone.post(page_of(counter), sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        words,
        *TYPED.values(),
        *(value for value in named.values() if value not in (None, "missing", "mail", "")),
    ):
        assert said in shown, said
    assert "申请书.jpg" in shown or named.get(f"says_{counter.materials[FORM].pk}") == "missing"
    assert not Application.objects.exists()
    good = {"answer_致残日期": "1990-01-01", **TYPED}
    assert phone.post(page_of(counter), filled(counter, **good)).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"citizen_id": "110105194912310021"}, "身份证号不正确"),
        ({"answer_面积": "0"}, "不能小于1"),
        ({"says_0": "missing", "material_0": ""}, "缺少材料“身份证明”"),
        ({"signed": ""}, "请阅读并签署承诺书"),
    ],
)
def test_applying_for_one_thing(bundle: Bundle, wrong: dict[str, Any], words: str) -> None:
    shown = page(Client().post("/hall/bundles/shop/apply", one_form(**TYPED, **wrong)), 422)
    for said in (words, *TYPED.values(), "明湖小馆"):
        assert said in shown, said
    assert not BundleCase.objects.exists()


def test_one_thing_that_ended_while_the_form_was_open(bundle: Bundle) -> None:
    version = bundle.versions.get()
    bundles.withdraw_bundle(bundle.pk, by=BY, at=timezone.now())
    shown = page(Client().post("/hall/bundles/shop/apply", one_form(**TYPED, version=str(version.pk))), 409)
    for said in ("这件事已停办", "窗口分开办理", *TYPED.values(), "明湖小馆", "已为您保留"):
        assert said in shown, said
    page(Client().get("/hall/bundles/shop/apply"), 404)


def test_one_thing_twice(bundle: Bundle) -> None:
    browser = Client()
    assert browser.post("/hall/bundles/shop/apply", one_form(key="a" * 20)).status_code == 302
    assert browser.post("/hall/bundles/shop/apply", one_form(key="a" * 20)).status_code == 302
    assert BundleCase.objects.count() == 1
    shown = page(browser.post("/hall/bundles/shop/apply", one_form(key="b" * 20)), 409)
    for said in (BundleCase.objects.get().matter.number, "这是另一件", "明湖小馆"):
        assert said in shown, said
    assert browser.post("/hall/bundles/shop/apply", one_form(key="b" * 20, is_another="on")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"who": "110105194912310021"}, "号码不对"),
        ({"who": "91350100M000100Y44"}, "号码不对"),
        ({"who": "91350100M000100Y43", "citizen_id": CITIZEN_ID}, "只由个人申请"),
        ({"name": ""}, "请填写申请人姓名"),
    ],
)
def test_at_the_counter_the_screen_stays_as_it_was(town: District, wrong: dict[str, Any], words: str) -> None:
    client = town.client("clerk")
    answer = send(client, at_counter(an_item(town), **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "<form" not in answer.content.decode()  # a part of the screen: nothing else is drawn anew
    assert not Application.objects.exists()


def test_a_core_material_at_the_counter(town: District) -> None:
    item = an_item(town)
    sent = {name: "missing" if value == "handed" else value for name, value in at_counter(item).items()}
    answer = send(town.client("clerk"), sent)
    assert answer.status_code == 422
    assert "缺少材料“申请表”" in answer.content.decode()
    asked = send(town.client("clerk"), {**sent, "verdict": "correct"})
    assert asked["HX-Redirect"].startswith(reverse("hall:counter").rsplit("/", 1)[0])
    assert Application.objects.get().matter.stage == "awaiting"
