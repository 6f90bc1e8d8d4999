"""What a worker's phone takes along of drives."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import Todo, day

from ..choices import Side
from ..models import Photo, Stage, Target
from .drives import for_finds
from .targets import mine


def to_tick(by: Actor, at: datetime) -> list[Todo]:
    """My open targets, the soonest due first."""
    rows = [near.target for near in mine(by)]
    stages: dict[UUID, list[Stage]] = defaultdict(list)
    for stage in Stage.objects.filter(drive__in={one.drive_id for one in rows}).order_by("position"):
        stages[stage.drive_id].append(stage)
    shown = set(Photo.objects.filter(target__in=rows).values_list("target", "side").distinct())
    return [
        _to_tick(one, stages[one.drive_id], {side for side in Side.values if (one.pk, side) in shown}) for one in rows
    ]


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
    )  # fmt: skip


def to_find(by: Actor, at: datetime) -> list[Todo]:
    """Drives onto whose list a worker puts what is found."""
    return [
        Todo(
            id=str(drive.pk), title=drive.name, text=_("%(day)s前完成") % {"day": day(drive.ends_on)},
            fields={"drive": str(drive.pk)}, choices={"sort": drive.sorts or [""]}, needs={"photos": drive.sorts or [""]}, is_once=False,
        )
        for drive in for_finds(by)[:20]
    ]  # fmt: skip
