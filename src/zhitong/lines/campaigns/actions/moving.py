"""What is done with a target: moved on and back, set aside and taken up, noted, changed, tied to a matter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused, each
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Staff, known_organ
from zhitong.kernel.territory.public import paths

from ..choices import Side, StepKind, TargetState
from ..models import Stage, Step, Target
from ..permissions import MANAGE, WORK, reached
from .photos import keep
from .tallying import changed, dims_of
from .targets import dims, placed, words_of

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What comes with a move: words, and photos of before and after."""

    text: str = ""
    before: Sequence[m.Upload] = ()
    after: Sequence[m.Upload] = field(default_factory=tuple)


def working(target_id: UUID, by: Actor) -> Target:
    """The target, locked, for whoever may work on it while its drive is on."""
    rows = Target.objects.select_for_update(of=("self",)).select_related("drive", "stage")
    target = rows.filter(reached(by, WORK, MANAGE), pk=target_id).first()
    if target is None:
        raise NotFound("no_target", _("没有这个行动对象。"))
    if target.drive.ended_at is not None:
        raise Conflict("ended", _("这项行动已经结束。"))
    target.counted = dims_of(target)  # what is done with it is counted against this (``_step``)
    return target


@transaction.atomic
def move(
    target_id: UUID, stage_id: UUID, said: Said = Said(), *, expected: UUID | None = None, done_at: datetime | None = None,
    by: Actor, at: datetime,
) -> Target:  # fmt: skip
    """Move a target on to a later stage.  ``expected`` is the stage the sender saw: another one now is a ``Conflict``.  ``done_at`` is when
    it was done, where that is heard of later: the day it counts on."""
    target = working(target_id, by)
    stage = Stage.objects.filter(pk=stage_id, drive=target.drive_id).first()
    if stage is None:
        raise Refused("no_stage", _("请选择下一个环节。"), "stage")
    if target.stage_id == stage.pk and expected not in (None, stage.pk):
        return target  # somebody did the very same
    if expected is not None and expected != target.stage_id:
        raise Conflict("moved", _("这个对象已由他人推进到“%(stage)s”，请刷新后再办。") % {"stage": target.stage})
    if target.state == TargetState.ASIDE:
        raise Conflict("aside", _("这个对象已设为不计入，恢复后才能推进。"))
    if stage.position <= target.stage.position:
        raise Refused("not_later", _("请选择后面的环节；办错了请退回上一步。"), "stage")
    photos = _photos(target, said, by, at)
    if stage.is_done:
        _demand_photos(target)
    before = target.stage
    target.stage = stage
    more = {}
    if stage.is_done and target.state != TargetState.DONE:
        target.state, target.done_on = TargetState.DONE, _day_of(target, done_at or at, at)
        if target.done_on < timezone.localdate(at):
            more["on"] = target.done_on.isoformat()
    _step(target, StepKind.PASSED, said.text, by, at, before=before, photos=photos, more=more)
    return target


def _day_of(target: Target, done_at: datetime, at: datetime) -> date:
    """The day it was done on: not before it was on the list, nor before it was last taken back or taken up again."""
    said, today = timezone.localdate(done_at), timezone.localdate(at)
    if said >= today:
        return today
    undone = target.steps.filter(kind__in=(StepKind.BACK, StepKind.TAKEN_UP)).aggregate(at=Max("at"))["at"]
    return max(said, target.found_on, timezone.localdate(undone) if undone else said)


def _demand_photos(target: Target) -> None:
    sides = set(target.photos.values_list("side", flat=True))
    if target.drive.needs_before and Side.BEFORE not in sides:
        raise Refused("no_before", _("请先上传处置前的照片。"), "before")
    if target.drive.needs_after and Side.AFTER not in sides:
        raise Refused("no_after", _("请上传处置后的照片。"), "after")


