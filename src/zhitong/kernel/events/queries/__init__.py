"""Reading the log, rendering letters, verifying the chains; what processes keep in memory; is the database there."""

from .away import COME_AGAIN, is_away
from .kept import Kept, Once, mark, one_view
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
from .reading import alias, late_since, may_be_late, on_primary
from .together import read_together

__all__ = [
    "COME_AGAIN",
    "WORDINGS",
    "Kept",
    "Once",
    "Wording",
    "alias",
    "declare_letter",
    "deliveries",
    "fill",
    "inbox",
    "is_away",
    "late_since",
    "letter",
    "mark",
    "may_be_late",
    "on_primary",
    "one_view",
    "read_together",
    "render",
    "render_many",
    "stream",
    "verify",
    "worded",
]
