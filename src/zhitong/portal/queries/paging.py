"""Pages of a list by key: the next page begins after the last row seen, however deep it lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from zhitong.kernel.matters.public import Gathered, Matter

NEWEST, DUE = "new", "due"
SORTS = (NEWEST, DUE)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands in the order of a list."""

    due_at: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.due_at.isoformat() if self.due_at else ''}~{self.id}"


def key_of(matter: Matter) -> Key:
    """The key of a row."""
    return Key(matter.due_at, matter.pk)


def read_key(text: str) -> Key | None:
    """The key written in an address; None for anything else."""
    due, _, pk = text.partition("~")
    try:
        moment = datetime.fromisoformat(due) if due else None
        if moment is not None and moment.tzinfo is None:
            return None
        return Key(moment.astimezone(UTC) if moment else None, UUID(pk))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list, and the keys from which the pages before and after it go on."""

    rows: list[Matter]
    newer: Key | None
    older: Key | None


def _beyond(sort: str, key: Key, *, is_back: bool) -> Q:
    if sort == NEWEST:
        return Q(pk__gt=key.id) if is_back else Q(pk__lt=key.id)
    undated = Q(due_at=None)
    if key.due_at is None:
        return ~undated | undated & Q(pk__lt=key.id) if is_back else undated & Q(pk__gt=key.id)
    same = Q(due_at=key.due_at)
    if is_back:
        return Q(due_at__lt=key.due_at) | same & Q(pk__lt=key.id)
    return Q(due_at__gt=key.due_at) | same & Q(pk__gt=key.id) | undated


def _ordered(rows: QuerySet[Any], sort: str, *, is_back: bool, pk: str = "pk") -> QuerySet[Any]:
    if sort == NEWEST:
        return rows.order_by(pk if is_back else f"-{pk}")
    if is_back:
        return rows.order_by(F("due_at").desc(nulls_first=True), f"-{pk}")
    return rows.order_by(F("due_at").asc(nulls_last=True), pk)


def page(
    rows: QuerySet[Matter],
    sort: str,
    size: int,
    *,
    after: Key | None = None,
    before: Key | None = None,
    gathered: Gathered | None = None,
) -> Page:
    """``size`` rows after one key, or before another; from the start without a key.  One query.

    With ``gathered``, where ``rows`` come from, no more of it is read than the page shows.
    """
    is_back = before is not None
    key = before or after
    if gathered is not None:
        rows = rows.filter(_first(gathered, sort, size + 1, key, is_back=is_back))
    found = _ordered(rows.filter(_beyond(sort, key, is_back=is_back)) if key else rows, sort, is_back=is_back)
    taken = list(found[: size + 1])
    has_more, taken = len(taken) > size, taken[:size]
    if is_back:
        taken.reverse()
    if not taken:
        return Page([], None, None)
    has_newer, has_older = (has_more, True) if is_back else (after is not None, has_more)
    return Page(taken, key_of(taken[0]) if has_newer else None, key_of(taken[-1]) if has_older else None)


def first(rows: QuerySet[Matter], sort: str, most: int, gathered: Gathered | None) -> QuerySet[Matter]:
    """The first of a list, in its order."""
    found = rows if gathered is None else rows.filter(_first(gathered, sort, most, None, is_back=False))
    return _ordered(found, sort, is_back=False)[:most]


def neighbours(
    rows: QuerySet[Matter], sort: str, matter: Matter, gathered: Gathered | None = None
) -> tuple[UUID | None, UUID | None]:
    """The ids right before and right after a matter in a list, whether or not it still stands in it.  One query."""
    key = key_of(matter)
    before, after = (
        _ordered(_near(rows, sort, key, gathered, is_back=is_back), sort, is_back=is_back)
        .exclude(pk=matter.pk)
        .annotate(side=Value(is_back))
        .values_list("side", "pk")[:1]
        for is_back in (True, False)
    )
    found = dict(before.union(after, all=True))
    return found.get(True), found.get(False)


def _near(
    rows: QuerySet[Matter], sort: str, key: Key, gathered: Gathered | None, *, is_back: bool
) -> QuerySet[Matter]:  # fmt: skip
    if gathered is not None:
        rows = rows.filter(_first(gathered, sort, 1, key, is_back=is_back))
    return rows.filter(_beyond(sort, key, is_back=is_back))


def _first(gathered: Gathered, sort: str, most: int, key: Key | None, *, is_back: bool) -> Gathered:
    """The first of each source beyond the key, in the order of the list."""

    def cut(source: QuerySet[Any], pk: str) -> Iterator[QuerySet[Any]]:
        for stretch in _stretches(sort, key, pk, is_back=is_back):
            found = _ordered(source.filter(stretch), sort, is_back=is_back, pk=pk)
            if pk != "pk":  # several organs, or one in several roles, may have a task in a matter
                found = found.distinct(*(("due_at", pk) if sort == DUE else (pk,)))
            yield found[:most]

    return gathered.first(cut)


def _stretches(sort: str, key: Key | None, pk: str, *, is_back: bool) -> list[Q]:
    """What lies beyond the key, each a stretch of an index by its order: together what `_beyond` says."""
    if key is None:
        return [Q()]
    beyond = Q(**{f"{pk}__{'gt' if is_back == (sort == NEWEST) else 'lt'}": key.id})
    if sort == NEWEST:
        return [beyond]
    if key.due_at is None:
        return [Q(due_at=None) & beyond, *([Q(due_at__isnull=False)] if is_back else [])]
    dated = Q(_beyond_row(F("due_at"), F(pk), key.due_at, key.id, sign="<" if is_back else ">"))
    return [dated] if is_back else [dated, Q(due_at=None)]


def _beyond_row(due: F, pk: F, due_at: datetime, last: UUID, *, sign: str) -> Func:
    """Both columns compared at once, as an index by both is walked: however many are due at the same moment."""
    pairs = (Func(*pair, template="(%(expressions)s)") for pair in ((due, pk), (Value(due_at), Value(last))))
    return Func(*pairs, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())
