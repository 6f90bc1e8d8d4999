"""Pages of the hall."""

from .guide import guide, item

__all__ = ["guide", "item"]
