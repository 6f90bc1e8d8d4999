"""Drives: begun, changed, published, ended, taken up again; and their plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.territory.public import node

from ..models import MOST_STAGES, Drive, Plan, Stage, Step, Target
from ..permissions import demand_lead
from ..rules import stages as rules
from . import tallying

WRONG_STAGES = {
    "few": gettext_lazy("至少要有两个环节。"),
    "many": gettext_lazy("环节太多，最多12个。"),
    "long": gettext_lazy("环节名称不能超过40个字。"),
    "twice": gettext_lazy("环节名称不能重复。"),
    "first_done": gettext_lazy("第一个环节不能算作完成。"),
    "gap": gettext_lazy("算作完成的环节须排在最后。"),
}
MOST_POINTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a drive is: as it is begun or changed.  ``stages`` are names in order, each with whether it counts as done."""

    name: str
    kind: str
    organ: UUID
    starts_on: date
    ends_on: date
    purpose: str = ""
    divisions: Sequence[UUID] = ()
    sorts: Sequence[str] = ()
    stages: Sequence[tuple[str, bool]] = ()
    needs_before: bool = False
    needs_after: bool = False
    takes_finds: bool = False

    def fields(self) -> dict[str, Any]:
        """Those of the row."""
        return {
            "name": clean(self.name)[:120], "kind": self.kind, "purpose": self.purpose.strip(), "organ_id": self.organ,
            "divisions": list(self.divisions), "sorts": _sorts(self.sorts), "starts_on": self.starts_on, "ends_on": self.ends_on,
            "needs_before": self.needs_before, "needs_after": self.needs_after, "takes_finds": self.takes_finds,
        }  # fmt: skip


def _sorts(said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(clean(one)[:40] for one in said if clean(one)))


def begin(said: Said, *, by: Actor, at: datetime) -> Drive:
    """Begin a drive.  ``Refused`` for what is wrong with it; ``NotAllowed`` for an organ that is not one's own."""
    _checked(said, by)
    with transaction.atomic():
        drive = Drive.objects.create(created_at=at, created_by=by.label, **said.fields())
        Stage.objects.bulk_create(
            Stage(drive=drive, position=place, name=name, is_done=is_done)
            for place, (name, is_done) in enumerate(said.stages, 1)
        )
        _record("campaigns.begun", drive, by, at, {"stages": len(said.stages)}, is_first=True)
    return drive


def _checked(said: Said, by: Actor, drive: Drive | None = None) -> None:
    demand_lead(by, said.organ)
    if not clean(said.name):
        raise Refused("no_name", _("请填写行动名称。"), "name")
    if known_organ(said.organ) is None:
        raise Refused("no_organ", _("请选择牵头单位。"), "organ")
    if said.ends_on < said.starts_on:
        raise Refused("days_wrong", _("截止日期不能早于开始日期。"), "ends_on")
    if any(node(one) is None for one in said.divisions):
        raise Refused("no_division", _("没有这个区划，请重新选择。"), "divisions")
    if problem := rules.wrong(said.stages, MOST_STAGES):
        raise Refused(f"stages_{problem}", WRONG_STAGES[problem], "stages")
    others = Drive.objects.filter(name=clean(said.name)[:120])
    if (others.exclude(pk=drive.pk) if drive else others).exists():
        raise Refused("name_taken", _("已有同名的专项行动。"), "name")


@transaction.atomic
def change(drive_id: UUID, said: Said, *, by: Actor, at: datetime) -> Drive:
    """Change what a drive is.  Targets with the drive's last day follow it.  ``Conflict`` where a stage that is in use would go or turn."""
    drive = _own(drive_id, by)
    _checked(said, by, drive)
    fields = said.fields()
    changed = sorted(name for name, value in fields.items() if getattr(drive, name) != value)
    if drive.ends_on != said.ends_on:
        Target.objects.filter(drive=drive, due_on=drive.ends_on).update(due_on=said.ends_on)
        tallying.rebuild(drive.pk)
    for name, value in fields.items():
        setattr(drive, name, value)
    drive.save(update_fields=list(fields))
    if _keep_stages(drive, said.stages):
        changed.append("stages")
    if changed:
        _record("campaigns.redefined", drive, by, at, {"parts": changed})
    return drive


