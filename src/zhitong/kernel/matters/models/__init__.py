"""Rows of the matter engine."""

from .catalogue import Calendar, CalendarDay, Limit, Phrase, Reason, SubKind
from .clock import Clock, Extension
from .files import Attachment
from .matter import (
    COUNTED_BY,
    KNOWN_TO_TASKS,
    IdempotencyKey,
    Link,
    Matter,
    MatterWords,
    Participant,
    Record,
    SavedView,
    Task,
)

__all__ = [
    "COUNTED_BY",
    "KNOWN_TO_TASKS",
    "Attachment",
    "Calendar",
    "CalendarDay",
    "Clock",
    "Extension",
    "IdempotencyKey",
    "Limit",
    "Link",
    "Matter",
    "MatterWords",
    "Participant",
    "Phrase",
    "Reason",
    "Record",
    "SavedView",
    "SubKind",
    "Task",
]