def move_many(target_ids: Sequence[UUID], stage_id: UUID, *, by: Actor, at: datetime) -> int:
    """Move several on, all or none; the error of the first that cannot.  How many."""
    if len(target_ids) > MOST_AT_ONCE:
        raise Refused("too_many", _("一次最多推进200个对象。"))
    with transaction.atomic():
        for one in each(sorted(target_ids)):
            with one as target_id:
                move(target_id, stage_id, by=by, at=at)
    return len(target_ids)


@transaction.atomic
def back(target_id: UUID, text: str = "", *, by: Actor, at: datetime) -> Target:
    """Take the last move back: to the stage it came from.  Its day in the figures goes with it."""
    target = working(target_id, by)
    if target.state == TargetState.ASIDE:
        raise Conflict("aside", _("这个对象已设为不计入，恢复后才能推进。"))
    earlier = Stage.objects.filter(drive=target.drive_id, position__lt=target.stage.position).order_by("-position")
    last = target.steps.filter(kind=StepKind.PASSED, to_stage=target.stage_id).order_by("-at", "-id").first()
    stage = (last.from_stage if last else None) or earlier.first()
    if stage is None:
        raise Conflict("first_stage", _("已在第一个环节，没有可以退回的。"))
    before, was_done = target.stage, target.state == TargetState.DONE
    target.stage = stage
    if was_done and not stage.is_done:
        target.state, target.done_on = TargetState.OPEN, None
    _step(target, StepKind.BACK, text, by, at, before=before, undone=was_done and not stage.is_done)
    return target


@transaction.atomic
def set_aside(target_id: UUID, reason: str, *, by: Actor, at: datetime) -> Target:
    """Not counted, with the reason; it stays on the list."""
    target = working(target_id, by)
    said = clean(reason)[:200]
    if not said:
        raise Refused("no_reason", _("请写明不计入的理由。"), "reason")
    if target.state != TargetState.OPEN:
        raise Conflict("not_open", _("只有待完成的对象可以设为不计入。"))
    target.state, target.aside_on, target.reason = TargetState.ASIDE, timezone.localdate(at), said
    _step(target, StepKind.ASIDE, said, by, at)
    return target


@transaction.atomic
def take_up(target_id: UUID, *, by: Actor, at: datetime) -> Target:
    """Counted again."""
    target = working(target_id, by)
    if target.state != TargetState.ASIDE:
        raise Conflict("not_aside", _("这个对象没有设为不计入。"))
    target.state, target.aside_on, target.reason = TargetState.OPEN, None, ""
    _step(target, StepKind.TAKEN_UP, "", by, at)
    return target


