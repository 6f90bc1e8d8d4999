"""Reads: what is kept in memory, what a person may see, how it is found and shown."""

from .catalogue import calendar_of, catalogue, finding_subkinds, phrases, reasons, subkinds
from .visible import inbox_tasks, open_matters, visible_matters

__all__ = [
    "calendar_of",
    "catalogue",
    "finding_subkinds",
    "inbox_tasks",
    "open_matters",
    "phrases",
    "reasons",
    "subkinds",
    "visible_matters",
]
