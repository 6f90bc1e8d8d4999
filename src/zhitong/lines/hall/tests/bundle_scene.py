"""Something applied for with a bundle of two items, for tests of who may see what."""

from typing import Any

from django.utils import timezone

from tests.district import BY, District
from zhitong.kernel.matters import public as m
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.models import BundlePart, Version

FIELDS: dict[str, Any] = {
    "basis": "《城市道路管理条例》第三十一条", "conditions": "无", "statutory_days": 20, "promised_days": 1, "fee": "不收费",
    "delivery": ["pick_up"], "place": "一楼", "consult_phone": "12345", "complaint_phone": "12345", "result": "许可证",
}  # fmt: skip


QUESTION: dict[str, Any] = {"slug": "legal_id", "label": "法定代表人身份证号", "kind": "citizen_id", "required": False}


def an_item(district: District, code: str, organ: str) -> Version:
    """An item that is offered, with one question and without materials."""
    now = timezone.now()
    base = actions.create_base(code=code, name=f"事项{code}", kind="permit", by=BY, at=now)
    item = actions.create_item(
        base_id=base.pk, code=code, organ_id=district.organs[organ].pk, topic="city", by=BY, at=now
    )
    draft = actions.start_draft(item.pk, by=BY, at=now)
    actions.write_draft(draft.pk, {**FIELDS, "questions": [QUESTION]}, [], by=BY, at=now)
    return actions.publish(draft.pk, effective_on=timezone.localdate(now), by=BY, at=now)


def bundle_things(
    district: District, organ: str, name: str, citizen_id: str
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A bundle that organ leads, what somebody applied for with it, and the tracking code of that."""
    now, code = timezone.now(), f"bundle-{organ}"
    parts = [
        {"slug": "甲", "item": an_item(district, f"{code}-1", organ).item.code},
        {"slug": "乙", "item": an_item(district, f"{code}-2", "bureau").item.code, "after": ["甲"]},
    ]
    made = bundles.create_bundle(
        code=code, name="开餐饮店", topic="food", organ_id=district.organs[organ].pk, definition={"parts": parts}, by=BY, at=now
    )  # fmt: skip
    bundles.publish_bundle(made.pk, by=BY, at=now)
    said = bundles.BundleSubmission(
        bundle_id=made.pk, key=f"scene-{code}", name=name, phone="13800005555", citizen_id=citizen_id, channel=m.Channel.WINDOW,
        facts={QUESTION["slug"]: citizen_id},
    )  # fmt: skip
    done = bundles.submit_bundle(said, by=BY, at=now)
    part = BundlePart.objects.get(case=done.matter_id, slug="甲")
    applied = {"number": done.number, "part_id": part.matter_id, "action": "withdraw"}
    found = {"code": code, "bundle_id": made.pk, "case_id": done.matter_id}
    return found | {"application_id": part.matter_id, "question": QUESTION["slug"]}, applied, done.tracking_code
