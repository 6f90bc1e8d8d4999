"""The writers of appeals: raising and importing them, the effects of their moves, and the defaults that ship."""

from .defaults import load_defaults
from .importing import import_batch
from .orders import attended, save_mapping
from .parts import import_together
from .passing import organs_named
from .raising import Raised, Said, raise_appeal

__all__ = [
    "Raised",
    "Said",
    "attended",
    "import_batch",
    "import_together",
    "load_defaults",
    "organs_named",
    "raise_appeal",
    "save_mapping",
]
