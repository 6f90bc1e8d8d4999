"""What an administrator changes: sub-kinds, limits, reasons, calendars.  Each change is on the record."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.forms.models import model_to_dict

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Calendar, CalendarDay, Limit, Phrase, Reason, SubKind
from .calendars import calendar_changed, touch_catalogue

Setting = SubKind | Limit | Reason | Phrase


def put_setting(row: Setting, *, by: Actor, at: datetime) -> None:
    """Save a new or changed row; running clocks keep the limit they started with, new ones take the new."""
    by.demand("settings.manage")
    with transaction.atomic():
        before = type(row).objects.filter(pk=row.pk).first()
        row.save()
        touch_catalogue()
        data = {"row": str(row.pk), "before": _plain(before) if before else None, "after": _plain(row)}
        table = row._meta.label_lower
        record("setting.changed", uuid5(NAMESPACE_URL, f"zhitong:{table}"), stream_kind=table, at=at, by=by, data=data)


def put_calendar(calendar: Calendar, *, by: Actor, at: datetime) -> int:
    """Save hours and announced days of a calendar; how many running clocks moved."""
    by.demand("settings.manage")
    with transaction.atomic():
        calendar.save()
        return calendar_changed(calendar, _plain(calendar), by=by, at=at)


def drop_day(day: CalendarDay, *, by: Actor, at: datetime) -> int:
    """Take a day out of the calendar, so that its weekday holds again; how many running clocks moved."""
    by.demand("settings.manage")
    with transaction.atomic():
        day.delete()
        return calendar_changed(day.calendar, {"dropped": day.day.isoformat(), "name": day.name}, by=by, at=at)


def _plain(row: Any) -> dict[str, str]:
    return {name: str(value) for name, value in model_to_dict(row).items()}
