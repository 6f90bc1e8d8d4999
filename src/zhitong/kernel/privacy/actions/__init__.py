"""The only writers of privacy."""

from .lists import MOST_ITEMS, approve_list, drop_list, make_list, postpone_items
from .requests import (
    answer_request,
    correct_person,
    erase_person,
    erase_piece,
    log_export,
    log_look,
    log_pieces,
    open_request,
)
from .terms import set_term, tidy

__all__ = [
    "MOST_ITEMS",
    "answer_request",
    "approve_list",
    "correct_person",
    "drop_list",
    "erase_person",
    "erase_piece",
    "log_export",
    "log_look",
    "log_pieces",
    "make_list",
    "open_request",
    "postpone_items",
    "set_term",
    "tidy",
]
