"""What else belongs to the same thing as a matter."""

from dataclasses import dataclass, field

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, Matter, visible_matters

from ..models import Belonging
from .company import Company

MOST_TOGETHER = 30


@dataclass(frozen=True, slots=True)
class Fellow:
    """Another matter of the same thing, and where it stands, in words."""

    matter: Matter
    stage: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Who says the same as a matter, and the other matters of the same thing that one may see, the newest first; ``has_more`` where
    there are more than are told."""

    company: Company = field(default_factory=Company)
    fellows: tuple[Fellow, ...] = ()
    has_more: bool = False


def together_with(matter: Matter, by: Actor) -> Together:
    """Of the same thing, at most thirty.  One query for what stands alone, two otherwise."""
    found = Belonging.objects.filter(matter=matter.pk).first()
    if found is None:
        return Together()
    company = Company(found.before, found.people)
    if found.thing_id is None:
        return Together(company)
    rows = visible_matters(by).filter(belonging__thing=found.thing_id, erased_at=None).exclude(pk=matter.pk)
    rows = rows.select_related("lead", "area").defer("text", "tracking", "path").order_by("-pk")[: MOST_TOGETHER + 1]
    fellows = tuple(map(_fellow, rows))
    return Together(company, fellows[:MOST_TOGETHER], len(fellows) > MOST_TOGETHER)


def _fellow(row: Matter) -> Fellow:
    stage = KINDS[row.kind].by_slug[row.stage]
    return Fellow(row, str(stage.label), stage.is_end)
