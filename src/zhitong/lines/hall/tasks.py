"""What the worker does for the hall."""

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor

from .actions.bookings import expire_bookings
from .actions.bundles import advance_stirred
from .actions.missed import drop_old
from .actions.tickets import close_day

BY = Actor.system("大厅日结")


@every(seconds=600, name="hall.close_day", by_clock=True)
def close_days() -> None:
    """Tickets, appointments and sittings of days that are over."""
    now = timezone.now()
    today = timezone.localdate(now)
    close_day(today, by=BY, at=now)
    expire_bookings(today, by=BY, at=now)


@every(seconds=2, name="hall.bundles")
def carry_on() -> None:
    """Applications over several items go on where a part has."""
    advance_stirred(at=timezone.now())


@every(seconds=86_400, name="hall.missed", by_clock=True)
def forget_searches() -> None:
    """Words that nobody looks for any more."""
    drop_old(timezone.now())
