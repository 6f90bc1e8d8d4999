"""What the worker does for the log and the outbox."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions import bring_forward, deliver, seal_finished_days
from .actions.pulse import beat
from .actions.trust import keep_trusted


@every(seconds=3, name="events.pulse")
def pulse() -> None:
    """Say that all up to now is written."""
    beat()


@every(seconds=2, name="events.deliver")
def deliver_notices() -> None:
    """Send what is due."""
    deliver(at=timezone.now())


@every(seconds=60, name="events.bring_forward")
def bring_notices_forward() -> None:
    """Nothing waits for a moment that only a wrong clock made."""
    bring_forward(at=timezone.now())


@every(seconds=60, name="events.trusted", by_clock=True)
def keep_what_the_clock_says() -> None:
    """By this a worker that is started later sees whether the clock jumped meanwhile."""
    keep_trusted(timezone.now())


@every(seconds=600, name="events.seal")
def seal_days() -> None:
    """Seal what was recorded on days that are over."""
    seal_finished_days()
