"""Matters gathered from a few sources, each read by an index of its own: all of them, the first in some order, how many."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from zhitong.kernel.accounts.public import Actor, Scope

from ..choices import TaskState
from ..models import KNOWN_TO_TASKS, Task
from .visible import visible_matters

MOST_ORGANS = 8  # as many are each read in the order asked for; of more, what is open is sorted
Source = QuerySet[Any]
Cut = Callable[[Source, str], Iterable[Source]]


class Gathered(Func):
    """The condition that one of ``sources``, tasks or matters, names the matter.

    Ids are gathered once, each source by its own index, and looked up: as alternatives of one condition they would be looked
    for in everything that is open in the district.  Every source names only what the reader may see and what is open (or asks
    neither, if the list does not), so that ``first`` and ``ids`` need look at nothing else.
    """

    template, arg_joiner = "%(expressions)s)", " = ANY("

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        super().__init__(F("pk"), ArraySubquery(_named(self.sources)), output_field=BooleanField())

    def narrowed(self, condition: Q) -> "Gathered":
        """Those of which ``condition`` holds; it asks for nothing but ``KNOWN_TO_TASKS``."""
        return Gathered([source.filter(condition) for source in self.sources]) if condition else self

    def first(self, cut: Cut) -> "Gathered":
        """Of each source what ``cut`` leaves of it, told by which name a row knows the matter."""
        return Gathered([part for source in self.sources for part in cut(source, id_of(source))])

    def ids(self) -> QuerySet[Any]:
        """Each id once, to be counted."""
        one, *others = (source.order_by().values(id_of(source)) for source in self.sources)
        if others:
            return one.union(*others)
        return one.distinct() if self.sources[0].model is Task else one


def id_of(source: Source) -> str:
    """By which name a row of the source knows the matter."""
    return "matter_id" if source.model is Task else "pk"


def _named(sources: Sequence[Source]) -> QuerySet[Any]:
    one, *others = (source.values(id_of(source)) for source in sources)
    return one.union(*others, all=True) if others else one


def among(sources: Sequence[Source]) -> Q:
    """`Gathered` as a condition; without sources it holds of nothing."""
    return Q(Gathered(sources)) if sources else Q(pk__in=[])


def gathered_of(condition: Q) -> Gathered | None:
    """A condition on open matters that asks for one `Gathered`, and besides for nothing but what tasks know: as one source of ids."""
    if condition.negated or condition.connector != Q.AND or ("closed_at", None) not in condition.children:
        return None
    rest = [child for child in condition.children if child != ("closed_at", None)]
    found = [child for child in rest if isinstance(child, Gathered)]
    others = [child for child in rest if not isinstance(child, Gathered)]
    if len(found) != 1 or not all(_is_known(child) for child in others):
        return None
    return found[0].narrowed(Q(*others))


def _is_known(condition: Any) -> bool:
    if isinstance(condition, Q):
        return all(map(_is_known, condition.children))
    if not isinstance(condition, tuple):
        return False
    name, value = condition
    return name.split("__")[0] in KNOWN_TO_TASKS and not hasattr(value, "resolve_expression")


def shares(by: Actor, organs: Collection[UUID], condition: Q) -> list[Source]:
    """Tasks of these organs, of matters that are open, of which ``condition`` holds, as sources."""
    return [_seen(by, rows, organs) for rows in _by_organ(Task.objects.filter(condition, is_live=True), organs)]


def own_shares(by: Actor, condition: Q) -> list[Source]:
    """The same of what is in the reader's own hands."""
    if not by.staff_id:
        return []
    return [_seen(by, Task.objects.filter(condition, state=TaskState.OPEN, is_live=True, assignee=by.staff_id))]


def ever(by: Actor, organs: Collection[UUID]) -> Gathered | None:
    """Everything these organs have or had a task in, where it can be read in the order of its ids."""
    return Gathered(list(_by_organ(Task.objects.all(), organs))) if 0 < len(organs) <= MOST_ORGANS else None


def _by_organ(tasks: QuerySet[Task], organs: Collection[UUID]) -> Iterator[QuerySet[Task]]:
    if len(organs) > MOST_ORGANS:
        yield tasks.filter(organ__in=organs)
        return
    for organ in sorted(organs):
        yield tasks.filter(organ=organ)


def _seen(by: Actor, tasks: QuerySet[Task], organs: Collection[UUID] = ()) -> QuerySet[Task]:
    """Those of matters that ``by`` may see, asked of each only where the organs alone do not say so."""
    grants = by.grants_for("matters.view")
    within = frozenset[UUID]().union(*(g.organ_ids for g in grants if g.scope == Scope.ORGAN))
    if any(g.scope == Scope.ALL for g in grants) or (organs and within.issuperset(organs)):
        return tasks
    return tasks.filter(Exists(visible_matters(by).filter(pk=OuterRef("matter_id"))))


def standing(by: Actor, condition: Q) -> Source:
    """Open matters ``by`` may see of which ``condition`` holds, whoever has a task in them, as a source."""
    return visible_matters(by).filter(condition, closed_at=None)
