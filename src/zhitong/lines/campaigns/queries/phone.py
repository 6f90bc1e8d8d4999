"""What a worker's phone takes along of drives."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, Value, When
from django.utils.translation import gettext as _

from zhitong.ui.public import Todo, Walker, day

from ..choices import Side
from ..models import Drive, Photo, Stage, Target
from .drives import for_finds
from .targets import to_do


def to_tick(who: Walker, first: int, many: int) -> list[Todo]:
    """My open targets: those in my own grids before others that I reach, the soonest due first."""
    found = to_do(who.by).annotate(
        away=Case(When(path__overlap=who.grids, then=0), default=1) if who.grids else Value(0)
    )
    rows = list(found.order_by("away", "due_on", "number", "id")[first : first + many])
    stages: dict[UUID, list[Stage]] = defaultdict(list)
    for stage in Stage.objects.filter(drive__in={one.drive_id for one in rows}).order_by("position"):
        stages[stage.drive_id].append(stage)
    shown = set(Photo.objects.filter(target__in=rows).values_list("target", "side").distinct())
    return [
        _to_tick(one, stages[one.drive_id], {side for side in Side.values if (one.pk, side) in shown}) for one in rows
    ]


def how_they_stand(who: Walker) -> tuple[int, tuple[Any, ...]]:
    """How many there are, and what is new whenever one of them, or its drive, is another."""
    found = to_do(who.by).order_by()
    counted = list(found.values_list("drive").annotate(Count("pk"), Max("moved_at")))
    drives = Drive.objects.filter(pk__in=[drive for drive, _count, _moved in counted])
    said = drives.order_by("pk").values_list("pk", "name", "needs_before", "needs_after")
    stages = (
        Stage.objects.filter(drive__in=drives).order_by("drive", "position").values_list("drive", "name", "is_done")
    )
    return sum(count for _drive, count, _moved in counted), (sorted(map(str, counted)), [*said], [*stages])


def _to_tick(one: Target, stages: list[Stage], shown: set[str]) -> Todo:
    later = [stage for stage in stages if stage.position > one.stage.position]
    done = [stage.name for stage in later if stage.is_done]
    wanted: dict[str, Any] = {
        "photos": (one.drive.needs_before, Side.BEFORE),
        "after": (one.drive.needs_after, Side.AFTER),
    }
    text = _("%(drive)s，%(stage)s，%(day)s前完成") % {
        "drive": one.drive,
        "stage": one.stage,
        "day": day(one.due_on),
    }
    return Todo(
        id=str(one.pk), title=one.name, text=f"{one.address}　{text}".strip("　"),
        fields={"target": str(one.pk), "version": one.stage.name}, choices={"stage": [*(stage.name for stage in later), ""]},
        needs={name: done for name, (is_needed, side) in wanted.items() if is_needed and side not in shown},
        point=(round(one.lon, 6), round(one.lat, 6)) if one.lon is not None and one.lat is not None else None,
    )  # fmt: skip


def to_find(who: Walker, first: int, many: int) -> list[Todo]:
    """Drives onto whose list a worker puts what is found."""
    return [
        Todo(
            id=str(drive.pk), title=drive.name, text=_("%(day)s前完成") % {"day": day(drive.ends_on)},
            fields={"drive": str(drive.pk)}, choices={"sort": drive.sorts or [""]}, needs={"photos": drive.sorts or [""]}, is_once=False,
        )
        for drive in for_finds(who.by)[first : min(20, first + many)]
    ]  # fmt: skip
