"""What the kernel is told about help for the dispatcher."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.kernel.events.public import show

from . import permissions


def _used(data: Mapping[str, Any]) -> str:
    """The threshold, and whether sure ones pass by themselves."""
    said = (
        _("阈值%(percent)s%%，自动转办已开启") if data.get("is_automatic") else _("阈值%(percent)s%%，自动转办已停止")
    )
    return said % {"percent": round(100 * data.get("threshold", 0))}


def _learned(data: Mapping[str, Any]) -> str:
    """From how many matters."""
    return _("学习了%(cases)s件") % data if "cases" in data else ""


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    show("dispatch.asked", gettext_lazy("要求立即学习"), icon="school")
    show("dispatch.learned", gettext_lazy("重新学习"), icon="school", sentence=_learned)
    show("dispatch.activated", gettext_lazy("换用早先的版本"), icon="history", sentence=_learned)
    show("dispatch.use_set", gettext_lazy("设置智能转办"), icon="adjustments", sentence=_used)
