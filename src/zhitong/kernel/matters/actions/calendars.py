"""The working calendar: loaded from the national table, edited by the district; running clocks follow every change."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import write_rows
from zhitong.base.errors import Refused
from zhitong.base.holidays import announced_through, national_days
from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record, record_many, set_mark

from ..choices import ClockState
from ..models import Calendar, CalendarDay, Clock, Matter
from ..queries.catalogue import DEFAULT_CALENDAR, MARK, catalogue, forget
from ..rules.dims import dims
from . import clocks as timing

NATIONAL = "国务院办公厅关于部分节假日安排的通知"


def touch_catalogue() -> None:
    """Let every process notice that the catalogue changed."""
    set_mark(MARK)
    forget()


def import_holidays(*, by: Actor, at: datetime) -> int:
    """Load the national table into the default calendar; days the district entered itself stay.  How many days were new."""
    by.demand("settings.manage")
    through = announced_through()
    with transaction.atomic():
        calendar, _made = Calendar.objects.get_or_create(slug=DEFAULT_CALENDAR, defaults={"name": "国家法定工作日历"})
        known = set(calendar.days.values_list("day", flat=True))
        new = [
            (uuid7(), calendar.pk, special.day, special.is_working, special.name, NATIONAL)
            for special in national_days()
            if special.day not in known
        ]
        with connection.cursor() as cursor:
            columns = ["id", "calendar_id", "day", "is_working", "name", "source"]
            write_rows(cursor, CalendarDay._meta.db_table, columns, new)
        calendar.announced_through = max(filter(None, [calendar.announced_through, through]))
        calendar.save()
        touch_catalogue()
        _log(calendar, by, at, {"did": "imported", "days": len(new), "through": through.isoformat()})
        recompute_clocks(calendar.pk, at=at, by=by)
    return len(new)


def set_day(calendar_id: UUID, day: date, *, is_working: bool, name: str, source: str, by: Actor, at: datetime) -> int:
    """Enter one day that differs from its weekday; how many running clocks moved."""
    by.demand("settings.manage")
    if not name.strip() or not source.strip():
        raise Refused("required", _("请填写名称和依据。"), field="name")
    with transaction.atomic():
        calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
        CalendarDay.objects.update_or_create(
            calendar=calendar, day=day, defaults={"is_working": is_working, "name": name, "source": source}
        )
        return calendar_changed(
            calendar, {"day": day.isoformat(), "is_working": is_working, "name": name}, by=by, at=at
        )


def calendar_changed(calendar: Calendar, what: Mapping[str, object], *, by: Actor, at: datetime) -> int:
    """Say so in the log, and place the running clocks anew; how many moved."""
    touch_catalogue()
    _log(calendar, by, at, what)
    return recompute_clocks(calendar.pk, at=at, by=by)


def _log(calendar: Calendar, by: Actor, at: datetime, data: Mapping[str, object]) -> None:
    stream = uuid5(NAMESPACE_URL, f"zhitong:calendar:{calendar.slug}")
    record("calendar.changed", stream, stream_kind="calendar", at=at, by=by, data=dict(data))


def recompute_clocks(calendar_id: UUID, *, at: datetime, by: Actor) -> int:
    """Place every running clock of a calendar anew and put each change on its matter's record; how many moved."""
    known, moved = catalogue(), 0
    live = Clock.objects.filter(calendar=calendar_id, state__in=[ClockState.RUNNING, ClockState.PAUSED])
    for matter_id in live.order_by("matter_id").values_list("matter_id", flat=True).distinct():
        matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
        clocks = timing.live(matter_id)
        changes = []
        for clock in clocks:
            was, was_provisional = clock.due_at, clock.is_provisional
            timing.recompute(clock, at, known)
            if clock.state == ClockState.PAUSED:
                clock.next_at = None
            if (clock.due_at, clock.is_provisional) != (was, was_provisional):
                clock.save()
            if clock.due_at != was:
                changes.append({"slug": clock.slug, "did": "recomputed", "was": was, "due_at": clock.due_at})
        if changes:
            timing.summarise(matter, clocks)
            matter.save(update_fields=["due_at", "grade"])
            data = {"clocks": changes, "dims": dims(matter), "why": "calendar"}
            record_many([Happening(f"{matter.kind}.recomputed", matter.pk, "matter", at, by, data, id=uuid7())])
            moved += len(changes)
    return moved
