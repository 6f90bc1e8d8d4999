"""Background work of accounts."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions import forget_rates


@every(seconds=3600, name="accounts.forget_rates", by_clock=True)
def tidy_rates() -> None:
    """Forget rate limits that are whole again."""
    forget_rates(at=timezone.now())
