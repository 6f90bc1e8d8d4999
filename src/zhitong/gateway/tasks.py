"""What the worker does for other systems."""

from time import monotonic

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.events.public import Channel, carry

SLICE = 2.0  # seconds


@every(seconds=2, name="gateway.webhooks")
def tell_other_systems() -> None:
    """Send what is due, a few for each at once, until nothing is or the others' turn has come; at most as long as one try more."""
    until = monotonic() + SLICE
    while carry(Channel.WEBHOOK, at=timezone.now()) and monotonic() < until:
        pass
