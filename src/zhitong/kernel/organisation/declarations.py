"""What the kernel is told about organisation: how its events read.

The permission ``organisation.manage`` is declared by accounts, which keeps the register of permissions.
"""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhitong.base.moments import dated
from zhitong.kernel.events.public import show, subscribe

from .actions.voided import end_voided
from .choices import DutyRole
from .models import Category, Organ, Post, Staff

Data = dict[str, Any]


def _days(data: Data) -> str:
    """From and to, as far as the event says."""
    told = []
    if data.get("valid_from"):
        told.append(_("自%(day)s起") % {"day": dated(data["valid_from"], get_language())})
    if data.get("valid_to"):
        told.append(_("至%(day)s止") % {"day": dated(data["valid_to"], get_language())})
    return _("，").join(told)


def _joined(*parts: str) -> str:
    return _("，").join(part for part in parts if part)


def _named(data: Data) -> str:
    """A name or title, and days."""
    return _joined(data.get("name") or data.get("title", ""), _days(data))


def _seat(data: Data) -> str:
    """A person and a post."""
    deputising = _("代理") if data.get("is_deputy") else ""
    return _joined(f"{data.get('name', '')} · {data['title']}", deputising, _days(data))


def _duty(data: Data) -> str:
    """What and where, as which role."""
    role = str(DutyRole(data["role"]).label) if "role" in data else ""
    place = f"{data['category_name'] or _('全部类别')} · {data['division_name'] or _('全区')}"
    return _joined(place, role, data.get("hours", ""), _days(data))


def _changes(model: type[models.Model]) -> Callable[[Data], str]:
    """The fields that changed, with old and new where the log keeps texts."""

    def sentence(data: Data) -> str:
        changes = data["changes"]
        fields = [field for field in model._meta.concrete_fields if field.attname in changes]
        return _("；").join(_change(field, changes[field.attname]) for field in fields)

    return sentence


def _change(field: "models.Field[Any, Any]", pair: list[Any]) -> str:
    label = str(field.verbose_name)
    if isinstance(field, (models.CharField, models.TextField)) and not field.choices and len(pair) == 2:
        return f"{label}：{pair[0] or '—'} → {pair[1] or '—'}"
    return label


_EVENTS: dict[str, tuple[Any, str, Callable[[Data], str]]] = {
    "organ.created": (gettext_lazy("设立单位"), "building", _named),
    "organ.changed": (gettext_lazy("修改单位信息"), "building", _changes(Organ)),
    "organ.closed": (gettext_lazy("撤销单位"), "building-off", _named),
    "post.created": (gettext_lazy("设立岗位"), "armchair", _named),
    "post.changed": (gettext_lazy("修改岗位"), "armchair", _changes(Post)),
    "post.ended": (gettext_lazy("撤销岗位"), "armchair-off", _named),
    "staff.created": (gettext_lazy("登记人员"), "user-plus", _named),
    "staff.changed": (gettext_lazy("修改人员信息"), "user-edit", _changes(Staff)),
    "appointment.made": (gettext_lazy("任职"), "user-check", _seat),
    "appointment.ended": (gettext_lazy("免职"), "user-minus", _seat),
    "leave.taken": (gettext_lazy("请假"), "beach", _named),
    "leave.ended": (gettext_lazy("销假"), "user-check", _named),
    "duty.set": (gettext_lazy("确定职责"), "list-check", _duty),
    "duty.ended": (gettext_lazy("终止职责"), "list", _duty),
    "category.created": (gettext_lazy("新增类别"), "category", _named),
    "category.changed": (gettext_lazy("修改类别"), "category", _changes(Category)),
}


def declare() -> None:
    """Called once when the application starts."""
    for kind, (label, icon, sentence) in _EVENTS.items():
        show(kind, label, icon=icon, sentence=sentence)
    subscribe(end_voided, kinds=["territory.undone"])
