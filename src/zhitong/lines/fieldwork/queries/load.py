"""What lies on each worker of a street: grids, matters, homes, rounds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as day
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.organisation.public import Leave, leaves_on, posts_of_divisions
from zhitong.kernel.register.public import HomesTagged, homes_tagged
from zhitong.kernel.territory.public import Level, of_level

from ..models import Reserve, Round
from ..rules.loads import too_much
from .teams import open_matters, reserves

DAYS = 30
FIGURES = ("open", "households", "tagged")


@dataclass(slots=True)
class Load:
    """What lies on one worker today.  ``tagged`` are people with a running tag, ``tags`` how many by kind; ``rounds`` those of the last
    ``DAYS`` days.  ``over`` names the figures of which this one has too much beside the others."""

    staff: UUID
    name: str
    grids: int = 0
    standing_in: int = 0
    open: int = 0
    households: int = 0
    tagged: int = 0
    tags: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    leave: Leave | None = None
    reserve: Reserve | None = None
    over: frozenset[str] = frozenset()

    def add(self, homes: HomesTagged, waiting: int) -> None:
        """One more grid."""
        self.open += waiting
        self.households += homes.households
        self.tagged += homes.tagged
        self.tags.update(homes.by_tag)


def loads(street_id: UUID, on: day) -> list[Load]:
    """Everybody of a street's teams and reserve, the busiest first.  Nine statements."""
    grids = [grid.id for grid in of_level(Level.GRID, street_id)]
    found: dict[UUID, Load] = {}
    waiting, homes = open_matters(grids), homes_tagged(grids)
    for one in posts_of_divisions(grids, on):
        load = found.setdefault(one.staff_id, Load(one.staff_id, one.staff.name))
        load.standing_in += one.is_deputy
        load.grids += not one.is_deputy
        if place := one.post.division_id:
            load.add(homes.get(place, HomesTagged()), waiting.get(place, 0))
    for reserve in reserves(street_id):
        found.setdefault(reserve.staff_id, Load(reserve.staff_id, reserve.staff.name)).reserve = reserve
    for leave in leaves_on(on).filter(staff__in=list(found)):
        found[leave.staff_id].leave = leave
    for staff_id, rounds in _rounds(list(found), on):
        found[staff_id].rounds = rounds
    _compare(list(found.values()))
    return sorted(found.values(), key=lambda load: (-load.open, -load.households, -load.grids, load.name))


def _rounds(staff_ids: Sequence[UUID], on: day) -> Iterator[tuple[UUID, int]]:
    since = timezone.make_aware(datetime.combine(on - timedelta(days=DAYS), time.min))
    rows = Round.objects.filter(account__staff__in=staff_ids, begun_at__gte=since).order_by()
    yield from rows.values_list("account__staff").annotate(n=Count("pk"))


def _compare(found: Sequence[Load]) -> None:
    """Say who has too much, beside those who have grids of their own."""
    walking = [load for load in found if load.grids]
    for name in FIGURES:
        bound = too_much([getattr(load, name) for load in walking])
        for load in walking:
            if bound is not None and getattr(load, name) >= bound:
                load.over |= {name}


def table(found: Sequence[Load]) -> Iterator[list[str]]:
    """The same to take away, with a column for each kind of tag."""
    kinds = sorted({kind for load in found for kind in load.tags})
    yield [
        _("姓名"), _("负责网格"), _("替班网格"), _("在办事项"), _("户数"), _("重点人员"), *kinds, _("近%(n)s天巡查") % {"n": DAYS}, _("状态"),
    ]  # fmt: skip
    for load in found:
        figures = (
            load.grids,
            load.standing_in,
            load.open,
            load.households,
            load.tagged,
            *(load.tags[kind] for kind in kinds),
            load.rounds,
        )
        yield [load.name, *map(str, figures), _("请假中") if load.leave else _("在岗")]
