"""For whom a matter is, where a line says so: shown in lists beside what is asked for, and found by."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from zhitong.kernel.matters.public import Matter


@dataclass(frozen=True, slots=True)
class Applicants:
    """Of matters of these kinds: ``named(ids)`` gives each applicant as a list may show them (people masked, firms by name), by one
    query; ``found(typed)`` is the condition on matters for whoever was typed whole, None where nobody is called so."""

    kinds: tuple[str, ...]
    named: Callable[[Collection[UUID]], Mapping[UUID, str]]
    found: Callable[[str], Q | None]


_known: list[Applicants] = []


def declare_applicants(applicants: Applicants) -> None:
    """Tell lists of matters who applies.  What a line keeps back (who raised an appeal) it does not declare."""
    _known.append(applicants)


def applicants_of(rows: Iterable[Matter]) -> dict[UUID, str]:
    """Who applied, of those of ``rows`` whose line says so.  One query for each line that has some."""
    shown = list(rows)
    found: dict[UUID, str] = {}
    for one in _known:
        if ids := [row.pk for row in shown if row.kind in one.kinds]:
            found |= one.named(ids)
    return found


def applicant_q(typed: str) -> Q:
    """Matters of whoever was typed whole: a name, a phone, a firm's name or code."""
    found = Q(pk__in=[])
    for one in _known:
        condition = one.found(typed)
        if condition is not None:
            found |= Q(kind__in=one.kinds) & condition
    return found
