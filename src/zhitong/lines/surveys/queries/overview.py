"""Surveys and rules as counts, for a page that shows the district as a whole: nothing of what was answered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from ..models import Raised, Rule, Survey
from .surveys import shares


@dataclass(frozen=True, slots=True)
class Running:
    """A survey that runs, with how many of its targets are done, and how many nobody was met at."""

    id: UUID
    name: str
    form: str
    ends_on: date
    total: int
    done: int
    missed: int


def running(on: date, most: int) -> list[Running]:
    """The newest surveys that run on a day.  Two queries."""
    rows = list(_running(on).values_list("id", "name", "version__form__name", "ends_on")[:most])
    far = shares([row[0] for row in rows])
    return [
        Running(*row, far[row[0]].total, far[row[0]].done, far[row[0]].missed)
        if row[0] in far
        else Running(*row, 0, 0, 0)
        for row in rows
    ]


def how_many_run(on: date) -> int:
    """Surveys that run on a day, listed or not."""
    return _running(on).count()


def _running(on: date) -> QuerySet[Survey]:
    return Survey.objects.filter(ended_at=None, starts_on__lte=on, ends_on__gte=on)


@dataclass(frozen=True, slots=True)
class Raising:
    """A rule, the form it belongs to, and how many matters it has raised."""

    title: str
    form: str
    raised: int


def raising(most: int) -> list[Raising]:
    """Rules by how much they have raised."""
    rows = Rule.objects.annotate(n=Count("raised")).order_by("-n", "made_at", "id")
    return [Raising(*row) for row in rows.values_list("title", "form__name", "n")[:most]]


def raised_altogether() -> int:
    """Matters that answers have raised, by rules that are not listed or were taken away since too."""
    return Raised.objects.aggregate(n=Count("matter", distinct=True))["n"] or 0


def how_many_rules() -> int:
    """Rules, listed or not."""
    return Rule.objects.count()
