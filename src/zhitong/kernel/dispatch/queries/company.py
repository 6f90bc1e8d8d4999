"""Who else says the same: the same person before, and how many together."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

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


def company_of(matter: Matter, by: Actor) -> Company:
    """What is known of a matter's company, as far as ``by`` may see the others.  One query."""
    row = (
        Matter.objects.filter(pk=matter.pk)
        .annotate(
            thing=F("belonging__thing"),
            before=_count(visible_matters(by).filter(
                belonging__thing=OuterRef("belonging__thing"), reporter=OuterRef("reporter"), pk__lt=OuterRef("pk"),
            ), "pk"),
            together=_count(Participant.objects.filter(
                matter__in=visible_matters(by), matter__belonging__thing=OuterRef("belonging__thing")
            ), "person"),
            own=_count(Participant.objects.filter(matter=OuterRef("pk")), "person"),
        )
        .values_list("before", "together", "own")
        .first()
    )  # fmt: skip
    return Company(row[0], max(row[1], row[2])) if row else Company()


def _count(rows: QuerySet[Matter] | QuerySet[Participant], what: str) -> Coalesce:
    """How many different ones; as a part of another question."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)
