"""The one door of the log, the outbox, and of what processes know of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .actions.carry import Carrier, Outcome, carry, forget, hold, old_deliveries, release, send_again, set_carrier
from .actions.change import one_change
from .actions.deliver import add_address_book, bring_forward, deliver, mark_read, retry, set_adapter
from .actions.forgetting import forget_contacts, forget_subjects
from .actions.marks import set_mark
from .actions.notify import Telling, notify_many
from .actions.record import By, Happening, record_many, subscribe
from .actions.seal import seal_finished_days
from .actions.trust import last_trusted
from .choices import Channel, NoticeState
from .models import Event, Letter, Notice, Seal
from .queries import (
    COME_AGAIN,
    WORDINGS,
    Kept,
    Once,
    Wording,
    alias,
    declare_letter,
    deliveries,
    fill,
    inbox,
    is_away,
    late_since,
    letter,
    mark,
    may_be_late,
    on_primary,
    one_view,
    read_together,
    render,
    render_many,
    stream,
    verify,
)
from .rules import SHANGHAI, bounds, plain

__all__ = [
    "COME_AGAIN",
    "SHANGHAI",
    "WORDINGS",
    "By",
    "Carrier",
    "Channel",
    "Event",
    "Happening",
    "Kept",
    "Letter",
    "Notice",
    "NoticeState",
    "Once",
    "Outcome",
    "Seal",
    "Telling",
    "Wording",
    "add_address_book",
    "alias",
    "bounds",
    "bring_forward",
    "carry",
    "declare_letter",
    "deliver",
    "deliveries",
    "describe",
    "fill",
    "forget",
    "forget_contacts",
    "forget_subjects",
    "hold",
    "inbox",
    "is_away",
    "last_trusted",
    "late_since",
    "letter",
    "mark",
    "mark_read",
    "may_be_late",
    "notify_many",
    "old_deliveries",
    "on_primary",
    "one_change",
    "one_view",
    "plain",
    "read_together",
    "record",
    "record_many",
    "release",
    "render",
    "render_many",
    "retry",
    "seal_finished_days",
    "send_again",
    "set_adapter",
    "set_carrier",
    "set_mark",
    "show",
    "stream",
    "subscribe",
    "verify",
]


def record(
    kind: str, stream: UUID, *, stream_kind: str, at: datetime, by: By, data: dict[str, Any], is_first: bool = False
) -> Happening:
    """Append one event; see ``record_many``."""
    happening = Happening(kind, stream, stream_kind, at, by, data, is_first)
    record_many([happening])
    return happening


@dataclass(frozen=True, slots=True)
class Display:
    """How an event kind is shown: a short label, an icon and a sentence made from its data."""

    label: Any
    icon: str
    sentence: Callable[[dict[str, Any]], str] | None


_displays: dict[str, Display] = {}


def show(
    kind: str, label: Any, *, icon: str = "point", sentence: Callable[[dict[str, Any]], str] | None = None
) -> None:
    """Register how events of ``kind`` are shown; ``label`` is translated lazily."""
    _displays[kind] = Display(label, icon, sentence)


def describe(event: Event) -> tuple[str, str, str]:
    """Label, icon and sentence of an event; its bare kind where nothing was registered."""
    display = _displays.get(event.kind)
    if display is None:
        return event.kind, "point", ""
    return str(display.label), display.icon, display.sentence(event.data) if display.sentence else ""
