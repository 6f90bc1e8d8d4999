"""Whether an error means that the database is away for a moment: it was stopped, or another server takes over."""

from collections.abc import Iterator

from django.db import InterfaceError, InternalError, OperationalError
from psycopg.errors import ReadOnlySqlTransaction

COME_AGAIN = 10  # seconds after which it is worth to ask again: a fail-over takes some


def is_away(error: BaseException | None) -> bool:
    """Not there, going down, cut off, out of room, or no longer the one that takes writes; also where it is only what led
    to ``error``.  Nobody knows then whether a transaction under way was committed: its key will tell."""
    return any(
        isinstance(one, OperationalError | InterfaceError)
        or (isinstance(one, InternalError) and isinstance(one.__cause__, ReadOnlySqlTransaction))
        for one in _led_to(error)
    )


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
