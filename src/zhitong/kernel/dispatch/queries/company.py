"""Who else says the same: the same person before, and how many together."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, Participant, visible_matters

JOINT = 5  # people who raise one thing together


@dataclass(frozen=True, slots=True)
class Company:
    """``before``: matters the same person raised earlier about the same thing.  ``people``: all who raised, joined or were merged into it."""

    before: int = 0
    people: int = 0

    @property
    def is_joint(self) -> bool:
        """Five or more people together."""
        return self.people >= JOINT


def with_company(rows: QuerySet[Matter], by: Actor) -> QuerySet[Matter]:
    """The same matters, of which `company_in` then tells without another query; as far as ``by`` may see the others."""
    thing, seen = OuterRef("belonging__thing"), visible_matters(by)
    earlier = seen.filter(belonging__thing=thing, reporter=OuterRef("reporter"), pk__lt=OuterRef("pk"))
    together = Participant.objects.filter(matter__in=seen, matter__belonging__thing=thing)
    own = Participant.objects.filter(matter=OuterRef("pk"))
    return rows.annotate(
        company_before=_count(earlier, "pk"),
        company_people=Greatest(_count(together, "person"), _count(own, "person")),
    )


def company_in(matter: Matter) -> Company:
    """The company of a matter that was read `with_company`."""
    read = vars(matter)
    return Company(read["company_before"], read["company_people"])


def company_of(matter: Matter, by: Actor) -> Company:
    """The company of any matter.  One query."""
    row = with_company(Matter.objects.filter(pk=matter.pk), by).only("pk").first()
    return company_in(row) if row else Company()


def _count(rows: QuerySet[Matter] | QuerySet[Participant], what: str) -> Coalesce:
    """How many different ones; as a part of another question."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)
