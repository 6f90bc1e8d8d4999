"""From a figure down to the matters behind it, for those who may see them."""

from datetime import date

from django.db.models import Q, QuerySet, Sum

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, visible_matters

from ..choices import Part
from ..models import Fact
from ..rules import formula
from . import places
from .figures import definition
from .places import EVERYTHING, Filters


def matters_behind(
    what: str, start: date, end: date, *, filters: Filters = EVERYTHING, part: str = Part.ALL, scope: Actor
) -> QuerySet[Matter]:
    """The matters that a figure counts, as far as ``scope`` may see them.

    ``part`` of a ratio: ALL is what is divided by, TOP what is counted in it, REST what is missing from it.
    """
    tree = definition(what, end).formula
    facts = Fact.objects.filter(places.where(filters, scope, end).q(), day__range=(start, end))
    return visible_matters(scope).filter(_part(tree, part, facts))


def _part(tree: formula.Formula, part: str, facts: QuerySet[Fact]) -> Q:
    operator, operand = formula.split(tree)
    if operator == "ratio":
        top, bottom = (_whole(side, facts) for side in operand)
        return {Part.TOP: top, Part.REST: bottom & ~top}.get(Part(part), bottom)
    if operator == "mean" and part != Part.ALL:
        own = facts.filter(measure=operand)
        return _among(own.filter(value=0) if part == Part.REST else own.exclude(value=0))
    return _whole(tree, facts)


def _whole(tree: formula.Formula, facts: QuerySet[Fact]) -> Q:
    """Matters with a fact in any leaf; for a sum those that are left once what was taken back is taken away."""
    found = Q(pk__in=[])
    for operator, measure in formula.leaves(tree):
        own = facts.filter(measure=measure)
        found |= _left(own) if operator == "sum" else _among(own)
    return found


def _among(facts: QuerySet[Fact]) -> Q:
    return Q(pk__in=facts.values("stream"))


def _left(facts: QuerySet[Fact]) -> Q:
    return Q(pk__in=facts.values("stream").annotate(left=Sum("value")).filter(left__gt=0).values("stream"))
