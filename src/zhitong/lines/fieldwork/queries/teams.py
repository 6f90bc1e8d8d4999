"""Who works in which grid, who is away, and how much lies on each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from zhitong.kernel.events.public import Once
from zhitong.kernel.matters.public import Matter
from zhitong.kernel.organisation.public import (
    Appointment,
    Organ,
    OrganKind,
    leaves_on,
    posts_of_divisions,
    present_on,
    valid_on,
)
from zhitong.kernel.territory.public import Level, Node, ancestor

from ..models import Reserve


@dataclass(slots=True)
class Team:
    """Who is there for a grid on a day.  ``away`` are the people on leave among them; ``open`` how many matters wait there."""

    grid: Node
    principal: Appointment | None = None
    substitutes: list[Appointment] = field(default_factory=list)
    away: frozenset[UUID] = frozenset()
    open: int = 0

    @property
    def present(self) -> list[Appointment]:
        """Those who are not on leave, the principal first."""
        everybody = [self.principal, *self.substitutes] if self.principal else self.substitutes
        return [one for one in everybody if one.staff_id not in self.away]


def teams(grids: Sequence[Node], on: date, *, with_load: bool = False) -> list[Team]:
    """The teams of these grids on a day, in their order.  Two statements, three with the load."""
    found = {grid.id: Team(grid) for grid in grids}
    away = frozenset(leaves_on(on).values_list("staff", flat=True))
    for one in posts_of_divisions(found, on).select_related("post__organ", "staff"):
        team = found[one.post.division_id]  # type: ignore[index]
        if one.is_deputy or team.principal is not None:
            team.substitutes.append(one)
        else:
            team.principal = one
    waiting = open_matters(found) if with_load else {}
    for team in found.values():
        team.away, team.open = away, waiting.get(team.grid.id, 0)
    return list(found.values())


def open_matters(grid_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters are open in each grid; a grid without one is left out."""
    rows = Matter.objects.filter(closed_at=None, division__in=list(grid_ids)).order_by()
    return dict(rows.values_list("division").annotate(n=Count("pk")))


def grids_of(staff_id: UUID, on: date) -> list[UUID]:
    """The grids somebody is there for on that day, their own before those they stand in for."""
    return list(_grids.get(staff_id, on))


def _grids_of(staff_id: UUID, on: date) -> list[UUID]:
    rows = present_on(on).filter(staff=staff_id, post__division__level__in=(Level.GRID, Level.MICROGRID))
    return list(
        dict.fromkeys(rows.order_by("is_deputy", "post__division__code").values_list("post__division", flat=True))
    )


_grids: Once[list[UUID]] = Once(_grids_of)


def _reserves(street_id: UUID) -> list[Reserve]:
    return list(Reserve.objects.filter(street=street_id).select_related("staff").order_by("staff__sort_key", "id"))


_reserve: Once[list[Reserve]] = Once(_reserves)


def reserves(street_id: UUID) -> list[Reserve]:
    """The reserve team of a street, by pinyin."""
    return _reserve.get(street_id)


def office_of(grid: Node, on: date) -> Organ | None:
    """The street office that the grid's worker belongs to; what is nearest above the grid."""
    rows = Organ.objects.filter(valid_on(on), division__in=grid.path)
    known = {organ.division_id: organ for organ in rows.order_by("-kind", "id")}
    street = ancestor(grid.id, Level.STREET)
    offices = [known[street]] if street in known else []
    return next(iter(offices + [known[i] for i in reversed(grid.path) if i in known]), None)


def colleagues(street_id: UUID, on: date) -> list[tuple[str, str]]:
    """Who may be sent to grids of a street: everybody on a post of its offices, and the reserve; (id, name) by pinyin."""
    return _sendable.get(street_id, on)


def _colleagues(street_id: UUID, on: date) -> list[tuple[str, str]]:
    offices = Q(post__organ__division__path__contains=[street_id]) & ~Q(post__organ__kind=OrganKind.DEPARTMENT)
    rows = Appointment.objects.filter(offices, valid_on(on), valid_on(on, "post__"))
    people = {row.staff_id: row.staff for row in rows.select_related("staff")}
    people |= {row.staff_id: row.staff for row in reserves(street_id)}
    names = Counter(one.name for one in people.values())
    ordered = sorted(people.values(), key=lambda one: (one.sort_key, one.staff_no))
    return [(str(one.pk), f"{one.name}（{one.staff_no}）" if names[one.name] > 1 else one.name) for one in ordered]


_sendable: Once[list[tuple[str, str]]] = Once(_colleagues)
