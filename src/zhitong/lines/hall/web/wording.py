"""Differences between versions in words."""

from typing import Any

from django.utils.translation import gettext as _

from ..choices import Delivery, Form, Visits
from ..models import Material, Version
from ..rules import Change

_LABELS: dict[str, dict[str, Any]] = {
    "visits": dict(Visits.choices), "delivery": dict(Delivery.choices), "form": dict(Form.choices),
}  # fmt: skip


def said(change: Change) -> dict[str, str]:
    """A line of the comparison: what, before, now."""
    if not change.field:
        text = _("新增") if change.old is None else _("取消")
        return {"what": _("材料：%(name)s") % {"name": change.material}, "old": "", "new": text}
    model = Material if change.material else Version
    label = str(model._meta.get_field(change.field).verbose_name)  # type: ignore[union-attr]
    what = f"{change.material} · {label}" if change.material else label
    return {"what": what, "old": _value(change.field, change.old), "new": _value(change.field, change.new)}


def _value(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(str(_LABELS[field][one]) for one in value)
    return str(_LABELS[field][value]) if field in _LABELS else "—" if value in (None, "") else str(value)
