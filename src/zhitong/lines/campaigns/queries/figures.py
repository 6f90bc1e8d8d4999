"""How far a drive is, counted from its targets: daily, by division and organ, against the plan.

A fixed number of statements.  What is asked of a whole drive is read from the sums kept beside the targets (``Tally``), a part of it from the
targets, over one index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory.public import labels, level_below, tree

from ..choices import TargetState
from ..models import Drive, Tally, Target
from ..rules import counting
from ..rules.counting import Day, Point

COUNTS = {
    "total": Count("pk", filter=~Q(state=TargetState.ASIDE)), "done": Count("pk", filter=Q(state=TargetState.DONE)),
    "aside": Count("pk", filter=Q(state=TargetState.ASIDE)),
}  # fmt: skip
_ASIDE, _AT_ONCE = Q(aside_on__isnull=False), Q(done_on=F("found_on"))
SUMS = {
    "total": Sum("n", filter=~_ASIDE, default=0), "done": Sum("n", filter=Q(done_on__isnull=False), default=0),
    "aside": Sum("n", filter=_ASIDE, default=0),
}  # fmt: skip


def _late(today: date) -> Sum:
    return Sum("n", filter=Q(done_on=None, aside_on=None, due_on__lt=today), default=0)


@dataclass(slots=True)
class Part:
    """How far one division or organ is.  ``planned`` is what the plan asks for by today; nothing where it has none."""

    id: UUID | None
    label: str = ""
    total: int = 0
    done: int = 0
    late: int = 0
    aside: int = 0
    planned: int | None = None

    @property
    def open(self) -> int:
        """Still to do."""
        return self.total - self.done

    @property
    def share(self) -> float:
        """Done of all that count, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def behind(self) -> int:
        """How many fewer than planned are done."""
        return max(0, (self.planned or 0) - self.done)

    def add(self, row: Mapping[str, Any]) -> None:
        """One more group of targets."""
        for name in ("total", "done", "late", "aside"):
            setattr(self, name, getattr(self, name) + row[name])


@dataclass(slots=True)
class Far:
    """The whole, and its parts: the furthest behind first, then the least done."""

    whole: Part
    divisions: list[Part] = field(default_factory=list)
    organs: list[Part] = field(default_factory=list)
    has_plan: bool = True


def far(rows: QuerySet[Target] | None, drive: Drive, today: date, *, inside: UUID | None = None) -> Far:
    """How far the targets among ``rows`` are, or all of the drive without them.  ``inside`` narrows to a division, and shows what lies below it.
    Three statements."""
    grouped = _by_area(drive, today) if rows is None and inside is None else _by_division(rows, drive, today, inside)
    plans = _plans(drive)
    whole, divisions, organs = Part(inside), dict[UUID | None, Part](), dict[UUID | None, Part]()
    level, nodes = level_below(inside), tree().nodes
    for row in grouped:
        whole.add(row)
        at = _at(nodes, row["division"], level)
        divisions.setdefault(at, Part(at)).add(row)
        if row["organ"]:
            organs.setdefault(row["organ"], Part(row["organ"])).add(row)
    result = Far(whole, has_plan=bool(plans))
    result.divisions = _named(divisions, labels(set(divisions)), plans, "division", drive, today)
    result.organs = _named(organs, organ_names(set(organs)), plans, "organ", drive, today)
    whole.planned = counting.planned(plan_of(drive, plans, whole.total, inside), drive.starts_on, today)
    return result


def _by_area(drive: Drive, today: date) -> list[dict[str, Any]]:
    kept = Tally.objects.filter(drive=drive).order_by().values("organ", division=F("area"))
    rows: list[dict[str, Any]] = [dict(row) for row in kept.annotate(**SUMS, late=_late(today))]
    return [row for row in rows if row["total"] or row["aside"]]


def _by_division(rows: QuerySet[Target] | None, drive: Drive, today: date, inside: UUID | None) -> list[dict[str, Any]]:
    counts = {**COUNTS, "late": Count("pk", filter=Q(state=TargetState.OPEN, due_on__lt=today))}
    found = _among(rows, drive, inside).order_by().values("division", "organ").annotate(**counts)
    return [dict(row) for row in found]


def _among(rows: QuerySet[Target] | None, drive: Drive, inside: UUID | None) -> QuerySet[Target]:
    found = Target.objects.filter(drive=drive) if rows is None else rows
    return found.filter(path__contains=[inside]) if inside else found


def _at(nodes: Mapping[UUID, Any], division: UUID, level: str) -> UUID:
    """The division of that level that one lies in; itself where it is larger."""
    path = nodes[division].path if division in nodes else ()
    return next((one for one in path if one in nodes and nodes[one].level == level), division)


def _named(
    parts: Mapping[UUID | None, Part],
    names: Mapping[UUID, str],
    plans: Mapping[Any, list[Point]],
    by: str,
    drive: Drive,
    today: date,
) -> list[Part]:
    for part in parts.values():
        part.label = names.get(part.id, "") if part.id else ""
        points = plans.get((by, part.id))
        part.planned = counting.planned(points, drive.starts_on, today) if points else None
    return sorted(parts.values(), key=lambda part: (-part.behind, part.share, part.label))


