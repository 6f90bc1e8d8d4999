"""What the worker does for the log and the outbox."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions import deliver, seal_finished_days


@every(seconds=2, name="events.deliver")
def deliver_notices() -> None:
    """Send what is due."""
    deliver(at=timezone.now())


@every(seconds=600, name="events.seal")
def seal_days() -> None:
    """Seal every day that is over."""
    seal_finished_days()
