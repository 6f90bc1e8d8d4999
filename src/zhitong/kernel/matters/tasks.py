"""What the worker does for matters."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions.ticking import tick


@every(seconds=5, name="matters.clocks", by_clock=True)
def pass_moments() -> None:
    """Warnings and overdue grades whose moment has come."""
    tick(timezone.now())
