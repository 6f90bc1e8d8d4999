"""Pages of the hall."""

from .applying import act, apply, file, receipt, receipt_code, tracked
from .bases import bases, change_base, change_item, new_base, new_item
from .drafting import draft, start
from .editing import basis, catalogue, discard, edit, export, preview, publish, upload, withdraw
from .guide import guide, item
from .moving import move, moving, moving_preview

__all__ = [
    "act",
    "apply",
    "bases",
    "basis",
    "catalogue",
    "change_base",
    "change_item",
    "discard",
    "draft",
    "edit",
    "export",
    "file",
    "guide",
    "item",
    "move",
    "moving",
    "moving_preview",
    "new_base",
    "new_item",
    "preview",
    "publish",
    "receipt",
    "receipt_code",
    "start",
    "tracked",
    "upload",
    "withdraw",
]
