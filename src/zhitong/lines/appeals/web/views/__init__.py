"""Pages of appeals."""

from .alarming import board_not_urgent
from .board import board, board_around, board_counts, board_do, board_matter
from .public import join, public_detail, public_list, public_map, public_places
from .raising import hints, new
from .receipt import receipt, receipt_code, receipt_text, slip
from .registering import register, register_hints
from .tracking import act, file, track, tracked

__all__ = [
    "act",
    "board",
    "board_around",
    "board_counts",
    "board_do",
    "board_matter",
    "board_not_urgent",
    "file",
    "hints",
    "join",
    "new",
    "public_detail",
    "public_list",
    "public_map",
    "public_places",
    "receipt",
    "receipt_code",
    "receipt_text",
    "register",
    "register_hints",
    "slip",
    "track",
    "tracked",
]
