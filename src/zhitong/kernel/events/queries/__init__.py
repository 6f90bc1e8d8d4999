"""Reading the log, rendering letters, verifying the chains; what processes keep in memory; is the database there."""

from .away import COME_AGAIN, is_away
from .kept import Kept, mark, one_view
from .log import (
    WORDINGS,
    Wording,
    declare_letter,
    deliveries,
    fill,
    inbox,
    letter,
    render,
    render_many,
    stream,
    verify,
    worded,
)

__all__ = [
    "COME_AGAIN",
    "WORDINGS",
    "Kept",
    "Wording",
    "declare_letter",
    "deliveries",
    "fill",
    "inbox",
    "is_away",
    "letter",
    "mark",
    "one_view",
    "render",
    "render_many",
    "stream",
    "verify",
    "worded",
]
