"""Pages of the hall."""

from .editing import catalogue, discard, edit, export, preview, publish, upload, withdraw
from .guide import guide, item

__all__ = ["catalogue", "discard", "edit", "export", "guide", "item", "preview", "publish", "upload", "withdraw"]
