"""What a version must have before it is published, and what differs between two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import validity
from .forms import faults, of_materials
from .problems import Problem
from .questions import load

__all__ = ["FIELDS", "MATERIAL_FIELDS", "MOST_DAYS", "QUESTION_FIELDS", "Change", "Problem", "differences", "missing"]
MOST_DAYS = 365
# Fields of a version, in the order of a guide.
FIELDS = (
    "basis", "conditions", "statutory_days", "promised_days", "is_instant", "visits", "fee", "delivery", "place",
    "consult_phone", "complaint_phone", "result", "result_paper", "valid_for",
)  # fmt: skip
MATERIAL_FIELDS = ("form", "copies", "condition", "needed_when", "is_deferrable", "by_commitment", "held_by")
QUESTION_FIELDS = ("label", "kind", "required", "help", "choices", "when", "least", "most")


_NEEDED: tuple[tuple[str, Any], ...] = (
    ("basis", _("请至少填写一条设定依据。")),
    ("conditions", _("请填写受理条件；没有条件的写“无”。")),
    ("consult_phone", _("请填写咨询电话。")),
    ("complaint_phone", _("请填写投诉电话。")),
    ("result", _("请填写结果名称，如证照名称。")),
    ("fee", _("请填写收费情况；不收费的写“不收费”。")),
    ("place", _("请填写办理地点。")),
    ("delivery", _("请至少选择一种送达方式。")),
)


def missing(version: Mapping[str, Any], materials: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Everything that keeps a version from being published, in the order of the form; empty when it is complete."""
    found = [Problem("missing", field, message) for field, message in _NEEDED if not version.get(field)]
    questions = load(version.get("questions") or ())
    return (
        found
        + _of_limits(version)
        + validity.faults(version.get("valid_for") or "", questions)
        + _of_materials(materials)
        + _of_instant(version, materials)
        + faults(questions)
        + of_materials(materials, questions)
    )


def _of_limits(version: Mapping[str, Any]) -> list[Problem]:
    statutory, promised = version.get("statutory_days"), version.get("promised_days")
    found = []
    if statutory is None:
        found.append(Problem("missing", "statutory_days", _("请填写法定时限；法律没有规定的，按承诺时限填写。")))
    if promised is None:
        found.append(Problem("missing", "promised_days", _("请填写承诺时限。")))
    elif statutory is not None and promised > statutory:
        found.append(Problem("promise_too_long", "promised_days", _("承诺时限不能长于法定时限。")))
    if version.get("is_instant") and promised:
        found.append(Problem("instant_with_days", "promised_days", _("即办件当场办结，承诺时限应填0。")))
    if promised == 0 and not version.get("is_instant"):
        found.append(Problem("no_days", "is_instant", _("承诺时限为0的，请勾选“即办”。")))
    return found


def _of_materials(materials: Sequence[Mapping[str, Any]]) -> list[Problem]:
    names = [material["name"] for material in materials]
    twice = sorted({name for name in names if names.count(name) > 1})
    message = _("材料“%(name)s”写了两次，请合并。")
    found = [Problem("material_twice", "materials", message % {"name": name}) for name in twice]
    held = _("材料“%(name)s”已免提交，不必再设容缺或告知承诺。")
    return found + [
        Problem("held_and_relaxed", "materials", held % {"name": material["name"]})
        for material in materials
        if material.get("held_by") and (material.get("is_deferrable") or material.get("by_commitment"))
    ]


def _of_instant(version: Mapping[str, Any], materials: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """What is decided within the visit leaves no time in which something could follow."""
    message = _("即办件当场办结，没有时间后补：材料“%(name)s”不能设为可容缺。")
    late = [one["name"] for one in materials if one.get("is_deferrable")] if version.get("is_instant") else []
    return [Problem("instant_deferrable", "materials", message % {"name": name}) for name in late]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions.  ``part`` is empty for a field of the version itself, else ``material`` or
    ``question``, and ``name`` says which; ``field`` is empty where a whole one came (``old`` None) or went (``new`` None)."""

    field: str
    old: Any
    new: Any
    part: str = ""
    name: str = ""


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any],
    old_materials: Sequence[Mapping[str, Any]], new_materials: Sequence[Mapping[str, Any]],
) -> list[Change]:  # fmt: skip
    """What differs: fields in the order of a guide, then questions, then materials; of these those that are gone last."""
    changes = [Change(field, old[field], new[field]) for field in FIELDS if old[field] != new[field]]
    changes += _between("question", _of_questions(old), _of_questions(new), QUESTION_FIELDS)
    before, after = ({material["name"]: material for material in rows} for rows in (old_materials, new_materials))
    return changes + _between("material", before, after, MATERIAL_FIELDS)


def _of_questions(version: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    loaded = load(version.get("questions") or ())
    return {one.slug: {name: getattr(one, name) for name in ("slug", *QUESTION_FIELDS)} for one in loaded}


def _between(
    part: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]], fields: Sequence[str]
) -> list[Change]:
    changes: list[Change] = []
    for name, now in after.items():
        was = before.get(name)
        if was is None:
            changes.append(Change("", None, now, part, name))
        else:
            changes += [Change(f, was[f], now[f], part, name) for f in fields if was[f] != now[f]]
    return changes + [Change("", was, None, part, name) for name, was in before.items() if name not in after]
