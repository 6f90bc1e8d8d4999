"""What is missing, and what differs."""

from typing import Any

import pytest

from zhitong.lines.hall.rules import differences, missing

from .factories import COMPLETE

MATERIAL: dict[str, Any] = {
    "name": "身份证", "form": "copy", "copies": 1, "condition": "", "needed_when": "", "is_deferrable": False, "by_commitment": False, "held_by": "",
}  # fmt: skip


def codes(version: dict[str, Any], materials: Any = ()) -> set[tuple[str, str]]:
    return {(problem.code, problem.field) for problem in missing(COMPLETE | version, list(materials))}


def test_what_is_complete_has_nothing_missing() -> None:
    assert missing(COMPLETE, [MATERIAL]) == []


def test_materials_may_be_none_at_all() -> None:
    assert missing(COMPLETE, []) == []


@pytest.mark.parametrize(
    "field", ["basis", "conditions", "consult_phone", "complaint_phone", "result", "fee", "place", "delivery"]
)
def test_each_needed_field(field: str) -> None:
    assert codes({field: [] if field == "delivery" else ""}) == {("missing", field)}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"statutory_days": None}, {("missing", "statutory_days")}),
        ({"promised_days": None}, {("missing", "promised_days")}),
        ({"promised_days": 20}, set()),
        ({"promised_days": 21}, {("promise_too_long", "promised_days")}),
        ({"is_instant": True}, {("instant_with_days", "promised_days")}),
        ({"is_instant": True, "promised_days": 0}, set()),
        ({"promised_days": 0}, {("no_days", "is_instant")}),
        ({"statutory_days": 0, "promised_days": 0, "is_instant": True}, set()),
    ],
)
def test_limits_fit_together(given: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert codes(given) == found


def test_materials_are_named_once_and_held_ones_are_not_relaxed() -> None:
    held = MATERIAL | {"name": "营业执照", "held_by": "登记系统", "is_deferrable": True}
    assert codes({}, [MATERIAL, MATERIAL, held]) == {("material_twice", "materials"), ("held_and_relaxed", "materials")}


def test_what_is_decided_at_once_cannot_follow_later() -> None:
    later = MATERIAL | {"name": "平面图", "is_deferrable": True}
    assert codes({}, [MATERIAL, later]) == set()
    assert codes({"is_instant": True, "promised_days": 0}, [MATERIAL, later]) == {("instant_deferrable", "materials")}


def test_differences_by_field_and_by_material() -> None:
    old = [MATERIAL, MATERIAL | {"name": "照片"}]
    new = [MATERIAL | {"copies": 2}, MATERIAL | {"name": "申请表"}]
    found = differences(COMPLETE, COMPLETE | {"promised_days": 3, "fee": "10元"}, old, new)
    assert [(c.name, c.field, c.old, c.new) for c in found[:3]] == [
        ("", "promised_days", 5, 3), ("", "fee", "不收费", "10元"), ("身份证", "copies", 1, 2),
    ]  # fmt: skip
    assert [(c.name, c.old is None, c.new is None) for c in found[3:]] == [
        ("申请表", True, False),
        ("照片", False, True),
    ]


def test_the_same_has_no_differences() -> None:
    assert differences(COMPLETE, dict(COMPLETE), [MATERIAL], [dict(MATERIAL)]) == []
