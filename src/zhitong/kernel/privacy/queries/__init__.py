"""Reads of privacy."""

from .held import Look, find_people, look
from .lists import LIST_SORT, destroy_lists, item_rows, lines_of, list_of
from .pieces import Piece, pieces_of
from .requests import open_requests, request_of, requests
from .terms import TermNow, term_of, term_text, terms

__all__ = [
    "LIST_SORT",
    "Look",
    "Piece",
    "TermNow",
    "destroy_lists",
    "find_people",
    "item_rows",
    "lines_of",
    "list_of",
    "look",
    "open_requests",
    "pieces_of",
    "request_of",
    "requests",
    "term_of",
    "term_text",
    "terms",
]
