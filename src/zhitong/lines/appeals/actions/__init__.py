"""The writers of appeals: the effects of their moves, and the defaults that ship."""

from .defaults import load_defaults

__all__ = ["load_defaults"]
