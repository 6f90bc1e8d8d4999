"""What the worker does for surveys."""

from datetime import timedelta

from django.utils import timezone

from zhitong.base.periodic import every
from zhitong.kernel.accounts.public import Actor

from .actions.surveys import destroy_over

KEPT_DAYS = 30  # after the last day: time to take the answers away


@every(seconds=6 * 3600, name="surveys.destroy", by_clock=True)
def destroy_what_is_over() -> None:
    """Sum up and destroy the answers of surveys that have been over for thirty days."""
    before = timezone.localdate() - timedelta(days=KEPT_DAYS)
    destroy_over(by=Actor.system("surveys"), at=timezone.now(), before=before)
