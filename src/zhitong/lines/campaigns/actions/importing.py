"""Lists and plans of drives from a table, with errors by row.  A trial tells what would happen and keeps nothing."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.tables import Row
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import ImportResult

from ..choices import Source
from ..models import Drive, Target
from ..permissions import demand_lead
from ..rules.sheets import PLAN, TARGETS
from .drives import Point, plan
from .reading import Reader, imported
from .targets import BATCH, MOST_TARGETS, NewTarget, add

_NO_NUMBER = _("请填写不小于0的整数。")
_NOT_TAKING_PART = _("这个辖区不参加这项行动。")
_TWICE = _("与前面的行重复。")
_TOO_EARLY = _("完成期限不能早于行动开始日期。")
MOST_OF_A_PLAN = 5_000


def import_targets(drive_id: UUID, content: bytes, *, by: Actor, at: datetime, dry_run: bool = False) -> ImportResult:
    """Put the rows of a table on the list of a drive.  Rows that are wrong are told and left out; those on the list already stay.

    What was broken off in the middle is gone on with by importing the same table again.  ``Refused`` for what is no such table.
    """
    drive = _led(drive_id, by)

    def take(reader: Reader, rows: Iterable[Row]) -> None:
        new = list(_targets(reader, drive, rows))
        if dry_run:
            known = _known(drive_id, [one.once for one in new])
            reader.result.created, reader.result.unchanged = len(new) - known, known
        else:
            added = add(drive_id, new, source=Source.IMPORTED, by=by, at=at)
            reader.result.created, reader.result.unchanged = added.new, added.known

    return imported(TARGETS, content, MOST_TARGETS, take, dry_run=dry_run)


def _led(drive_id: UUID, by: Actor) -> Drive:
    drive = Drive.objects.get(pk=drive_id)
    demand_lead(by, drive.organ_id)
    return drive


def _known(drive_id: UUID, keys: list[str]) -> int:
    some = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return sum(Target.objects.filter(drive=drive_id, key__in=part).count() for part in some)


def import_plan(drive_id: UUID, content: bytes, *, by: Actor, at: datetime, dry_run: bool = False) -> ImportResult:
    """Make a table the plan of a drive, all of it or, where a row is wrong, nothing."""
    _led(drive_id, by)

    def take(reader: Reader, rows: Iterable[Row]) -> None:
        points = list(_points(reader, rows))
        if not reader.result.errors:
            reader.result.created = len(points)
            if not dry_run:
                plan(drive_id, points, by=by, at=at)

    return imported(PLAN, content, MOST_OF_A_PLAN, take, dry_run=dry_run)


def _targets(reader: Reader, drive: Drive, rows: Iterable[Row]) -> Iterator[NewTarget]:
    seen = set[str]()
    for number, values, division, point in reader.placed(rows):
        one = _target(reader, drive, number, values, division, point)
        if one is None:
            continue
        if one.once in seen:
            reader.wrong(number, "number" if one.key else "name", _TWICE)
            continue
        seen.add(one.once)
        yield one


def _target(
    reader: Reader, drive: Drive, number: int, values: dict[str, Any], division: UUID, point: tuple[float, float] | None
) -> NewTarget | None:
    taking_part = drive.divisions
    if taking_part and set(taking_part).isdisjoint(reader.tree.nodes[division].path):
        reader.wrong(number, "code", _NOT_TAKING_PART)
        return None
    organ, is_well = reader.organ(number, values.get("organ", ""))
    due_on: date | None = values.get("due_on")
    if due_on is not None and due_on < drive.starts_on:
        reader.wrong(number, "due_on", _TOO_EARLY)
        is_well = False
    if not is_well:
        return None
    lon, lat = point or (None, None)
    key = f"no:{values['number']}" if values.get("number") else ""
    return NewTarget(
        name=values["name"], division=division, key=key, sort=values.get("sort", ""), address=values.get("address", ""), lon=lon,
        lat=lat, organ=organ, due_on=due_on, note=values.get("note", ""),
    )  # fmt: skip


def _points(reader: Reader, rows: Iterable[Row]) -> Iterator[Point]:
    for number, values in reader.rows(rows):
        if not values["done"].isdecimal():
            reader.wrong(number, "done", _NO_NUMBER)
            continue
        division, is_known = reader.division(number, values.get("code", ""))
        organ, is_well = reader.organ(number, values.get("organ", ""))
        if is_known and is_well:
            yield Point(values["by_day"], int(values["done"]), division, None if division else organ)
