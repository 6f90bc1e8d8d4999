"""Telling the engine of a kind."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show

from ..rules.kinds import Kind, register_kind


def declare_kind(kind: Kind) -> None:
    """Tell the engine of a kind, and how what the engine itself writes about its matters is shown.  Called by its line."""
    register_kind(kind)
    show(f"{kind.slug}.clock", _("时限变化"), icon="clock-exclamation")
    show(f"{kind.slug}.recomputed", _("因放假安排变更重算时限"), icon="calendar-event")
