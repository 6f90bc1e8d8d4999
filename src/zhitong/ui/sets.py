"""Named sets of matters: what a tile counts and what the list behind it shows are one condition."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import alias
from zhitong.kernel.matters.public import COUNTED_BY, Gathered, gathered_of, visible_matters, visible_q

K = TypeVar("K")
Condition = Callable[[Actor, datetime], Q]
PARAMETER = "set"
MOST_COUNTED = 10_000
OPEN = ("closed_at", None)
ONE_COUNT = "SELECT %s, count(*) FROM ({sql}) AS counted"


@dataclass(frozen=True, slots=True)
class MatterSet:
    """Matters a person looks for by one name.  ``is_open``: only such as are not closed."""

    slug: str
    label: Any
    condition: Condition
    is_open: bool = True

    def q(self, by: Actor, at: datetime) -> Q:
        """The condition as it stands for ``by`` at that moment."""
        found = self.condition(by, at)
        return found & Q(closed_at=None) if self.is_open else found


_sets: dict[str, MatterSet] = {}


def declare_set(slug: str, label: Any, condition: Condition, *, is_open: bool = True) -> None:
    """Tell the lists of a set; ``condition(by, at)`` narrows what ``by`` may see anyway."""
    _sets[slug] = MatterSet(slug, label, condition, is_open)


def matter_sets() -> Mapping[str, MatterSet]:
    """Every declared set by its slug."""
    return _sets


def set_q(slug: str, by: Actor, at: datetime | None = None) -> Q:
    """The condition of a declared set."""
    return _sets[slug].q(by, at or timezone.now())


def set_counts(by: Actor, at: datetime, slugs: Sequence[str]) -> dict[str, int]:
    """How many matters each set holds for ``by``.  A few queries for any number of sets."""
    return counts(by, sets_q(by, at, slugs))


def sets_q(by: Actor, at: datetime, slugs: Sequence[str]) -> dict[str, Q]:
    """The conditions of several sets, each under its slug."""
    return {slug: _sets[slug].q(by, at) for slug in slugs}


def counts(by: Actor, conditions: Mapping[K, Q]) -> dict[K, int]:
    """How many of the matters ``by`` may see fulfil each condition; counting stops one past ``MOST_COUNTED``.

    What is `Gathered` is counted from its sources.  Conditions on open matters that differ only in what the index of these
    answers are counted in one pass, a query for each such pass: those that ask nothing else over the index itself, others
    over the matters that they share.  What is left is counted by one query, each by the index that serves it.
    """
    passes: dict[tuple[int, ...], tuple[list[Any], dict[K, Q]]] = {}
    gathered: dict[K, Gathered] = {}
    for name, q in conditions.items():
        if (ids := gathered_of(q)) is not None:
            gathered[name] = ids
        elif (parts := _of_open(q)) is not None:
            passes.setdefault(tuple(map(id, parts[0])), (parts[0], {}))[1][name] = parts[1]
    seen, found = visible_matters(by), dict[K, int]()
    sees_by_index = _is_indexed(visible_q(by))
    for shared, asked in passes.values():
        if len(asked) > 1 if shared else sees_by_index:
            found |= _in_one_pass(seen.filter(OPEN, *shared), asked)
    apart = {name: gathered.get(name) or seen.filter(q) for name, q in conditions.items() if name not in found}
    found |= count_each(apart, most=MOST_COUNTED)
    return {name: found[name] for name in conditions}


def _of_open(condition: Q) -> tuple[list[Any], Q] | None:
    """What a condition on open matters asks of others than their index, and what of this; None for any other condition."""
    if condition.negated or condition.connector != Q.AND or OPEN not in condition.children:
        return None
    rest = [child for child in condition.children if child != OPEN]
    return [c for c in rest if not _is_indexed(c)], Q(*(c for c in rest if _is_indexed(c)))


def _is_indexed(condition: Any) -> bool:
    if isinstance(condition, Q):
        return all(map(_is_indexed, condition.children))
    if not isinstance(condition, tuple):
        return False
    name, value = condition
    return name.split("__")[0] in ("due_at", *COUNTED_BY) and not hasattr(value, "resolve_expression")


def _in_one_pass(rows: QuerySet[Any], conditions: Mapping[K, Q]) -> dict[K, int]:
    """What all of them ask is asked of a row once, and if each names stages only rows that stand in one of these are read."""
    alike = [child for child in _children(next(iter(conditions.values()))) if _asked_by_all(child, conditions.values())]
    stages = [_stages(asked) for asked in conditions.values()]
    if all(stages):
        rows = rows.filter(stage__in=sorted(frozenset[str]().union(*stages)))
    own = [Q(*(child for child in _children(asked) if child not in alike)) for asked in conditions.values()]
    numbers = {f"n{number}": Count("pk", filter=asked or None) for number, asked in enumerate(own)}
    found = rows.filter(*alike).order_by().aggregate(**numbers)
    return {name: min(n, MOST_COUNTED + 1) for name, n in zip(conditions, found.values(), strict=True)}


def _children(condition: Q) -> Sequence[Any]:
    return condition.children if condition.connector == Q.AND and not condition.negated else [condition]


def _asked_by_all(child: Any, conditions: Iterable[Q]) -> bool:
    return all(child in _children(condition) for condition in conditions)


def _stages(condition: Q) -> frozenset[str]:
    """The stages in which a condition looks; none where it does not say."""
    named = [child[1] for child in _children(condition) if isinstance(child, tuple) and child[0] == "stage__in"]
    return frozenset(named[0]) if named else frozenset()


def count_each(rows: Mapping[K, QuerySet[Any] | Gathered], most: int | None = None) -> dict[K, int]:
    """How many rows each has, or matters; with ``most`` counting stops one past it.

    One statement, in which each is counted by the index that serves it and stops early.
    """
    names = list(rows)
    parts: list[str] = []
    values: list[Any] = []
    for number, name in enumerate(names):
        one = rows[name]
        counted = one.ids() if isinstance(one, Gathered) else one.order_by().values("pk")
        with suppress(EmptyResultSet):
            sql, given = (counted if most is None else counted[: most + 1]).query.sql_with_params()
            parts.append(ONE_COUNT.format(sql=sql))
            values += [number, *given]
    found: dict[int, int] = {}
    if parts:
        with connections[alias()].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            found = dict(cursor.fetchall())
    return {name: found.get(number, 0) for number, name in enumerate(names)}


def set_href(slug: str, **filters: Any) -> str:
    """The address of the list of a set, with further filters of that list."""
    query = {PARAMETER: slug, **filters} if slug else filters
    return f"{reverse('portal:matters')}?{urlencode(query)}"
