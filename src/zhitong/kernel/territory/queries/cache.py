"""What a process keeps of the territory, and how it knows that it is old."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection

T = TypeVar("T")
Key = tuple[UUID, date | None]


def mark() -> UUID:
    """The present mark: new after every change of divisions, names or shapes, the old one again after a rollback.

    Where the row is missing (the tables were emptied with triggers off) every call gives another, so that nothing is kept
    until the next change puts it back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM territory_mark WHERE id = 1")
        row: tuple[UUID] | None = cursor.fetchone()
    return row[0] if row else uuid4()


class Kept(Generic[T]):
    """The last few results of ``build(on)``, each for one mark and one day.

    The mark is read before the data: a change in between only means that the next reader builds again.
    """

    def __init__(self, build: Callable[[date | None], T], most: int = 4) -> None:
        self._build, self._most = build, most
        self._lock = Lock()
        self._kept: OrderedDict[Key, T] = OrderedDict()

    def get(self, on: date | None = None) -> T:
        """The result as of now, built anew where it is not kept.  One small query when it is."""
        key = (mark(), on)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        built = self._build(on)
        with self._lock:
            self._kept[key] = built
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return built
