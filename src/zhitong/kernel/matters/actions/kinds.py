"""Telling the engine of a kind."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show

from ..rules.kinds import COMMON, KINDS, Action, Kind, register_common, register_kind


def declare_kind(kind: Kind) -> None:
    """Tell the engine of a kind, and how what the engine itself writes about its matters is shown.  Called by its line."""
    register_kind(kind)
    show(f"{kind.slug}.clock", _("时限变化"), icon="clock-exclamation")
    show(f"{kind.slug}.recomputed", _("因放假安排变更重算时限"), icon="calendar-event")
    for action, _also_ended in COMMON:
        _show(kind, action)


def declare_common(action: Action, *, also_ended: bool = False) -> None:
    """Tell the engine of an action that matters of every kind have, those of kinds that are told of later too.

    Its ``from_`` is left empty: it is open in every stage that is no end, with ``also_ended`` in every stage.  It moves no matter on,
    and no matter waits for it.
    """
    register_common(action, also_ended=also_ended)
    for kind in KINDS.values():
        _show(kind, action)


def _show(kind: Kind, action: Action) -> None:
    show(f"{kind.slug}.{action.slug}", action.past, icon=action.icon)