def _keep_stages(drive: Drive, wanted: Sequence[tuple[str, bool]]) -> bool:
    """Make the stages what is wanted, each at its place; whether anything changed."""
    known, changed = list(drive.stages.all()), False
    for stage, (name, is_done) in zip(known, wanted, strict=False):
        if stage.is_done != is_done and stage.targets.exists():
            raise Conflict(
                "stage_in_use", _("“%(name)s”已有对象，不能改变是否算作完成。") % {"name": stage.name}, "stages"
            )
        changed |= (stage.name, stage.is_done) != (name, is_done)
        stage.name, stage.is_done = name, is_done
    Stage.objects.bulk_update(known[: len(wanted)], ["name", "is_done"])
    for stage in known[len(wanted) :]:
        if stage.targets.exists() or Step.objects.filter(target__drive=drive, to_stage=stage).exists():
            raise Conflict("stage_in_use", _("“%(name)s”已有对象用过，不能删除。") % {"name": stage.name}, "stages")
        stage.delete()
    more = wanted[len(known) :]
    Stage.objects.bulk_create(
        Stage(drive=drive, position=place, name=name, is_done=is_done)
        for place, (name, is_done) in enumerate(more, len(known) + 1)
    )
    return changed or len(known) != len(wanted)


@transaction.atomic
def end(drive_id: UUID, *, by: Actor, at: datetime) -> None:
    """End it: nothing of it is worked on any more."""
    drive = _own(drive_id, by)
    if drive.ended_at is not None:
        raise Conflict("ended", _("这项行动已经结束。"))
    _set(drive, "campaigns.ended", by, at, ended_at=at)


@transaction.atomic
def reopen(drive_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take back that it was ended."""
    drive = _own(drive_id, by)
    if drive.ended_at is None:
        raise Conflict("not_ended", _("这项行动没有结束。"))
    _set(drive, "campaigns.reopened", by, at, ended_at=None)


@transaction.atomic
def publish(drive_id: UUID, *, is_public: bool, by: Actor, at: datetime) -> None:
    """Show how far it is to everybody, or no longer."""
    drive = _own(drive_id, by)
    if (drive.published_at is not None) == is_public:
        return
    _set(
        drive,
        "campaigns.published" if is_public else "campaigns.withdrawn",
        by,
        at,
        published_at=at if is_public else None,
    )


def _set(drive: Drive, kind: str, by: Actor, at: datetime, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(drive, name, value)
    drive.save(update_fields=list(fields))
    _record(kind, drive, by, at, {})


def _own(drive_id: UUID, by: Actor) -> Drive:
    """The drive, locked, for whoever leads it."""
    drive = Drive.objects.select_for_update().filter(pk=drive_id).first()
    if drive is None:
        raise NotFound("no_drive", _("没有这项专项行动。"))
    demand_lead(by, drive.organ_id)
    return drive


@dataclass(frozen=True, slots=True)
class Point:
    """So many done by the end of that day: in all, in a division, or by an organ."""

    by_day: date
    done: int
    division: UUID | None = None
    organ: UUID | None = None


@transaction.atomic
def plan(drive_id: UUID, points: Sequence[Point], *, by: Actor, at: datetime) -> int:
    """Make this the plan; how many points it has.  ``Refused`` where a later day asks for less, a day is outside, or one is there twice."""
    drive = _own(drive_id, by)
    if len(points) > MOST_POINTS:
        raise Refused("too_many", _("计划太长，最多5000行。"), "file")
    rows = sorted(points, key=lambda one: (str(one.division), str(one.organ), one.by_day))
    for one, after in pairwise(rows):
        if (one.division, one.organ) != (after.division, after.organ):
            continue
        if one.by_day == after.by_day:
            raise Refused("day_twice", _("%(day)s排了两次。") % {"day": one.by_day}, "by_day")
        if after.done < one.done:
            raise Refused(
                "plan_falls", _("应完成是累计数，%(day)s不能比前一个日期少。") % {"day": after.by_day}, "done"
            )
    for one in rows:
        if not drive.starts_on <= one.by_day <= drive.ends_on:
            raise Refused("day_outside", _("%(day)s不在行动起止日期之内。") % {"day": one.by_day}, "by_day")
    drive.plans.all().delete()
    Plan.objects.bulk_create(
        Plan(drive=drive, division_id=one.division, organ_id=one.organ, by_day=one.by_day, done=one.done)
        for one in rows
    )
    _record("campaigns.planned", drive, by, at, {"points": len(rows)})
    return len(rows)


def _record(kind: str, drive: Drive, by: Actor, at: datetime, data: dict[str, Any], *, is_first: bool = False) -> None:
    record(kind, drive.pk, stream_kind="drive", at=at, by=by, data=data, is_first=is_first)
