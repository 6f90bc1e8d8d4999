"""Pure functions of the territory: codes and names, and whether areas cover what they should."""

from .codes import (
    Listed,
    display_name,
    english_name,
    in_order,
    is_code,
    level_of,
    parent_code,
    recoded,
    shares,
    spellings,
)

__all__ = [
    "Listed",
    "display_name",
    "english_name",
    "in_order",
    "is_code",
    "level_of",
    "parent_code",
    "recoded",
    "shares",
    "spellings",
]
