"""What will be late and what is: rows with the one who has each in hand, and how many each organ and person has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, LATE_GRADES, Grade, Matter, Record, Task, TaskRole, TaskState
from zhitong.kernel.organisation.public import Staff, organ_names

from . import listing
from .listing import LATE, PRESSING, Line

GRADES = (PRESSING, LATE, Grade.WARNING, *LATE_GRADES)


def pressing(by: Actor, wanted: Mapping[str, Any]) -> QuerySet[Matter]:
    """Open matters ``by`` may see that are late or soon will be, within the filters."""
    grade = wanted.get("grade") if wanted.get("grade") in GRADES else PRESSING
    return listing.filtered(by, {**wanted, "grade": grade}).filter(closed_at=None)


def _lead(column: str) -> Subquery:
    open_ = Task.objects.filter(matter=OuterRef("pk"), state=TaskState.OPEN, role=TaskRole.LEAD)
    return Subquery(open_.values(column)[:1])


@dataclass
class Share:
    """How many of each grade lie with one organ, or with one person of it; ``id`` None: with nobody."""

    id: UUID | None
    name: str = ""
    organ_id: UUID | None = None
    grades: dict[str, int] = field(default_factory=dict)

    @property
    def warning(self) -> int:
        """Soon late."""
        return self.grades.get(Grade.WARNING, 0)

    @property
    def late(self) -> int:
        """Late, of any grade."""
        return sum(self.grades.get(grade, 0) for grade in LATE_GRADES)

    @property
    def severe(self) -> int:
        """Late by the worst grade."""
        return self.grades.get(Grade.SEVERE, 0)


def _order(share: Share) -> tuple[int, int, int, str]:
    return -share.late, -share.severe, -share.warning, share.name


def by_organ(rows: QuerySet[Matter]) -> list[Share]:
    """The organs that have them, the worst first; without an organ are those at the centre.  Two queries."""
    found: dict[UUID | None, Share] = {}
    counted = rows.order_by().annotate(holder=_lead("organ")).values_list("holder", "grade").annotate(n=Count("pk"))
    for holder, grade, n in counted:
        found.setdefault(holder, Share(holder)).grades[grade] = n
    names = organ_names(found)
    for share in found.values():
        share.name = names.get(share.id, "") if share.id else ""
    return sorted(found.values(), key=_order)


def by_person(rows: QuerySet[Matter]) -> list[Share]:
    """The people of the organs that have them, the worst first; what is in nobody's hands last.  Two queries."""
    found: dict[tuple[UUID | None, UUID | None], Share] = {}
    held = rows.order_by().annotate(holder=_lead("organ"), whose=_lead("assignee")).filter(holder__isnull=False)
    for holder, whose, grade, n in held.values_list("holder", "whose", "grade").annotate(n=Count("pk")):
        key = (holder, whose) if whose else (None, None)
        grades = found.setdefault(key, Share(whose, organ_id=key[0])).grades
        grades[grade] = grades.get(grade, 0) + n
    names = dict(Staff.objects.filter(pk__in=[whose for _h, whose in found if whose]).values_list("pk", "name"))
    for share in found.values():
        share.name = names.get(share.id, "") if share.id else ""
    return sorted(found.values(), key=lambda share: (share.id is None, *_order(share)))


URGE = "urge"


def may_urge(by: Actor) -> bool:
    """Whether pressing is open to this person for any kind of matter."""
    moves = [kind.moves[URGE] for kind in KINDS.values() if URGE in kind.moves]
    return any(move.permission and by.may(move.permission) for move in moves)


@dataclass(frozen=True, slots=True)
class Urged:
    """How often and when last somebody pressed."""

    times: int
    last_at: datetime


def urged(lines: Sequence[Line]) -> dict[UUID, Urged]:
    """Which of these matters were pressed before.  One query."""
    rows = Record.objects.filter(matter__in=[line.matter.pk for line in lines], action=URGE)
    found = rows.values_list("matter").annotate(n=Count("pk"), last=Max("at"))
    return {pk: Urged(n, last) for pk, n, last in found}
