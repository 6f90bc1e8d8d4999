"""Targets come onto the list: once each, however often they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, one_view, record_many
from zhitong.kernel.register.public import doors_of
from zhitong.kernel.territory.public import Level, Node, ancestor, locate, node, of_level, paths

from ..choices import Source
from ..models import Drive, Stage, Target
from ..permissions import demand_lead
from . import tallying

BATCH = 2_000
MOST_TARGETS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """A thing of a drive.  ``key`` tells it from the others; without one its name and division do."""

    name: str
    division: UUID
    key: str = ""
    sort: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    organ: UUID | None = None
    staff: UUID | None = None
    household: UUID | None = None
    building: UUID | None = None
    due_on: date | None = None
    note: str = ""

    @property
    def once(self) -> str:
        """What it must not share with another of the drive."""
        return self.key or sha256(f"{self.division} {clean(self.name)}".encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Added:
    """How many are new on the list, and how many were on it already."""

    new: int = 0
    known: int = 0


def add(
    drive_id: UUID, targets: Sequence[NewTarget], *, source: Source = Source.ENTERED, by: Actor, at: datetime
) -> Added:
    """Put targets on the list, for whoever leads the drive; those that are on it stay as they are.

    Batches of ``BATCH``, each a transaction of its own: what was broken off is gone on with by doing the same again.
    """
    drive = _drive(drive_id)
    demand_lead(by, drive.organ_id)
    if len(targets) + drive.last_number > MOST_TARGETS:
        raise Refused("too_many", _("一项行动最多二十万个对象。"), "file")
    with one_view():
        done = [
            add_some(drive_id, targets[start : start + BATCH], source=source, by=by, at=at)
            for start in range(0, len(targets), BATCH)
        ]
    return Added(sum(one.new for one in done), sum(one.known for one in done))


@transaction.atomic
def add_some(
    drive_id: UUID, targets: Sequence[NewTarget], *, source: Source, by: Actor, at: datetime, ids: Sequence[UUID] = (),
    found_at: datetime | None = None,
) -> Added:  # fmt: skip
    """One batch, for code that has asked who may.  ``ids`` are those the rows shall have; ``found_at`` is when they were found, if before."""
    drive = _drive(drive_id, lock=True)
    first = Stage.objects.filter(drive=drive).order_by("position")[0]
    wanted = {one.once[:120]: (one, pk) for one, pk in zip(targets, ids or [uuid7() for _one in targets], strict=True)}
    known = set(Target.objects.filter(drive=drive, key__in=wanted).values_list("key", flat=True))
    new = [(key, *pair) for key, pair in wanted.items() if key not in known]
    above = paths({one.division for _key, one, _pk in new})
    rows = [
        _row(drive, first, drive.last_number + place, key, one, above[one.division][0], source, pk, by, at)
        for place, (key, one, pk) in enumerate(new, 1)
    ]
    if found_at is not None:
        found_on = max(timezone.localdate(found_at), timezone.localdate(drive.created_at))
        for row in rows:
            row.found_on = min(row.found_on, found_on)
    Target.objects.bulk_create(rows)
    tallying.added(rows)
    drive.last_number += len(rows)
    drive.save(update_fields=["last_number"])
    record_many([_found(row, by, at) for row in rows])
    return Added(len(rows), len(targets) - len(rows))


def _drive(drive_id: UUID, *, lock: bool = False) -> Drive:
    rows = Drive.objects.select_for_update() if lock else Drive.objects.all()
    drive = rows.filter(pk=drive_id).first()
    if drive is None:
        raise NotFound("no_drive", _("没有这项专项行动。"))
    if drive.ended_at is not None:
        raise Conflict("ended", _("这项行动已经结束。"))
    return drive


def _row(
    drive: Drive, stage: Stage, number: int, key: str, one: NewTarget, path: Sequence[UUID], source: Source, pk: UUID,
    by: Actor, at: datetime,
) -> Target:  # fmt: skip
    name, address, note = clean(one.name)[:120], clean(one.address)[:200], clean(one.note)[:200]
    return Target(
        id=pk, drive=drive, number=number, key=key, name=name, sort=one.sort[:40], address=address, lon=one.lon, lat=one.lat,
        division_id=one.division, path=list(path), organ_id=one.organ, staff_id=one.staff, household_id=one.household,
        building_id=one.building, source=source, stage=stage, due_on=one.due_on or drive.ends_on, note=note,
        found_on=timezone.localdate(at), moved_at=at, created_at=at, created_by=by.label, words=words_of(name, address, note),
    )  # fmt: skip


def words_of(name: str, address: str, note: str) -> str:
    """What a search finds a target by."""
    return tsvector(name, address, note)


def _found(row: Target, by: Actor, at: datetime) -> Happening:
    data = {"drive": row.drive_id, "source": row.source, "dims": dims(row)}
    if row.found_on < timezone.localdate(at):
        data["on"] = row.found_on.isoformat()
    return Happening("campaigns.found", row.pk, "drive_target", at, by, data, is_first=True)


def dims(row: Target) -> dict[str, Any]:
    """By what its figures may be broken down."""
    return {
        "division": str(row.division_id), "area": _text(ancestor(row.division_id, Level.STREET)), "organ": _text(row.organ_id),
    }  # fmt: skip


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


SUBJECTS = ("community", "grid", "building", "household")


def registered(of: str, inside: UUID | None = None) -> list[NewTarget]:
    """Every ``community`` or ``grid`` there is, or every door of one of the register's choices (``door_choices``), inside a division or in
    all.  ``Refused`` when there is none."""
    if of in ("community", "grid"):
        return [NewTarget(name=one.name, division=one.id, key=f"division:{one.id}") for one in _divisions(of, inside)]
    return [
        NewTarget(name=one.name, division=one.division_id, key=f"{one.subject}:{one.id}", **one.tied)  # type: ignore[arg-type]
        for one in doors_of(of, inside)
    ]


def _divisions(level: str, inside: UUID | None) -> list[Node]:
    found = of_level(Level(level), inside)
    if not found:
        raise Refused("no_targets", _("该辖区内没有这样的对象。"), "of")
    return found


def placed(division: UUID | None, lon: float | None, lat: float | None) -> UUID:
    """The grid of a point, or the division that was said; ``Refused`` where neither says anything."""
    if lon is not None and lat is not None:
        if found := locate(lon, lat):
            return found
        if division is None:
            raise Refused("outside", _("位置不在本区范围内，请去掉定位，改选所在辖区。"), "lon")
    if division is None or node(division) is None:
        raise Refused("no_division", _("请在地图上选点，或选择所在辖区。"), "division")
    return division
