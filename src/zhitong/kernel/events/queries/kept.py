"""What a process keeps of tables that change rarely, and how it knows that it is old."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection

from .reading import on_primary

T = TypeVar("T")
_view: ContextVar[dict[str, UUID] | None] = ContextVar("view", default=None)
_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("found", default=None)


def mark(name: str) -> UUID:
    """The present mark of that name: new after every change of what it stands for, the old one again after a rollback.

    Where the row is missing (the tables were emptied with triggers off) every call gives another, so that nothing is kept
    until the next change puts it back.
    """
    view = _view.get()
    if view is None:
        return _read().get(name) or uuid4()
    if not view:
        view.update(_read())
    return view.setdefault(name, uuid4())


def _read() -> dict[str, UUID]:
    """Every mark: a handful of rows, read together because a page mostly needs several."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, value FROM events_mark")
        return dict(cursor.fetchall())


@contextmanager
def one_view() -> Iterator[None]:
    """Inside, the marks are read once: a page that only reads sees one version of everything that is kept, and asks ``Once``.  The
    outermost decides."""
    if _view.get() is not None:
        yield
        return
    token, found = _view.set({}), _found.set({})
    try:
        yield
    finally:
        _view.reset(token)
        _found.reset(found)


class Once(Generic[T]):
    """The results of ``build(*question)``, each asked once inside ``one_view``, and every time outside."""

    def __init__(self, build: Callable[..., T]) -> None:
        self._build = build

    def get(self, *question: Any) -> T:
        """The result as it was when it was first asked for."""
        found = _found.get()
        if found is None:
            return self._build(*question)
        key = (self, *question)
        if key not in found:
            found[key] = self._build(*question)
        result: T = found[key]
        return result

    def knows(self, *question: Any) -> bool:
        """Whether it was asked before, inside the same view."""
        return (self, *question) in (_found.get() or {})

    def put(self, result: T, *question: Any) -> None:
        """It is known already."""
        found = _found.get()
        if found is not None:
            found[self, *question] = result


class Kept(Generic[T]):
    """The last few results of ``build(*question)``, each for one mark and one question.

    The mark is read before the data: a change in between only means that the next reader builds again.  What is kept is
    shared by all threads: nobody changes it.
    """

    def __init__(self, name: str, build: Callable[..., T], most: int = 4) -> None:
        self._name, self._build, self._most = name, build, most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, *question: Any) -> T:
        """The result as of now, built anew where it is not kept.  One small query when it is; none inside ``one_view``."""
        key = (mark(self._name), *question)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with on_primary():  # the mark is the primary's
            built = self._build(*question)
        with self._lock:
            self._kept[key] = built
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return built
