"""Pages of bundles: the guide, one form, one page of progress, the desk's view, and the editor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.kernel.matters import public as m
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Application, Bundle, BundleCase, BundlePart, BundleVersion, Version

from .cases import CITIZEN_ID
from .factories import COMPLETE
from .test_bundles import _picture
from .test_editing import page

pytestmark = pytest.mark.django_db
SETUP = "/setup/hall/bundles/"


@pytest.fixture
def town(db: None) -> District:
    made = build()
    load_case_defaults(by=BY)
    return made


def item(town: District, code: str, organ: str, name: str, questions: list[Any], materials: list[Any]) -> Version:
    now = timezone.now()
    base = actions.create_base(code=f"B{code}", name=name, kind="permit", by=BY, at=now)
    made = actions.create_item(base_id=base.pk, code=code, organ_id=town.organs[organ].pk, topic="food", by=BY, at=now)
    draft = actions.start_draft(made.pk, by=BY, at=now)
    actions.write_draft(draft.pk, {**COMPLETE, "questions": questions}, materials, by=BY, at=now)
    return actions.publish(draft.pk, effective_on=timezone.localdate(), by=BY, at=now)


@pytest.fixture
def bundle(town: District) -> Bundle:
    shop = {"slug": "店名", "label": "店叫什么"}
    area = {"slug": "面积", "label": "多大面积", "kind": "number", "least": "1"}
    item(town, "S1", "street", "开店登记", [shop, area], [{"name": "身份证明", "form": "copy"}])
    item(
        town,
        "S2",
        "elsewhere",
        "食品许可",
        [shop, area],
        [{"name": "身份证明", "form": "copy"}, {"name": "平面图", "is_deferrable": True}],
    )
    parts = [{"slug": "登记", "item": "S1"}, {"slug": "食品", "item": "S2", "after": ["登记"]}]
    made = bundles.create_bundle(
        code="shop", organ_id=town.organs["street"].pk, name="开餐饮店", topic="food", everyday="开饭店", lead="一次办好。",
        definition={"parts": parts}, by=BY, at=timezone.now(),
    )  # fmt: skip
    bundles.publish_bundle(made.pk, by=BY, at=timezone.now())
    return made


def filled(**more: Any) -> dict[str, Any]:
    def paper() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.png", _picture(), "image/png")

    return {
        "name": "王小明", "phone": "13800001234", "citizen_id": CITIZEN_ID, "answer_店名": "明湖小馆", "answer_面积": "60",
        "says_0": "handed", "material_0": paper(), "says_1": "deferred", "signed": "on", "delivery": "pick_up", **more,
    }  # fmt: skip


def test_the_guide_shows_the_graph_and_asks_once(bundle: Bundle) -> None:
    shown = page(Client().get("/hall/bundles/shop/"))
    for said in ("开店登记", "食品许可", "等开店登记办好", "分开办要填4项", "分开办要交3种次", "只交一次"):
        assert said in shown, said
    assert "/hall/bundles/shop/" in page(Client().get("/hall/"))
    assert "/hall/bundles/shop/" in page(Client().get("/hall/", {"q": "开饭店"}))
    for typed in ("我想开个小饭店", "怎么开饭店"):
        assert "/hall/bundles/shop/" in page(Client().get("/hall/", {"q": typed})), typed
    assert "/hall/bundles/shop/" not in page(Client().get("/hall/", {"q": "飞碟"}))
    page(Client().get("/hall/bundles/none/"), 404)


def test_applying_and_following_on_one_page(bundle: Bundle) -> None:
    browser = Client()
    assert page(browser.get("/hall/bundles/shop/apply")).count("店叫什么") == 1
    sent = browser.post("/hall/bundles/shop/apply", filled())
    case = BundleCase.objects.select_related("matter").get()
    where = f"/hall/together/{case.matter.number}/"
    assert sent.headers["Location"] == where
    shown = page(browser.get(where))
    for said in ("查询码", "办理中", "等待前面的环节", "全程时限", "为什么是这一天"):
        assert said in shown, said
    part = BundlePart.objects.get(slug="登记")
    assert part.matter
    answer = browser.post(f"{where}{part.matter_id}/")
    assert answer.headers["Location"] == f"/hall/applications/{part.matter.number}/"
    assert "开店登记" in page(browser.get(answer.headers["Location"]))
    assert Client().get(where).status_code == 302
    page(Client().post(f"{where}{part.matter_id}/"), 404)
    application = Application.objects.get(pk=part.matter_id)
    assert application.answers == {"店名": "明湖小馆", "面积": "60"}


def test_what_is_wrong_is_said_at_once_and_keeps_what_was_typed(bundle: Bundle) -> None:
    shown = page(Client().post("/hall/bundles/shop/apply", filled(answer_面积="0", phone="", material_0="")), 422)
    for said in ("不能小于1", "请填写手机号", "请上传“身份证明”", "明湖小馆"):
        assert said in shown, said
    assert not m.Matter.objects.filter(kind="bundle").exists()
    kept = page(Client().post("/hall/bundles/shop/apply", filled(answer_店名="")), 422)
    assert "已为您保留" in kept


def test_a_version_that_changed_meanwhile_is_said(bundle: Bundle) -> None:
    shown, now = BundleVersion.objects.get(), timezone.now()
    parts = [{"slug": "登记", "item": "S1"}, {"slug": "食品", "item": "S2"}]
    bundles.write_bundle(bundle.pk, {"parts": parts}, by=BY, at=now)
    newer = bundles.publish_bundle(bundle.pk, by=BY, at=now)
    said = page(Client().post("/hall/bundles/shop/apply", filled(version=str(shown.pk))), 422)
    assert "办事指南刚刚更新了" in said
    assert f'value="{newer.pk}"' in said
    assert not BundleCase.objects.exists()
    assert Client().post("/hall/bundles/shop/apply", filled(version=str(newer.pk))).status_code == 302


def test_the_lead_sees_the_whole_and_others_their_part_only(town: District, bundle: Bundle) -> None:
    Client().post("/hall/bundles/shop/apply", filled())
    case = BundleCase.objects.get()
    number = case.matter.number
    head = town.client("head")
    assert number in page(head.get("/desk/together/"))
    assert "食品许可" in page(head.get(f"/desk/together/{case.pk}/"))
    other = town.client("elsewhere")
    assert number not in page(other.get("/desk/together/"))
    page(other.get(f"/desk/together/{case.pk}/"), 404)


def test_their_pages_ask_little(
    town: District, bundle: Bundle, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    resident, head = Client(), town.client("head")
    resident.post("/hall/bundles/shop/apply", filled())
    case = BundleCase.objects.get()
    parts = [part.matter_id for part in case.parts.exclude(matter=None)]
    seen = [(head, f"/desk/matters/{pk}/") for pk in (case.pk, *parts)]
    seen += [(head, f"/desk/together/{case.pk}/"), (resident, f"/hall/together/{case.matter.number}/")]
    for browser, where in seen:
        page(browser.get(where))
        with django_assert_max_num_queries(13):
            page(browser.get(where))


def form(bundle: Bundle, **more: Any) -> dict[str, Any]:
    return {
        "name": bundle.name, "topic": "food", "everyday": "开饭店", "lead": "一次办好。", "seen": str(bundle.revision), "do": "save",
        "p-0-slug": "登记", "p-0-item": "S1", "p-1-slug": "食品", "p-1-item": "S2", "p-1-after": "登记", **more,
    }  # fmt: skip


def test_editing_the_graph(town: District, bundle: Bundle) -> None:
    head = town.client("head")
    where = f"{SETUP}{bundle.pk}/"
    assert "开餐饮店" in page(head.get(SETUP))
    assert 'value="登记"' in page(head.get(where))
    added = page(head.post(where, form(bundle, do="add:p:0")))
    assert 'name="p-2-slug"' in added
    assert 'name="s-0-part"' in page(head.post(where, form(bundle, do="add:s:0")))
    assert "data-focus" in added
    assert head.post(where, form(bundle, **{"p-0-after": "食品"})).status_code == 302
    assert "绕成了圈" in page(head.get(where))
    assert head.get(f"{where}preview").status_code == 302
    head.post(f"{where}publish")
    assert BundleVersion.objects.filter(bundle=bundle).count() == 1
    stale = form(bundle, name="别人的")
    assert "已被他人修改" in page(head.post(where, stale), 409)
    bundle.refresh_from_db()
    assert (
        head.post(
            where, form(bundle, **{"p-1-after": "", "s-0-part": "食品", "s-0-question": "店名", "s-0-fact": "店铺名"})
        ).status_code
        == 302
    )
    assert "草稿的预览" in page(head.get(f"{where}preview"))
    assert head.post(f"{where}publish").status_code == 302
    assert BundleVersion.objects.get(ended_at=None).number == 2
    assert head.post(f"{where}withdraw").status_code == 302
    page(Client().get("/hall/bundles/shop/"), 404)
    page(head.post(where, form(bundle, **{"p-0-slug": ""})), 422)


def test_a_new_bundle_and_whose_it_is(town: District, bundle: Bundle) -> None:
    head = town.client("head")
    given = {"code": "born", "name": "新生儿出生", "topic": "family", "organ": str(town.organs["street"].pk)}
    assert head.post(f"{SETUP}new", given).status_code == 302
    made = Bundle.objects.get(code="born")
    assert "2至" in page(head.get(f"{SETUP}{made.pk}/"))
    page(head.post(f"{SETUP}new", given), 422)
    page(head.post(f"{SETUP}new", given | {"code": "x", "organ": str(town.organs["elsewhere"].pk)}), 422)
    Bundle.objects.filter(pk=made.pk).update(organ=town.organs["elsewhere"].pk)
    page(head.get(f"{SETUP}{made.pk}/"), 404)
