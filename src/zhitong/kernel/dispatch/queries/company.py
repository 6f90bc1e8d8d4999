"""Who else says the same: the same person before, and how many together."""

from dataclasses import dataclass

from django.db.models import Q

from zhitong.kernel.matters.public import Matter

from ..models import JOINT, Belonging

AGAIN, TOGETHER = "again", "joint"


@dataclass(frozen=True, slots=True)
class Company:
    """``before``: matters the same person raised earlier about the same thing.  ``people``: all who raised, joined or were merged into it."""

    before: int = 0
    people: int = 0

    @property
    def is_joint(self) -> bool:
        """Five or more people together."""
        return self.people >= JOINT


def company_in(matter: Matter) -> Company:
    """The company of a matter that was read with its ``belonging`` (``select_related``); a query without.  Nobody before it was
    looked at, which takes seconds."""
    found = getattr(matter, "belonging", None)
    return Company(found.before, found.people) if found else Company()


def company_of(matter: Matter) -> Company:
    """The company of any matter.  One query."""
    found = Belonging.objects.filter(matter=matter.pk).values_list("before", "people").first()
    return Company(*found) if found else Company()


def company_q(value: str) -> Q:
    """Matters raised ``again`` by the same person, or ``joint``: by five or more people together."""
    return Q(belonging__before__gt=0) if value == AGAIN else Q(belonging__people__gte=JOINT)
