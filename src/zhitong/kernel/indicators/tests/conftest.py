"""Measures to test with, and a log to test on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.indicators.rules import declare_measure, measures, once

SYSTEM = Actor.system("test")
SPACE = UUID("6f1f5e0a-95a5-4b3b-9d0a-2d2f6f0f7a11")
TODAY = measures.day_of(timezone.now())
YESTERDAY = TODAY - timedelta(days=1)


def named(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(SPACE, name)


def moment(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), events.SHANGHAI)


@dataclass
class Log:
    """Writes events of the test kinds, and counts them again without facts or rollups."""

    streams: list[UUID] = field(default_factory=list)

    def write(
        self,
        day: date,
        what: str = "test.did",
        *,
        value: float = 1,
        hour: int = 12,
        dims: Mapping[str, str | UUID] | None = None,
        on: date | None = None,
        **more: str,
    ) -> events.Happening:
        stream = uuid4()
        ids = {
            name: text if name in ("channel", "kind") else str(text if isinstance(text, UUID) else named(text))
            for name, text in {**(dims or {}), **more}.items()
        }
        data: dict[str, Any] = {"dims": {"kind": "test", **ids}, "value": value, "on": on}
        with transaction.atomic():
            return events.record(
                what, stream, stream_kind="test", at=moment(day, hour), by=SYSTEM, data=data, is_first=True
            )

    def recount(self, start: date, end: date, *by: str) -> dict[tuple[Any, ...], tuple[float, int]]:
        """What ``totals`` of ``test.value`` must come to, straight from the log."""
        found: dict[tuple[Any, ...], tuple[float, int]] = {}
        for event in events.Event.objects.filter(kind="test.did"):
            day = event.at.astimezone(events.SHANGHAI).date()
            if start <= day <= end:
                dims = {**event.data["dims"], "day": day, "month": day.replace(day=1)}
                keys = tuple(_key(name, dims.get(name)) for name in by)
                added, many = found.get(("test.value", *keys), (0, 0))
                found["test.value", *keys] = (added + event.data["value"], many + 1)
        return found


def _key(name: str, value: Any) -> Any:
    return UUID(value) if value and name not in ("day", "month", "channel", "kind") else value


@pytest.fixture
def log(db: None) -> Iterator[Log]:
    """Measures of events: a value, two halves, and one that may count on an earlier day."""
    declare_measure("test.value", "value", "count", kinds=["test.did"], read=lambda event: event.data["value"])
    declare_measure("test.split", "split", "count", kinds=["test.split"], read=_halves)
    declare_measure("test.late", "late", "count", kinds=["test.late"], read=once, on=_said)
    yield Log()
    for slug in ("test.value", "test.split", "test.late"):
        measures.forget(slug)


def _said(event: Any) -> date | None:
    return date.fromisoformat(event.data["on"]) if event.data["on"] else None


def _halves(event: Any) -> Iterator[tuple[float, dict[str, str | None]]]:
    yield event.data["value"] / 2, {}
    yield event.data["value"] / 2, {"organ": str(named("other"))}
