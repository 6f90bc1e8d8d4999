"""Errors a person can cause.  Pages and the API turn them into a clear sentence, never into a 500."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Refused(Exception):
    """A request that was understood and is not carried out.

    ``code`` is a stable English slug that programs may rely on.  ``message`` is a sentence for people saying what to
    do; it may be lazily translated, so it is kept as it is and turned into text when shown.  ``field`` names the input
    it is about, if it is about one; ``index`` the place in a batch of what was refused.
    """

    status = 422
    index: int | None = None

    def __init__(self, code: str, message: object, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refused):
    """The person may not do this here."""

    status = 403


class NotFound(Refused):
    """The thing does not exist, or this person must not learn that it does."""

    status = 404


class Conflict(Refused):
    """Somebody else changed the thing first, or it exists already."""

    status = 409


class Overtaken(Conflict):
    """Somebody else changed it first.  ``fields`` holds what stands there now, by name, of the fields that were given otherwise;
    ``version`` is the one to rest on after looking at them."""

    def __init__(self, code: str, message: object, *, version: int | str, fields: Mapping[str, Any]) -> None:
        super().__init__(code, message, next(iter(fields), None))
        self.version, self.fields = version, dict(fields)


def each(things: Iterable[T]) -> Iterator["One[T]"]:
    """Every one of a batch, to be used as ``with one as thing``: what is refused inside tells its place."""
    return (One(index, thing) for index, thing in enumerate(things))


class One(Generic[T]):
    """One of a batch."""

    def __init__(self, index: int, thing: T) -> None:
        self._index, self._thing = index, thing

    def __enter__(self) -> T:
        return self._thing

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Refused):
            error.index = self._index
