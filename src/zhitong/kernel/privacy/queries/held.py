"""Who it is, and what is held about them, component by component."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from zhitong.base.holdings import Case, Held, Holding, holdings
from zhitong.base.identifiers import check_number
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, Participant
from zhitong.kernel.register.public import (
    MaskedPerson,
    Person,
    find_by_citizen_id,
    find_by_email,
    find_by_phone,
    masked,
)

from ..permissions import ANSWER
from .terms import terms

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What one component holds about somebody."""

    holding: Holding
    held: Sequence[Held]

    @property
    def goes(self) -> int:
        """How many of these would be erased."""
        return sum(1 for one in self.held if not one.kept)


def find_people(given: str, by: Actor) -> list[MaskedPerson]:
    """Everybody under this phone number, e-mail address, citizen id or number of a matter, masked.  Nobody by part of it, nor by
    name."""
    by.demand_everywhere(ANSWER)
    found = find_by_phone(given) | find_by_email(given)
    ids = set(found.values_list("pk", flat=True)[:MOST_FOUND])
    if (person := find_by_citizen_id(given)) is not None:
        ids.add(person.pk)
    digits = "".join(c for c in given if c in "0123456789")
    if check_number(digits):
        ids |= set(_of_matter(digits))
    rows = Person.objects.filter(pk__in=ids).order_by("created_at", "id").prefetch_related("contacts")
    return [masked(row) for row in rows]


def _of_matter(number: str) -> list[UUID]:
    matters = Matter.objects.filter(number=number)
    named = Q(pk__in=Participant.objects.filter(matter__in=matters).values("person"))
    return list(Person.objects.filter(named).values_list("pk", flat=True))


def case_of(person_id: UUID, at: datetime, *, is_unlawful: bool = False) -> Case:
    """The person's case as the terms stand now."""
    now = terms()
    return Case(person_id, at, lambda slug, since: now[slug].end(since), is_unlawful)


def look(person_id: UUID, at: datetime, *, is_unlawful: bool = False) -> list[Look]:
    """What every component holds, and what would become of it."""
    case = case_of(person_id, at, is_unlawful=is_unlawful)
    return [Look(holding, holding.look(case)) for holding in holdings()]