@transaction.atomic
def note(target_id: UUID, said: Said, *, by: Actor, at: datetime) -> Target:
    """Words or photos, without a move."""
    target = working(target_id, by)
    photos = _photos(target, said, by, at)
    if not photos and not clean(said.text):
        raise Refused("nothing_said", _("请写一句说明或选择照片。"), "text")
    _step(target, StepKind.NOTED, said.text, by, at, photos=photos)
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What of a target may be put right."""

    name: str
    sort: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    division: UUID | None = None
    organ: UUID | None = None
    staff: UUID | None = None
    due_on: date | None = None
    note: str = ""


@transaction.atomic
def change(target_id: UUID, said: Change, *, by: Actor, at: datetime) -> Target:
    """Put right what a target is, where it is, who answers for it and by when."""
    target = working(target_id, by)
    name = clean(said.name)[:120]
    if not name:
        raise Refused("no_name", _("请填写对象名称。"), "name")
    if said.organ is not None and known_organ(said.organ) is None:
        raise Refused("no_organ", _("没有这个单位，请重新选择。"), "organ")
    if said.staff is not None and not Staff.objects.filter(pk=said.staff).exists():
        raise Refused("no_staff", _("没有这个人员，请重新选择。"), "staff")
    division = placed(said.division or target.division_id, said.lon, said.lat)
    fields = {
        "name": name, "sort": clean(said.sort)[:40], "address": clean(said.address)[:200], "lon": said.lon, "lat": said.lat,
        "division_id": division, "path": paths([division])[division][0], "organ_id": said.organ, "staff_id": said.staff,
        "due_on": said.due_on or target.drive.ends_on, "note": clean(said.note)[:200],
    }  # fmt: skip
    changed = [key for key, value in fields.items() if getattr(target, key) != value and key != "path"]
    if not changed:
        return target
    for key, value in fields.items():
        setattr(target, key, value)
    target.words = words_of(target.name, target.address, target.note)
    target.save(update_fields=[*fields, "words"])
    _step(target, StepKind.CHANGED, "", by, at, more={"parts": changed})
    return target


@transaction.atomic
def link(target_id: UUID, number: str, *, by: Actor, at: datetime) -> Target:
    """Tie it to a matter that ``by`` may see, by its number; an empty one unties it."""
    target = working(target_id, by)
    matter = m.visible_matters(by).filter(number=number.strip()).first() if number.strip() else None
    if number.strip() and matter is None:
        raise Refused("no_matter", _("没有这个编号的事项，或您看不到它。"), "number")
    target.matter = matter
    _step(target, StepKind.LINKED, matter.number if matter else "", by, at)
    return target


@transaction.atomic
def raise_matter(
    target_id: UUID, *, subkind: UUID, text: str, category: UUID | None = None, urgency: str = m.Urgency.NORMAL,
    by: Actor, at: datetime,
) -> m.Opened:  # fmt: skip
    """Raise a matter about a target: once, as long as it is tied to none."""
    target = working(target_id, by)
    if target.matter_id is not None:
        raise Conflict("has_matter", _("这个对象已关联事项。"))
    found = next((one for one in m.finding_subkinds() if one.pk == subkind), None)
    if found is None:
        raise Refused("no_subkind", _("请选择生成哪种事项。"), "subkind")
    if not clean(text):
        raise Refused("no_text", _("请写明要解决什么问题。"), "text")
    opening = m.Opening(
        kind=found.kind, subkind=found.slug, text=text, title=f"{target.name}"[:60], channel=m.Channel.GRID, address=target.place,
        lon=target.lon, lat=target.lat, division_id=target.division_id, category_id=category, urgency=urgency,
        key=f"campaigns:{target.pk}:{target.steps.count()}", facts={"drive": str(target.drive_id), "target": str(target.pk)},
    )  # fmt: skip
    opened = m.open_matter(opening, by=by, at=at)
    target.matter_id = opened.matter_id
    _step(target, StepKind.LINKED, opened.number, by, at)
    return opened


def _photos(target: Target, said: Said, by: Actor, at: datetime) -> int:
    return sum(
        keep(target, side, some, by=by, at=at) for side, some in ((Side.BEFORE, said.before), (Side.AFTER, said.after))
    )


def _step(
    target: Target, kind: StepKind, text: str, by: Actor, at: datetime, *, before: Stage | None = None, photos: int = 0,
    undone: bool = False, more: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """The row of what was done, the change itself, and its event."""
    Step.objects.create(
        target=target, kind=kind, from_stage=before, to_stage=target.stage if before else None, text=clean(text)[:200], at=at,
        account_id=by.account_id, by_label=by.label,
    )  # fmt: skip
    target.moved_at = at
    target.save(update_fields=["stage", "state", "done_on", "aside_on", "reason", "matter", "moved_at"])
    if target.counted:
        changed(target.counted, target)
    data: dict[str, Any] = {"drive": target.drive_id, "dims": dims(target), **(more or {})}
    if before:
        done = int(target.state == TargetState.DONE and not before.is_done) - int(undone)
        data |= {"from": before.pk, "to": target.stage_id, "done": done}
    if photos:
        data["photos"] = photos
    record(f"campaigns.{kind}", target.pk, stream_kind="drive_target", at=at, by=by, data=data)
