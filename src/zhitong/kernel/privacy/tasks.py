"""What the worker does for retention."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions import tidy


@every(seconds=6 * 3600, name="privacy.tidy", by_clock=True)
def destroy_what_is_due() -> None:
    """Destroy whatever goes by itself and has had its time."""
    tidy(at=timezone.now())
