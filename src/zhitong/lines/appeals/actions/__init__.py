"""The writers of appeals: raising and loading them, the effects of their moves, and the defaults that ship."""

from .defaults import load_defaults
from .raising import Raised, Said, raise_appeal

__all__ = ["Raised", "Said", "load_defaults", "raise_appeal"]
