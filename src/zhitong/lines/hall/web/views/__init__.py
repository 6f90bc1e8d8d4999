"""Pages of the hall."""

from .bases import bases, change_base, change_item, new_base, new_item
from .drafting import draft, start
from .editing import catalogue, discard, edit, export, preview, publish, upload, withdraw
from .guide import guide, item

__all__ = [
    "bases",
    "catalogue",
    "change_base",
    "change_item",
    "discard",
    "draft",
    "edit",
    "export",
    "guide",
    "item",
    "new_base",
    "new_item",
    "preview",
    "publish",
    "start",
    "upload",
    "withdraw",
]
