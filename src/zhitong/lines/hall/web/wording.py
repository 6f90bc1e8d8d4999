"""Differences between versions in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..choices import Delivery, Form, QuestionKind, Visits
from ..models import Material, Version
from ..rules import Change

_LABELS: dict[str, dict[str, Any]] = {
    "visits": dict(Visits.choices), "delivery": dict(Delivery.choices), "form": dict(Form.choices), "kind": dict(QuestionKind.choices),
}  # fmt: skip
QUESTION: dict[str, Any] = {
    "slug": gettext_lazy("字段名"), "label": gettext_lazy("问题"), "kind": gettext_lazy("填写方式"), "required": gettext_lazy("必填"),
    "help": gettext_lazy("填写说明"), "choices": gettext_lazy("选项"), "when": gettext_lazy("何时询问"), "least": gettext_lazy("下限"),
    "most": gettext_lazy("上限"),
}  # fmt: skip


def said(change: Change) -> dict[str, str]:
    """A line of the comparison: what, before, now."""
    if change.part and not change.field:
        text = _("新增") if change.old is None else _("取消")
        whole = change.new or change.old
        what = _("材料：%(name)s") if change.part == "material" else _("问题：%(name)s")
        return {"what": what % {"name": whole.get("label") or change.name}, "old": "", "new": text}
    label = str(QUESTION[change.field]) if change.part == "question" else _label(change)
    what = f"{change.name} · {label}" if change.part else label
    return {"what": what, "old": _value(change.field, change.old), "new": _value(change.field, change.new)}


def _label(change: Change) -> str:
    model = Material if change.part else Version
    return str(model._meta.get_field(change.field).verbose_name)  # type: ignore[union-attr]


def _value(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        return _("、").join(str(_LABELS.get(field, {}).get(one, one)) for one in value) or "—"
    return str(_LABELS[field].get(value, value)) if field in _LABELS else "—" if value in (None, "") else str(value)