def _plans(drive: Drive) -> dict[Any, list[Point]]:
    """The points of the plan by what they are for: ("division", id), ("organ", id), ("", None) for all.  One statement."""
    found: dict[Any, list[Point]] = {}
    for division, organ, by_day, done in drive.plans.values_list("division", "organ", "by_day", "done"):
        key = ("division", division) if division else ("organ", organ) if organ else ("", None)
        found.setdefault(key, []).append((by_day, done))
    return found


def plan_of(drive: Drive, plans: Mapping[Any, list[Point]], total: int, inside: UUID | None = None) -> list[Point]:
    """The plan of the whole, or of a division: its own, else what the divisions or organs are to do together, else all by the last day."""
    if inside is not None:
        own = plans.get(("division", inside))
        return own or counting.straight(total, drive.starts_on, drive.ends_on)
    for key in ("", "division", "organ"):
        parts = [points for (of, _id), points in plans.items() if of == key]
        if parts:
            return counting.added(_tops(plans) if key == "division" else parts, drive.starts_on)
    return counting.straight(total, drive.starts_on, drive.ends_on)


def _tops(plans: Mapping[Any, list[Point]]) -> list[list[Point]]:
    """The plans of divisions of which none above has one: a street's counts for its communities."""
    own = {division for of, division in plans if of == "division"}
    nodes = tree().nodes
    return [
        points
        for (of, division), points in plans.items()
        if of == "division" and not (own & set(nodes[division].path[:-1] if division in nodes else ()))
    ]


@dataclass(frozen=True, slots=True)
class Sort:
    """How far one kind of disorder is; ``at_once`` are those that were done on the day they were found."""

    name: str
    total: int
    done: int
    at_once: int

    @property
    def open(self) -> int:
        """Still to do."""
        return self.total - self.done


def by_sort(rows: QuerySet[Target] | None, drive: Drive, *, inside: UUID | None = None) -> list[Sort]:
    """The targets that count by what is wrong with them, in the order of the drive's list; nothing for a drive without kinds.  One statement."""
    if not drive.sorts:
        return []
    counted: Iterable[Mapping[str, Any]]
    if rows is None and inside is None:
        kept = Tally.objects.filter(drive=drive).order_by().values("sort")
        counted = kept.annotate(total=SUMS["total"], done=SUMS["done"], at_once=Sum("n", filter=_AT_ONCE, default=0))
    else:
        at_once = Count("pk", filter=_AT_ONCE)
        one_by_one = _among(rows, drive, inside).order_by().values("sort")
        counted = one_by_one.annotate(total=COUNTS["total"], done=COUNTS["done"], at_once=at_once)
    known = {row["sort"]: Sort(row["sort"], row["total"], row["done"], row["at_once"]) for row in counted}
    order = [*drive.sorts, *sorted(known.keys() - set(drive.sorts))]
    return [known.get(name) or Sort(name, 0, 0, 0) for name in order]


@dataclass(frozen=True, slots=True)
class Burn:
    """Daily counts, and the lines of the chart: days, what was open at the end of each, what the plan leaves open."""

    days: list[Day]
    drawn: list[date]
    open: list[int | None]
    planned: list[int]


def burn(rows: QuerySet[Target] | None, drive: Drive, today: date, *, inside: UUID | None = None) -> Burn:
    """The burn-down of the targets among ``rows``, or of all of the drive without them.  Two statements."""
    by_day = ("found_on", "done_on", "aside_on")
    grouped: list[tuple[Any, ...]]
    if rows is None and inside is None:
        kept = Tally.objects.filter(drive=drive).order_by().values_list(*by_day).annotate(many=Sum("n"))
        grouped = [row for row in kept if row[3]]
    else:
        grouped = list(_among(rows, drive, inside).order_by().values_list(*by_day).annotate(many=Count("pk")))
    added, done, aside = _summed(grouped, 0), _summed(grouped, 1), _summed(grouped, 2)
    last = min(today, drive.ended_at.date()) if drive.ended_at else today
    days = counting.daily(added, done, aside, last)
    total = sum(added.values()) - sum(aside.values())
    points = plan_of(drive, _plans(drive), total, inside)
    first, end = min(drive.starts_on, days[0].on), max(drive.ends_on, min(last, today))
    drawn = counting.drawn(first, end)
    planned = [max(0, total - counting.planned(points, drive.starts_on, day)) for day in drawn]
    return Burn(days, drawn, counting.open_on(days, drawn, last), planned)


def _summed(rows: Iterable[tuple[Any, ...]], at: int) -> dict[date, int]:
    found: dict[date, int] = {}
    for row in rows:
        if row[at] is not None:
            found[row[at]] = found.get(row[at], 0) + row[3]
    return found


def shares(drive_ids: Iterable[UUID], today: date) -> dict[UUID, Part]:
    """How far each of these drives is as a whole.  One statement."""
    found = (
        Tally.objects.filter(drive__in=list(drive_ids)).order_by().values("drive").annotate(**SUMS, late=_late(today))
    )
    parts = dict[UUID, Part]()
    for row in found:
        parts.setdefault(row["drive"], Part(row["drive"])).add(row)
    return parts
