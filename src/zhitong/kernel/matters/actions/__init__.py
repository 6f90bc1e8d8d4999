"""The only writers of matters: ``open_matter``, ``open_many``, ``act`` and ``act_many``; everything else here serves them."""

from .acting import act, act_many
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
    "act_many",
    "check_upload",
    "open_many",
    "open_matter",
]
