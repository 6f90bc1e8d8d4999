"""The only writers of the register."""

from .firm_import import import_firms, import_firms_content
from .firm_undo import undo_change
from .firms import change_firm, register_firms
from .people import Found, find_or_create_many, find_or_create_person, prepare, refusals
from .revealing import Written, reveal
from .rotate import rotate_keys

__all__ = [
    "Found", "Written", "change_firm", "find_or_create_many", "find_or_create_person", "import_firms", "import_firms_content", "prepare",
    "refusals", "register_firms", "reveal", "rotate_keys", "undo_change",
]  # fmt: skip
