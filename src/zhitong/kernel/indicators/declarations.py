"""What the kernel is told about figures."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show, subscribe

from . import permissions
from .actions import keep_facts


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    subscribe(keep_facts)
    show("indicator.defined", _("制定指标口径"), icon="chart-bar")
