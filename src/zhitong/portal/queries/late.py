"""What will be late and what is: rows with the one who has each in hand, and how many each organ and person has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, FilteredRelation, Max, Q, QuerySet

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import KINDS, LATE_GRADES, Grade, Matter, Record, TaskRole, TaskState
from zhitong.kernel.organisation.public import organ_names

from . import listing
from .listing import LATE, PRESSING, Line

GRADES = (PRESSING, LATE, Grade.WARNING, *LATE_GRADES)


def pressing(by: Actor, wanted: Mapping[str, Any]) -> QuerySet[Matter]:
    """Open matters ``by`` may see that are late or soon will be, within the filters."""
    grade = wanted.get("grade") if wanted.get("grade") in GRADES else PRESSING
    return listing.filtered(by, {**wanted, "grade": grade}).filter(closed_at=None)


@dataclass(frozen=True, slots=True)
class Holding:
    """So many of one grade lie with one organ (None: at the centre), in one person's hands (None: in nobody's)."""

    organ_id: UUID | None
    staff_id: UUID | None
    staff_name: str
    grade: str
    n: int


@dataclass
class Share:
    """How many of each grade lie with one organ, or with one person of it; ``id`` None: with nobody."""

    id: UUID | None
    name: str = ""
    organ_id: UUID | None = None
    grades: dict[str, int] = field(default_factory=dict)

    def add(self, held: Holding) -> None:
        """Count these too."""
        self.grades[held.grade] = self.grades.get(held.grade, 0) + held.n

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


def holdings(rows: QuerySet[Matter]) -> list[Holding]:
    """Who has them, by grade.  One query."""
    lead = FilteredRelation("tasks", condition=Q(tasks__state=TaskState.OPEN, tasks__role=TaskRole.LEAD))
    held = (
        rows.order_by()
        .annotate(held=lead)
        .values_list("held__organ", "held__assignee", "held__assignee__name", "grade")
    )
    return [
        Holding(organ, staff, name or "", grade, n) for organ, staff, name, grade, n in held.annotate(n=Count("pk"))
    ]


def by_organ(held: Sequence[Holding]) -> list[Share]:
    """The organs that have them, the worst first; without an organ are those at the centre."""
    found: dict[UUID | None, Share] = {}
    names = organ_names(one.organ_id for one in held)
    for one in held:
        name = names.get(one.organ_id, "") if one.organ_id else ""
        found.setdefault(one.organ_id, Share(one.organ_id, name)).add(one)
    return sorted(found.values(), key=_order)


def by_person(held: Sequence[Holding], organ_id: str = "") -> list[Share]:
    """The people of the organs that have them, or of one of these, the worst first; what is in nobody's hands last."""
    found: dict[tuple[UUID | None, UUID | None], Share] = {}
    for one in held:
        if one.organ_id is None or organ_id not in ("", str(one.organ_id)):
            continue
        key = (one.organ_id, one.staff_id) if one.staff_id else (None, None)
        found.setdefault(key, Share(one.staff_id, one.staff_name, key[0])).add(one)
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
