"""Applying on a phone: the form, what it says when something is wrong, the receipt, following it, handing in what is missing."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from zhitong.kernel.matters import public as m
from zhitong.lines.hall import actions
from zhitong.lines.hall.models import Application, Version

from .cases import CITIZEN_ID, Desk, resident
from .factories import later

PLAN, HEALTH, FORM = "场所平面图", "健康证明", "食品经营许可申请书"
FORM_OF_ITEM = [
    {"slug": "来源", "label": "场所从哪里来", "kind": "choice", "choices": ["自有", "租赁"]},
    {"slug": "转租", "label": "是否转租", "kind": "yes_no", "when": "来源=租赁"},
]
LEASE = {"name": "同意转租的证明", "condition": "转租的", "needed_when": "转租=是"}


def photo(name: str = "申请书.jpg") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def page_of(counter: Desk) -> str:
    return reverse("hall:apply", args=[counter.version.item_id])


def filled(counter: Desk, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": "王小明", "citizen_id": CITIZEN_ID, "phone": "13800001234", "delivery": "pick_up", "key": "k" * 20,
        "version": str(counter.version.pk), "signed": "on",
        f"says_{counter.materials[FORM].pk}": "handed", f"material_{counter.materials[FORM].pk}": photo(),
        f"says_{counter.materials[PLAN].pk}": "deferred", f"says_{counter.materials[HEALTH].pk}": "not_needed",
    }  # fmt: skip
    return {key: value for key, value in {**given, **more}.items() if value is not None}


def test_the_guide_leads_to_the_form(phone: Client, counter: Desk) -> None:
    guide = phone.get(reverse("hall:item", args=[counter.version.item_id])).content.decode()
    assert page_of(counter) in guide
    page = phone.get(page_of(counter)).content.decode()
    for words in (FORM, "不用交", "以后补交（容缺）", "签承诺书代替", "模拟审批"):
        assert words in page


def test_sent_it_gives_a_receipt_and_can_be_followed(phone: Client, counter: Desk) -> None:
    answer = phone.post(page_of(counter), filled(counter))
    case = Application.objects.get()
    number = case.matter.number
    assert answer.headers["Location"] == reverse("hall:receipt", args=[number])
    assert (case.matter.channel, case.delivery) == ("portal", "pick_up")
    assert {h.material.name: h.state for h in case.handed.select_related("material")} == {
        FORM: "handed", PLAN: "deferred", HEALTH: "not_needed", "营业执照": "held",
    }  # fmt: skip
    assert case.handed.get(material__name=FORM).files.count() == 1
    receipt = phone.get(answer.headers["Location"]).content.decode()
    code = re.search(r'hc-code">(\w{4}) (\w{4})<', receipt)
    assert code
    assert m.find_tracked("application", number, "".join(code.groups()))
    followed = phone.get(reverse("hall:tracked", args=[number])).content.decode()
    for words in ("待受理", "还缺这些", PLAN, "撤回申请"):
        assert words in followed


def test_with_number_and_code_it_is_found_from_another_browser(phone: Client, counter: Desk) -> None:
    done = counter.submitted()
    page = reverse("hall:tracked", args=[done.number])
    assert phone.get(page).status_code == 302
    track = phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    assert track.headers["Location"] == page
    assert phone.get(page).status_code == 200


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(phone: Client, counter: Desk) -> None:
    wrong = filled(counter, name="", citizen_id="110105194912310021", key="q" * 20, signed=None)
    wrong[f"says_{counter.materials[PLAN].pk}"] = "promised"
    answer = phone.post(page_of(counter), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("请填写申请人姓名", "缺少材料“场所平面图”", "已为您保留", "申请书.jpg"):
        assert words in page
    assert "13800001234" in page
    assert not Application.objects.exists()
    kept = re.search(rf'name="kept_{counter.materials[FORM].pk}" value="([^"]+)"', page)
    assert kept
    mended = filled(
        counter, **{f"material_{counter.materials[FORM].pk}": None, f"kept_{counter.materials[FORM].pk}": kept[1]}
    )
    assert phone.post(page_of(counter), mended).status_code == 302


def test_a_wrong_id_number_is_said_beside_it(phone: Client, counter: Desk) -> None:
    answer = phone.post(page_of(counter), filled(counter, citizen_id="110105194912310021"))
    assert answer.status_code == 422
    assert "身份证号不正确" in answer.content.decode()


def test_the_same_twice_is_told_with_a_box_to_tick(phone: Client, counter: Desk) -> None:
    phone.post(page_of(counter), filled(counter))
    again = phone.post(page_of(counter), filled(counter, key="w" * 20))
    page = again.content.decode()
    assert again.status_code == 409
    assert Application.objects.get().matter.number in page
    assert 'name="is_another"' in page
    assert phone.post(page_of(counter), filled(counter, key="w" * 20, is_another="on")).status_code == 302


def test_a_version_that_changed_meanwhile_is_said(
    phone: Client, counter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = counter.hall.published(counter.version.item, on=later(2).date(), promised_days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(3))
    page = phone.post(page_of(counter), filled(counter)).content.decode()
    assert "办事指南刚刚更新了" in page
    assert f'value="{newer.pk}"' in page
    assert not Application.objects.exists()


def test_an_item_withdrawn_meanwhile_is_said(phone: Client, counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.withdraw(counter.version.pk, on=later(2).date(), reason="停办", by=counter.hall.admin, at=later(1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(3))
    sent = filled(counter, name="欧阳小明明")
    answer = phone.post(page_of(counter), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("这个事项已停办", "咨询窗口", "欧阳小明明", "已为您保留", "申请书.jpg"):
        assert words in page
    assert not Application.objects.exists()
    wrong = phone.post(page_of(counter), {**sent, "citizen_id": "1"}).content.decode()
    assert "这个事项已停办" in wrong
    assert "身份证号不正确" not in wrong  # it would be mended for nothing
    assert phone.get(page_of(counter)).status_code == 404
    assert phone.post(page_of(counter), {**sent, "version": "x"}).status_code == 404


def test_a_simulated_run_may_lack_something_and_says_so(phone: Client, counter: Desk) -> None:
    sent = filled(counter, is_simulated="on", signed=None)
    sent[f"says_{counter.materials[PLAN].pk}"] = "missing"
    answer = phone.post(page_of(counter), sent)
    assert answer.status_code == 302, answer.content.decode()
    number = Application.objects.get().matter.number
    page = phone.get(reverse("hall:tracked", args=[number])).content.decode()
    assert page.count("模拟") > 2


def test_what_is_missing_is_handed_in_from_the_page(phone: Client, counter: Desk) -> None:
    phone.post(page_of(counter), filled(counter))
    case = Application.objects.get()
    plan = case.handed.get(material__name=PLAN)
    page = reverse("hall:act", args=[case.matter.number, "hand_in"])
    assert phone.get(f"{page}?material={plan.pk}").status_code == 200
    assert phone.post(page, {"material": str(plan.pk)}).status_code == 422
    assert phone.post(page, {"material": str(plan.pk), "files": photo("平面图.jpg")}).status_code == 302
    plan.refresh_from_db()
    file = plan.files.get().attachment
    assert (plan.state, file.purpose) == ("handed", "material")
    assert phone.get(reverse("hall:file", args=[case.matter.number, file.pk])).status_code == 200


def test_nobody_else_sees_it(phone: Client, counter: Desk) -> None:
    done = counter.submitted()
    for name, *more in (("act", "withdraw"), ("act", "lapse"), ("act", "accept")):
        assert phone.get(reverse(f"hall:{name}", args=[done.number, *more])).status_code == 404
    assert phone.get(reverse("hall:receipt", args=[done.number])).status_code == 302


def test_a_resident_takes_it_back(phone: Client, counter: Desk) -> None:
    phone.post(page_of(counter), filled(counter))
    case = Application.objects.get()
    assert phone.post(reverse("hall:act", args=[case.matter.number, "withdraw"]), {"reason": ""}).status_code == 302
    case.matter.refresh_from_db()
    assert case.matter.stage == "withdrawn"


def test_the_form_of_the_item_is_asked(phone: Client, counter: Desk) -> None:
    form = [
        {"slug": "面积", "label": "经营面积", "kind": "number", "least": "1"},
        {"slug": "业态", "label": "经营业态", "kind": "choice", "choices": ["餐饮", "零售"]},
        {"slug": "外卖", "label": "做外卖", "kind": "yes_no"},
    ]
    version: Version = counter.hall.published(questions=form, materials=[])
    page = reverse("hall:apply", args=[version.item_id])
    sent = {"name": "王小明", "citizen_id": CITIZEN_ID, "phone": "13800001234", "key": "z" * 20, "delivery": "pick_up"}
    empty = phone.get(page).content.decode()
    assert "什么都不用带" in empty
    assert "承诺书" not in empty
    wrong = phone.post(page, {**sent, "answer_面积": "很大", "answer_业态": "餐饮"})
    assert wrong.status_code == 422
    assert "请填写数字" in wrong.content.decode()
    good = phone.post(page, {**sent, "answer_面积": "80", "answer_业态": "餐饮", "answer_外卖": "yes"})
    assert good.status_code == 302
    assert Application.objects.get().answers == {"面积": "80", "业态": "餐饮", "外卖": True}


def test_the_course_of_events_shows_what_concerns_the_applicant(phone: Client, counter: Desk) -> None:
    from zhitong.lines.hall.queries.following import course_of, followed

    done = counter.closed()
    told = [entry.title for entry in course_of(followed(resident(done), done.number)).told]
    assert told == ["结果已送出", "结果已制作", "已作出决定", "审查完毕", "已受理", "收到申请"]


def test_what_depends_on_an_answer_says_when_and_is_not_asked_for_before(phone: Client, counter: Desk) -> None:
    version = counter.hall.published(
        questions=FORM_OF_ITEM, materials=[{"name": "申请表"}, LEASE], delivery=["pick_up"]
    )
    page = phone.get(reverse("hall:apply", args=[version.item_id])).content.decode()
    assert "“场所从哪里来”选“租赁”" in page
    assert 'data-when="[[[&#34;answer_来源&#34;, &#34;=&#34;, [&#34;租赁&#34;]]]]"' in page
    assert 'data-when="[[[&#34;answer_转租&#34;, &#34;=&#34;, [&#34;yes&#34;]]]]"' in page
    assert "收件地址" not in page  # nothing of this item is mailed


def test_what_was_kept_can_be_left_out(phone: Client, counter: Desk) -> None:
    """A photo of something else stays with the form only as long as one wants it to."""
    pk = counter.materials[FORM].pk
    page = phone.post(page_of(counter), filled(counter, name="")).content.decode()
    kept = re.search(rf'name="kept_{pk}" value="([^"]+)"', page)
    assert kept
    assert f'name="drop_{pk}"' in page
    again = {f"material_{pk}": None, f"kept_{pk}": kept[1], f"drop_{pk}": "on"}
    page = phone.post(page_of(counter), filled(counter, **again)).content.decode()
    assert f"请上传“{FORM}”" in page
    assert f'name="drop_{pk}"' not in page
    assert (
        phone.post(page_of(counter), filled(counter, **{**again, f"material_{pk}": photo("对的.jpg")})).status_code
        == 302
    )
    file = Application.objects.get().handed.get(material=pk).files.get()
    assert file.attachment.name == "对的.jpg"


def test_what_was_found_missing_stands_on_top_until_it_comes(phone: Client, counter: Desk) -> None:
    done = counter.submitted()
    row = counter.case(done).handed.get(material__name=FORM)
    counter.act(done.matter_id, "correct", counter.clerk, later(1), materials=[str(row.pk)], words="第二页没有签名。")
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    followed = reverse("hall:tracked", args=[done.number])
    page = phone.get(followed).content.decode()
    assert page.index("请补正") < page.index("第二页没有签名。") < page.index("还缺这些") < page.index("现在要补")
    sent = {"material": str(row.pk), "files": photo()}
    assert phone.post(reverse("hall:act", args=[done.number, "hand_in"]), sent).status_code == 302
    assert "请补正" not in phone.get(followed).content.decode()


def test_a_special_step_says_why_the_limits_do_not_run(phone: Client, counter: Desk) -> None:
    done = counter.accepted()
    step = m.Reason.objects.get(list="special_step", slug="hearing")
    counter.act(done.matter_id, "special", counter.examiner, later(1), step=str(step.pk), days=5, note="评审厨房布局")
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    page = phone.get(reverse("hall:tracked", args=[done.number])).content.decode()
    assert page.index("计时已暂停") < page.index(f"正在进行{step.name}，约需5个工作日") < page.index("承诺时限")
    counter.act(done.matter_id, "resume", counter.examiner, later(2), note="评审通过")
    assert "计时已暂停" not in phone.get(reverse("hall:tracked", args=[done.number])).content.decode()


def test_whoever_applies_hears_of_every_mistake_at_once(phone: Client, counter: Desk) -> None:
    wrong = filled(
        counter, citizen_id="110105194912310021", phone="123", **{f"says_{counter.materials[PLAN].pk}": "handed"}
    )
    page = phone.post(page_of(counter), wrong).content.decode()
    for words in ("身份证号不正确", "电话号码不正确", "请上传“场所平面图”"):
        assert words in page
