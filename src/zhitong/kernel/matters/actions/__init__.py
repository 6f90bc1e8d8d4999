"""The only writers of matters: ``open_matter``, ``open_many`` and ``act``; everything else here serves them."""

from .acting import act
from .context import Context
from .files import Upload, check_upload
from .opening import Opened, Opening, Reporter, open_many, open_matter

__all__ = [
    "Context",
    "Opened",
    "Opening",
    "Reporter",
    "Upload",
    "act",
    "check_upload",
    "open_many",
    "open_matter",
]
