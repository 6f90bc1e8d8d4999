"""What the worker does for other systems."""

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.events.public import Channel, carry

from .webhooks.actions import forget_old


@every(seconds=2, name="gateway.webhooks")
def tell_other_systems() -> None:
    """Send what is due; a round takes at most as long as one try."""
    carry(Channel.WEBHOOK, at=timezone.now())


@every(seconds=3600, name="gateway.forget_deliveries")
def forget_deliveries() -> None:
    """Take out what is older than thirty days."""
    forget_old(at=timezone.now())
