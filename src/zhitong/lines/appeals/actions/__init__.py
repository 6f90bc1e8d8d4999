"""The writers of appeals: raising and loading them, the effects of their moves, and the defaults that ship."""

from .defaults import load_defaults
from .loading import COLUMNS, Loaded, load_appeals, pass_loaded
from .raising import Raised, Said, raise_appeal

__all__ = ["COLUMNS", "Loaded", "Raised", "Said", "load_appeals", "load_defaults", "pass_loaded", "raise_appeal"]
