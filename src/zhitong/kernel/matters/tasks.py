"""What the worker does for matters."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions.files import drop_set_aside
from .actions.ticking import tick


@every(seconds=5, name="matters.clocks", by_clock=True)
def pass_moments() -> None:
    """Warnings and overdue grades whose moment has come."""
    tick(timezone.now())


@every(seconds=3600, name="matters.files_set_aside", by_clock=True)
def drop_files_set_aside() -> None:
    """Files of forms that were never sent."""
    drop_set_aside(at=timezone.now())
