"""The only writers of the register."""

from .people import Found, find_or_create_many, find_or_create_person, prepare
from .revealing import reveal
from .rotate import rotate_keys

__all__ = ["Found", "find_or_create_many", "find_or_create_person", "prepare", "reveal", "rotate_keys"]
