"""Which appointments are to be had."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from ..choices import BookingState
from ..models import Booking, Queue
from .window import calendar

MOST_DAYS = 14
HELD = (BookingState.BOOKED, BookingState.ARRIVED)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which somebody can come, and how many still can."""

    starts_at: datetime
    left: int


def bookable_days(at: datetime) -> list[date]:
    """The working days on which there are appointments, today first."""
    first, known = timezone.localdate(at), calendar()
    return [day for n in range(MOST_DAYS + 1) if known.is_working(day := first + timedelta(days=n))]


def free_slots(queue: Queue, day: date, at: datetime) -> list[Slot]:
    """The slots of that day that have not begun; full ones too."""
    if not queue.slot_places or day not in bookable_days(at):
        return []
    taken = Counter(Booking.objects.filter(queue=queue, day=day, state__in=HELD).values_list("starts_at", flat=True))
    found = []
    for time in queue.hall.hours.slots(queue.slot_minutes):
        starts_at = timezone.make_aware(datetime.combine(day, time))
        if starts_at > at:
            found.append(Slot(starts_at, max(0, queue.slot_places - taken[starts_at])))
    return found
