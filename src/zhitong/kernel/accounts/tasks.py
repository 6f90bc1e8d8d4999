"""Background work of accounts."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from zhitong.base.periodic import every

from .actions import forget_rates


@every(seconds=3600, name="accounts.forget_rates", by_clock=True)
def tidy_rates() -> None:
    """Forget rate limits that are whole again."""
    forget_rates(at=timezone.now())


@every(seconds=6 * 3600, name="accounts.forget_sessions", by_clock=True)
def tidy_sessions() -> None:
    """Forget sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
